"""The Markdown reader: headings, paragraphs and list items without their markup."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence

from bot.articles.article import Article, Block, Role
from bot.articles.boilerplate import believe_roles, classify_paragraphs, is_news_page
from bot.articles.encoding import decode
from bot.articles.markdown_blocks import BlockKind, MarkdownBlock, parse_blocks, split_blocks
from bot.articles.markdown_dialects import match_line_mark
from bot.articles.markdown_inline import strip_html, strip_marks
from bot.articles.plain import find_author, title_from_path
from bot.language.dates import find_date
from bot.lazy import lazy_function

Span = tuple[int, int]

PROSE = frozenset({BlockKind.HEADING, BlockKind.ITEM, BlockKind.TEXT, BlockKind.HTML})
CODE = frozenset({BlockKind.FENCE, BlockKind.CODE})
ANSWERING_ROLES = frozenset({Role.STORY, Role.TABLE, Role.CODE})

HEADING_MARK_RE = re.compile(r" {0,3}#{1,6}(?=\s|$)")
ITEM_MARK_RE = re.compile(
    r"\s*(?:(?:[-*+:]|[0-9]{1,9}[.)])(?:\s+|$)(?:\[[ xX]\]\s+)?|\[\^[^\]]+\]:\s*)"
)
DEFINITION_RE = re.compile(r"\n(\s*\n)?[ ]{0,3}:\s+")
PRE_RE = re.compile(r"(?i)\s*<(?:pre|textarea)\b")
HTML_HEADING_RE = re.compile(r"(?i)\s*<h[1-6][\s>]")
HTML_MENU_RE = re.compile(r"(?i)\s*<(?:nav|menu|footer|form|button|option|optgroup)[\s>]")
LINK_ITEM_RE = re.compile(r"\s*(?:[-*+]|[0-9]{1,9}[.)])\s+\[[^\[\]]*\]\([^()]*\)\s*")
# Cells of a row, parted by a "|" that is not escaped.
CELL_RE = re.compile(r"(?<!\\)\|")
LINK_LABEL_RE = re.compile(r" {0,3}\[([^\]]+)\]:")
FRONT_MATTER_FENCES = ("---", "+++")
AUTHOR_KEYS = ("author", "authors", "by", "byline")

front_matter_lines: Callable[[Sequence[str]], list[str]] = lazy_function(
    "bot.articles.front_matter", "front_matter_lines"
)
parse_front_matter: Callable[[Sequence[str]], tuple[dict[str, str], int]] = lazy_function(
    "bot.articles.front_matter", "parse_front_matter"
)


def read_markdown(data: bytes, source: str) -> Article:
    """Return the article in a Markdown file; its text has the file's lines without their markup."""
    lines = decode(data, source).replace("\r\n", "\n").split("\n")
    has_fence = lines[0].rstrip() in FRONT_MATTER_FENCES
    metadata, length = parse_front_matter(lines) if has_fence else ({}, 0)
    front = list(front_matter_lines(lines[:length])) if length else []
    markdown_blocks = [*split_blocks(parse_blocks(front + lines[length:]))]
    labels = frozenset(_link_labels(markdown_blocks))
    texts = [_strip_markup(block, labels) for block in markdown_blocks]
    blocks, spans, offset = [], [], 0
    for block, text in zip(markdown_blocks, texts, strict=True):
        if stripped := text.strip():
            start = offset + text.index(stripped)
            blocks.append(block)
            spans.append((start, start + len(stripped)))
        offset += len(text) + 1
    return _article(source, "\n".join(texts), metadata, blocks, spans)


def _link_labels(blocks: Sequence[MarkdownBlock]) -> Iterator[str]:
    """Yield the labels of the link reference definitions, in lower case."""
    for block in blocks:
        label = LINK_LABEL_RE.match(block.lines[0]) if block.kind is BlockKind.NOTE else None
        if label:
            yield " ".join(label[1].lower().split())


def _strip_markup(block: MarkdownBlock, labels: frozenset[str]) -> str:
    """Return the text of a block, on as many lines as in the file."""
    text = "\n".join(block.lines)
    if block.kind in (BlockKind.ITEM, BlockKind.TEXT, BlockKind.HEADING):
        return _strip_prose(block, labels)
    if block.kind is BlockKind.TABLE:
        return _format_row(block, labels)
    if block.kind is BlockKind.MARK:
        mark = match_line_mark(text)
        return strip_marks(mark.title if mark else " ".join(_cells(text)), labels)
    if block.kind is BlockKind.HTML or (block.kind is BlockKind.NOTE and PRE_RE.match(text)):
        return strip_html(text)
    if block.kind is BlockKind.FENCE:
        return "\n".join(["", *block.lines[1:-1], *[""] * (len(block.lines) > 1)])
    return text if block.kind is BlockKind.CODE else "\n" * (len(block.lines) - 1)


def _strip_prose(block: MarkdownBlock, labels: frozenset[str]) -> str:
    """Return the text of a heading, paragraph or item."""
    first, *rest = block.lines
    if block.kind is BlockKind.HEADING:
        first = _strip_heading_marks(first)
    elif block.kind is BlockKind.ITEM:
        first = ITEM_MARK_RE.sub("", first, count=1)
    text = "\n".join([first, *rest])
    if block.kind is BlockKind.TEXT and rest and DEFINITION_RE.search(text):
        signs = iter(":" + ";" * len(text))
        text = DEFINITION_RE.sub(lambda match: f"{next(signs)}\n{match[1] or ''}", text)
    return strip_marks("\n".join(map(str.strip, text.split("\n"))), labels)


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in CELL_RE.split(row.strip().strip("|"))]


def _format_row(block: MarkdownBlock, labels: frozenset[str]) -> str:
    """Return a row of a table as text: "pump: 36 months (Warranty), blue (Colour)".

    A table of two columns has no names of columns in it.
    """
    cells = [strip_marks(cell, labels) for cell in _cells(block.lines[0])]
    names = [strip_marks(cell, labels) for cell in _cells(block.header)]
    names = names if len(names) == len(cells) > 2 else [""] * len(cells)
    values = [
        f"{cell} ({name})" if name else cell
        for cell, name in zip(cells[1:], names[1:], strict=True)
        if cell
    ]
    return ": ".join(filter(None, (cells[0], ", ".join(values))))


def _strip_heading_marks(line: str) -> str:
    """Return the text of "## Text ##"; the marks of "Issue #5" and "About C#" stay."""
    mark = HEADING_MARK_RE.match(line)
    if not mark:  # underlined
        return line
    text = line[mark.end() :].strip()
    before = text.rstrip("#")
    return text if before and not before[-1].isspace() else before


def _article(
    source: str,
    text: str,
    metadata: dict[str, str],
    blocks: Sequence[MarkdownBlock],
    spans: Sequence[Span],
) -> Article:
    """Return the article of a text, given its front matter, with all that its blocks state."""
    texts = [
        text[start:end] if block.kind in PROSE else ""
        for (start, end), block in zip(spans, blocks, strict=True)
    ]
    guesses = list(_guess_roles(blocks, texts))
    roles = list(_roles(blocks, texts, guesses))
    row = _title_row(blocks)
    headline = " ".join(texts[row].split()) if row >= 0 else title_from_path(source)
    title, date = metadata.pop("title", headline), metadata.pop("date", "")
    authors = [metadata.pop(key) for key in AUTHOR_KEYS if key in metadata]
    return Article(
        title=title,
        source=source,
        text=text,
        date=find_date(date) or _date(blocks, texts, guesses),
        blocks=tuple(_blocks(spans, blocks, texts, roles, title)),
        metadata={**metadata, **({"author": authors[0]} if authors else find_author(texts, roles))},
    )


def _guess_roles(blocks: Sequence[MarkdownBlock], texts: Sequence[str]) -> Iterator[Role]:
    """Yield the role that each block has on a page of news; a heading ends the teasers above."""
    starts = [row for row, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    for start, end in zip([0, *starts], [*starts, len(blocks)], strict=True):
        yield from classify_paragraphs(texts[start:end])


def _roles(
    blocks: Sequence[MarkdownBlock], texts: Sequence[str], guesses: Sequence[Role]
) -> Iterator[Role]:
    """Yield the role of each block, given the ``guesses``."""
    believed = believe_roles(texts, guesses, is_news=is_news_page(texts, guesses))
    for block, guess, role in zip(blocks, guesses, believed, strict=True):
        line = block.lines[0]
        if block.kind is BlockKind.HEADING or HTML_HEADING_RE.match(line):
            yield Role.HEADING
        elif block.kind in CODE or block.kind is BlockKind.NOTE:
            yield Role.CODE
        elif block.kind is BlockKind.MARK:
            mark = match_line_mark(line)
            # "[!tip] Ring twice." has no other text; a title is no sentence.
            yield Role.STORY if mark and mark.title.endswith((".", "!")) else Role.HEADING
        elif block.kind is BlockKind.TABLE:
            yield Role.TABLE
        elif block.kind is BlockKind.HTML and HTML_MENU_RE.match(line):
            yield Role.SITE
        else:
            yield guess if guess is Role.TEASER and LINK_ITEM_RE.fullmatch(line) else role


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
            yield Block(start, end, headings, role not in ANSWERING_ROLES, role)
            continue
        above = [heading for heading in above if heading[0] < block.level]
        heading = " ".join(text.split())
        role = Role.TITLE if heading == title else Role.HEADING
        yield Block(start, end, tuple(heading for _, heading in above), boilerplate=True, role=role)
        if role is Role.HEADING:
            above.append((block.level, heading))
        headings = tuple(heading for _, heading in above)
