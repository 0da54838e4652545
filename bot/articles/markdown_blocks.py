"""Lines of Markdown → the pieces that they make: headings, paragraphs, list items, code."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial


class BlockKind(Enum):
    """What a line begins or goes on with."""

    BLANK = "nothing"
    FENCE = "code between fences"
    HEADING = "a heading"
    UNDERLINE = "what makes a heading of the line above"
    RULE = "a line across the page"
    NOTE = "a link's definition, a remark, a script, the sign of an alert"
    HTML = "a tag"
    TABLE = "a table's row"
    ITEM = "a list's item"
    CODE = "indented code"
    TEXT = "a paragraph"

    # A kind is looked up for every line; by its name, as enums do, takes five times as long.
    __hash__ = object.__hash__


TAGS = (
    "address article aside base blockquote body br center col colgroup dd details dialog dir div "
    "dl dt fieldset figcaption figure footer form frame h1 h2 h3 h4 h5 h6 head header hr html "
    "iframe img input legend li link main menu nav ol optgroup option p picture section source "
    "summary table tbody td tfoot th thead title tr track ul video"
).replace(" ", "|")
# The first row that matches the start of a line tells its kind. No two parts that may both
# take the same blanks stand side by side, so a line is read once however odd it is.
LINES: tuple[tuple[BlockKind, str], ...] = (
    (BlockKind.BLANK, r"\s*$"),
    (BlockKind.FENCE, r"\s*(?:`{3,}[^`]*|~{3,}.*)$"),
    (BlockKind.HEADING, r" {0,3}#{1,6}(?:\s|$)"),
    (BlockKind.UNDERLINE, r" {0,3}(?:=+|-+)\s*$"),
    (BlockKind.RULE, r" {0,3}(?P<sign>[-*_])(?:\s*(?P=sign)){2,}\s*$"),
    (BlockKind.NOTE, r" {0,3}(?:\[[^\]]+\]:\s*\S|<!--|\[!\w+\]\s*$"
                r"|<(?i:script|style|pre|textarea|svg)\b)"),
    (BlockKind.HTML, rf" {{0,3}}<(?:[?!]|/?(?i:{TAGS})(?:[\s/>]|$))"),
    (BlockKind.TABLE, r"\s*\|.*\|\s*$|\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$"),
    (BlockKind.ITEM, r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)"),
    (BlockKind.CODE, r" {0,3}(?: |\t)"),
)  # fmt: skip
# All rows at once, each a group of its kind's name.
LINES_RE = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in LINES))
BY_NAME = {kind.name: kind for kind in BlockKind}
# What goes on in the next line where no blank one stands between.
GOES_ON: dict[BlockKind, frozenset[BlockKind]] = {
    BlockKind.BLANK: frozenset({BlockKind.BLANK}),
    BlockKind.TEXT: frozenset({BlockKind.TEXT}),
    BlockKind.ITEM: frozenset({BlockKind.TEXT}),
    BlockKind.TABLE: frozenset({BlockKind.TABLE}),
    BlockKind.CODE: frozenset({BlockKind.CODE}),
    BlockKind.HTML: frozenset(BlockKind) - {BlockKind.BLANK},
}
# What may go on over blank lines, to an end of its own.
LASTING = (BlockKind.FENCE, BlockKind.NOTE)
# In brackets, what ends a note that may go on over blank lines.
ENDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\s*<!--"), "-->"),
    (re.compile(r"(?i)\s*<script\b"), "</script>"),
    (re.compile(r"(?i)\s*<style\b"), "</style>"),
    (re.compile(r"(?i)\s*<pre\b"), "</pre>"),
    (re.compile(r"(?i)\s*<textarea\b"), "</textarea>"),
    (re.compile(r"(?i)\s*<svg\b"), "</svg>"),
)
QUOTE_RE = re.compile(r" {0,3}(?:>[ \t]?)+")
QUOTING = (" ", ">")
NUMBER_RE = re.compile(r"\s*(?!1[.)])[0-9]")


@dataclass(slots=True)
class MarkdownBlock:
    """Lines that belong together, the ">" of a quotation taken off."""

    kind: BlockKind
    lines: list[str]
    quoted: bool = False
    level: int = 0


NONE_YET = MarkdownBlock(BlockKind.RULE, [])


def parse_blocks(lines: Sequence[str]) -> list[MarkdownBlock]:
    """Part ``lines`` into pieces; every line is in one, in order."""
    pieces: list[MarkdownBlock] = []
    listing = False
    until: Callable[[str], bool] = _never
    for line in lines:
        if until is not _never:
            pieces[-1].lines.append(line)
            until = _never if until(line) else until
            continue
        last = pieces[-1] if pieces else NONE_YET
        if not line:  # every second one: it parts what stands above from what stands below
            if last.kind is BlockKind.BLANK and not last.quoted:
                last.lines.append(line)
            else:
                pieces.append(MarkdownBlock(BlockKind.BLANK, [line]))
            continue
        mark = QUOTE_RE.match(line) if line[:1] in QUOTING else None
        content = line[mark.end() :] if mark else line
        before = last if last.quoted == bool(mark) else NONE_YET
        kind = _kind(content, before, listing)
        if not _joins(before, kind, content):
            level = _level(content) if kind is BlockKind.HEADING else 0
            pieces.append(MarkdownBlock(kind, [content], bool(mark), level))
            until = _end(kind, content) if kind in LASTING else _never
        if kind is not BlockKind.BLANK:
            listing = kind is BlockKind.ITEM or (listing and content[:1].isspace())
    return pieces


def _kind(content: str, before: MarkdownBlock, listing: bool) -> BlockKind:
    """Tell what ``content`` is after ``before``."""
    kind = _alone(content)
    if kind is BlockKind.TEXT:
        return BlockKind.TABLE if before.kind is BlockKind.TABLE and "|" in content else kind
    if kind is BlockKind.UNDERLINE and not _is_underlined(before):
        return BlockKind.RULE if len(content.strip()) > 2 else BlockKind.TEXT
    if kind is BlockKind.CODE and (listing or before.kind in (BlockKind.TEXT, BlockKind.ITEM)):
        return BlockKind.TEXT
    if kind is BlockKind.CODE and not content.startswith(("    ", "\t", " \t", "  \t", "   \t")):
        return BlockKind.TEXT
    if kind is BlockKind.ITEM and before.kind is BlockKind.TEXT and NUMBER_RE.match(content):
        return BlockKind.TEXT  # "the war of\n1914. It …": a list in a paragraph begins with 1
    return kind


def _alone(content: str) -> BlockKind:
    """Tell what ``content`` is by itself; no row takes a line that begins with a letter."""
    if not content:
        return BlockKind.BLANK
    found = None if content[0].isalpha() else LINES_RE.match(content)
    return BY_NAME[found.lastgroup or ""] if found else BlockKind.TEXT


def _is_underlined(before: MarkdownBlock) -> bool:
    """Whether a line of dashes makes a heading of ``before``: not of sentences above a rule."""
    return (
        before.kind is BlockKind.TEXT
        and len(before.lines) == 1
        and not before.lines[0].rstrip().endswith((".", "!", ":", ";"))
    )


def _joins(before: MarkdownBlock, kind: BlockKind, content: str) -> bool:
    """Add ``content`` to ``before`` if it goes on there; tell whether it did."""
    if kind is BlockKind.UNDERLINE:
        before.kind, before.level = BlockKind.HEADING, 1 if "=" in content else 2
        content = ""
    elif kind is BlockKind.TABLE and before.kind is BlockKind.TEXT and "|" in before.lines[0]:
        before.kind = BlockKind.TABLE
    elif kind not in GOES_ON.get(before.kind, ()):
        return False
    before.lines.append(content)
    return True


def _level(content: str) -> int:
    bare = content.lstrip()
    return min(len(bare) - len(bare.lstrip("#")), 6)


def _never(_: str) -> bool:
    return False


def _closes(fence: str, line: str) -> bool:
    bare = line.strip(" \t>")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _holds(end: str, line: str) -> bool:
    return end in line.lower()


def _end(kind: BlockKind, content: str) -> Callable[[str], bool]:
    """Return what tells the last line of a piece that goes on over blank lines."""
    if kind is BlockKind.FENCE:
        bare = content.strip()
        fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        return partial(_closes, fence)
    for start, end in ENDS:
        if start.match(content) and end not in content.lower():
            return partial(_holds, end)
    return _never
