"""Filters that choose articles by words of the title, by path and by date."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import NamedTuple

from bot.articles.article import Listing
from bot.articles.formats import FORMATS
from bot.errors import BotError
from bot.language.dates import MONTH_NAMES, MONTH_PATTERN


class FilterError(BotError):
    """A filter that cannot be parsed; ``part`` is the word at fault."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(f"Not a date: {part}. Write 2020, 2020-06, 2020-06-24 or 24 Jun 2020.")


class DateRange(NamedTuple):
    """The days from ``first`` to ``last``, both included."""

    first: date = date.min
    last: date = date.max

    def has(self, day: date | None) -> bool:
        """Return whether ``day`` is in the range; an unknown day is not."""
        return day is not None and self.first <= day <= self.last


ALL_DATES = DateRange()


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on an article; the empty filter matches all. ``text`` is as typed.

    Each of ``words`` must be in the title or the path, or be the date; one of ``globs`` must match
    the path; the date must be in ``dates``, unless these are ``ALL_DATES``. Words and globs are in
    lower case.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    dates: DateRange = ALL_DATES

    def matches(self, article: Listing) -> bool:
        """Return whether ``article`` meets the conditions.

        >>> from bot.articles.article import Article
        >>> article = Article("The lamp", "2019/lamp.md", "It burns.", date(2019, 10, 2))
        >>> [parse_filter(text).matches(article) for text in ("LAMP", "*.txt", "since 2019-11")]
        [True, False, False]
        """
        title, source = article.title.casefold(), article.source.casefold()
        return (
            all(word in title or word in source or has_date(article, word) for word in self.words)
            and (not self.globs or any(matches_glob(source, glob) for glob in self.globs))
            and (self.dates == ALL_DATES or self.dates.has(article.date))
        )


ALL_ARTICLES = Filter()
# A quoted phrase or a word.
PART_RE = re.compile(r'"([^"]+)"|(\S+)')
# A quoted phrase, which is left alone, or a date in words: "9 Nov 2024", "Nov 9, 2024", "Nov 2024".
WRITTEN_DATE_RE = re.compile(
    rf'"[^"]*"|(?<![\w-])(?:(?P<day>\d\d?) )?(?P<month>{MONTH_PATTERN})\.?'
    r"(?: (?P<later_day>\d\d?))?,? (?P<year>\d{4})(?!\w)",
    re.IGNORECASE,
)
DATE_RE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
DAY = timedelta(days=1)


def day_after(day: date) -> date:
    """Return the next day; of the last day that Python knows, the day itself."""
    return min(day, date.max - DAY) + DAY


def day_before(day: date) -> date:
    """Return the previous day; of the first day that Python knows, the day itself."""
    return max(day, date.min + DAY) - DAY


# A word before a date (a year, month or day) → the days that it allows.
BOUNDS: dict[str, Callable[[DateRange], DateRange]] = {
    "since": lambda days: DateRange(first=days.first),
    "from": lambda days: DateRange(first=days.first),
    "after": lambda days: DateRange(first=day_after(days.last)),
    "until": lambda days: DateRange(last=days.last),
    "before": lambda days: DateRange(last=day_before(days.first)),
    "in": lambda days: days,
}


def parse_filter(text: str) -> Filter:
    """Return the filter that ``text`` describes: title words, a path's pattern, dates.

    Dates are ``2020..2024``, either end of which may be missing, or ``since 2020``, ``before
    2020-06`` and the like. Raises FilterError.

    >>> parse_filter('"fish market" *.md 2020..2021')  # doctest: +ELLIPSIS
    Filter(text=..., words=('fish market',), globs=('*.md',), dates=DateRange(first=...))
    """
    words, globs, dates = [], [], ALL_DATES
    for part in split_filter(text):
        if part.dates:
            dates = DateRange(max(dates.first, part.dates.first), min(dates.last, part.dates.last))
        elif not part.is_quoted and is_path(part.text):
            globs.append(part.text.casefold())
        else:
            words.append(part.text.casefold())
    return Filter(" ".join(text.split()), tuple(words), tuple(globs), dates)


class FilterPart(NamedTuple):
    """A word or quoted phrase of a filter, and the days that it allows if it is a date range."""

    text: str
    is_quoted: bool = False
    dates: DateRange | None = None


def split_filter(text: str) -> Iterator[FilterPart]:
    """Yield the parts of a filter. Raises FilterError."""
    text = WRITTEN_DATE_RE.sub(write_in_numbers, " ".join(text.split()))
    parts = (FilterPart(match[1] or match[2], bool(match[1])) for match in PART_RE.finditer(text))
    for part in parts:
        if part.is_quoted:
            yield part
        elif ".." in part.text:
            start, _, end = part.text.partition("..")
            first = date_range(start).first if start else date.min
            last = date_range(end).last if end else date.max
            yield part._replace(dates=DateRange(first, last))
        elif bound := BOUNDS.get(part.text.lower()):
            following = next(parts, None)
            if following and following.text[0].isdecimal() and not following.is_quoted:
                yield following._replace(dates=bound(date_range(following.text)))
            else:
                yield part
                if following:
                    yield following
        else:
            yield part


def write_in_numbers(match: re.Match[str]) -> str:
    """Return a date in words as "2024-11" or "2024-11-09"; a quoted phrase as it is."""
    if match["month"] is None:
        return match[0]
    initials = [name[:3] for name in MONTH_NAMES]
    month = initials.index(match["month"][:3].lower()) + 1
    day = match["day"] or match["later_day"]
    return f"{match['year']}-{month:02}" + (f"-{int(day):02}" if day else "")


def date_range(text: str) -> DateRange:
    """Return the days of a year, a month or a day. Raises FilterError.

    >>> date_range("2020-02").last
    datetime.date(2020, 2, 29)
    """
    match = DATE_RE.fullmatch(text)
    if not match:
        raise FilterError(text)
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = first if day else date(year, last_month, monthrange(year, last_month)[1])
    except ValueError as error:
        raise FilterError(text) from error
    return DateRange(first, last)


def has_date(article: Listing, word: str) -> bool:
    """Return whether ``word`` is the year, month or day of ``article``, such as "2020-06"."""
    if article.date is None or not DATE_RE.fullmatch(word):
        return False
    try:
        return date_range(word).has(article.date)
    except FilterError:  # "2020-13" of a title
        return False


def is_path(word: str) -> bool:
    """Return whether ``word`` is a path or a pattern of paths: it has "/", "*"… or a suffix."""
    return bool(re.search(r"[*?\[/]", word)) or word.lower().endswith(tuple(FORMATS))


def matches_glob(source: str, glob: str) -> bool:
    """Return whether ``glob`` matches a path or its last parts."""
    return fnmatchcase(source, glob) or fnmatchcase(source, f"*/{glob}")
