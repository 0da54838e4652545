"""Markdown → an article: headings, paragraphs and list items, clean of their marks."""

import datetime
import re
from collections.abc import Iterator, Sequence

from bot.articles.article import Article, Block
from bot.articles.boilerplate import Part, parts
from bot.articles.encoding import decode
from bot.articles.front_matter import front_matter
from bot.articles.markdown_blocks import Kind, Piece, outline
from bot.articles.markdown_inline import unmarked, without_tags
from bot.articles.plain import bylines, name_of
from bot.language.dates import date_in

READ = frozenset({Kind.HEADING, Kind.ITEM, Kind.TEXT})
LEFT_OUT = frozenset({Kind.BLANK, Kind.RULE, Kind.NOTE})

MARKS: dict[Kind, re.Pattern[str]] = {
    Kind.HEADING: re.compile(r"\s*#{1,6}(?:\s+|$)|(?:^|(?<=\s))#+\s*$"),
    Kind.ITEM: re.compile(r"^\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?"),
}
NAME_RE = re.compile(r" {0,3}\[([^\]]+)\]:")
Place = tuple[int, int]
AUTHORS = ("author", "authors", "by", "byline")


def read_markdown(data: bytes, source: str) -> Article:
    """Read a Markdown file; the text keeps its lines, without their marks."""
    lines = decode(data, source).replace("\r\n", "\n").split("\n")
    front, above = front_matter(lines)
    pieces = outline([""] * above + lines[above:])
    defined = frozenset(_definitions(pieces))
    clean = [_clean(piece, defined) for piece in pieces]
    kept, places, place = [], [], 0
    for piece, part in zip(pieces, clean, strict=True):
        bare = part.strip()
        if bare:
            start = place + part.index(bare)
            places.append((start, start + len(bare)))
            kept.append(piece)
        place += len(part) + 1
    return _article(Article("", source, "\n".join(clean), metadata=front), kept, places)


def _definitions(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        name = NAME_RE.match(piece.lines[0]) if piece.kind is Kind.NOTE else None
        if name:
            yield " ".join(name[1].lower().split())


def _clean(piece: Piece, defined: frozenset[str]) -> str:
    """Return a piece as it reads, in as many lines as it had."""
    if piece.kind in LEFT_OUT:
        return "\n" * (len(piece.lines) - 1)
    if piece.kind is Kind.HTML:
        return without_tags("\n".join(piece.lines))
    if piece.kind not in READ:
        return "\n".join(piece.lines)
    first, *rest = piece.lines
    if piece.kind in MARKS:
        first = MARKS[piece.kind].sub("", first)
    return unmarked("\n".join([first.strip(), *map(str.strip, rest)]), defined)


def _article(raw: Article, pieces: Sequence[Piece], places: Sequence[Place]) -> Article:
    """Return ``raw`` with what its ``pieces`` at ``places`` tell; its metadata is the front's."""
    texts = [
        raw.text[start:end] if piece.kind in READ else ""
        for (start, end), piece in zip(places, pieces, strict=True)
    ]
    kinds = list(_kinds(pieces, texts))
    top = _top(pieces)
    headline = " ".join(texts[top].split()) if top >= 0 else name_of(raw.source)
    front = dict(raw.metadata)
    title, date = front.pop("title", headline), front.pop("date", "")
    named = [front.pop(key) for key in AUTHORS if key in front]
    return Article(
        title=title,
        source=raw.source,
        text=raw.text,
        date=date_in(date) or _date(pieces, texts, kinds),
        blocks=tuple(_blocks(places, pieces, texts, kinds, title)),
        metadata={**front, **({"author": named[0]} if named else bylines(texts, kinds))},
    )


def _kinds(pieces: Sequence[Piece], texts: Sequence[str]) -> Iterator[Part]:
    """Tell what each piece is; a heading ends the teasers under the one before."""
    starts = [i for i, piece in enumerate(pieces) if piece.kind is Kind.HEADING]
    for start, end in zip([0, *starts], [*starts, len(pieces)], strict=True):
        yield from parts(texts[start:end])


def _top(pieces: Sequence[Piece]) -> int:
    """Return which piece is the title: the first heading of level 1, or one that opens the text."""
    levels = [piece.level for piece in pieces]
    if 1 in levels:
        return levels.index(1)
    return 0 if levels and levels[0] else -1


def _date(
    pieces: Sequence[Piece], texts: Sequence[str], kinds: Sequence[Part]
) -> datetime.date | None:
    """Return the date above the first paragraph of the story."""
    for piece, text, kind in zip(pieces, texts, kinds, strict=True):
        if kind is Part.DATE:
            return date_in(text)
        if kind is Part.STORY and piece.kind is not Kind.HEADING:
            break
    return None


def _blocks(
    places: Sequence[Place],
    pieces: Sequence[Piece],
    texts: Sequence[str],
    kinds: Sequence[Part],
    title: str,
) -> Iterator[Block]:
    above: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    for (start, end), piece, text, kind in zip(places, pieces, texts, kinds, strict=True):
        if piece.kind is not Kind.HEADING:
            story = piece.kind in (Kind.TEXT, Kind.ITEM) and kind is Part.STORY
            yield Block(start, end, headings, furniture=not story)
            continue
        above = [heading for heading in above if heading[0] < piece.level]
        yield Block(start, end, tuple(heading for _, heading in above), furniture=True)
        if (heading := " ".join(text.split())) != title:
            above.append((piece.level, heading))
        headings = tuple(heading for _, heading in above)
