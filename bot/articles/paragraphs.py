"""The paragraphs of a plain text: hard-wrapped lines joined, items and messages apart."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# Characters. Nobody wraps lines by hand at more; a longer line is a whole paragraph.
MAX_LINE_WIDTH = 120
# Characters; a longer "word" is an address on the web.
MAX_WORD_LENGTH = 40

# The line below a heading: "=====", "-----", "~~~~~".
UNDERLINE_SIGNS = frozenset("=-~^*#+_")
UNDERLINE_RE = re.compile(r"([=\-~^*#+_])\1{2,}$")
ITEM_RE = re.compile(r"(?:[-*•‣◦–]|\(?[0-9]{1,2}[.)])\s+(?=\S)")
ITEM_OPENINGS = frozenset("-*•‣◦–(0123456789")
# A message of a chat: "[22-01-20 10:01:00] Dora: …", "2/4/23, 10:35 PM - Ivo: …", "10:35 Ivo: …".
MESSAGE_RE = re.compile(
    r"[\u200e\u200f]*\[?(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4},?[ T])?\d{1,2}:\d\d(?::\d\d)?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?\]?(?: [-–])? ?<?[^:\n<>]{1,40}[:>] "
)

Span = tuple[int, int]


class Paragraph(NamedTuple):
    """The start and end of a paragraph; ``is_alone`` on one line between blank ones."""

    start: int
    end: int
    is_alone: bool = False


def find_paragraphs(text: str, bridges: Collection[int] = ()) -> Iterator[Paragraph]:
    """Yield the paragraphs of ``text``: hard-wrapped lines are joined, list items apart.

    The blank lines ``bridges`` do not end a paragraph.
    """
    chunks = list(_chunks(text, bridges))
    page_width = _page_width(text, chunks)
    for chunk in chunks:
        if len(chunk) == 1:
            ((start, end),) = chunk
            yield Paragraph(_content_start(text, start, end), end, is_alone=True)
        else:
            yield from _split_chunk(text, chunk, page_width)


def find_line_paragraphs(text: str) -> Iterator[Span]:
    r"""Yield the start and end of each paragraph of ``text``, the markers of list items included.

    >>> text = "Bring:\n- bread\n- salt"
    >>> [text[start:end] for start, end in find_line_paragraphs(text)]
    ['Bring:', '- bread', '- salt']
    """
    before = 0
    for _, end, _ in find_paragraphs(text):
        yield end - len(text[before:end].lstrip()), end
        before = end


def _page_width(text: str, chunks: Sequence[list[Span]]) -> int:
    """Return the width at which lines are hard-wrapped, or MAX_LINE_WIDTH if they are not.

    They are if any line begins in the middle of a sentence.
    """
    multiline = [chunk for chunk in chunks if len(chunk) > 1]
    if not any(_is_mid_sentence(text, *lines) for chunk in multiline for lines in pairwise(chunk)):
        return MAX_LINE_WIDTH
    lengths = sorted(_width(text, line) for chunk in chunks for line in chunk)
    lengths = [length for length in lengths if length <= MAX_LINE_WIDTH]
    # The 90th percentile: a table or a URL may be wider than the page.
    return lengths[len(lengths) * 9 // 10] if lengths else MAX_LINE_WIDTH


def _width(text: str, line: Span) -> int:
    """Return the length of a line without its addresses, which nobody can wrap."""
    start, end = line
    length = end - start
    if length > MAX_WORD_LENGTH and "/" in text[start:end]:
        length -= sum(len(word) for word in text[start:end].split() if len(word) > MAX_WORD_LENGTH)
    return length


def _chunks(text: str, bridges: Collection[int]) -> Iterator[list[Span]]:
    """Yield the lines between two blank lines, each as the span of its text."""
    chunk, offset = [], 0
    for row, line in enumerate(text.split("\n")):
        stripped = line.strip()
        if stripped:
            start = offset + line.index(stripped[0])
            chunk.append((start, start + len(stripped)))
        elif chunk and row not in bridges:
            yield chunk
            chunk = []
        offset += len(line) + 1
    if chunk:
        yield chunk


def _split_chunk(text: str, chunk: list[Span], page_width: int) -> Iterator[Paragraph]:
    """Split a chunk at its list items and, unless it is hard-wrapped, at every line."""
    start = chunk[0][0]
    continuations = _continuations(text, chunk, page_width)
    for ((_, end), after), is_continued in zip(pairwise(chunk), continuations, strict=True):
        if not is_continued:
            yield Paragraph(_content_start(text, start, end), end)
            start = after[0]
    yield Paragraph(_content_start(text, start, chunk[-1][1]), chunk[-1][1])


def _continuations(text: str, chunk: list[Span], page_width: int) -> list[bool]:
    """Return, for each line of a chunk after the first, whether it continues the one before."""
    longest = max([_width(text, line) for line in chunk])
    if longest > MAX_LINE_WIDTH:
        return [False] * (len(chunk) - 1)
    width = longest if len(chunk) > 3 and page_width < MAX_LINE_WIDTH else page_width
    if sum(bool(MESSAGE_RE.match(text, start, end)) for start, end in chunk) > 1:
        return [not MESSAGE_RE.match(text, start, end) for start, end in chunk[1:]]
    items = [_content_start(text, start, end) > start for start, end in chunk[1:]]
    wraps = [
        not item and _is_wrap(text, before, after, width)
        for item, (before, after) in zip(items, pairwise(chunk), strict=True)
    ]
    return wraps if sum(wraps) * 2 >= len(wraps) - sum(items) else [False] * len(wraps)


def _is_wrap(text: str, before: Span, after: Span, width: int) -> bool:
    """Whether the first word of ``after`` had no room on the line before, or is mid-sentence."""
    if is_underline(text, after) or is_underline(text, before):
        return False
    space = text.find(" ", *after)
    word_length = (space if space >= 0 else after[1]) - after[0]
    return before[1] - before[0] + 1 + word_length > width or _is_mid_sentence(text, before, after)


def is_underline(text: str, line: Span) -> bool:
    """Return whether a line is the one below a heading."""
    return text[line[0]] in UNDERLINE_SIGNS and bool(UNDERLINE_RE.match(text, *line))


def _is_mid_sentence(text: str, before: Span, after: Span) -> bool:
    if text[before[1] - 1] == "-" and text[before[1] - 2].isalpha():
        return text[after[0]].isalpha()
    return text[after[0]].islower() and text[before[1] - 1] not in ".!?:"


def _content_start(text: str, start: int, end: int) -> int:
    """Return where the text of a list item begins, after its marker; else ``start``."""
    marker = ITEM_RE.match(text, start, end) if text[start] in ITEM_OPENINGS else None
    return marker.end() if marker else start
