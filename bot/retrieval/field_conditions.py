"""Conditions on a field of an article: equal to a value, one of several, in a range, a prefix."""

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from bot.articles.article import Json, Listing
from bot.retrieval.date_ranges import DateRange, FilterError, date_range

# A value that a field is compared with.
Scalar = str | int | float | bool | date | None

# The fields of every article; those of metadata come first. "path" is another name of the source.
ATTRIBUTES: dict[str, Callable[[Listing], Json | date]] = {
    "id": lambda article: article.id,
    "title": lambda article: article.title,
    "source": lambda article: article.source,
    "path": lambda article: article.source,
    "date": lambda article: article.date,
}
# How a comparison is written → the test of a value, and of the days of a value against a range.
COMPARISONS: dict[str, tuple[Callable[[Any, Any], bool], Callable[[date, DateRange], bool]]] = {
    "=": (operator.eq, lambda day, days: days.has(day)),
    "<": (operator.lt, lambda day, days: day < days.first),
    "<=": (operator.le, lambda day, days: day <= days.last),
    ">": (operator.gt, lambda day, days: day > days.last),
    ">=": (operator.ge, lambda day, days: day >= days.first),
}
OPERATORS = (*COMPARISONS, "prefix")


class ComparedValues(NamedTuple):
    """A value of a field and a wanted one, of one type; the wanted one of days is their range."""

    found: Any
    wanted: Any


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """A comparison of the field ``name`` with ``values``, of which one must hold.

    A list in the field holds if one of its items does. Typed by a person (``is_typed``), values
    are texts that match numbers, truth values and texts in any case, with "*" for anything.
    """

    name: str
    comparison: str
    values: tuple[Scalar, ...]
    is_typed: bool = False

    def matches(self, article: Listing) -> bool:
        """Return whether the condition holds of ``article``."""
        found = [*field_values(article, self.name)]
        if not found:
            return self.comparison == "=" and None in self.values
        return any(self._holds(each, wanted) for each in found for wanted in self.values)

    def _holds(self, found: Any, wanted: Scalar) -> bool:
        if self.comparison == "prefix":
            return isinstance(found, str | int | date) and str(found).startswith(str(wanted))
        is_pattern = self.is_typed and self.comparison == "=" and isinstance(found, str)
        if is_pattern and fnmatchcase(found.casefold(), str(wanted).casefold()):
            return True
        is_loose = self.is_typed or self.comparison != "="
        compared = align_types(found, wanted, is_loose=is_loose)
        if compared is None:
            return False
        compare, compare_days = COMPARISONS[self.comparison]
        if isinstance(compared.wanted, DateRange):
            return compare_days(compared.found, compared.wanted)
        return compare(compared.found, compared.wanted)


def field_values(article: Listing, name: str) -> Iterator[Any]:
    """Yield the value of a field, or each of a list; nothing where it is missing."""
    if name in article.metadata:
        value: Any = article.metadata[name]
    else:
        value = ATTRIBUTES[name](article) if name in ATTRIBUTES else None
    if isinstance(value, list | tuple):
        yield from value
    elif value is not None:
        yield value


def align_types(found: Any, wanted: Scalar, *, is_loose: bool) -> ComparedValues | None:
    """Return two values as two of one type, None if they cannot be compared.

    Two texts are compared as numbers or days, where both can be read so, only if ``is_loose``.
    """
    if isinstance(found, bool) or isinstance(wanted, bool):
        if is_loose and isinstance(wanted, str):
            return ComparedValues(str(found).casefold(), wanted.casefold())
        return ComparedValues(found, wanted) if type(found) is type(wanted) else None
    if isinstance(found, date) or isinstance(wanted, date):
        return align_days(found, wanted)
    are_texts = isinstance(found, str) and isinstance(wanted, str)
    if are_texts and not is_loose:
        return ComparedValues(found, wanted)
    numbers = read_number(found), read_number(wanted)
    if None not in numbers:
        return ComparedValues(*numbers)
    if not are_texts:
        return None
    return align_days(found, wanted) or ComparedValues(found.casefold(), str(wanted).casefold())


class FieldCheck:
    """Whether the fields of conditions occur in articles that pass by, which may be millions."""

    def __init__(self, conditions: Iterable[FieldCondition]) -> None:
        self._missing = {condition.name for condition in conditions} - ATTRIBUTES.keys()
        self._found: set[str] = set()
        self._is_empty = True

    def watch(self, articles: Iterable[tuple[int, Listing]]) -> Iterator[tuple[int, Listing]]:
        """Yield ``articles``, noting their fields while one is missing."""
        for number, article in articles:
            self._is_empty = False
            if self._missing:
                self._missing.difference_update(article.metadata)
                self._found.update(article.metadata)
            yield number, article

    def finish(self) -> None:
        """Raise FilterError if there were articles, but none had such a field."""
        if self._missing and not self._is_empty:
            there = ", ".join(sorted({*self._found, *ATTRIBUTES}))
            raise FilterError(f"No article has the field '{min(self._missing)}'. Fields: {there}.")


def align_days(found: Any, wanted: Any) -> ComparedValues | None:
    """Return a day and a range of days, None if either is none."""
    first, last = read_days(found), read_days(wanted)
    return ComparedValues(first.first, last) if first and last else None


def read_days(value: Any) -> DateRange | None:
    """Return the days of a date, a time, or a text or year that stands for some."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return DateRange(value, value)
    try:
        return date_range(str(value))
    except FilterError:
        pass
    try:
        return read_days(datetime.fromisoformat(str(value)))
    except ValueError:
        return None


def read_number(value: Any) -> float | None:
    """Return a number, or the one that a text is; None for anything else."""
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    return value if isinstance(value, int) else number


def type_condition(name: str, comparison: str, values: Iterable[str]) -> FieldCondition:
    """Return a condition as a person types it: section:world, year>=2019. Raises FilterError."""
    comparison = comparison.replace(":", "=")
    return check_dates(FieldCondition(name, comparison, tuple(values), is_typed=True))


def read_condition(name: str, value: Any) -> Iterator[FieldCondition]:
    """Yield the conditions that a program gives for a field. Raises FilterError."""
    if not isinstance(name, str):
        raise FilterError(f"the name of a field is {name!r}; it must be text")
    comparisons = value if isinstance(value, Mapping) else {"=": value}
    for comparison, wanted in comparisons.items():
        if comparison not in OPERATORS:
            allowed = ", ".join(map(repr, OPERATORS))
            raise FilterError(f"{name}: {comparison!r} is no comparison; there are {allowed}")
        is_several = comparison == "=" and isinstance(wanted, list | tuple | set | frozenset)
        values = tuple(wanted) if is_several else (wanted,)
        for each in values:
            check_value(name, comparison, each)
        yield check_dates(FieldCondition(name, comparison, values))


def check_value(name: str, comparison: str, value: Any) -> None:
    """Raise FilterError unless a field can be compared with ``value``."""
    allowed: tuple[type, ...] = (str, int, float, date)
    if comparison == "prefix":
        allowed = (str,)
    is_number = isinstance(value, float) and not math.isfinite(value)
    if (value is not None or comparison != "=") and (not isinstance(value, allowed) or is_number):
        kinds = "text" if comparison == "prefix" else "text, a number, true, false, a date"
        more = " or a list of them" if comparison == "=" else ""
        raise FilterError(f"{name}: {comparison} {value!r} cannot be compared; give {kinds}{more}")


def check_dates(condition: FieldCondition) -> FieldCondition:
    """Return ``condition``; raise FilterError if it compares the date with what is none."""
    if condition.name == "date" and condition.comparison != "prefix":
        for value in condition.values:
            if value is not None and read_days(value) is None:
                date_range(str(value))
    return condition
