"""Edits of a library: articles that are replaced, removed, added, while the others stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress
from typing import NamedTuple, TypeVar

from bot.articles.article import Article
from bot.articles.frozen_dict import FrozenDict

Item = TypeVar("Item")


class Edit(NamedTuple):
    """A change of the rows of a library: some articles replaced, some removed, some added.

    ``replaced`` has the new article of a row, ``added`` the articles that follow the last row.

    >>> edit = Edit(replaced={0: Article("Rain", "a", "")}, removed={1})
    >>> edit.apply(["a", "b", "c"], ["new"])
    ['new', 'c']
    """

    replaced: Mapping[int, Article] = FrozenDict()
    removed: Collection[int] = frozenset()
    added: Sequence[Article] = ()

    @property
    def articles(self) -> list[Article]:
        """The new articles: those of rows, in the order of ``replaced``, then those added."""
        return [*self.replaced.values(), *self.added]

    def apply(self, items: Sequence[Item], new: Iterable[Item]) -> list[Item]:
        """Return the item of each article after the edit; ``new`` has those of ``articles``."""
        edited, source = [*items], iter(new)
        for row in self.replaced:
            edited[row] = next(source)
        is_kept = bytearray(b"\1") * len(edited)
        for row in self.removed:
            is_kept[row] = 0
        return [*compress(edited, is_kept), *source]

    def rows(self, size: int) -> list[int]:
        """Return the row that each article had before, of ``size``, or ~n for new article n.

        >>> Edit(removed={0}, added=[Article("Rain", "a", "")]).rows(3)
        [1, 2, -1]
        """
        return self.apply(range(size), range(-1, -1 - len(self.articles), -1))
