"""The plain text reader: lines grouped into paragraphs, a headline, a date, an author."""

import datetime
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from bot.articles.article import Article, Block, Role
from bot.articles.boilerplate import (
    STORY,
    author_from_byline,
    believe_roles,
    classify_paragraphs,
    is_news_page,
)
from bot.articles.datelines import bare_dateline_end, dateline_end
from bot.articles.encoding import decode
from bot.articles.interruptions import blank_interruptions
from bot.articles.paragraphs import (
    MAX_LINE_WIDTH,
    MESSAGE_RE,
    UNDERLINE_RE,
    Paragraph,
    find_paragraphs,
)
from bot.language.dates import find_date

# A longer line without a full stop is a sentence that lacks it, and no heading.
MAX_HEADING_WORDS, MAX_HEADING_LENGTH = 9, 80
# A page of at most so many characters is a note, and its first line states a fact if it has so
# many words, or so many and a place ("Passport in the drawer"): "Recipe for plum cake" is a title.
MAX_NOTE_LENGTH, MIN_FACT_WORDS, MIN_PLACE_WORDS = 600, 6, 4
# Characters by which a heading's line may be longer than the heading; a rule is far longer.
MAX_UNDERLINE_EXCESS = 4
# A standfirst is one or two short paragraphs between the headline and the date.
MAX_STANDFIRSTS, MAX_STANDFIRST_LENGTH = 2, 300

STOP_RE = re.compile(r"[.!…:;,。！？：；，][\"'”’)\]」』]*$")
QUESTION_RE = re.compile(r"(?i)(?:what|which|who|whom|whose|when|where|why|how)\b")
VERB_RE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|became|began|opened|closed|moved|must|can|needs?|costs?"
    r"|expires|opens|closes|starts|ends|leaves|lives|works)\b"
)
# "1. Introduction", "Chapter 3", "2021": numbers that state nothing.
SECTION_NUMBER_RE = re.compile(
    r"(?i)(?:(?:chapter|part|section|book|volume|appendix|step|day|week|table|figure)\s)?"
    r"[\dIVXLC]+(?:\.\d+)*[.):]?(?:\s\D*)?$"
)
PLACE_RE = re.compile(r"\b(?:in|at|on|to|from|with|is|by)\b")
FACT_RE = re.compile(r"\d|[:=@]\s?\S|\b(?:under|behind|inside|above|below|beside|near|until)\b")


def read_plain(data: bytes, source: str) -> Article:
    """Return the article in a text file.

    Its text is kept to the letter, but that spaces stand for the marks of quotations, the times of
    subtitles and the heads of pages.
    """
    return parse_plain(decode(data, source), source)


def parse_plain(text: str, source: str) -> Article:
    """Return the article in ``text``.

    Its title is its headline or, if it has none, the file name in ``source``.
    """
    text, bridges = blank_interruptions(text)
    paragraphs = list(find_paragraphs(text, bridges))
    texts = [text[start:end] for start, end, _ in paragraphs]
    guesses = list(classify_paragraphs(texts))
    is_news = is_news_page(texts, guesses)
    roles = believe_roles(texts, guesses, is_news=is_news)
    headline = _headline_row(texts, roles)
    if is_news:
        for row in _standfirst_rows(texts, roles, headline):
            roles[row] = Role.STANDFIRST
    if headline >= 0:
        roles[headline] = Role.TITLE
    for row in _heading_rows(paragraphs, texts, roles, is_news):
        roles[row] = Role.HEADING
    is_note = (
        not is_news
        and headline >= 0
        and not _is_underlined(texts, headline)
        and _is_content(texts, headline)
    )
    blocks = tuple(_blocks(text, paragraphs, roles, headline if is_note else -1))
    date = _date(texts, guesses, roles) or _date_of_dateline(text, blocks)
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


def _headline_row(texts: Sequence[str], roles: Sequence[Role]) -> int:
    """Return the row of the headline, or -1.

    It is the first paragraph of the story, if that is short, without a stop and not the only one.
    """
    first = next((row for row, role in enumerate(roles) if role is STORY), -1)
    if first < 0 or STORY not in roles[first + 1 :]:
        return -1
    text = texts[first]
    is_headline = len(text) <= MAX_LINE_WIDTH and not STOP_RE.search(text)
    is_headline = is_headline and not MESSAGE_RE.match(text)
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
    paragraphs: Sequence[Paragraph], texts: Sequence[str], roles: Sequence[Role], is_news: bool
) -> list[int]:
    """Return the rows of the headings: short, alone, and above a paragraph of the story.

    Where the page is no news, a short line that states something ("Gate code 4417") is none.
    """
    story = [row for row in range(len(texts)) if roles[row] is STORY]
    # A line without a word is an end mark by itself; few texts have one.
    ends = {row for row, role in enumerate(roles) if role is Role.END} if Role.END in roles else ()
    underlined = {row for row in story if row + 1 in ends and _is_underlined(texts, row)}
    return [*underlined] + [
        row
        for row, below in pairwise(story)
        if row not in underlined
        and paragraphs[row].is_alone
        and _is_heading(texts[row])
        and not _is_heading(texts[below])
        and (is_news or not _is_statement(texts[row]))
    ]


def _is_underlined(texts: Sequence[str], row: int) -> bool:
    """Return whether the line below makes that in ``row`` a heading, as in reStructuredText."""
    text, below = texts[row], texts[row + 1] if row + 1 < len(texts) else ""
    return (
        len(below) <= len(text) + MAX_UNDERLINE_EXCESS
        and "\n" not in text
        and UNDERLINE_RE.match(below) is not None
        and not STOP_RE.search(text)
    )


def _is_statement(text: str) -> bool:
    """Return whether a line without a full stop states something: has a number, place or verb."""
    if QUESTION_RE.match(text) or SECTION_NUMBER_RE.match(text):
        return False
    return bool(FACT_RE.search(text[1:]) or VERB_RE.search(text))


def _is_content(texts: Sequence[str], headline: int) -> bool:
    """Return whether the first line of a page that is no news states a fact."""
    text = texts[headline]
    is_short = sum(map(len, texts)) <= MAX_NOTE_LENGTH
    least = MIN_PLACE_WORDS if PLACE_RE.search(text) else MIN_FACT_WORDS
    is_long_line = len(text.split()) >= least and not QUESTION_RE.match(text)
    return _is_statement(text) or (is_short and is_long_line)


def _is_heading(text: str) -> bool:
    if len(text) > MAX_HEADING_LENGTH or text.endswith(".") or STOP_RE.search(text):
        return False
    if len(text.split()) > MAX_HEADING_WORDS:
        return False
    return text[0].isupper() and bool(QUESTION_RE.match(text) or not VERB_RE.search(text))


def _blocks(
    text: str, paragraphs: Sequence[Paragraph], roles: Sequence[Role], content_title: int
) -> Iterator[Block]:
    """Yield a block for each paragraph; a dateline is a block of its own.

    ``content_title`` is the row of a title that can answer, or -1.
    """
    heading: tuple[str, ...] = ()
    is_first = True
    for row, ((start, end, _), role) in enumerate(zip(paragraphs, roles, strict=True)):
        if role is Role.HEADING:
            heading = ()
        if role is STORY:
            body = dateline_end(text, start)
            if is_first and body == start:
                body = bare_dateline_end(text, start)
            is_first = False
            if start < body < end:
                stop = start + len(text[start:body].rstrip())
                yield Block(start, stop, heading, boilerplate=True, role=Role.DATELINE)
                start = body
        yield Block(start, end, heading, role is not STORY and row != content_title, role)
        if role is Role.HEADING:
            heading = (" ".join(text[start:end].split()),)


def _date(
    texts: Sequence[str], guesses: Sequence[Role], roles: Sequence[Role]
) -> datetime.date | None:
    """Return the date of the date line above the story, or of one with "Published" or the like.

    A date of publication is preferred to that of an update.
    """
    if Role.DATE not in guesses:
        return None
    body = next(
        (row for row in range(len(texts)) if roles[row] is STORY and guesses[row] is STORY),
        len(texts),
    )
    dates = [
        (text.lower().startswith("updated"), date)
        for row, (text, role) in enumerate(zip(texts, guesses, strict=True))
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
