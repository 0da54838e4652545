"""Plain text → an article: lines into paragraphs, a title, a date, what a news page carries."""

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
    classify_paragraphs,
    dateline_end,
    place_alone,
)
from bot.articles.encoding import decode
from bot.language.dates import find_date

# No one wraps lines wider than this by hand; what is longer is a paragraph on one line.
WIDEST = 120
# A heading, of this many words at most, is no sentence that only lacks its stop.
HEADING_WORDS, HEADING = 9, 80
# A standfirst is at most two paragraphs between the headline and the date, none of them long.
STANDFIRSTS, STANDFIRST = 2, 300

ITEM_RE = re.compile(r"(?:[-*•‣◦–]|\(?[0-9]{1,2}[.)])\s+(?=\S)")
ITEM = frozenset("-*•‣◦–(0123456789")  # what it begins with
STOP_RE = re.compile(r"[.!…:;,。！？：；，][\"'”’)\]」』]*$")
ASK_RE = re.compile(r"(?i)(?:what|which|who|whom|whose|when|where|why|how)\b")
VERB_RE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|became|began|opened|closed)\b")


class Paragraph(NamedTuple):
    """A paragraph's place in the text; ``alone`` between blank lines, on one line."""

    start: int
    end: int
    alone: bool = False


def read_plain(data: bytes, source: str) -> Article:
    """Read a text file; its text is kept to the letter."""
    return parse_plain(decode(data, source), source)


def parse_plain(text: str, source: str) -> Article:
    """Read ``text`` as an article that lies at ``source``.

    Its title is its headline or, without one, the name in ``source``.
    """
    paragraphs = list(find_paragraphs(text))
    texts = [text[start:end] for start, end, _ in paragraphs]
    kinds = list(classify_paragraphs(texts))
    title = _headline(texts, kinds)
    furniture = {place for place, kind in enumerate(kinds) if kind is not STORY}
    furniture.update(range(title, title + 1), _standfirsts(texts, kinds, title))
    headings = _headings(paragraphs, texts, furniture)
    blocks = tuple(_blocks(text, paragraphs, furniture | headings, headings))
    return Article(
        title=" ".join(texts[title].split()) if title >= 0 else title_from_path(source),
        source=source,
        text=text,
        date=_date(texts, kinds, furniture | headings) or _dated(text, blocks),
        blocks=blocks,
        metadata=find_author(texts, kinds),
    )


def title_from_path(source: str) -> str:
    """Return the title that a file's name makes: "news/lima-summit.txt" → "Lima summit"."""
    stem = re.sub(r"[-_\s]+", " ", PurePosixPath(source).stem).strip()
    return stem[:1].upper() + stem[1:] or source


def find_author(texts: Sequence[str], kinds: Sequence[Role]) -> dict[str, str]:
    """Return who wrote the article, as metadata; the first byline tells."""
    if Role.BYLINE not in kinds:
        return {}
    return {"author": author_from_byline(texts[kinds.index(Role.BYLINE)])}


def find_paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield the paragraphs of ``text``: hard-wrapped lines are joined, list items parted."""
    chunks = list(_chunks(text))
    page = _page(text, chunks)
    for chunk in chunks:
        if len(chunk) == 1:
            ((start, end),) = chunk
            yield Paragraph(_content(text, start, end), end, alone=True)
        else:
            yield from _paragraphs(text, chunk, page)


def _page(text: str, chunks: Sequence[list[tuple[int, int]]]) -> int:
    """Return how wide the lines are that were wrapped, WIDEST if none was.

    Unless a line somewhere begins in the midst of a sentence, nothing was wrapped.
    """
    several = [chunk for chunk in chunks if len(chunk) > 1]
    if not any(_goes_on(text, *lines) for chunk in several for lines in pairwise(chunk)):
        return WIDEST
    lengths = sorted(end - start for chunk in chunks for start, end in chunk)
    lengths = [length for length in lengths if length <= WIDEST]
    # Nearly all lines are as narrow; a table or an address may stick out of a page.
    return lengths[len(lengths) * 9 // 10] if lengths else WIDEST


def _chunks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the lines between blank ones, each as the place of its text."""
    chunk, place = [], 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = place + line.index(bare[0])
            chunk.append((start, start + len(bare)))
        elif chunk:
            yield chunk
            chunk = []
        place += len(line) + 1
    if chunk:
        yield chunk


def _paragraphs(text: str, chunk: list[tuple[int, int]], page: int) -> Iterator[Paragraph]:
    """Part a chunk at its list items and, unless it is hard-wrapped, at each line."""
    start = chunk[0][0]
    for (_, end), after, joined in zip(
        chunk[:-1], chunk[1:], _wraps(text, chunk, page), strict=True
    ):
        if not joined:
            yield Paragraph(_content(text, start, end), end)
            start = after[0]
    yield Paragraph(_content(text, start, chunk[-1][1]), chunk[-1][1])


def _wraps(text: str, chunk: list[tuple[int, int]], page: int) -> list[bool]:
    """Tell of each line of a chunk but the first whether it goes on with the one before."""
    longest = max([end - start for start, end in chunk])
    if longest > WIDEST:
        return [False] * (len(chunk) - 1)
    width = longest if len(chunk) > 3 and page < WIDEST else page
    items = [_content(text, start, end) > start for start, end in chunk[1:]]
    wraps = [
        not item and _is_wrap(text, before, after, width)
        for item, (before, after) in zip(items, pairwise(chunk), strict=True)
    ]
    return wraps if sum(wraps) * 2 >= len(wraps) - sum(items) else [False] * len(wraps)


def _is_wrap(text: str, before: tuple[int, int], after: tuple[int, int], width: int) -> bool:
    """Whether a line ends because its next word had no room, or in the midst of a sentence."""
    space = text.find(" ", *after)
    word = (space if space >= 0 else after[1]) - after[0]
    return before[1] - before[0] + 1 + word > width or _goes_on(text, before, after)


def _goes_on(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    return text[after[0]].islower() and text[before[1] - 1] not in ".!?:"


def _content(text: str, start: int, end: int) -> int:
    """Return where what a list item says starts; ``start`` if it is none."""
    marker = ITEM_RE.match(text, start, end) if text[start] in ITEM else None
    return marker.end() if marker else start


def _headline(texts: Sequence[str], kinds: Sequence[Role]) -> int:
    """Return which paragraph is the headline, -1 if none is."""
    first = next((place for place, kind in enumerate(kinds) if kind is Role.STORY), -1)
    more = first >= 0 and Role.STORY in kinds[first + 1 :]
    return (
        first if more and len(texts[first]) <= WIDEST and not STOP_RE.search(texts[first]) else -1
    )


def _standfirsts(texts: Sequence[str], kinds: Sequence[Role], title: int) -> range:
    """Return which paragraphs stand between the headline and the date or byline."""
    signs = (Role.DATE, Role.BYLINE)
    last, most = title + 1, min(title + 1 + STANDFIRSTS, len(texts) - 1)
    while last < most and kinds[last] is STORY and len(texts[last]) <= STANDFIRST:
        last += 1
    found = title >= 0 and last <= most and kinds[last] in signs
    return range(title + 1, last) if found else range(0)


def _headings(
    paragraphs: Sequence[Paragraph], texts: Sequence[str], furniture: set[int]
) -> set[int]:
    """Return which paragraphs are headings: short, alone, with something of the story below."""
    story = [place for place in range(len(texts)) if place not in furniture]
    return {
        place
        for place, below in pairwise(story)
        if paragraphs[place].alone and _is_heading(texts[place]) and not _is_heading(texts[below])
    }


def _is_heading(text: str) -> bool:
    if len(text) > HEADING or text.endswith(".") or STOP_RE.search(text):
        return False
    if len(text.split()) > HEADING_WORDS:
        return False
    return text[0].isupper() and bool(ASK_RE.match(text) or not VERB_RE.search(text))


def _blocks(
    text: str, paragraphs: Sequence[Paragraph], furniture: set[int], headings: set[int]
) -> Iterator[Block]:
    heading: tuple[str, ...] = ()
    first = True
    for place, (start, end, _) in enumerate(paragraphs):
        if place in headings:
            heading = ()
        if place not in furniture:
            body = dateline_end(text, start)
            if first and body == start:
                body = place_alone(text, start)
            first = False
            if start < body < end:
                yield Block(
                    start, start + len(text[start:body].rstrip()), heading, boilerplate=True
                )
                start = body
        yield Block(start, end, heading, place in furniture)
        if place in headings:
            heading = (" ".join(text[start:end].split()),)


def _date(texts: Sequence[str], kinds: Sequence[Role], furniture: set[int]) -> datetime.date | None:
    """Return the date above the story, or one that says it is of the publishing."""
    if Role.DATE not in kinds:
        return None
    body = next((place for place in range(len(texts)) if place not in furniture), len(texts))
    lines = [
        (text.lower().startswith("updated"), date)
        for place, (text, kind) in enumerate(zip(texts, kinds, strict=True))
        if kind is Role.DATE and (place < body or text.lower().startswith(("publ", "post", "upd")))
        if (date := find_date(text))
    ]
    return min(lines, key=lambda line: line[0])[1] if lines else None


def _dated(text: str, blocks: Sequence[Block]) -> datetime.date | None:
    """Return the date in the first dateline, "LIMA, Nov. 16, 2024 (Wire) -"."""
    for block in blocks:
        if not block.boilerplate:
            break
        if block.start < block.end < dateline_end(text, block.start):
            return find_date(text[block.start : block.end])
    return None
