"""Articles laid out: around an answer, whole, and as a list."""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.articles.article import Block
from bot.articles.library import Library
from bot.render.text import (
    Fragments,
    format_date,
    format_source,
    pluralize,
    sanitize,
    to_plain,
    wrap,
)
from bot.retrieval.answer import Answer

# What stands left of lines with the answer, as a terminal may not colour it, and of others.
MARKED, UNMARKED = "▌ ", "  "
# A tab of a file reaches to the next of so many columns, or nearly.
TAB = 4
# Paragraphs shown before that of an answer, and after it.
AROUND = 1


class Page(NamedTuple):
    """A text for the pager, and the index of the line that should be in view."""

    fragments: Fragments
    line: int


def format_context(answer: Answer, width: int) -> Fragments:
    """Lay out the paragraph of an answer and its neighbours, the sentence marked."""
    blocks = [block for block in answer.article.blocks if not block.boilerplate]
    own = next(row for row, block in enumerate(blocks) if answer.start < block.end)
    headings = " › ".join(blocks[own].headings)
    laid = wrap([("source", format_source(answer))], width)
    laid += wrap([("source", sanitize(headings))], width) if headings else []
    for block in blocks[max(0, own - AROUND) : own + 1 + AROUND]:
        laid += [("", "\n"), *format_paragraph(answer, block, width)]
    return laid


def format_paragraph(answer: Answer, block: Block, width: int) -> Fragments:
    """Lay out a paragraph, the sentence of ``answer`` marked if it is there."""
    pieces = split_at_answer(answer, block.start, block.end)
    return add_margin(wrap(pieces, max(1, width - len(MARKED))))


def format_article(answer: Answer, width: int) -> Page:
    """Lay out the article of an answer, each line as its file has it; in view is the answer."""
    laid = [*wrap([("source", format_source(answer))], width), ("", "\n")]
    text = answer.article.text.rstrip()
    # What a reader blanked at the start, a page's metadata, is no line to look at.
    line, place = 0, text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    above = to_plain(laid).count("\n")
    for row in text[place:].split("\n"):
        end = place + len(row)
        lines = add_margin(wrap(split_at_answer(answer, place, end), max(1, width - len(MARKED))))
        if place <= answer.start <= end:
            line = above + beginning(lines)
        above += to_plain(lines).count("\n")
        laid += lines
        place = end + 1
    return Page(laid, line)


def beginning(laid: Fragments) -> int:
    """Return in which of its lines, from 0, a sentence begins."""
    before = takewhile(lambda piece: piece[0] != "sentence", laid)
    return to_plain([*before]).count("\n")


def split_at_answer(answer: Answer, start: int, end: int) -> Fragments:
    """Return the text from ``start`` to ``end``, apart in it what belongs to the answer."""
    text = answer.article.text
    first, last = min(max(start, answer.start), end), max(min(end, answer.end), start)
    pieces = ("", text[start:first]), ("sentence", text[first:last]), ("", text[last:end])
    return [
        (style, sanitize(piece.rstrip("\r").expandtabs(TAB))) for style, piece in pieces if piece
    ]


def add_margin(laid: Fragments) -> Fragments:
    """Put the margin before each line: a mark where it holds a sentence."""
    found: Fragments = []
    row: Fragments = []
    for style, text in laid:
        row.append((style, text))
        if text.endswith("\n"):
            marked = any(style == "sentence" for style, _ in row)
            blank = not to_plain(row).strip()
            found += [("", "" if blank else MARKED if marked else UNMARKED), *row]
            row = []
    return found


def format_listing(library: Library, rows: Sequence[int], only: str, width: int) -> Page:
    """Lay out the articles in ``rows``, one a line, and how many they are.

    ``only`` is the filter that took the library's articles, "" where none did.
    """
    laid: Fragments = []
    listings = library.listings
    for row in rows:
        one, count = listings[row], len(library.sentence_numbers(row))
        facts = filter(None, (format_date(one.date), one.source, pluralize(count, "sentence")))
        head = sanitize(one.title)
        laid += wrap([("", head), ("source", sanitize(" · ".join(("", *facts))))], width, "    ")
    sentences = sum(len(library.sentence_numbers(row)) for row in rows)
    total = f"{pluralize(len(rows), 'article')}, {pluralize(sentences, 'sentence')}"
    total += f"; asked are only: {only}" if only else ""
    return Page([*laid, *wrap([("note", sanitize(total))], width)], 0)


def format_table(rows: Iterable[tuple[str, str]], width: int) -> Fragments:
    """Lay out names and what they mean in two columns; beneath a name that takes half the width."""
    rows = list(rows)
    column = max((len(name) for name, _ in rows if 2 * len(name) < width), default=0) + 4
    laid: Fragments = []
    for name, meaning in rows:
        if 2 * len(name) < width and 2 * column < width:
            laid += wrap([("", f"  {name}".ljust(column) + meaning)], width, " " * column)
        else:
            laid += wrap([("", f"  {name}")], width, "    ")
            laid += wrap([("", f"    {meaning}")], width, "    ")
    return laid


def format_help(
    start: list[str], rows: list[tuple[str, str]], end: list[str], width: int
) -> Fragments:
    """Lay out ``rows`` of usages and their meanings between lines."""
    laid = [part for line in start for part in wrap([("", line)], width)]
    laid += format_table(rows, width)
    return laid + [part for line in end for part in wrap([("note", line)], width)]
