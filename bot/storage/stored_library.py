"""The articles of a store, each fetched when it is asked for."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from bot.articles.article import Article
from bot.articles.formats import parsed
from bot.articles.library import Cut, Library, Listing, cut
from bot.errors import BotError, Unreadable
from bot.storage.database import Store
from bot.storage.ingest import digest
from bot.storage.rows import Fetched, packed

# Articles of which a reader keeps the text: those of the candidates of several questions.
KEPT = 500


class Shelved(Sequence[Article]):
    """The articles ``numbers`` of a store, each fetched when it is asked for.

    Of an article that is damaged in the store, ``damaged`` is told, and its file is read again.
    """

    def __init__(
        self, store: Store, numbers: Sequence[int], damaged: Callable[[BotError], object]
    ) -> None:
        self.numbers = numbers
        self._store, self._damaged = store, damaged
        self.fetched = lru_cache(KEPT)(self._of)

    def _of(self, row: int) -> Fetched:
        """Return what is fetched of the article in ``row``. Raises BotError."""
        number = self.numbers[row]
        try:
            return self._store.fetched(number)
        except BotError as fault:
            self._damaged(fault)
            if again := self._again(number):
                return again
            raise

    def _again(self, number: int) -> Fetched | None:
        """Return what the file of an article gives, None if that is not what it gave."""
        known = self._store.file_of(number)
        if not known:
            return None
        path = Path(os.fsdecode(known.path))
        try:
            if (
                path.stat().st_size != known.size
                or digest(data := path.read_bytes()) != known.digest
            ):
                return None
            article = parsed(str(path), known.source, data)
        except (OSError, Unreadable):
            return None
        return Fetched(packed(article, cut(article)))

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


class SavedLibrary(Library):
    """A library whose articles are fetched from a store when they are asked for."""

    @classmethod
    def of(cls, store: Store, shelved: Shelved, first: Sequence[int]) -> Self:
        """Return the library of what is ``shelved`` of ``store``; ``first`` as in Library.kept."""
        library = cls.kept(shelved, Cuts(shelved), first)
        library._store, library._shelved = store, shelved
        return library

    _store: Store
    _shelved: Shelved

    def title(self, article: int) -> str:
        """Return the title of ``article``, of which no more is made than it takes."""
        return self._shelved.fetched(article).title

    def _text(self, article: int) -> str:
        return self._shelved.fetched(article).text

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """The articles, as far as lists need them, in reading order: without their texts."""
        found = self._store.listings()
        return [found[number] for number in self._shelved.numbers]

    @cached_property
    def versions(self) -> Mapping[str, bytes]:
        """By the source of each article, the digest of its file."""
        return self._store.digests()
