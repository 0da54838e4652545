"""Records that a program gives → articles: their texts as they are, their ids the program's."""

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from numbers import Integral, Real
from typing import Any, NamedTuple

from bot.articles.article import Article, Json

# A pair is a record with the fields of these names.
PAIR_FIELDS = ("id", "text")
KINDS = "mappings, dataclasses or (id, text) pairs"


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The names of the fields that an article is made of; the others are its metadata.

    Several names of ``text`` are joined as paragraphs, in their order.
    """

    id: str = "id"
    text: str | Sequence[str] = "text"
    title: str = "title"
    date: str = "date"

    @property
    def texts(self) -> tuple[str, ...]:
        """The names of the fields of text."""
        return (self.text,) if isinstance(self.text, str) else tuple(self.text)

    def check_used(self, names: frozenset[str]) -> None:
        """Raise ValueError for a field that was asked for, and is not among all ``names``."""
        for role, name, usual in (("title", self.title, "title"), ("date", self.date, "date")):
            if name != usual and name not in names:
                found = ", ".join(map(repr, sorted(names)))
                raise ValueError(f"{role}={name!r}: no record has this field; there are {found}")


def check_texts(
    texts: Iterable[str], titles: Iterable[str] | None
) -> Iterator[tuple[str, str, str]]:
    """Yield "text 1" etc., each text, and its title, "" without ``titles``. Raises ValueError."""
    for name, values in (("texts", texts), ("titles", titles)):
        if isinstance(values, str):
            raise ValueError(f"{name} is one text; give a list of them")  # noqa: TRY004
    texts = [*texts]
    given = [""] * len(texts) if titles is None else [*titles]
    if len(given) != len(texts):
        raise ValueError(f"{len(given)} titles for {len(texts)} texts; give one for each")
    for number, (text, title) in enumerate(zip(texts, given, strict=True)):
        for name, value in (("texts", text), ("titles", title)):
            if not isinstance(value, str):
                raise ValueError(f"{name}[{number}] is {describe(value)}; give text")  # noqa: TRY004
        yield f"text {number + 1}", text, title


class NamedRecord(NamedTuple):
    """A record as a mapping, and its number, by which errors name it."""

    number: int
    values: Mapping[str, Any]

    def fault(self, text: str, article_id: str | int | None = None) -> ValueError:
        """Return the error that says what is wrong with the record."""
        known = "" if article_id is None else f" (id {article_id!r})"
        return ValueError(f"records[{self.number}]{known}: {text}")


def read_records(
    records: Iterable[object], names: RecordFields, *, replace: bool = False
) -> list[Article]:
    """Return an article for each of ``records``; ids are unique as text. Raises ValueError.

    With ``replace``, a record takes the place of an earlier one with the same id.

    >>> records = [{"id": 7, "text": "It rained.", "section": "world"}]
    >>> [article] = read_records(records, RecordFields())
    >>> article.id, article.title, dict(article.metadata)
    (7, '', {'section': 'world'})
    """
    if isinstance(records, str | bytes | Mapping):
        raise ValueError(  # noqa: TRY004 - the API raises ValueError for what is wrong in a call
            f"records is a {type(records).__name__}; give a list of {KINDS}"
        )
    articles: dict[str, tuple[int, Article]] = {}
    seen: frozenset[str] = frozenset()
    for number, given in enumerate(records):
        if isinstance(given, Article):
            record, article = NamedRecord(number, {}), given
        else:
            record = NamedRecord(number, as_mapping(given, number))
            seen = seen if seen >= record.values.keys() else seen | record.values.keys()
            article = read_record(record, names)
        earlier = articles.get(str(article.id))
        if earlier and not replace:
            raise record.fault(
                f"has the id of records[{earlier[0]}]; make ids unique, or pass replace=True "
                "to keep the last record of an id",
                article.id,
            )
        articles[str(article.id)] = number, article
    if articles and seen:
        names.check_used(seen)
    return [article for _, article in articles.values()]


def as_mapping(record: Any, number: int) -> Mapping[str, Any]:
    """Return a mapping, a dataclass, a database row or a pair as a mapping. Raises ValueError."""
    if isinstance(record, Mapping):
        return record
    if is_dataclass(record) and not isinstance(record, type):
        return {field.name: getattr(record, field.name) for field in fields(record)}
    if isinstance(record, tuple):
        names = getattr(record, "_fields", PAIR_FIELDS)  # those of a named tuple
        if len(names) == len(record):
            return dict(zip(names, record, strict=True))
    elif hasattr(record, "keys") and hasattr(record, "__getitem__"):  # sqlite3.Row
        return {name: record[name] for name in record.keys()}  # noqa: SIM118 - iterates over values
    size = f" of {len(record)}" if isinstance(record, tuple) else ""
    raise ValueError(f"records[{number}] is a {type(record).__name__}{size}; give {KINDS}")


def read_record(record: NamedRecord, names: RecordFields) -> Article:
    """Return the article of a record. Raises ValueError."""
    article_id = read_id(record, names.id)
    taken = {names.id, names.title, names.date, *names.texts}
    try:
        metadata = {
            check_name(name): as_json(value)
            for name, value in record.values.items()
            if name not in taken and not is_absent(value)
        }
        return Article(
            title=read_title(record.values.get(names.title)),
            source=str(article_id),
            text="\n\n".join(find_texts(record.values, names.texts)),
            date=read_date(record.values.get(names.date)),
            metadata=metadata,
            id=article_id,
        )
    except RecursionError as error:
        raise record.fault("metadata is nested too deep, or in itself", article_id) from error
    except ValueError as error:
        raise record.fault(str(error), article_id) from error


def read_id(record: NamedRecord, name: str) -> str | int:
    """Return the id of a record, as it is. Raises ValueError."""
    value = record.values.get(name)
    if is_absent(value):
        there = ", ".join(map(repr, record.values)) or "no fields"
        raise record.fault(f"has no {name!r}; name the field of the id: id=…. It has {there}")
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if not isinstance(value, str) or not value.strip():
        raise record.fault(f"{name!r} is {value!r}; an id is an int, or text that is not empty")
    return value


def find_texts(values: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    """Yield the texts in fields ``names``. Raises ValueError if all are empty."""
    is_empty = True
    for name in names:
        value = values.get(name)
        if is_absent(value):
            continue
        if not isinstance(value, str):
            raise ValueError(f"{name!r} is {describe(value)}; it must be text")  # noqa: TRY004
        if value.strip():
            is_empty = False
            yield value
    if is_empty:
        shown = " and ".join(map(repr, names))
        state = "empty" if any(name in values for name in names) else "missing"
        raise ValueError(f"{shown} is {state}; leave the record out, or name its text: text=…")


def read_title(value: Any) -> str:
    """Return a title on one line, "" for none. Raises ValueError."""
    if is_absent(value):
        return ""
    if not isinstance(value, str):
        raise ValueError(f"the title is {describe(value)}; it must be text")  # noqa: TRY004
    return " ".join(value.split())


def read_date(value: Any) -> datetime.date | None:
    """Return the day of a date, a time or their ISO text; None for none. Raises ValueError.

    >>> read_date("2024-11-19T23:30:00-05:00")
    datetime.date(2024, 11, 19)
    """
    if is_absent(value) or value == "":
        return None
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str):
        try:
            return datetime.datetime.fromisoformat(value.strip()).date()
        except ValueError:
            pass
    raise ValueError(f"the date is {describe(value)}; give a date, or text as 2024-11-19")


def as_json(value: Any) -> Json:
    """Return a copy of ``value`` of JSON's types; a date as ISO text. Raises ValueError."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Real) and math.isfinite(value):
        return int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {check_name(name): as_json(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    raise ValueError(f"{describe(value)} is no value of JSON; convert it, or leave the field out")


def check_name(name: Any) -> str:
    """Return the name of a field. Raises ValueError if it is no text."""
    if not isinstance(name, str):
        raise ValueError(f"the name of a field is {describe(name)}; it must be text")  # noqa: TRY004
    return name


def is_absent(value: Any) -> bool:
    """Return whether ``value`` is None or one of pandas' signs for it: NaN, NaT, NA.

    >>> [*map(is_absent, [None, float("nan"), 0, ""])]
    [True, True, False, False]
    """
    if value is None or type(value).__name__ == "NAType":
        return True
    return isinstance(value, float | datetime.date) and bool(value != value)


def describe(value: object) -> str:
    """Return a value as an error shows it: its type, and what it is if that is short."""
    text = repr(value)
    return f"{text} ({type(value).__name__})" if len(text) <= 60 else f"a {type(value).__name__}"
