"""Layouts of articles: the paragraphs around an answer, a whole article, and lists."""

from collections.abc import Iterable, Sequence
from itertools import islice, takewhile
from typing import NamedTuple

from bot.articles.article import Block, Listing
from bot.articles.searched_library import SearchedLibrary
from bot.language.language import ENGLISH
from bot.render.reply import format_source
from bot.render.text import (
    Fragments,
    format_date,
    pluralize,
    sanitize,
    to_plain,
    wrap,
    wrap_lines,
)
from bot.retrieval.answer import Answer

# The margin of lines that hold part of the answer, since a terminal may show no styles; and of
# other lines.
MARKED, UNMARKED = "▌ ", "  "
TAB_WIDTH = 4
# Articles that a list shows; a filter finds the others.
MAX_LISTED = 1_000
# Paragraphs shown on each side of an answer's own.
NEIGHBOURS = 1


class Page(NamedTuple):
    """A text for the pager, and the index of the line that should be in view."""

    fragments: Fragments
    line: int


def format_context(answer: Answer, width: int) -> Fragments:
    """Lay out the paragraph of an answer and its neighbours, the sentence marked."""
    blocks = [block for block in answer.article.blocks if not block.boilerplate]
    index = next(i for i, block in enumerate(blocks) if answer.start < block.end)
    headings = " › ".join(blocks[index].headings)
    page = wrap([("source", format_source(answer))], width)
    page += wrap([("source", sanitize(headings))], width) if headings else []
    for block in blocks[max(0, index - NEIGHBOURS) : index + 1 + NEIGHBOURS]:
        page += [("", "\n"), *format_paragraph(answer, block, width)]
    return page


def format_paragraph(answer: Answer, block: Block, width: int) -> Fragments:
    """Lay out a paragraph, the sentence of ``answer`` marked if it is there."""
    fragments = split_at_answer(answer, block.start, block.end)
    return add_margin(wrap(fragments, max(1, width - len(MARKED))))


def format_article(answer: Answer, width: int) -> Page:
    """Lay out the whole article of an answer, line by line as in its file, the sentence marked."""
    page = [*wrap([("source", format_source(answer))], width), ("", "\n")]
    text = answer.article.text.rstrip()
    # Readers blank the metadata at the start of a page; those empty lines are not shown.
    position = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    answer_line, line_count = 0, count_lines(page)
    for source_line in text[position:].split("\n"):
        end = position + len(source_line)
        fragments = split_at_answer(answer, position, end)
        lines = add_margin(wrap(fragments, max(1, width - len(MARKED))))
        if position <= answer.start <= end:
            answer_line = line_count + sentence_line(lines)
        line_count += count_lines(lines)
        page += lines
        position = end + 1
    return Page(page, answer_line)


def count_lines(fragments: Fragments) -> int:
    """Return the number of line ends."""
    return to_plain(fragments).count("\n")


def sentence_line(fragments: Fragments) -> int:
    """Return the index of the line on which the marked sentence starts."""
    return count_lines([*takewhile(lambda fragment: fragment[0] != "sentence", fragments)])


def split_at_answer(answer: Answer, start: int, end: int) -> Fragments:
    """Return the article's text from ``start`` to ``end``, its part of the answer as "sentence"."""
    text = answer.article.text
    first, last = min(max(start, answer.start), end), max(min(end, answer.end), start)
    pieces = ("", text[start:first]), ("sentence", text[first:last]), ("", text[last:end])
    return [
        (style, sanitize(piece.rstrip("\r").expandtabs(TAB_WIDTH)))
        for style, piece in pieces
        if piece
    ]


def add_margin(fragments: Fragments) -> Fragments:
    """Put a margin before each line: a mark if the line holds part of the sentence."""
    page: Fragments = []
    line: Fragments = []
    for style, text in fragments:
        line.append((style, text))
        if text.endswith("\n"):
            is_marked = any(style == "sentence" for style, _ in line)
            is_blank = not to_plain(line).strip()
            page += [("margin", "" if is_blank else MARKED if is_marked else UNMARKED), *line]
            line = []
    return page


class CountedListing(NamedTuple):
    """Some articles with their numbers of sentences, of so many articles and sentences in all.

    Each has the name of its language, "" where all are in English.
    """

    listed: Sequence[tuple[Listing, int, str]]
    articles: int
    sentences: int


def collect_listing(library: SearchedLibrary, numbers: Sequence[int] | None) -> CountedListing:
    """Return the articles with these ``numbers``, or all, of more than ``MAX_LISTED`` the first."""
    chosen = None if numbers is None else {*numbers}
    is_english = {*library.language_counts} <= {ENGLISH.code}
    listed = (
        (
            listing,
            len(library.sentence_numbers(number)),
            "" if is_english else library.analysis_of(number).language.name,
        )
        for number, listing in library.numbered_listings()
        if chosen is None or number in chosen
    )
    first = [*islice(listed, MAX_LISTED)]
    if numbers is None:
        return CountedListing(first, len(library), library.sentence_count)
    return CountedListing(first, len(numbers), library.count_sentences(numbers))


def format_listing(listing: CountedListing, filter_text: str, width: int) -> Page:
    """Lay out articles, one a line, and their total.

    ``filter_text`` is the filter in force, "" if there is none.
    """
    page: Fragments = []
    for article, count, language in listing.listed:
        title, *others = filter(
            None, (article.title, format_date(article.date), article.source, language)
        )
        details = sanitize(" · ".join(("", *others, pluralize(count, "sentence"))))
        page += wrap([("", sanitize(title)), ("source", details)], width, "    ")
    first = f"the first {MAX_LISTED:,} of " if listing.articles > MAX_LISTED else ""
    articles, sentences = pluralize(listing.articles, "article"), listing.sentences
    total = f"{first}{articles}, {pluralize(sentences, 'sentence')}"
    total += f"; filter: {filter_text}" if filter_text else ""
    return Page([*page, *wrap([("note", sanitize(total))], width)], 0)


def format_table(rows: Iterable[tuple[str, str]], width: int) -> Fragments:
    """Lay out names and meanings in two columns.

    A name of half the width or more has its meaning below.
    """
    rows = list(rows)
    column = max((len(name) for name, _ in rows if 2 * len(name) < width), default=0) + 4
    table: Fragments = []
    for name, meaning in rows:
        if 2 * len(name) < width and 2 * column < width:
            table += wrap([("", f"  {name}".ljust(column) + meaning)], width, " " * column)
        else:
            table += wrap([("", f"  {name}")], width, "    ")
            table += wrap([("", f"    {meaning}")], width, "    ")
    return table


def format_help(
    before: list[str], rows: list[tuple[str, str]], after: list[str], width: int
) -> Fragments:
    """Lay out a table of usages and meanings between lines of text."""
    return [
        *wrap_lines("", before, width),
        *format_table(rows, width),
        *wrap_lines("note", after, width),
    ]
