"""Compare the articles of a library with those on a cluster: what to write, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.cluster.state import Totals

# Between the numbers of two neighbours in the first publication: room for 24 halvings.
SPACING = 1 << 24


class WantedArticle(NamedTuple):
    """An article of the library to publish: its row there, source and digest."""

    row: int
    source: str
    digest: str


class PublishedArticle(NamedTuple):
    """A version of an article on the cluster, complete with all of its sentences."""

    source: str
    digest: str
    number: int
    version: str
    generation: int
    totals: Totals


class PlacedArticle(NamedTuple):
    """An article of the library and its number on the cluster."""

    wanted: WantedArticle
    number: int


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """The changes from one generation to the next.

    ``written`` are to be written, ``complete`` were by a publication that did not end.
    ``replaced`` are the versions that the next generation leaves out.
    """

    written: Sequence[PlacedArticle]
    complete: Sequence[PublishedArticle]
    replaced: Sequence[PublishedArticle]
    changes: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the cluster has the library as it is."""
        return not (self.written or self.complete or self.replaced)


def make_plan(
    wanted: Sequence[WantedArticle],
    current: Sequence[PublishedArticle],
    pending: Sequence[PublishedArticle],
) -> PublicationPlan | None:
    """Return the plan, None if a place in the reading order has no number left.

    ``current`` are the versions that readers see, ``pending`` those of a publication that was
    interrupted.
    """
    before = {article.source: article for article in current}
    begun = {article.source: article for article in pending}
    places = {source: article.number for source, article in (begun | before).items()}
    numbers = assign_numbers([places.get(article.source) for article in wanted])
    if numbers is None:
        return None
    written, complete, replaced = [], [], []
    changed = added = 0
    for article, number in zip(wanted, numbers, strict=True):
        old, new = before.get(article.source), begun.get(article.source)
        if old and old.digest == article.digest:
            continue
        if old:
            replaced.append(old)
        added, changed = added + (not old), changed + bool(old)
        if new and (new.digest, new.number) == (article.digest, number):
            complete.append(new)
        else:
            written.append(PlacedArticle(article, number))
    sources = {article.source for article in wanted}
    removed = [article for article in current if article.source not in sources]
    changes = {"added": added, "changed": changed, "removed": len(removed)}
    return PublicationPlan(written, complete, [*replaced, *removed], changes)


def assign_numbers(known: Sequence[int | None]) -> list[int] | None:
    """Return ascending numbers: the known ones stay, the others are spread between them.

    None if the known ones do not ascend, or leave too little room.

    >>> assign_numbers([None, 8, None, None, 20])
    [4, 8, 12, 16, 20]
    >>> assign_numbers([8, None, 9]), assign_numbers([8, 4])
    (None, None)
    """
    numbers: list[int] = []
    waiting, low = 0, 0
    for number in known:
        if number is None:
            waiting += 1
            continue
        step = (number - low) // (waiting + 1)
        if step < 1:
            return None
        numbers += [low + step * (index + 1) for index in range(waiting)]
        numbers.append(number)
        waiting, low = 0, number
    return numbers + [low + SPACING * (index + 1) for index in range(waiting)]
