"""Markdown → an article: headings, paragraphs and list items, clean of their marks."""

import datetime
import re
from collections.abc import Iterator, Sequence

from bot.articles.article import Article, Block
from bot.articles.boilerplate import Role, classify_paragraphs
from bot.articles.encoding import decode
from bot.articles.front_matter import parse_front_matter
from bot.articles.markdown_blocks import BlockKind, MarkdownBlock, parse_blocks
from bot.articles.markdown_inline import strip_marks, strip_tags
from bot.articles.plain import find_author, title_from_path
from bot.language.dates import find_date

READ = frozenset({BlockKind.HEADING, BlockKind.ITEM, BlockKind.TEXT})
LEFT_OUT = frozenset({BlockKind.BLANK, BlockKind.RULE, BlockKind.NOTE})

MARKS: dict[BlockKind, re.Pattern[str]] = {
    BlockKind.HEADING: re.compile(r"\s*#{1,6}(?:\s+|$)|(?:^|(?<=\s))#+\s*$"),
    BlockKind.ITEM: re.compile(r"^\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?"),
}
NAME_RE = re.compile(r" {0,3}\[([^\]]+)\]:")
Place = tuple[int, int]
AUTHORS = ("author", "authors", "by", "byline")


def read_markdown(data: bytes, source: str) -> Article:
    """Read a Markdown file; the text keeps its lines, without their marks."""
    lines = decode(data, source).replace("\r\n", "\n").split("\n")
    front, above = parse_front_matter(lines)
    pieces = parse_blocks([""] * above + lines[above:])
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


def _definitions(pieces: Sequence[MarkdownBlock]) -> Iterator[str]:
    for piece in pieces:
        name = NAME_RE.match(piece.lines[0]) if piece.kind is BlockKind.NOTE else None
        if name:
            yield " ".join(name[1].lower().split())


def _clean(piece: MarkdownBlock, defined: frozenset[str]) -> str:
    """Return a piece as it reads, in as many lines as it had."""
    if piece.kind in LEFT_OUT:
        return "\n" * (len(piece.lines) - 1)
    if piece.kind is BlockKind.HTML:
        return strip_tags("\n".join(piece.lines))
    if piece.kind not in READ:
        return "\n".join(piece.lines)
    first, *rest = piece.lines
    if piece.kind in MARKS:
        first = MARKS[piece.kind].sub("", first)
    return strip_marks("\n".join([first.strip(), *map(str.strip, rest)]), defined)


def _article(raw: Article, pieces: Sequence[MarkdownBlock], places: Sequence[Place]) -> Article:
    """Return ``raw`` with what its ``pieces`` at ``places`` tell; its metadata is the front's."""
    texts = [
        raw.text[start:end] if piece.kind in READ else ""
        for (start, end), piece in zip(places, pieces, strict=True)
    ]
    kinds = list(_kinds(pieces, texts))
    top = _top(pieces)
    headline = " ".join(texts[top].split()) if top >= 0 else title_from_path(raw.source)
    front = dict(raw.metadata)
    title, date = front.pop("title", headline), front.pop("date", "")
    named = [front.pop(key) for key in AUTHORS if key in front]
    return Article(
        title=title,
        source=raw.source,
        text=raw.text,
        date=find_date(date) or _date(pieces, texts, kinds),
        blocks=tuple(_blocks(places, pieces, texts, kinds, title)),
        metadata={**front, **({"author": named[0]} if named else find_author(texts, kinds))},
    )


def _kinds(pieces: Sequence[MarkdownBlock], texts: Sequence[str]) -> Iterator[Role]:
    """Tell what each piece is; a heading ends the teasers under the one before."""
    starts = [i for i, piece in enumerate(pieces) if piece.kind is BlockKind.HEADING]
    for start, end in zip([0, *starts], [*starts, len(pieces)], strict=True):
        yield from classify_paragraphs(texts[start:end])


def _top(pieces: Sequence[MarkdownBlock]) -> int:
    """Return which piece is the title: the first heading of level 1, or one that opens the text."""
    levels = [piece.level for piece in pieces]
    if 1 in levels:
        return levels.index(1)
    return 0 if levels and levels[0] else -1


def _date(
    pieces: Sequence[MarkdownBlock], texts: Sequence[str], kinds: Sequence[Role]
) -> datetime.date | None:
    """Return the date above the first paragraph of the story."""
    for piece, text, kind in zip(pieces, texts, kinds, strict=True):
        if kind is Role.DATE:
            return find_date(text)
        if kind is Role.STORY and piece.kind is not BlockKind.HEADING:
            break
    return None


def _blocks(
    places: Sequence[Place],
    pieces: Sequence[MarkdownBlock],
    texts: Sequence[str],
    kinds: Sequence[Role],
    title: str,
) -> Iterator[Block]:
    above: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    for (start, end), piece, text, kind in zip(places, pieces, texts, kinds, strict=True):
        if piece.kind is not BlockKind.HEADING:
            story = piece.kind in (BlockKind.TEXT, BlockKind.ITEM) and kind is Role.STORY
            yield Block(start, end, headings, boilerplate=not story)
            continue
        above = [heading for heading in above if heading[0] < piece.level]
        yield Block(start, end, tuple(heading for _, heading in above), boilerplate=True)
        if (heading := " ".join(text.split())) != title:
            above.append((piece.level, heading))
        headings = tuple(heading for _, heading in above)
