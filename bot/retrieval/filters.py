"""Which articles are asked: by words of the title, by path, by date."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase

from bot.articles.formats import READERS
from bot.articles.library import Listing
from bot.errors import BotError

FIRST, LAST = date.min, date.max


class FilterError(BotError):
    """A filter that cannot be understood."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(f"No date: {part}; a date is 2020, 2020-06 or 2020-06-24")


@dataclass(frozen=True, slots=True)
class Filter:
    """What an article must be to be asked; ``text`` is as typed, "" asks them all.

    Each of ``words`` stands in its title or its path or is its date, one of ``globs`` matches its
    path, and its date, which it then must have, lies within ``first`` and ``last``. All but dates
    in lower case.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    first: date = FIRST
    last: date = LAST

    def matches(self, article: Listing) -> bool:
        """Return whether ``article`` is asked."""
        title, source = article.title.casefold(), article.source.casefold()
        return (
            all(word in title or word in source or is_of(article, word) for word in self.words)
            and (not self.globs or any(matches(source, glob) for glob in self.globs))
            and ((self.first, self.last) == (FIRST, LAST) or self._dated(article))
        )

    def _dated(self, article: Listing) -> bool:
        return article.date is not None and self.first <= article.date <= self.last


ALL_ARTICLES = Filter()
PART_RE = re.compile(r'"([^"]+)"|(\S+)')
DATE_RE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
DAY = timedelta(days=1)


def after(day: date) -> date:
    """Return the day after, and of the last there is that one."""
    return min(day, LAST - DAY) + DAY


def before(day: date) -> date:
    """Return the day before, and of the first there is that one."""
    return max(day, FIRST + DAY) - DAY


# A word before a date → the first and the last day that it allows, where the date is a span of
# days: the year 2020, a month, a day.
BOUNDS: dict[str, Callable[[date, date], tuple[date, date]]] = {
    "since": lambda first, _: (first, LAST),
    "from": lambda first, _: (first, LAST),
    "after": lambda _, last: (after(last), LAST),
    "until": lambda _, last: (FIRST, last),
    "before": lambda first, _: (FIRST, before(first)),
    "in": lambda first, last: (first, last),
}


def parse_filter(text: str) -> Filter:
    """Return the filter that ``text`` describes: title words, a path's pattern, dates.

    Dates are ``2020..2024``, either end of which may be missing, or ``since 2020`` and the like.
    Raises BadFilter.
    """
    words, globs, first, last = [], [], FIRST, LAST
    for word, quoted, limits in parts(text):
        if limits:
            first, last = max(first, limits[0]), min(last, limits[1])
        elif not quoted and is_path(word):
            globs.append(word.casefold())
        else:
            words.append(word.casefold())
    return Filter(" ".join(text.split()), tuple(words), tuple(globs), first, last)


def parts(text: str) -> Iterator[tuple[str, bool, tuple[date, date] | None]]:
    """Yield each word or quoted phrase, whether it is one, and the days that it allows."""
    found = iter([(match[1] or match[2], bool(match[1])) for match in PART_RE.finditer(text)])
    for word, quoted in found:
        if not quoted and ".." in word:
            start, _, end = word.partition("..")
            yield word, False, (span(start)[0] if start else FIRST, span(end)[1] if end else LAST)
        elif not quoted and word.lower() in BOUNDS:
            following, quoted = next(found, ("", False))
            if following[:1].isdecimal() and not quoted:
                yield following, False, BOUNDS[word.lower()](*span(following))
            else:
                yield word, False, None
                if following:
                    yield following, quoted, None
        else:
            yield word, quoted, None


def span(text: str) -> tuple[date, date]:
    """Return the first and the last day of a year, month or day. Raises BadFilter."""
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
    return first, last


def is_of(article: Listing, word: str) -> bool:
    """Return whether ``word`` is the year, month or day of ``article``, as "2020-06" is."""
    if article.date is None or not DATE_RE.fullmatch(word):
        return False
    try:
        first, last = span(word)
    except FilterError:  # "2020-13", of a title
        return False
    return first <= article.date <= last


def is_path(word: str) -> bool:
    """Return whether ``word`` is a path or a pattern of paths."""
    return bool(re.search(r"[*?\[/]", word)) or word.lower().endswith(tuple(READERS))


def matches(source: str, glob: str) -> bool:
    """Return whether a path matches ``glob``; a pattern without "/" may match its last part."""
    return fnmatchcase(source, glob) or fnmatchcase(source, f"*/{glob}")
