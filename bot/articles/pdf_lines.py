"""The lines of a PDF's pages: their letters, their columns, and which are running heads."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from bot.articles.builder import clean_text

HYPHEN = "\ufffe"  # PDFium's mark of a hyphen at a line's end
# Ligatures as Unicode has them, and as fonts of TeX have them that do not say which letters they
# are (T1, then OT1): beside letters, for in other fonts these are arrows and circles.
LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
TEX = {
    "\x1b": "ff", "\x1c": "fi", "\x1d": "fl", "\x1e": "ffi", "\x1f": "ffl",
    "\x0b": "ff", "\x0c": "fi", "\r": "fl", "\x0e": "ffi", "\x0f": "ffl",
}  # fmt: skip
TEX_RE = re.compile(r"(?<=[^\W\d_])[\x0b-\x0f\x1b-\x1f]|[\x0b-\x0f\x1b-\x1f](?=[^\W\d_]{2})")
# A page's number, and none of a section: "3.4.1 Purpose" heads many pages, and is no running head.
NUMBERS_RE = re.compile(r"(?<![\d.])\d+(?![\d]*\.\d)")
PAGE_NUMBER_RE = re.compile(
    r"(?i)[\W_]*(?:(?:page|seite|p\.|pg\.?)\s*)?(?:\d{1,5}|[ivxlc]{1,7})(?:\s*(?:/|of|von|sur)\s*\d{1,5})?[\W_]*"
)

# A line whose letters are so much higher or lower than the page's is a heading, or a note.
HIGHER, LOWER = 1.12, 0.93
LONGEST_HEADING = 150
# In distances of lines.
HEAD_APART = 1.5
# On so many pages the same line at the top or the foot is a running head.
MOST_ONCE, PAGES = 2, 3
LINES_AT_EDGE = 3


class PdfLine(NamedTuple):
    """A line of page ``page``, and its box in tenths of a point from the page's lower left."""

    page: int
    text: str
    left: int
    bottom: int
    right: int
    top: int

    @property
    def height(self) -> int:
        """How high its font is."""
        return self.top - self.bottom


def spell_out(text: str) -> str:
    r"""Return a text with its ligatures as letters.

    >>> spell_out("\x1celd of \ufb02owers")
    'field of flowers'
    """
    if text.isascii() and text.isprintable():
        return text
    return TEX_RE.sub(lambda match: TEX[match[0]], text.translate(LIGATURES))


def body_height(pages: Iterable[Iterable[PdfLine]]) -> int:
    """Return how high most letters are."""
    letters = Counter[int]()
    for page in pages:
        for line in page:
            letters[line.height] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0


def find_title(pages: Sequence[Sequence[PdfLine]]) -> str:
    """Return what the first page has in its largest letters, if they are larger than the rest."""
    first = next((page for page in pages if page), [])
    if not first:
        return ""
    largest = max(line.height for line in first)
    if largest < HIGHER * body_height(pages):
        return ""
    lines: list[str] = []
    for line in first:
        if line.height > 0.97 * largest:
            lines.append(spell_out(line.text).removesuffix(HYPHEN))
        elif lines:
            break
    title = clean_text(" ".join(lines))
    return title if re.search(r"[^\W\d_]{3}", title) and len(title) <= 2 * LONGEST_HEADING else ""


def find_heads(pages: Sequence[Sequence[PdfLine]]) -> set[PdfLine]:
    """Return the running heads, feet and page numbers: alike on several pages but for numbers."""
    edges = [edge for page in pages for edge in _edges(page)]
    counts = Counter(_pattern(line.text, top) for line, top in edges)
    several = len(pages) > 1
    return {
        line
        for line, top in edges
        if (several and PAGE_NUMBER_RE.fullmatch(line.text))
        or counts[_pattern(line.text, top)] >= PAGES
        or (counts[_pattern(line.text, top)] == MOST_ONCE and len(pages) <= PAGES + 1)
    }


def _pattern(text: str, top: bool) -> tuple[str, bool]:
    return NUMBERS_RE.sub("#", text).casefold(), top


def _edges(page: Sequence[PdfLine]) -> Iterator[tuple[PdfLine, bool]]:
    """Yield the lines at the top (True) and the foot of a page that stand apart from the rest."""
    by_height = sorted(page, key=lambda line: -line.top)
    pitch = _pitch(page)
    for lines, top in ((by_height, True), (by_height[::-1], False)):
        row: list[PdfLine] = []
        for line, following in zip(lines[:LINES_AT_EDGE], [*lines[1:], None], strict=False):
            row.append(line)
            if following is None:
                yield from ((each, top) for each in row)
                break
            distance = abs(line.bottom - following.bottom)
            if distance < 0.4 * line.height:  # beside it, on the same line
                continue
            if distance < HEAD_APART * pitch:
                break
            yield from ((each, top) for each in row)
            row = []


def _pitch(page: Sequence[PdfLine]) -> float:
    """Return how far apart the lines of a page's paragraphs stand."""
    steps = [
        above.bottom - below.bottom
        for above, below in pairwise(page)
        if 0 < above.bottom - below.bottom < 3 * max(above.height, 1)
    ]
    return median(steps) if steps else 0


def column_edges(page: Sequence[PdfLine]) -> dict[PdfLine, tuple[int, int]]:
    """Return for each line the left and right edge of the column in which it stands."""
    edges: dict[PdfLine, tuple[int, int]] = {}
    run: list[PdfLine] = []
    for line in [*page, None]:
        if run and (line is None or not is_below(run[-1], line)):
            lefts, rights = sorted(each.left for each in run), sorted(each.right for each in run)
            column = lefts[len(lefts) // 10], rights[len(rights) * 9 // 10]
            edges.update((each, column) for each in run)
            run = []
        if line is not None:
            run.append(line)
    return edges


def is_below(above: PdfLine, line: PdfLine) -> bool:
    """Whether a line stands below another in the same column."""
    return (
        line.page == above.page
        and line.bottom < above.top
        and line.left < above.right
        and above.left < line.right
        and above.bottom - line.top < 4 * above.height
    )


def is_under(line: PdfLine, other: PdfLine) -> bool:
    """Whether a line stands lower on a page than another."""
    return line.page == other.page and line.bottom < other.bottom
