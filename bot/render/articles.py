"""Articles laid out: around an answer, whole, and as a list."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from bot.articles.article import Block
from bot.articles.library import Library, Listing
from bot.render.text import Fragments, located, plain, shown, wrapped
from bot.repl.results import Page
from bot.retrieval.answer import Answer

# What stands left of lines with the answer, as a terminal may not colour it, and of others.
MARKED, UNMARKED = "▌ ", "  "
# A tab of a file reaches to the next of so many columns, or nearly.
TAB = 4
# Paragraphs shown before that of an answer, and after it.
AROUND = 1


def around(answer: Answer, width: int) -> Fragments:
    """Lay out the paragraph of an answer and its neighbours, the sentence marked."""
    blocks = [block for block in answer.article.blocks if not block.furniture]
    own = next(row for row, block in enumerate(blocks) if answer.start < block.end)
    headings = " › ".join(blocks[own].headings)
    laid = wrapped([("source", located(answer))], width)
    laid += wrapped([("source", shown(headings))], width) if headings else []
    for block in blocks[max(0, own - AROUND) : own + 1 + AROUND]:
        laid += [("", "\n"), *passage(answer, block, width)]
    return laid


def passage(answer: Answer, block: Block, width: int) -> Fragments:
    """Lay out a paragraph, the sentence of ``answer`` marked if it is there."""
    pieces = divided(answer, block.start, block.end)
    return margined(wrapped(pieces, max(1, width - len(MARKED))))


def article(answer: Answer, width: int) -> Page:
    """Lay out the article of an answer, each line as its file has it; in view is the answer."""
    laid = [*wrapped([("source", located(answer))], width), ("", "\n")]
    text = answer.article.text.rstrip()
    # What a reader blanked at the start, a page's metadata, is no line to look at.
    line, place = 0, text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    above = plain(laid).count("\n")
    for row in text[place:].split("\n"):
        end = place + len(row)
        lines = margined(wrapped(divided(answer, place, end), max(1, width - len(MARKED))))
        if place <= answer.start <= end:
            line = above + beginning(lines)
        above += plain(lines).count("\n")
        laid += lines
        place = end + 1
    return Page(laid, line)


def beginning(laid: Fragments) -> int:
    """Return in which of its lines, from 0, a sentence begins."""
    before = takewhile(lambda piece: piece[0] != "sentence", laid)
    return plain([*before]).count("\n")


def divided(answer: Answer, start: int, end: int) -> Fragments:
    """Return the text from ``start`` to ``end``, apart in it what belongs to the answer."""
    text = answer.article.text
    first, last = min(max(start, answer.start), end), max(min(end, answer.end), start)
    pieces = ("", text[start:first]), ("sentence", text[first:last]), ("", text[last:end])
    return [(style, shown(piece.rstrip("\r").expandtabs(TAB))) for style, piece in pieces if piece]


def margined(laid: Fragments) -> Fragments:
    """Put the margin before each line: a mark where it holds a sentence."""
    found: Fragments = []
    row: Fragments = []
    for style, text in laid:
        row.append((style, text))
        if text.endswith("\n"):
            marked = any(style == "sentence" for style, _ in row)
            blank = not plain(row).strip()
            found += [("", "" if blank else MARKED if marked else UNMARKED), *row]
            row = []
    return found


def listed(library: Library, rows: Sequence[int], only: str, width: int) -> Page:
    """Lay out the articles in ``rows``, one a line, and how many they are.

    ``only`` is the filter that took the library's articles, "" where none did.
    """
    laid: Fragments = []
    listings = library.listings
    for row in rows:
        one, count = listings[row], len(library.numbers(row))
        facts = filter(None, (dated(one), one.source, counted(count, "sentence")))
        head = shown(one.title)
        laid += wrapped([("", head), ("source", shown(" · ".join(("", *facts))))], width, "    ")
    sentences = sum(len(library.numbers(row)) for row in rows)
    total = f"{counted(len(rows), 'article')}, {counted(sentences, 'sentence')}"
    total += f"; asked are only: {only}" if only else ""
    return Page([*laid, *wrapped([("note", shown(total))], width)], 0)


def dated(one: Listing) -> str:
    """Return the date of an article, "" where it has none."""
    return f"{one.date.day} {one.date:%b %Y}" if one.date else ""


def counted(count: int, noun: str) -> str:
    """Return how many there are, in words."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def table(rows: Iterable[tuple[str, str]], width: int) -> Fragments:
    """Lay out names and what they mean in two columns; beneath a name that takes half the width."""
    rows = list(rows)
    column = max((len(name) for name, _ in rows if 2 * len(name) < width), default=0) + 4
    laid: Fragments = []
    for name, meaning in rows:
        if 2 * len(name) < width and 2 * column < width:
            laid += wrapped([("", f"  {name}".ljust(column) + meaning)], width, " " * column)
        else:
            laid += wrapped([("", f"  {name}")], width, "    ")
            laid += wrapped([("", f"    {meaning}")], width, "    ")
    return laid


def help_page(
    start: list[str], rows: list[tuple[str, str]], end: list[str], width: int
) -> Fragments:
    """Lay out ``rows`` of usages and their meanings between lines."""
    laid = [part for line in start for part in wrapped([("", line)], width)]
    laid += table(rows, width)
    return laid + [part for line in end for part in wrapped([("note", line)], width)]
