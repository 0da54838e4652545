"""Numbers and dates of other languages: "1 234,5", "三百", "3 мая 2021", "2021年5月3日"."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

HAN_DIGITS = {
    digit: value
    for value, digits in enumerate(
        ("零〇", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九")
    )
    for digit in digits
}
HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
HAN_NUMERAL = "".join((*HAN_DIGITS, *HAN_UNITS, *HAN_MYRIADS))
# A numeral of two characters or more: "一" alone is a word for "a", too.
HAN_NUMERAL_RE = re.compile(
    rf"(?:\d+[{''.join(HAN_MYRIADS)}]|[{HAN_NUMERAL}])(?:[{HAN_NUMERAL}]|\d+[{''.join(HAN_MYRIADS)}])+"
    rf"|\d+[{''.join(HAN_MYRIADS)}]"
)
YEAR_RE = re.compile(r"1\d{3}|20\d\d")
DAY_RE = re.compile(r"([0-3]?\d)(?:e|er|º|ª|ο|ος|η|ин|го|-го)?")
# "2021-05-03", "3.5.2021": outside of English, the day stands before the month.
DIGITAL_DATE_RE = re.compile(
    r"(?<![\d/.-])(?:(?P<year>\d{4})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)"
    r"|(?P<first>\d\d?)([-/.])(?P<second>\d\d?)\6(?P<last>\d{4}))(?!\d)"
)
MONTHS = 12
# A date has its day, month and year within so many words: "3 de mayo de 2021".
MAX_DATE_WORDS = 5


def read_han_numeral(numeral: str) -> int:
    """Return the number that a numeral of Chinese or Japanese stands for.

    >>> [read_han_numeral(numeral) for numeral in ("三百", "十二", "一九三二", "两千零五", "3万")]
    [300, 12, 1932, 2005, 30000]
    """
    total = section = number = 0
    for character in numeral:
        if character in HAN_DIGITS or character.isdigit():
            value = HAN_DIGITS[character] if character in HAN_DIGITS else int(character)
            number = 10 * number + value
        elif character in HAN_UNITS:
            section += (number or 1) * HAN_UNITS[character]
            number = 0
        else:
            total += (section + number or 1) * HAN_MYRIADS[character]
            section, number = 0, 0
    return total + section + number


def find_dates(words: Sequence[str], months: Mapping[str, int]) -> Iterator[tuple[str, range]]:
    """Yield the dates that the words of a text state, in ISO format, and which words state them.

    >>> months = {"мая": 5}
    >>> [*find_dates("открыт 3 мая 2021 года".split(), months)]
    [('2021-05-03', range(1, 4))]
    >>> [*find_dates([*"2021 年 5 月 3 日".split()], {})]
    [('2021-05-03', range(0, 6))]
    """
    for row, word in enumerate(words):
        if word in months:
            yield from _date_around(words, row, months[word])
        elif word == VIETNAMESE_MONTH and row and words[row + 2 : row + 3] == ["năm"]:
            yield from _read_date(words, (row + 3, row + 1, row - 1), range(row - 1, row + 4))
        elif word in EASTERN and row and [*words[row + 2 : row + 5 : 2]] == EASTERN[word]:
            yield from _read_date(words, (row - 1, row + 1, row + 3), range(row - 1, row + 5))


# The words of a date of East Asia behind the year, the month and the day.
EASTERN = {"年": ["月", "日"], "년": ["월", "일"]}
# "3 tháng 5 năm 2021".
VIETNAMESE_MONTH = "tháng"


def find_digital_dates(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the dates that ``text`` states in digits alone, in ISO format, with their places.

    >>> [*find_digital_dates("03.05.2021, 5/13/2021")]
    [('2021-05-03', (0, 10)), ('2021-05-13', (12, 21))]
    """
    for match in DIGITAL_DATE_RE.finditer(text):
        if match["year"]:
            numbers = int(match["year"]), int(match["month"]), int(match["day"])
        else:
            day, month = int(match["first"]), int(match["second"])
            day, month = (month, day) if month > MONTHS else (day, month)
            numbers = int(match["last"]), month, day
        for date, _ in _iso_date(numbers, range(0)):
            yield date, match.span()


def _read_date(
    words: Sequence[str], places: tuple[int, int, int], span: range
) -> Iterator[tuple[str, range]]:
    """Yield the date whose year, month and day are at ``places``, if they are numbers."""
    found = [words[place] for place in places if place < len(words)]
    if len(found) == len(places) and all(map(str.isdecimal, found)):
        year, month, day = map(int, found)
        yield from _iso_date((year, month, day), span)


def _date_around(words: Sequence[str], row: int, month: int) -> Iterator[tuple[str, range]]:
    """Yield the date whose month is at ``row``: the day before or after it, the year after it."""
    stop = min(len(words), row + MAX_DATE_WORDS - 1)
    years = [place for place in range(row + 1, stop) if YEAR_RE.fullmatch(words[place])]
    days = [
        place
        for place in (row - 1, row - 2, row + 1)
        if 0 <= place < len(words) and DAY_RE.fullmatch(words[place])
    ]
    if years and days:
        day = DAY_RE.fullmatch(words[days[0]])
        assert day
        span = range(min(days[0], row), years[0] + 1)
        yield from _iso_date((int(words[years[0]]), month, int(day[1])), span)


def _iso_date(numbers: tuple[int, int, int], span: range) -> Iterator[tuple[str, range]]:
    try:
        yield datetime.date(*numbers).isoformat(), span
    except ValueError:  # 31 June
        return
