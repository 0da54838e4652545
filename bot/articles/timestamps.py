"""A date as programs write it → a date."""

import datetime
import re

from bot.language.dates import find_date

ISO_RE = re.compile(r"(?<![0-9])([12][0-9]{3})-?([01][0-9])-?([0-3][0-9])(?![0-9]{1,5}(?![0-9]))")
LONGEST = 200


def parse_date(written: str) -> datetime.date | None:
    """Return the date of "2023-05-04T08:00:00+02:00", "20230504" or "May 4, 2023".

    >>> parse_date("2023-05-04T23:30:00-05:00")
    datetime.date(2023, 5, 4)
    """
    for match in ISO_RE.finditer(written[:LONGEST]):
        try:
            return datetime.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            continue
    return find_date(written[:LONGEST])
