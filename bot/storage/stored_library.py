"""The articles of a store, each fetched when it is asked for."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from bot.articles.article import Article
from bot.articles.formats import parse_article
from bot.articles.library import Library, Listing, SentenceSpans, split_article
from bot.errors import BotError, UnreadableFile
from bot.storage.database import Database
from bot.storage.ingest import content_digest
from bot.storage.rows import StoredArticle, pack_article

# Articles of which a reader keeps the text: those of the candidates of several questions.
KEPT = 500


class StoredArticles(Sequence[Article]):
    """The articles ``numbers`` of a store, each fetched when it is asked for.

    Of an article that is damaged in the store, ``damaged`` is told, and its file is read again.
    """

    def __init__(
        self, store: Database, numbers: Sequence[int], damaged: Callable[[BotError], object]
    ) -> None:
        self.numbers = numbers
        self._store, self._damaged = store, damaged
        self.fetch = lru_cache(KEPT)(self._of)

    def _of(self, row: int) -> StoredArticle:
        """Return what is fetched of the article in ``row``. Raises BotError."""
        number = self.numbers[row]
        try:
            return self._store.fetch_article(number)
        except BotError as fault:
            self._damaged(fault)
            if again := self._again(number):
                return again
            raise

    def _again(self, number: int) -> StoredArticle | None:
        """Return what the file of an article gives, None if that is not what it gave."""
        known = self._store.file_of_article(number)
        if not known:
            return None
        path = Path(os.fsdecode(known.path))
        try:
            if (
                path.stat().st_size != known.size
                or content_digest(data := path.read_bytes()) != known.digest
            ):
                return None
            article = parse_article(str(path), known.source, data)
        except (OSError, UnreadableFile):
            return None
        return StoredArticle(pack_article(article, split_article(article)))

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the article in ``row``."""
        return self.fetch(row).article


class StoredSpans(Sequence[SentenceSpans]):
    """Where the sentences of the same articles lie."""

    def __init__(self, shelved: StoredArticles) -> None:
        self._shelved = shelved

    def __len__(self) -> int:
        return len(self._shelved)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the cut of the article in ``row``."""
        return self._shelved.fetch(row).spans


class StoredLibrary(Library):
    """A library whose articles are fetched from a store when they are asked for."""

    @classmethod
    def from_database(cls, store: Database, shelved: StoredArticles, first: Sequence[int]) -> Self:
        """Return the library of what is ``shelved`` of ``store``; ``first`` as in Library.kept."""
        library = cls.from_spans(shelved, StoredSpans(shelved), first)
        library._store, library._shelved = store, shelved
        return library

    _store: Database
    _shelved: StoredArticles

    def title(self, article: int) -> str:
        """Return the title of ``article``, of which no more is made than it takes."""
        return self._shelved.fetch(article).title

    def _text(self, article: int) -> str:
        return self._shelved.fetch(article).text

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """The articles, as far as lists need them, in reading order: without their texts."""
        found = self._store.listings()
        return [found[number] for number in self._shelved.numbers]

    @cached_property
    def content_versions(self) -> Mapping[str, bytes]:
        """By the source of each article, the digest of its file."""
        return self._store.digests()
