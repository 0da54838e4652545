"""The articles of a cached library, which stay in its database."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property

from bot.articles.article import Listing, Title
from bot.storage.database import Database
from bot.storage.rows import StoredArticle

# Makes a context manager in which the database is read, see snapshot.mark_damage.
DamageGuard = Callable[[], AbstractContextManager[None]]


class DatabaseArticles:
    """The articles with ``article_ids``; each method raises DamagedCache within ``guard``."""

    def __init__(self, database: Database, article_ids: Sequence[int], guard: DamageGuard) -> None:
        self._database, self._article_ids, self._guard = database, article_ids, guard

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._article_ids)

    def fetch_articles(self, rows: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles in ``rows``, each once."""
        with self._guard():
            found = self._database.fetch_articles([self._article_ids[row] for row in rows])
        return dict(zip(rows, found, strict=True))

    def fetch_titles(self, rows: Sequence[int]) -> Sequence[Title]:
        """Return the titles of the articles in ``rows`` without reading the rest of them."""
        with self._guard():
            return self._database.fetch_titles([self._article_ids[row] for row in rows])

    def listings(self) -> Sequence[Listing]:
        """Return the listings of all articles, without reading their texts."""
        with self._guard():
            listings = self._database.listings()
        return [listings[article_id] for article_id in self._article_ids]

    def languages(self) -> Sequence[str]:
        """Return the code of the language of each article, without reading their texts."""
        with self._guard():
            languages = self._database.languages()
        return [languages[article_id] for article_id in self._article_ids]

    def language_counts(self) -> Mapping[str, int]:
        """Return the number of articles in each language, by its code."""
        with self._guard():
            counts = self._database.language_counts()
        # Articles that were replaced may not be deleted yet.
        return counts if sum(counts.values()) == len(self) else Counter(self.languages())

    def content_versions(self) -> Mapping[str, object]:
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

    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """Return the terms that each article has only outside of sentences."""
        with self._guard():
            terms = self._database.unsearched_terms()
        return [terms.get(article_id, ()) for article_id in self._article_ids]

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        """The row of each article by its id."""
        return {article_id: row for row, article_id in enumerate(self._article_ids)}
