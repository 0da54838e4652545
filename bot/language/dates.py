"""Month and weekday names, and the calendar dates that a text states."""

import datetime
import re
from collections.abc import Iterator, Sequence
from functools import cache

# In calendar order, in lower case: the form in which words are compared.
MONTH_NAMES = tuple(
    "january february march april may june july august september october november december".split()
)
MONTH_ABBREVIATIONS = tuple("jan feb mar apr jun jul aug sep sept oct nov dec".split())
MONTHS = frozenset({*MONTH_NAMES, *MONTH_ABBREVIATIONS})
WEEKDAY_NAMES = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
WEEKDAY_ABBREVIATIONS = tuple("mon tue tues wed thu thur thurs fri sat sun".split())

# Regex fragments, each one non-capturing group. A month in full or abbreviated, in lower case:
# use it with IGNORECASE or inside (?i:…), and put \b behind it.
MONTH_PATTERN = f"(?:{'|'.join((*MONTH_NAMES, *MONTH_ABBREVIATIONS))})"
# The first three letters of a month or a weekday, capitalised as in prose: "Jan", "Mon". Put
# [a-z]* behind it for the rest of the word.
MONTH_INITIALS_PATTERN = f"(?:{'|'.join(name[:3].title() for name in MONTH_NAMES)})"
WEEKDAY_INITIALS_PATTERN = f"(?:{'|'.join(name[:3].title() for name in WEEKDAY_NAMES)})"

_MONTH = rf"(?P<month>{MONTH_PATTERN})\b\.?"
_DAY = r"(?<!\d)(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?!\d)"
_DAY_ABOVE_12 = r"(?P<day>1[3-9]|2[0-9]|3[01])"
_YEAR = r"(?<!\d)(?P<year>[12][0-9]{3})(?!\d)"
_MONTH_NUMBER = r"(?<!\d)(?P<month>[01]?[0-9])(?!\d)"
# "3/4/2024" is March in America and April in Europe: a date with slashes is read only where its
# day is above 12.
_DATE_PATTERNS = (
    rf"{_YEAR}([-/.]){_MONTH_NUMBER}\2{_DAY}",
    rf"{_YEAR}年\s?{_MONTH_NUMBER}月\s?{_DAY}日",
    rf"{_DAY}(?: of)?[ -]{_MONTH},?[ -]{_YEAR}",
    rf"\b{_MONTH} ?{_DAY},? {_YEAR}",
    rf"{_DAY}\.{_MONTH_NUMBER}\.{_YEAR}",
    rf"(?<!\d){_DAY_ABOVE_12}/{_MONTH_NUMBER}/{_YEAR}",
    rf"{_MONTH_NUMBER}/{_DAY_ABOVE_12}/{_YEAR}",
)


@cache
def _compile_dates() -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in _DATE_PATTERNS]


YEAR_WORD_RE = re.compile(r"[12][0-9]{3}")
DAY_WORD_RE = re.compile(r"([0-3]?[0-9])(?:st|nd|rd|th)?")


def find_dates(text: str) -> list[datetime.date]:
    """Return the dates that ``text`` states with day, month and year, in reading order.

    A date that no calendar has ("31 June 2020") is left out.

    >>> find_dates("From Nov. 19, 2024 to 2024-11-21")
    [datetime.date(2024, 11, 19), datetime.date(2024, 11, 21)]
    """
    matches = {
        match.start(): match for pattern in _compile_dates() for match in pattern.finditer(text)
    }
    dates = (_date(matches[start]) for start in sorted(matches))
    return [date for date in dates if date is not None]


def find_date(text: str) -> datetime.date | None:
    """Return the first date that ``text`` states with day, month and year, or None."""
    return next(iter(find_dates(text)), None)


def _date(match: re.Match[str]) -> datetime.date | None:
    month = match["month"].lower()
    number = int(month) if month.isdigit() else _month_number(month)
    try:
        return datetime.date(int(match["year"]), number, int(match["day"]))
    except ValueError:
        return None


def _month_number(month: str) -> int:
    """Return 1 for "january" or "jan", 12 for "dec"."""
    return next(i for i, name in enumerate(MONTH_NAMES, 1) if name[:3] == month[:3])


def spell_date(date: datetime.date) -> str:
    """Return a date as its words are compared: "3 may 2021"."""
    return f"{date.day} {MONTH_NAMES[date.month - 1]} {date.year}"


def find_date_words(words: Sequence[str]) -> Iterator[tuple[str, range]]:
    """Yield the dates that folded words state, in ISO format, and which of the words state them.

    >>> [*find_date_words("on may 3rd 2021 and the 4 of june 2022".split())]
    [('2021-05-03', range(1, 4)), ('2022-06-04', range(6, 10))]
    """
    for row, month in enumerate(words):
        if month not in MONTHS:
            continue
        first = row - 2 if row > 1 and words[row - 1] == "of" else row - 1
        for span in (range(first, row + 2), range(row, row + 3)):
            if span.start < 0 or span.stop > len(words):
                continue
            day = words[first if span.start < row else row + 1]
            if date := _date_of_words(day, month, words[span.stop - 1]):
                yield date.isoformat(), span
                break


def _date_of_words(day: str, month: str, year: str) -> datetime.date | None:
    number = DAY_WORD_RE.fullmatch(day)
    if not number or not YEAR_WORD_RE.fullmatch(year):
        return None
    try:
        return datetime.date(int(year), _month_number(month), int(number[1]))
    except ValueError:  # 31 June
        return None
