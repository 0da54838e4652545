"""The Markdown reader: headings, paragraphs and list items without their markup."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence

from bot.articles.article import Article, Block
from bot.articles.boilerplate import Role, classify_paragraphs
from bot.articles.encoding import decode
from bot.articles.lazy import lazy_function
from bot.articles.markdown_blocks import BlockKind, MarkdownBlock, parse_blocks
from bot.articles.markdown_inline import strip_marks, strip_tags
from bot.articles.plain import find_author, title_from_path
from bot.language.dates import find_date

Span = tuple[int, int]

PROSE = frozenset({BlockKind.HEADING, BlockKind.ITEM, BlockKind.TEXT})
OMITTED = frozenset({BlockKind.BLANK, BlockKind.RULE, BlockKind.NOTE})

HEADING_MARK_RE = re.compile(r" {0,3}#{1,6}(?=\s|$)")
ITEM_MARK_RE = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?")
LINK_LABEL_RE = re.compile(r" {0,3}\[([^\]]+)\]:")
FRONT_MATTER_FENCES = ("---", "+++")
AUTHOR_KEYS = ("author", "authors", "by", "byline")

parse_front_matter: Callable[[Sequence[str]], tuple[dict[str, str], int]] = lazy_function(
    "bot.articles.front_matter", "parse_front_matter"
)


def read_markdown(data: bytes, source: str) -> Article:
    """Return the article in a Markdown file; its text has the file's lines without their markup."""
    lines = decode(data, source).replace("\r\n", "\n").split("\n")
    has_fence = lines[0].rstrip() in FRONT_MATTER_FENCES
    metadata, length = parse_front_matter(lines) if has_fence else ({}, 0)
    markdown_blocks = parse_blocks([""] * length + lines[length:])
    labels = frozenset(_link_labels(markdown_blocks))
    texts = [_strip_markup(block, labels) for block in markdown_blocks]
    blocks, spans, offset = [], [], 0
    for block, text in zip(markdown_blocks, texts, strict=True):
        if stripped := text.strip():
            start = offset + text.index(stripped)
            blocks.append(block)
            spans.append((start, start + len(stripped)))
        offset += len(text) + 1
    return _article(Article("", source, "\n".join(texts), metadata=metadata), blocks, spans)


def _link_labels(blocks: Sequence[MarkdownBlock]) -> Iterator[str]:
    """Yield the labels of the link reference definitions, in lower case."""
    for block in blocks:
        label = LINK_LABEL_RE.match(block.lines[0]) if block.kind is BlockKind.NOTE else None
        if label:
            yield " ".join(label[1].lower().split())


def _strip_markup(block: MarkdownBlock, labels: frozenset[str]) -> str:
    """Return the text of a block, on as many lines as in the file."""
    if block.kind in OMITTED:
        return "\n" * (len(block.lines) - 1)
    if block.kind is BlockKind.HTML:
        return strip_tags("\n".join(block.lines))
    if block.kind not in PROSE:
        return "\n".join(block.lines)
    first, *rest = block.lines
    if block.kind is BlockKind.HEADING:
        first = _strip_heading_marks(first)
    elif block.kind is BlockKind.ITEM:
        first = ITEM_MARK_RE.sub("", first, count=1)
    return strip_marks("\n".join([first.strip(), *map(str.strip, rest)]), labels)


def _strip_heading_marks(line: str) -> str:
    """Return the text of "## Text ##"; the marks of "Issue #5" and "About C#" stay."""
    mark = HEADING_MARK_RE.match(line)
    if not mark:  # underlined
        return line
    text = line[mark.end() :].strip()
    before = text.rstrip("#")
    return text if before and not before[-1].isspace() else before


def _article(raw: Article, blocks: Sequence[MarkdownBlock], spans: Sequence[Span]) -> Article:
    """Return ``raw``, whose metadata is its front matter, with all that its blocks state."""
    texts = [
        raw.text[start:end] if block.kind in PROSE else ""
        for (start, end), block in zip(spans, blocks, strict=True)
    ]
    roles = list(_roles(blocks, texts))
    row = _title_row(blocks)
    headline = " ".join(texts[row].split()) if row >= 0 else title_from_path(raw.source)
    metadata = dict(raw.metadata)
    title, date = metadata.pop("title", headline), metadata.pop("date", "")
    authors = [metadata.pop(key) for key in AUTHOR_KEYS if key in metadata]
    return Article(
        title=title,
        source=raw.source,
        text=raw.text,
        date=find_date(date) or _date(blocks, texts, roles),
        blocks=tuple(_blocks(spans, blocks, texts, roles, title)),
        metadata={**metadata, **({"author": authors[0]} if authors else find_author(texts, roles))},
    )


def _roles(blocks: Sequence[MarkdownBlock], texts: Sequence[str]) -> Iterator[Role]:
    """Yield the role of each block; the teasers under one heading end at the next."""
    starts = [row for row, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    for start, end in zip([0, *starts], [*starts, len(blocks)], strict=True):
        yield from classify_paragraphs(texts[start:end])


def _title_row(blocks: Sequence[MarkdownBlock]) -> int:
    """Return the row of the first heading of level 1, or of any heading in row 0; else -1."""
    levels = [block.level for block in blocks]
    if 1 in levels:
        return levels.index(1)
    return 0 if levels and levels[0] else -1


def _date(
    blocks: Sequence[MarkdownBlock], texts: Sequence[str], roles: Sequence[Role]
) -> datetime.date | None:
    """Return the date above the first paragraph of the story."""
    for block, text, role in zip(blocks, texts, roles, strict=True):
        if role is Role.DATE:
            return find_date(text)
        if role is Role.STORY and block.kind is not BlockKind.HEADING:
            break
    return None


def _blocks(
    spans: Sequence[Span],
    blocks: Sequence[MarkdownBlock],
    texts: Sequence[str],
    roles: Sequence[Role],
    title: str,
) -> Iterator[Block]:
    """Yield the article's blocks, each with its headings less the title."""
    above: list[tuple[int, str]] = []
    headings: tuple[str, ...] = ()
    for (start, end), block, text, role in zip(spans, blocks, texts, roles, strict=True):
        if block.kind is not BlockKind.HEADING:
            is_story = block.kind in PROSE and role is Role.STORY
            yield Block(start, end, headings, boilerplate=not is_story)
            continue
        above = [heading for heading in above if heading[0] < block.level]
        yield Block(start, end, tuple(heading for _, heading in above), boilerplate=True)
        if (heading := " ".join(text.split())) != title:
            above.append((block.level, heading))
        headings = tuple(heading for _, heading in above)
