"""The block structure of Markdown: lines grouped into headings, paragraphs, items and code."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import pairwise

from bot.articles.markdown_dialects import match_line_mark


class BlockKind(Enum):
    """A kind of block, and of the line that begins it."""

    BLANK = "blank"
    FENCE = "fenced code"
    HEADING = "heading"
    UNDERLINE = "underline of a heading"
    RULE = "horizontal rule"
    NOTE = "link reference definition, comment or script"
    MARK = "mark of a dialect, see markdown_dialects"
    HTML = "HTML"
    TABLE = "table row"
    ITEM = "list item"
    CODE = "indented code"
    TEXT = "paragraph"

    # One lookup for each line: the hash of an enum, by its name, takes five times as long.
    __hash__: Callable[[], int] = object.__hash__  # type: ignore[assignment]  # it is bound


TAGS = (
    "address article aside base blockquote body br center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 head header hr html "
    "iframe img input legend li link main menu nav ol optgroup option p picture section source "
    "summary table tbody td tfoot th thead title tr track ul video"
).replace(" ", "|")
# The kind of a line is that of the first pattern that matches its start. No two adjacent parts of
# a pattern match the same blanks, so matching takes linear time on any line.
LINE_PATTERNS: tuple[tuple[BlockKind, str], ...] = (
    (BlockKind.BLANK, r"\s*$"),
    (BlockKind.FENCE, r"\s*(?:`{3,}[^`]*|~{3,}.*)$"),
    (BlockKind.HEADING, r" {0,3}#{1,6}(?:\s|$)"),
    (BlockKind.UNDERLINE, r" {0,3}(?:=+|-+)\s*$"),
    (BlockKind.RULE, r" {0,3}(?P<sign>[-*_])(?:\s*(?P=sign)){2,}\s*$"),
    # A definition has an address and perhaps a title: "[Ann]: the price is 900" is text.
    (BlockKind.NOTE, r" {0,3}(?:\[(?!\^)[^\]]+\]:\s*(?:<[^<>]*>|[^\s/#:]*[/#:]\S*|\S+\.\w+)"
                r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*$"
                r"|<!--|%%(?:[^%]*$|[^%]*%%\s*$)|<(?i:script|style|pre|textarea|svg)\b)"),
    (BlockKind.HTML, rf" {{0,3}}<(?:[?!]|/?(?i:{TAGS})(?:[\s/>]|$))"),
    (BlockKind.TABLE, r"\s*\|.*\|\s*$|\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$"),
    # An item of a list, a footnote, a definition.
    (BlockKind.ITEM, r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)| {0,3}\[\^[^\]]+\]:(?:\s|$)"
                     r"| {0,3}:\s{1,3}\S"),
    (BlockKind.CODE, r" {0,3}(?: |\t)"),
)  # fmt: skip
LINE_RE = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in LINE_PATTERNS))
KIND_BY_NAME = {kind.name: kind for kind in BlockKind}
# The kinds of line that continue a block.
CONTINUATIONS: dict[BlockKind, frozenset[BlockKind]] = {
    BlockKind.BLANK: frozenset({BlockKind.BLANK}),
    BlockKind.TEXT: frozenset({BlockKind.TEXT}),
    BlockKind.ITEM: frozenset({BlockKind.TEXT}),
    BlockKind.TABLE: frozenset({BlockKind.TABLE}),
    BlockKind.CODE: frozenset({BlockKind.CODE}),
    BlockKind.HTML: frozenset(BlockKind) - {BlockKind.BLANK},
}
PARAGRAPHS = frozenset({BlockKind.TEXT, BlockKind.ITEM})
# Blocks that may have an end mark, and then include blank lines before it.
DELIMITED = frozenset({BlockKind.FENCE, BlockKind.NOTE})
NOTE_DELIMITERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*<!--"), "-->"),
    (re.compile(r"\s*%%"), "%%"),
    (re.compile(r"(?i)\s*<script\b"), "</script>"),
    (re.compile(r"(?i)\s*<style\b"), "</style>"),
    (re.compile(r"(?i)\s*<pre\b"), "</pre>"),
    (re.compile(r"(?i)\s*<textarea\b"), "</textarea>"),
    (re.compile(r"(?i)\s*<svg\b"), "</svg>"),
)
OPENING_TAG_RE = re.compile(rf"\s*<(?i:{TAGS})[\s>]")
CLOSING_TAG_RE = re.compile(rf"</(?i:{TAGS})>\s*$")
QUOTE_MARK_RE = re.compile(r" {0,3}(?:>[ \t]?)+")
NESTED_QUOTE_MARK_RE = re.compile(r"\s*(?:>[ \t]?)+")  # indented within a list item
QUOTE_STARTS = (" ", ">")
NUMBER_ABOVE_1_RE = re.compile(r"\s*(?!1[.)])[0-9]")


@dataclass(slots=True)
class MarkdownBlock:
    """The lines of a block, without the ">" of a quotation."""

    kind: BlockKind
    lines: list[str]
    is_quoted: bool = False
    level: int = 0  # of a heading: 1 to 6
    header: str = ""  # of a table row: the line above all rows


NO_BLOCK = MarkdownBlock(BlockKind.RULE, [])  # which no line continues


def parse_blocks(lines: Sequence[str]) -> list[MarkdownBlock]:
    """Group ``lines`` into blocks; every line is in one of them, in order."""
    blocks: list[MarkdownBlock] = []
    in_list = False
    is_end: Callable[[str], bool] = _never
    for line in lines:
        if is_end is not _never:
            blocks[-1].lines.append(line)
            is_end = _never if is_end(line) else is_end
            continue
        last = blocks[-1] if blocks else NO_BLOCK
        if not line:  # every second line; it is never quoted
            if last.kind is BlockKind.BLANK and not last.is_quoted:
                last.lines.append(line)
            else:
                blocks.append(MarkdownBlock(BlockKind.BLANK, [line]))
            continue
        quote_mark_re = NESTED_QUOTE_MARK_RE if in_list else QUOTE_MARK_RE
        mark = quote_mark_re.match(line) if line[:1] in QUOTE_STARTS else None
        content = line[mark.end() :] if mark else line
        before = last if last.is_quoted == bool(mark) or _is_lazy(content, last) else NO_BLOCK
        kind = _kind_after(before, content, in_list)
        if not (_extend(before, kind, content) or _extend_term(blocks, kind, content)):
            level = _heading_level(content) if kind is BlockKind.HEADING else 0
            blocks.append(MarkdownBlock(kind, [content], bool(mark), level))
            is_end = _end_test(kind, content) if kind in DELIMITED else _never
        if kind is BlockKind.MARK and (title := match_line_mark(content)):
            in_list = in_list or title.has_indented_body
        elif kind is not BlockKind.BLANK:
            in_list = kind is BlockKind.ITEM or (in_list and content[:1].isspace())
    return blocks


def split_blocks(blocks: Iterable[MarkdownBlock]) -> Iterator[MarkdownBlock]:
    """Yield the blocks, each row of a table and each element of HTML by itself."""
    for block in blocks:
        if block.kind is BlockKind.TABLE:
            yield from _split_table(block)
        elif block.kind is BlockKind.HTML:
            starts = [
                row
                for row, (above, line) in enumerate(pairwise(block.lines), 1)
                if OPENING_TAG_RE.match(line) or CLOSING_TAG_RE.search(above)
            ]
            for start, end in pairwise([0, *starts, len(block.lines)]):
                yield MarkdownBlock(BlockKind.HTML, block.lines[start:end], block.is_quoted)
        else:
            yield block


def _split_table(table: MarkdownBlock) -> Iterator[MarkdownBlock]:
    rule = next((i for i, line in enumerate(table.lines) if not line.strip(" \t|:-+=")), 0)
    header = table.lines[rule - 1] if rule else ""
    for row, line in enumerate(table.lines):
        kind = BlockKind.TABLE if row > rule or not rule else BlockKind.RULE
        kind = BlockKind.MARK if header and row < rule else kind
        yield MarkdownBlock(kind, [line], table.is_quoted, header=header)


def _is_lazy(content: str, last: MarkdownBlock) -> bool:
    """Whether a line without ">" continues the paragraph at the end of a quotation."""
    return (
        last.is_quoted
        and last.kind in PARAGRAPHS
        and _kind_after(last, content, in_list=False) is BlockKind.TEXT
    )


def _kind_after(before: MarkdownBlock, content: str, in_list: bool) -> BlockKind:
    """Return the kind of the line ``content`` after the block ``before``."""
    kind = _line_kind(content)
    if before.kind is BlockKind.TEXT and content.lstrip()[:1] in (":", "["):
        # A definition belongs to its term, and no address is defined within a paragraph.
        is_text = (kind is BlockKind.ITEM and ":" in content[:4]) or kind is BlockKind.NOTE
        kind = BlockKind.TEXT if is_text else kind
    if kind is BlockKind.TEXT:
        return BlockKind.TABLE if before.kind is BlockKind.TABLE and "|" in content else kind
    if kind is BlockKind.UNDERLINE and not _can_be_underlined(before):
        return BlockKind.RULE if len(content.strip()) > 2 else BlockKind.TEXT
    if kind is BlockKind.CODE and (in_list or before.kind in PARAGRAPHS):
        return BlockKind.TEXT
    if kind is BlockKind.CODE and not content.startswith(("    ", "\t", " \t", "  \t", "   \t")):
        return BlockKind.TEXT
    if kind is BlockKind.ITEM and before.kind is BlockKind.TEXT and not in_list:
        # "the war of\n1914. It …": a list that interrupts a paragraph begins with 1.
        return BlockKind.TEXT if NUMBER_ABOVE_1_RE.match(content) else kind
    return kind


def _line_kind(content: str) -> BlockKind:
    """Return the kind of a line by itself; a line that begins with a letter is TEXT."""
    if not content:
        return BlockKind.BLANK
    if match_line_mark(content):
        return BlockKind.MARK
    match = None if content[0].isalpha() else LINE_RE.match(content)
    return KIND_BY_NAME[match.lastgroup or ""] if match else BlockKind.TEXT


def _can_be_underlined(before: MarkdownBlock) -> bool:
    """Whether a line of dashes makes ``before`` a heading, and is not a rule below a sentence."""
    return (
        before.kind is BlockKind.TEXT
        and len(before.lines) == 1
        and not before.lines[0].rstrip().endswith((".", "!", ":", ";"))
    )


def _extend(before: MarkdownBlock, kind: BlockKind, content: str) -> bool:
    """Add the line ``content`` to ``before`` if it continues that; return whether it does."""
    if kind is BlockKind.UNDERLINE:
        before.kind, before.level = BlockKind.HEADING, 1 if "=" in content else 2
        content = ""
    elif kind is BlockKind.TABLE and before.kind is BlockKind.TEXT and "|" in before.lines[0]:
        before.kind = BlockKind.TABLE
    elif kind not in CONTINUATIONS.get(before.kind, ()):
        return False
    before.lines.append(content)
    return True


def _extend_term(blocks: list[MarkdownBlock], kind: BlockKind, content: str) -> bool:
    """Add the definition ``content`` to its term above a blank line; return whether it is one."""
    if kind is not BlockKind.ITEM or content.lstrip()[:1] != ":" or len(blocks) < 2:
        return False
    term, blank = blocks[-2:]
    is_term = term.kind is BlockKind.TEXT and (len(term.lines) == 1 or ":" in term.lines[-1][:4])
    if not is_term or blank.kind is not BlockKind.BLANK or len(blank.lines) > 1:
        return False
    blocks.pop()
    term.lines += ["", content]
    return True


def _heading_level(content: str) -> int:
    text = content.lstrip()
    return min(len(text) - len(text.lstrip("#")), 6)


def _never(_: str) -> bool:
    return False


def _is_closing_fence(fence: str, line: str) -> bool:
    text = line.strip(" \t>")
    return text.startswith(fence) and not text.strip(fence[0])


def _has_mark(mark: str, line: str) -> bool:
    return mark in line.lower()


def _end_test(kind: BlockKind, content: str) -> Callable[[str], bool]:
    """Return the test for the last line of a delimited block that begins with ``content``."""
    if kind is BlockKind.FENCE:
        text = content.strip()
        fence = text[: len(text) - len(text.lstrip(text[0]))]
        return partial(_is_closing_fence, fence)
    for start, end in NOTE_DELIMITERS:
        if (opening := start.match(content)) and end not in content[opening.end() :].lower():
            return partial(_has_mark, end)
    return _never
