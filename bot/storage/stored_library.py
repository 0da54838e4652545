"""A library whose articles stay in the database until they are used."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from typing import Self

from bot.articles.article import Article, Listing
from bot.articles.composed_library import ComposedLibrary
from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.articles.sentence_spans import SentenceSpans
from bot.language.analysis import Analysis
from bot.storage.database import Database
from bot.storage.rows import StoredArticle

# Articles in memory: those of the candidates of several questions.
MAX_ARTICLES = 500

# Makes a context manager in which the database is read, see snapshot.mark_damage.
DamageGuard = Callable[[], AbstractContextManager[None]]


class StoredArticles(Sequence[Article]):
    """The articles with ``article_ids``, fetched from the database when they are used."""

    def __init__(self, database: Database, article_ids: Sequence[int], guard: DamageGuard) -> None:
        self.article_ids = article_ids
        self._database, self._guard = database, guard
        self.fetch = lru_cache(MAX_ARTICLES)(self._fetch)

    def _fetch(self, row: int) -> StoredArticle:
        """Return the article in ``row``. Raises DamagedCache."""
        with self._guard():
            return self._database.fetch_article(self.article_ids[row])

    def listings(self) -> list[Listing]:
        """Return the listings of all articles, without reading their texts."""
        with self._guard():
            listings = self._database.listings()
        return [listings[article_id] for article_id in self.article_ids]

    def digests(self) -> dict[str, bytes]:
        """Return the digest of each article's file by the article's source."""
        with self._guard():
            records = self._database.file_records().values()
            listings = self._database.listings()
        return {
            listings[article_id].source: record.digest
            for record in records
            for article_id in record.article_ids
        }

    def find_unsearched(self, term: str) -> list[int]:
        """Return the rows of the articles that have ``term`` only outside of sentences."""
        with self._guard():
            article_ids = self._database.find_unsearched(term)
        rows = self._rows if article_ids else {}
        return sorted(rows[article_id] for article_id in article_ids if article_id in rows)

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        """The row of each article by its id."""
        return {article_id: row for row, article_id in enumerate(self.article_ids)}

    def __len__(self) -> int:
        return len(self.article_ids)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the article in ``row``."""
        return self.fetch(row).article


class StoredSpans(Sequence[SentenceSpans]):
    """The sentence spans of the same articles."""

    def __init__(self, articles: StoredArticles) -> None:
        self._articles = articles

    def __len__(self) -> int:
        return len(self._articles)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the spans of the article in ``row``."""
        return self._articles.fetch(row).spans


class StoredLibrary(Library):
    """A library over stored articles."""

    _stored: StoredArticles

    @classmethod
    def from_articles(cls, articles: StoredArticles, first_sentences: Sequence[int]) -> Self:
        """Return the library of ``articles``; ``first_sentences`` as in ``Library.from_spans``."""
        library = cls.from_spans(articles, StoredSpans(articles), first_sentences)
        library._stored = articles
        return library

    def edit(self, edit: Edit) -> Library:
        """Return a library with other articles; those of the database stay there."""
        return ComposedLibrary(
            self, Library().with_analysis(self.analysis), range(len(self.articles))
        ).edit(edit)

    def with_analysis(self, analysis: Analysis) -> Library:
        """Return a library of the same articles, without the stored terms, which are of another."""
        library = Library.from_spans(self.articles, self._spans, self._first)
        library.skipped, library.ignored = self.skipped, self.ignored
        return library.with_analysis(analysis)

    def title(self, article: int) -> str:
        """Return the title of ``article`` without decoding the rest of it."""
        return self._stored.fetch(article).title

    def find_unsearched(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
        found = {term: self._stored.find_unsearched(term) for term in wanted}
        return {term: articles for term, articles in found.items() if articles}

    def _text(self, article: int) -> str:
        return self._stored.fetch(article).text

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """The articles in reading order, without their texts."""
        return self._stored.listings()

    @cached_property
    def content_versions(self) -> Mapping[str, bytes]:
        """The digest of each article's file by the article's source."""
        return self._stored.digests()
