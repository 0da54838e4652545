"""A library whose articles stay on disk until they are used."""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol, Self, overload

from bot.articles.article import Article, Listing, Title
from bot.articles.bounded_cache import BoundedCache
from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.articles.sentence_spans import SentenceSpans
from bot.language.analysis import Analysis
from bot.lazy import lazy_function
from bot.storage.rows import StoredArticle

compose_library: Callable[..., Library] = lazy_function(
    "bot.articles.composed_library", "ComposedLibrary"
)

# Articles in memory: those of the candidates of several questions.
MAX_ARTICLES = 500


class ArticleStore(Protocol):
    """Articles on disk, each known by its row; many threads may read at once."""

    def __len__(self) -> int:
        """Return the number of articles."""
        ...

    def fetch_articles(self, rows: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles in ``rows``, each once."""
        ...

    def fetch_titles(self, rows: Sequence[int]) -> Sequence[Title]:
        """Return the titles of the articles in ``rows`` without reading the rest of them."""
        ...

    def listings(self) -> Sequence[Listing]:
        """Return the listings of all articles, without reading their texts."""
        ...

    def content_versions(self) -> Mapping[str, object]:
        """Return a value that changes with its content by the source of each article."""
        ...

    def languages(self) -> Sequence[str]:
        """Return the code of the language of each article, without reading their texts."""
        ...

    def language_counts(self) -> Mapping[str, int]:
        """Return the number of articles in each language, by its code."""
        ...

    def find_unsearched(self, term: str) -> list[int]:
        """Return the rows of the articles that have ``term`` only outside of sentences."""
        ...

    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """Return the terms that each article has only outside of sentences."""
        ...


class StoredArticles(Sequence[Article]):
    """The articles of a store, fetched when they are used."""

    def __init__(self, store: ArticleStore) -> None:
        self._store, self._size = store, len(store)
        self._fetched: BoundedCache[int, StoredArticle] = BoundedCache(MAX_ARTICLES)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, row: int) -> Article: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Article]: ...
    def __getitem__(self, row: int | slice) -> Article | Sequence[Article]:
        """Return the article in ``row``, or the articles in several."""
        rows = range(self._size)[row]
        return self.fetch(rows).article if isinstance(rows, int) else [self[one] for one in rows]

    def fetch(self, row: int) -> StoredArticle:
        """Return the article in ``row``, which is decoded when it is used."""
        return self._fetched.get(row) or self.fetch_all([row])[row]

    def fetch_all(self, rows: Iterable[int]) -> Mapping[int, StoredArticle]:
        """Read those of the articles in ``rows`` that are not in memory, and return them."""
        missing = [row for row in dict.fromkeys(rows) if self._fetched.get(row) is None]
        fetched = self._store.fetch_articles(missing) if missing else {}
        self._fetched.update(fetched)
        return fetched


class StoredSpans(Sequence[SentenceSpans]):
    """The sentence spans of the same articles."""

    def __init__(self, articles: StoredArticles) -> None:
        self._articles = articles

    def __len__(self) -> int:
        return len(self._articles)

    @overload
    def __getitem__(self, row: int) -> SentenceSpans: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[SentenceSpans]: ...
    def __getitem__(self, row: int | slice) -> SentenceSpans | Sequence[SentenceSpans]:
        """Return the spans of the article in ``row``, or of the articles in several."""
        if isinstance(row, slice):
            return [self[one] for one in range(len(self))[row]]
        return self._articles.fetch(row).spans


class StoredLibrary(Library):
    """A library over the articles of a store."""

    _store: ArticleStore
    _stored: StoredArticles

    @classmethod
    def from_store(cls, store: ArticleStore, first_sentences: Sequence[int]) -> Self:
        """Return the library of ``store``; ``first_sentences`` as in ``Library.from_spans``."""
        articles, first = StoredArticles(store), array("i", first_sentences)
        library = cls.from_spans(articles, StoredSpans(articles), first)
        library._store, library._stored = store, articles
        return library

    def edit(self, edit: Edit) -> Library:
        """Return a library with other articles; those of the store stay there."""
        return compose_library(
            self, Library().with_analysis(self.analysis), range(len(self.articles))
        ).edit(edit)

    def with_analysis(self, analysis: Analysis) -> Library:
        """Return a library of the same articles, without the stored terms, which are of another."""
        library = Library.from_spans(self.articles, self.spans, self._first)
        library.skipped, library.ignored = self.skipped, self.ignored
        return library.with_analysis(analysis)

    @cached_property
    def article_languages(self) -> Sequence[str]:
        """The code of the language of each article."""
        return self._store.languages()

    @property
    def language_counts(self) -> Mapping[str, int]:
        """The code of each language → the number of articles in it."""
        return self._store.language_counts()

    def title(self, article: int) -> str:
        """Return the title of ``article`` without decoding the rest of it."""
        return self._stored.fetch(article).title

    def load_titles(self, articles: Sequence[int]) -> list[Title]:
        """Return the titles of articles by number, without their texts."""
        return [*self._store.fetch_titles(articles)]

    def prefetch(self, articles: Iterable[int]) -> None:
        """Read articles at once of which sentences are needed next."""
        self._stored.fetch_all(articles)

    def find_unsearched(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
        found = {term: self._store.find_unsearched(term) for term in wanted}
        return {term: articles for term, articles in found.items() if articles}

    @property
    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """The terms that each article has outside of its sentences only."""
        return self._store.unsearched_terms()

    def _text(self, article: int) -> str:
        return self._stored.fetch(article).text

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """The articles in reading order, without their texts."""
        return self._store.listings()

    @cached_property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, a value that changes with its content."""
        return self._store.content_versions()
