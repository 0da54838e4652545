"""The plain text reader: lines grouped into paragraphs, a headline, a date, an author."""

import datetime
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

from bot.articles.article import Article, Block
from bot.articles.boilerplate import (
    STORY,
    Role,
    author_from_byline,
    bare_dateline_end,
    classify_paragraphs,
    dateline_end,
)
from bot.articles.encoding import decode
from bot.language.dates import find_date

# Characters. Nobody wraps lines by hand at more; a longer line is a whole paragraph.
MAX_LINE_WIDTH = 120
# A longer line without a full stop is a sentence that lacks it, and no heading.
MAX_HEADING_WORDS, MAX_HEADING_LENGTH = 9, 80
# A standfirst is one or two short paragraphs between the headline and the date.
MAX_STANDFIRSTS, MAX_STANDFIRST_LENGTH = 2, 300

ITEM_RE = re.compile(r"(?:[-*•‣◦–]|\(?[0-9]{1,2}[.)])\s+(?=\S)")
ITEM_OPENINGS = frozenset("-*•‣◦–(0123456789")
STOP_RE = re.compile(r"[.!…:;,。！？：；，][\"'”’)\]」』]*$")
QUESTION_RE = re.compile(r"(?i)(?:what|which|who|whom|whose|when|where|why|how)\b")
VERB_RE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|became|began|opened|closed)\b")

Span = tuple[int, int]


class Paragraph(NamedTuple):
    """The start and end of a paragraph; ``is_alone`` on one line between blank ones."""

    start: int
    end: int
    is_alone: bool = False


def read_plain(data: bytes, source: str) -> Article:
    """Return the article in a text file, whose text is kept to the letter."""
    return parse_plain(decode(data, source), source)


def parse_plain(text: str, source: str) -> Article:
    """Return the article in ``text``.

    Its title is its headline or, if it has none, the file name in ``source``.
    """
    paragraphs = list(find_paragraphs(text))
    texts = [text[start:end] for start, end, _ in paragraphs]
    roles = list(classify_paragraphs(texts))
    headline = _headline_row(texts, roles)
    boilerplate = {row for row, role in enumerate(roles) if role is not STORY}
    boilerplate.update(range(headline, headline + 1), _standfirst_rows(texts, roles, headline))
    headings = _heading_rows(paragraphs, texts, boilerplate)
    blocks = tuple(_blocks(text, paragraphs, boilerplate | headings, headings))
    date = _date(texts, roles, boilerplate | headings) or _date_of_dateline(text, blocks)
    return Article(
        title=" ".join(texts[headline].split()) if headline >= 0 else title_from_path(source),
        source=source,
        text=text,
        date=date,
        blocks=blocks,
        metadata=find_author(texts, roles),
    )


def title_from_path(source: str) -> str:
    """Return a title made of a file's name: "news/lima-summit.txt" → "Lima summit"."""
    stem = re.sub(r"[-_\s]+", " ", PurePosixPath(source).stem).strip()
    return stem[:1].upper() + stem[1:] or source


def find_author(texts: Sequence[str], roles: Sequence[Role]) -> dict[str, str]:
    """Return the metadata "author", from the first byline, or no metadata."""
    if Role.BYLINE not in roles:
        return {}
    return {"author": author_from_byline(texts[roles.index(Role.BYLINE)])}


def find_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of ``text``: hard-wrapped lines are joined, list items apart."""
    chunks = list(_chunks(text))
    page_width = _page_width(text, chunks)
    for chunk in chunks:
        if len(chunk) == 1:
            ((start, end),) = chunk
            yield Paragraph(_content_start(text, start, end), end, is_alone=True)
        else:
            yield from _split_chunk(text, chunk, page_width)


def _page_width(text: str, chunks: Sequence[list[Span]]) -> int:
    """Return the width at which lines are hard-wrapped, or MAX_LINE_WIDTH if they are not.

    They are if any line begins in the middle of a sentence.
    """
    multiline = [chunk for chunk in chunks if len(chunk) > 1]
    if not any(_is_mid_sentence(text, *lines) for chunk in multiline for lines in pairwise(chunk)):
        return MAX_LINE_WIDTH
    lengths = sorted(end - start for chunk in chunks for start, end in chunk)
    lengths = [length for length in lengths if length <= MAX_LINE_WIDTH]
    # The 90th percentile: a table or a URL may be wider than the page.
    return lengths[len(lengths) * 9 // 10] if lengths else MAX_LINE_WIDTH


def _chunks(text: str) -> Iterator[list[Span]]:
    """Yield the lines between two blank lines, each as the span of its text."""
    chunk, offset = [], 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = offset + line.index(stripped[0])
            chunk.append((start, start + len(stripped)))
        elif chunk:
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
    longest = max([end - start for start, end in chunk])
    if longest > MAX_LINE_WIDTH:
        return [False] * (len(chunk) - 1)
    width = longest if len(chunk) > 3 and page_width < MAX_LINE_WIDTH else page_width
    items = [_content_start(text, start, end) > start for start, end in chunk[1:]]
    wraps = [
        not item and _is_wrap(text, before, after, width)
        for item, (before, after) in zip(items, pairwise(chunk), strict=True)
    ]
    return wraps if sum(wraps) * 2 >= len(wraps) - sum(items) else [False] * len(wraps)


def _is_wrap(text: str, before: Span, after: Span, width: int) -> bool:
    """Whether the first word of ``after`` had no room on the line before, or is mid-sentence."""
    space = text.find(" ", *after)
    word_length = (space if space >= 0 else after[1]) - after[0]
    return before[1] - before[0] + 1 + word_length > width or _is_mid_sentence(text, before, after)


def _is_mid_sentence(text: str, before: Span, after: Span) -> bool:
    return text[after[0]].islower() and text[before[1] - 1] not in ".!?:"


def _content_start(text: str, start: int, end: int) -> int:
    """Return where the text of a list item begins, after its marker; else ``start``."""
    marker = ITEM_RE.match(text, start, end) if text[start] in ITEM_OPENINGS else None
    return marker.end() if marker else start


def _headline_row(texts: Sequence[str], roles: Sequence[Role]) -> int:
    """Return the row of the headline, or -1.

    It is the first paragraph of the story, if that is short, without a stop and not the only one.
    """
    first = next((row for row, role in enumerate(roles) if role is STORY), -1)
    if first < 0 or STORY not in roles[first + 1 :]:
        return -1
    is_headline = len(texts[first]) <= MAX_LINE_WIDTH and not STOP_RE.search(texts[first])
    return first if is_headline else -1


def _standfirst_rows(texts: Sequence[str], roles: Sequence[Role], headline: int) -> range:
    """Return the rows of the short paragraphs between the headline and the date or byline."""
    if headline < 0:
        return range(0)
    row, last = headline + 1, min(headline + 1 + MAX_STANDFIRSTS, len(texts) - 1)
    while row < last and roles[row] is STORY and len(texts[row]) <= MAX_STANDFIRST_LENGTH:
        row += 1
    is_found = row <= last and roles[row] in (Role.DATE, Role.BYLINE)
    return range(headline + 1, row) if is_found else range(0)


def _heading_rows(
    paragraphs: Sequence[Paragraph], texts: Sequence[str], boilerplate: set[int]
) -> set[int]:
    """Return the rows of the headings: short, alone, and above a paragraph of the story."""
    story = [row for row in range(len(texts)) if row not in boilerplate]
    return {
        row
        for row, below in pairwise(story)
        if paragraphs[row].is_alone and _is_heading(texts[row]) and not _is_heading(texts[below])
    }


def _is_heading(text: str) -> bool:
    if len(text) > MAX_HEADING_LENGTH or text.endswith(".") or STOP_RE.search(text):
        return False
    if len(text.split()) > MAX_HEADING_WORDS:
        return False
    return text[0].isupper() and bool(QUESTION_RE.match(text) or not VERB_RE.search(text))


def _blocks(
    text: str, paragraphs: Sequence[Paragraph], boilerplate: set[int], headings: set[int]
) -> Iterator[Block]:
    """Yield a block for each paragraph; a dateline is a block of its own."""
    heading: tuple[str, ...] = ()
    is_first = True
    for row, (start, end, _) in enumerate(paragraphs):
        if row in headings:
            heading = ()
        if row not in boilerplate:
            body = dateline_end(text, start)
            if is_first and body == start:
                body = bare_dateline_end(text, start)
            is_first = False
            if start < body < end:
                stop = start + len(text[start:body].rstrip())
                yield Block(start, stop, heading, boilerplate=True)
                start = body
        yield Block(start, end, heading, row in boilerplate)
        if row in headings:
            heading = (" ".join(text[start:end].split()),)


def _date(
    texts: Sequence[str], roles: Sequence[Role], boilerplate: set[int]
) -> datetime.date | None:
    """Return the date of the date line above the story, or of one with "Published" or the like.

    A date of publication is preferred to that of an update.
    """
    if Role.DATE not in roles:
        return None
    body = next((row for row in range(len(texts)) if row not in boilerplate), len(texts))
    dates = [
        (text.lower().startswith("updated"), date)
        for row, (text, role) in enumerate(zip(texts, roles, strict=True))
        if role is Role.DATE and (row < body or text.lower().startswith(("publ", "post", "upd")))
        if (date := find_date(text))
    ]
    return min(dates, key=lambda item: item[0])[1] if dates else None


def _date_of_dateline(text: str, blocks: Sequence[Block]) -> datetime.date | None:
    """Return the date in the first dateline: "LIMA, Nov. 16, 2024 (Wire) -"."""
    for block in blocks:
        if not block.boilerplate:
            break
        if block.start < block.end < dateline_end(text, block.start):
            return find_date(text[block.start : block.end])
    return None
