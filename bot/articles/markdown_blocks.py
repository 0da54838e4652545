"""Lines of Markdown → the pieces that they make: headings, paragraphs, list items, code."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial


class Kind(Enum):
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
LINES: tuple[tuple[Kind, str], ...] = (
    (Kind.BLANK, r"\s*$"),
    (Kind.FENCE, r"\s*(?:`{3,}[^`]*|~{3,}.*)$"),
    (Kind.HEADING, r" {0,3}#{1,6}(?:\s|$)"),
    (Kind.UNDERLINE, r" {0,3}(?:=+|-+)\s*$"),
    (Kind.RULE, r" {0,3}(?P<sign>[-*_])(?:\s*(?P=sign)){2,}\s*$"),
    (Kind.NOTE, r" {0,3}(?:\[[^\]]+\]:\s*\S|<!--|\[!\w+\]\s*$"
                r"|<(?i:script|style|pre|textarea|svg)\b)"),
    (Kind.HTML, rf" {{0,3}}<(?:[?!]|/?(?i:{TAGS})(?:[\s/>]|$))"),
    (Kind.TABLE, r"\s*\|.*\|\s*$|\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$"),
    (Kind.ITEM, r"\s*(?:[-*+]|[0-9]{1,9}[.)])(?:\s|$)"),
    (Kind.CODE, r" {0,3}(?: |\t)"),
)  # fmt: skip
# All rows at once, each a group of its kind's name.
LINES_RE = re.compile("|".join(f"(?P<{kind.name}>{pattern})" for kind, pattern in LINES))
BY_NAME = {kind.name: kind for kind in Kind}
# What goes on in the next line where no blank one stands between.
GOES_ON: dict[Kind, frozenset[Kind]] = {
    Kind.BLANK: frozenset({Kind.BLANK}),
    Kind.TEXT: frozenset({Kind.TEXT}),
    Kind.ITEM: frozenset({Kind.TEXT}),
    Kind.TABLE: frozenset({Kind.TABLE}),
    Kind.CODE: frozenset({Kind.CODE}),
    Kind.HTML: frozenset(Kind) - {Kind.BLANK},
}
# What may go on over blank lines, to an end of its own.
LASTING = (Kind.FENCE, Kind.NOTE)
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
class Piece:
    """Lines that belong together, the ">" of a quotation taken off."""

    kind: Kind
    lines: list[str]
    quoted: bool = False
    level: int = 0


NONE_YET = Piece(Kind.RULE, [])


def outline(lines: Sequence[str]) -> list[Piece]:
    """Part ``lines`` into pieces; every line is in one, in order."""
    pieces: list[Piece] = []
    listing = False
    until: Callable[[str], bool] = _never
    for line in lines:
        if until is not _never:
            pieces[-1].lines.append(line)
            until = _never if until(line) else until
            continue
        last = pieces[-1] if pieces else NONE_YET
        if not line:  # every second one: it parts what stands above from what stands below
            if last.kind is Kind.BLANK and not last.quoted:
                last.lines.append(line)
            else:
                pieces.append(Piece(Kind.BLANK, [line]))
            continue
        mark = QUOTE_RE.match(line) if line[:1] in QUOTING else None
        content = line[mark.end() :] if mark else line
        before = last if last.quoted == bool(mark) else NONE_YET
        kind = _kind(content, before, listing)
        if not _joins(before, kind, content):
            level = _level(content) if kind is Kind.HEADING else 0
            pieces.append(Piece(kind, [content], bool(mark), level))
            until = _end(kind, content) if kind in LASTING else _never
        if kind is not Kind.BLANK:
            listing = kind is Kind.ITEM or (listing and content[:1].isspace())
    return pieces


def _kind(content: str, before: Piece, listing: bool) -> Kind:
    """Tell what ``content`` is after ``before``."""
    kind = _alone(content)
    if kind is Kind.TEXT:
        return Kind.TABLE if before.kind is Kind.TABLE and "|" in content else kind
    if kind is Kind.UNDERLINE and not _is_underlined(before):
        return Kind.RULE if len(content.strip()) > 2 else Kind.TEXT
    if kind is Kind.CODE and (listing or before.kind in (Kind.TEXT, Kind.ITEM)):
        return Kind.TEXT
    if kind is Kind.CODE and not content.startswith(("    ", "\t", " \t", "  \t", "   \t")):
        return Kind.TEXT
    if kind is Kind.ITEM and before.kind is Kind.TEXT and NUMBER_RE.match(content):
        return Kind.TEXT  # "the war of\n1914. It …": a list in a paragraph begins with 1
    return kind


def _alone(content: str) -> Kind:
    """Tell what ``content`` is by itself; no row takes a line that begins with a letter."""
    if not content:
        return Kind.BLANK
    found = None if content[0].isalpha() else LINES_RE.match(content)
    return BY_NAME[found.lastgroup or ""] if found else Kind.TEXT


def _is_underlined(before: Piece) -> bool:
    """Whether a line of dashes makes a heading of ``before``: not of sentences above a rule."""
    return (
        before.kind is Kind.TEXT
        and len(before.lines) == 1
        and not before.lines[0].rstrip().endswith((".", "!", ":", ";"))
    )


def _joins(before: Piece, kind: Kind, content: str) -> bool:
    """Add ``content`` to ``before`` if it goes on there; tell whether it did."""
    if kind is Kind.UNDERLINE:
        before.kind, before.level = Kind.HEADING, 1 if "=" in content else 2
        content = ""
    elif kind is Kind.TABLE and before.kind is Kind.TEXT and "|" in before.lines[0]:
        before.kind = Kind.TABLE
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


def _end(kind: Kind, content: str) -> Callable[[str], bool]:
    """Return what tells the last line of a piece that goes on over blank lines."""
    if kind is Kind.FENCE:
        bare = content.strip()
        fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        return partial(_closes, fence)
    for start, end in ENDS:
        if start.match(content) and end not in content.lower():
            return partial(_holds, end)
    return _never
