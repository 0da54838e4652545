"""The articles of a store, each fetched when it is asked for."""

from collections.abc import Sequence
from functools import lru_cache

from bot.articles.article import Article
from bot.articles.library import Cut
from bot.articles.rows import Fetched
from bot.articles.store import Store

# Articles of which a reader keeps the text: those of the candidates of several questions.
KEPT = 500


class Shelved(Sequence[Article]):
    """The articles ``numbers`` of a store, each fetched when it is asked for."""

    def __init__(self, store: Store, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self._fetched = lru_cache(KEPT)(store.fetched)

    def fetched(self, row: int) -> Fetched:
        """Return what is fetched of the article in ``row``."""
        return self._fetched(self.numbers[row])

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the article in ``row``."""
        return self.fetched(row).article


class Cuts(Sequence[Cut]):
    """Where the sentences of the same articles lie."""

    def __init__(self, shelved: Shelved) -> None:
        self._shelved = shelved

    def __len__(self) -> int:
        return len(self._shelved)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the cut of the article in ``row``."""
        return self._shelved.fetched(row).cut
