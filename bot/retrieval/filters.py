"""Filters that choose articles: by words of the title, by path, by date, by fields of metadata."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from bot.articles.article import Listing
from bot.articles.formats import FORMATS
from bot.retrieval.date_ranges import (
    ALL_DATES,
    BOUNDS,
    WRITTEN_DATE_RE,
    DateRange,
    FilterError,
    date_range,
    has_date,
    write_in_numbers,
)
from bot.retrieval.field_conditions import (
    FieldCheck,
    FieldCondition,
    read_condition,
    type_condition,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions on an article; the empty filter matches all. ``text`` is as typed.

    Each of ``words`` must be in the title or the path, or be the date; one of ``globs`` must match
    the path; the date must be in ``dates``, unless these are ``ALL_DATES``; each of ``fields`` must
    hold. Words and globs are in lower case.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    dates: DateRange = ALL_DATES
    fields: tuple[FieldCondition, ...] = ()

    def matches(self, article: Listing) -> bool:
        """Return whether ``article`` meets the conditions.

        >>> from bot.articles.article import Article
        >>> article = Article("The lamp", "2019/lamp.md", "It burns.", date(2019, 10, 2))
        >>> [parse_filter(text).matches(article) for text in ("LAMP", "*.txt", "since 2019-11")]
        [True, False, False]
        """
        if not all(condition.matches(article) for condition in self.fields):
            return False
        title, source = article.title.casefold(), article.source.casefold()
        return (
            all(word in title or word in source or has_date(article, word) for word in self.words)
            and (not self.globs or any(matches_glob(source, glob) for glob in self.globs))
            and (self.dates == ALL_DATES or self.dates.has(article.date))
        )

    def find_matches(self, articles: Iterable[tuple[int, Listing]]) -> list[int]:
        """Return the numbers of the articles that match, among all that there are.

        Raises FilterError for a field that none of them has, which would match nothing.
        """
        check = FieldCheck(self.fields)
        numbers = [number for number, listing in check.watch(articles) if self.matches(listing)]
        check.finish()
        return numbers


ALL_ARTICLES = Filter()
# A field and its value: section:world, year>=2019, author:"Ann Lee"; but not https://… or 10:30.
FIELD_PATTERN = (
    r"(?P<name>[^\W\d][\w.-]*)(?P<operator>>=|<=|[:=<>])(?!//)"
    r'(?:"(?P<phrase>[^"]+)"|(?P<value>[^\s"]+))'
)
# A field, a quoted phrase or a word.
PART_RE = re.compile(rf'(?<!\S){FIELD_PATTERN}(?!\S)|"(?P<quoted>[^"]+)"|(?P<word>\S+)')


def parse_where(where: str | Mapping[str, Any]) -> Filter:
    """Return the filter that ``where`` describes. Raises FilterError, which is a ValueError.

    Of a mapping, every item must hold: a value is equal, one of a list is, or all comparisons of a
    mapping hold: ``{"year": {">=": 2019, "<": 2022}, "source": {"prefix": "notes/"}}``.

    >>> from bot.articles.article import Article
    >>> article = Article("The lamp", "2019/lamp.md", "It burns.", metadata={"tags": ["sea"]})
    >>> [parse_where(where).matches(article) for where in ("tags:sea", {"tags": ["sea", "sky"]})]
    [True, True]
    """
    if isinstance(where, str):
        return parse_filter(where)
    if isinstance(where, Mapping):
        conditions = (read_condition(name, value) for name, value in where.items())
        return Filter(fields=tuple(each for several in conditions for each in several))
    raise FilterError(
        f"where is of type {type(where).__name__}; give the text of a filter, a mapping of fields "
        "to values, or a function of the article"
    )


def parse_filter(text: str) -> Filter:
    """Return the filter that ``text`` describes: title words, paths, dates, fields.

    Dates are ``2020..2024``, either end of which may be missing, or ``since 2020``, ``before
    2020-06`` and the like. Fields are ``section:world``, ``section:world,sport`` or
    ``year>=2019``. Raises FilterError.

    >>> parse_filter('"fish market" *.md 2020..2021')  # doctest: +ELLIPSIS
    Filter(text=..., words=('fish market',), globs=('*.md',), dates=DateRange(first=...)
    """
    words, globs, fields, dates = [], [], [], ALL_DATES
    for part in split_filter(text):
        if part.field:
            fields.append(part.field)
        elif part.dates:
            dates = DateRange(max(dates.first, part.dates.first), min(dates.last, part.dates.last))
        elif not part.is_quoted and is_path(part.text):
            # A folder stands for all that is in it.
            globs.append(part.text.casefold() + "*" * part.text.endswith("/"))
        else:
            words.append(part.text.casefold())
    return Filter(" ".join(text.split()), tuple(words), tuple(globs), dates, tuple(fields))


class FilterPart(NamedTuple):
    """A word or quoted phrase of a filter; the days or the field that it stands for, if it does."""

    text: str
    is_quoted: bool = False
    dates: DateRange | None = None
    field: FieldCondition | None = None


def read_part(match: re.Match[str]) -> FilterPart:
    """Return a part without regard to those beside it. Raises FilterError."""
    if match["name"]:
        values = [match["phrase"]] if match["phrase"] else match["value"].split(",")
        condition = type_condition(match["name"], match["operator"], filter(None, values))
        return FilterPart(match[0], field=condition)
    return FilterPart(match["quoted"] or match["word"], bool(match["quoted"]))


def split_filter(text: str) -> Iterator[FilterPart]:
    """Yield the parts of a filter. Raises FilterError."""
    text = WRITTEN_DATE_RE.sub(write_in_numbers, " ".join(text.split()))
    parts = map(read_part, PART_RE.finditer(text))
    for part in parts:
        if part.is_quoted or part.field:
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


def is_path(word: str) -> bool:
    """Return whether ``word`` is a path or a pattern of paths: it has "/", "*"… or a suffix."""
    return bool(re.search(r"[*?\[/]", word)) or word.lower().endswith(tuple(FORMATS))


def matches_glob(source: str, glob: str) -> bool:
    """Return whether ``glob`` matches a path or its last parts."""
    return fnmatchcase(source, glob) or fnmatchcase(source, f"*/{glob}")
