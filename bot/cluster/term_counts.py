"""The counts of a term, and the queries that count them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Query = Mapping[str, Any]


class Visible(Protocol):
    """A snapshot, which knows what its reader sees."""

    def visible(self, *filters: Query) -> Query:
        """Return a query for the documents that a reader sees, and that match ``filters``."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How many sentences and paragraphs hold a token, and how many sentences lie in those."""

    sentences: int = 0
    paragraphs: int = 0
    around: int = 0


NO_COUNTS = TermCounts()


def count_queries(snapshot: Visible, token: str) -> Iterator[Query]:
    """Yield the three queries whose hits are counted, in the order of TermCounts."""
    around = {"term": {"paragraph": token}}
    yield snapshot.visible({"term": {"sentence": token}})
    yield snapshot.visible(around, {"term": {"first": True}})
    yield snapshot.visible(around)


def read_counts(numbers: Iterable[int]) -> Iterator[TermCounts]:
    """Yield the counts of each token from those of its queries.

    >>> [*read_counts([3, 2, 5])]
    [TermCounts(sentences=3, paragraphs=2, around=5)]
    """
    every = iter(numbers)
    return map(TermCounts, every, every, every)
