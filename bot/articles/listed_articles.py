"""Articles by number, where these count the rows of a list."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from bot.articles.article import Article, Listing, Title
from bot.language.analysis import Analysis


class ArticleRows(Protocol):
    """The articles of a library, their listings, and the numbers of their sentences, by row."""

    articles: Sequence[Article]

    @property
    def listings(self) -> Sequence[Listing]:
        """The articles without their texts."""

    @property
    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """The terms that each article has outside of its sentences only."""

    def title(self, article: int) -> str:
        """Return the title of an article."""

    def analysis_of(self, article: int) -> Analysis:
        """Return the analysis of the texts of an article."""

    @property
    def article_languages(self) -> Sequence[str]:
        """The code of the language of each article."""

    @property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, a value that changes with its content."""

    def sentence_numbers(self, article: int) -> range:
        """Return the numbers of the sentences of an article."""


class ListedArticles:
    """The methods of a library that tell its articles by number."""

    def count_changes(self: ArticleRows, before: ArticleRows) -> dict[str, int]:
        """Return how many articles are "changed", "added" and "removed" since ``before``."""
        old, new = before.content_versions, self.content_versions
        return {
            "changed": sum(old[source] != new[source] for source in old.keys() & new.keys()),
            "added": len(new.keys() - old.keys()),
            "removed": len(old.keys() - new.keys()),
        }

    @property
    def language_counts(self: ArticleRows) -> Mapping[str, int]:
        """The code of each language → the number of articles in it."""
        return Counter(self.article_languages)

    def title(self: ArticleRows, article: int) -> str:
        """Return the title of article number ``article``."""
        return self.articles[article].title

    def load_titles(self: ArticleRows, articles: Sequence[int]) -> list[Title]:
        """Return the titles of articles by number, with their languages."""
        return [Title(self.title(each), self.analysis_of(each).language.code) for each in articles]

    def prefetch(self: ArticleRows, articles: Sequence[int]) -> None:
        """Read nothing: the articles are in memory."""

    def numbered_listings(self: ArticleRows) -> Iterable[tuple[int, Listing]]:
        """Return the number of each article with its listing, in reading order."""
        return enumerate(self.listings)

    def load_page(self: ArticleRows, place: int, count: int) -> list[tuple[int, Listing]]:
        """Return up to ``count`` articles with their numbers, from a place in reading order on."""
        return [*enumerate(self.listings[place : place + count], place)]

    def sample_listings(self: ArticleRows, count: int) -> list[Listing]:
        """Return ``count`` listings, or all of fewer, spread over the reading order."""
        listings = self.listings
        count = min(count, len(listings))
        return [listings[row * len(listings) // count] for row in range(count)]

    def load_listings(self: ArticleRows, numbers: Sequence[int]) -> list[Listing]:
        """Return the listings of articles by number, in order."""
        return [self.listings[number] for number in numbers]

    def find_source(self: ArticleRows, source: str) -> list[int]:
        """Return the numbers of the articles from ``source``."""
        return [row for row, listing in enumerate(self.listings) if listing.source == source]

    def load_articles(self: ArticleRows, numbers: Iterable[int]) -> dict[int, Article]:
        """Return articles by number, read at once where each would be a request."""
        return {number: self.articles[number] for number in numbers}

    def count_sentences(self: ArticleRows, articles: Sequence[int]) -> int:
        """Return the number of sentences of ``articles``, by number."""
        return sum(len(self.sentence_numbers(article)) for article in articles)

    def find_unsearched(self: ArticleRows, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles, in order, that have some terms outside of their sentences only.

        >>> import bot
        >>> bot.Library.from_texts(["It rained."], ["Ice"]).find_unsearched(["rain", "ice"])
        {'ice': [0]}
        """
        found = {
            term: [row for row, terms in enumerate(self.unsearched_terms) if term in terms]
            for term in wanted
        }
        return {term: articles for term, articles in found.items() if articles}
