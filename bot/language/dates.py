"""A line → the date that it names."""

import datetime
import re

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"(?<!\d)(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?!\d)"
YEAR = r"(?<!\d)(?P<year>[12][0-9]{3})(?!\d)"
NUMBER = r"(?<!\d)(?P<month>[01]?[0-9])(?!\d)"
# Of "3/4/2024" nobody can tell which is the month; the first row that makes a date is taken,
# and neither slashed row takes one in which both could be.
FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{YEAR}([-/.]){NUMBER}\2{DAY}",
        rf"{YEAR}年\s?{NUMBER}月\s?{DAY}日",
        rf"{DAY}(?: of)?[ -]{MONTH},?[ -]{YEAR}",
        rf"\b{MONTH} ?{DAY},? {YEAR}",
        rf"{DAY}\.{NUMBER}\.{YEAR}",
        rf"(?<!\d)(?P<day>1[3-9]|2[0-9]|3[01])/{NUMBER}/{YEAR}",
        rf"{NUMBER}/(?P<day>1[3-9]|2[0-9]|3[01])/{YEAR}",
    )
)


def find_dates(text: str) -> list[datetime.date]:
    """Return the dates that ``text`` names with their year, in reading order."""
    found = {match.start(): _date(match) for form in FORMS for match in form.finditer(text)}
    return [date for _, dates in sorted(found.items()) for date in dates]


def find_date(text: str) -> datetime.date | None:
    """Return the first date that ``text`` names with its year; an impossible one is none."""
    return next(iter(find_dates(text)), None)


def _date(match: re.Match[str]) -> list[datetime.date]:
    month = match["month"]
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    try:
        return [datetime.date(int(match["year"]), number, int(match["day"]))]
    except ValueError:
        return []
