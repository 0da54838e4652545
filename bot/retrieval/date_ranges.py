"""Ranges of days, and the texts that a filter writes them in."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from bot.articles.article import Listing
from bot.errors import BotError
from bot.language.dates import MONTH_NAMES, MONTH_PATTERN


class FilterError(BotError, ValueError):
    """A filter that cannot be parsed, or that names a field which no article has.

    >>> import bot
    >>> try:
    ...     bot.Retriever.from_texts(["It rained."]).ask("rain", where="planet:Mars")
    ... except FilterError as error:
    ...     print("planet" in str(error))
    True
    """


class DateRange(NamedTuple):
    """The days from ``first`` to ``last``, both included."""

    first: date = date.min
    last: date = date.max

    def has(self, day: date | None) -> bool:
        """Return whether ``day`` is in the range; an unknown day is not."""
        return day is not None and self.first <= day <= self.last


ALL_DATES = DateRange()


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
        raise FilterError(not_a_date(text))
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = first if day else date(year, last_month, monthrange(year, last_month)[1])
    except ValueError as error:
        raise FilterError(not_a_date(text)) from error
    return DateRange(first, last)


def has_date(article: Listing, word: str) -> bool:
    """Return whether ``word`` is the year, month or day of ``article``, such as "2020-06"."""
    if article.date is None or not DATE_RE.fullmatch(word):
        return False
    try:
        return date_range(word).has(article.date)
    except FilterError:  # "2020-13" of a title
        return False


def not_a_date(text: str) -> str:
    """Return the message for a text that is no date."""
    return f"Not a date: {text}. Write 2020, 2020-06, 2020-06-24 or 24 Jun 2020."
