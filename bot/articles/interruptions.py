"""Lines that interrupt a plain text: quotation marks of mail, times of subtitles, page heads."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

QUOTE_MARK_RE = re.compile(r"(?:> ?)+")
CUE_TIME_RE = re.compile(
    r"\s*(?:\d+:)?\d\d:\d\d[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d\d:\d\d[.,]\d{1,3}.*"
)
CUE_NUMBER_RE = re.compile(r"\s*\d+\s*|WEBVTT.*")
# "12", "- 12 -", "Page 12 of 30", "Postel [Page 3]".
PAGE_NUMBER_RE = re.compile(r"(?i)\W*(?:page\s+)?\d{1,4}(?:\s+of\s+\d+)?\W*|.{0,70}\[page \d+\]\s*")
MAX_HEAD_LENGTH = 80
MIN_CUES = 2
STOPS = (".", "!", "?", "…", '"', "”", ":")


class CleanText(NamedTuple):
    """A text in which interruptions are blank; at the lines ``bridges`` its paragraphs go on."""

    text: str
    bridges: frozenset[int] = frozenset()


def blank_interruptions(text: str) -> CleanText:
    r"""Return ``text`` with spaces for its interruptions, so that every character keeps its place.

    >>> blank_interruptions("> It rained\n> in May.\n").text
    '  It rained\n  in May.\n'
    """
    if "\n>" not in text and not text.startswith(">") and "-->" not in text and "\f" not in text:
        return CleanText(text)
    lines = text.split("\n")
    _blank_quote_marks(lines)
    rows = {*_cue_rows(lines), *_page_rows(lines)}
    for row in rows:
        lines[row] = " " * len(lines[row])
    return CleanText("\n".join(lines), frozenset(_bridges(lines, rows)))


def _blank_quote_marks(lines: list[str]) -> None:
    """Blank the marks of quotations of two lines or more; a line alone may be a comparison."""
    quoted = [line.startswith(">") for line in lines]
    for row, line in enumerate(lines):
        if quoted[row] and any(quoted[max(0, row - 1) : row] + quoted[row + 1 : row + 2]):
            mark = QUOTE_MARK_RE.match(line)
            end = mark.end() if mark else 0
            lines[row] = " " * end + line[end:]


def _cue_rows(lines: Sequence[str]) -> Iterable[int]:
    """Yield the rows of the numbers and times of subtitles."""
    times = [row for row, line in enumerate(lines) if "-->" in line and CUE_TIME_RE.fullmatch(line)]
    if len(times) < MIN_CUES:
        return
    for row in times:
        yield row
        if row and CUE_NUMBER_RE.fullmatch(lines[row - 1]):
            yield row - 1
    if lines[0].startswith("WEBVTT"):
        yield 0


def _page_rows(lines: Sequence[str]) -> Iterable[int]:
    """Yield the rows of the numbers before page breaks, and of the heads after them."""
    breaks = [row for row, line in enumerate(lines) if "\f" in line]
    heads = [_next_row(lines, row) for row in breaks]
    texts = [
        PAGE_NUMBER_RE.sub("", lines[row]).strip(" \f0123456789") if row >= 0 else ""
        for row in heads
    ]
    for page, (row, head) in enumerate(zip(breaks, heads, strict=True)):
        before = next((i for i in range(row - 1, max(-1, row - 5), -1) if lines[i].strip()), -1)
        if before >= 0 and PAGE_NUMBER_RE.fullmatch(lines[before]):
            yield before
        if not lines[row].strip():
            yield row
        is_short = head >= 0 and 0 < len(lines[head].strip()) <= MAX_HEAD_LENGTH
        is_alone = head >= 0 and not "".join(lines[head + 1 : head + 2]).strip()
        is_repeated = texts.count(texts[page]) > 1
        interrupts = before >= 0 and not lines[_text_row(lines, before)].rstrip().endswith(STOPS)
        if is_short and is_alone and (is_repeated or interrupts):
            yield head


def _next_row(lines: Sequence[str], row: int) -> int:
    """Return the first row from ``row`` on with text, -1 if the next five have none."""
    return next((i for i in range(row, min(len(lines), row + 5)) if lines[i].strip()), -1)


def _text_row(lines: Sequence[str], row: int) -> int:
    """Return the last row up to ``row`` that has text and is no page number."""
    while row > 0 and (not lines[row].strip() or PAGE_NUMBER_RE.fullmatch(lines[row])):
        row -= 1
    return row


def _bridges(lines: Sequence[str], rows: Iterable[int]) -> Iterable[int]:
    """Yield the blank rows around ``rows`` that stand in the middle of a sentence."""
    for row in rows:
        first = last = row
        while first > 0 and not lines[first - 1].strip():
            first -= 1
        while last + 1 < len(lines) and not lines[last + 1].strip():
            last += 1
        before = lines[first - 1].rstrip() if first else ""
        after = lines[last + 1].lstrip() if last + 1 < len(lines) else ""
        if before and not before.endswith(STOPS) and after[:1].islower():
            yield from range(first, last + 1)
