"""The protocol of a library that a retriever reads, wherever its articles are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, Self

from bot.articles.article import Article, Listing, Title
from bot.articles.sentence_spans import Sentence
from bot.language.analysis import Analysis


class NumberedArticles(Protocol):
    """Articles by number, in reading order; one may be fetched each time that it is used."""

    def __len__(self) -> int: ...
    def __getitem__(self, number: int, /) -> Article: ...
    def __iter__(self) -> Iterator[Article]: ...


class SearchedLibrary(Protocol):
    """Articles and their sentences, each known by its number: in memory, cached, or on a cluster.

    Numbers ascend in reading order, those of an article's sentences without a gap. A number that
    there is not is an IndexError. Many threads may read at once.
    """

    @property
    def articles(self) -> NumberedArticles:
        """The articles."""

    @property
    def listings(self) -> Sequence[Listing]:
        """The articles in reading order, without their texts."""

    @property
    def content_versions(self) -> Mapping[str, object]:
        """The source of each article → a value that differs if the content does."""

    def count_changes(self, before: Self) -> Mapping[str, int]:
        """Return how many articles are "changed", "added" and "removed" since ``before``."""

    @property
    def analysis(self) -> Analysis:
        """The way from its texts to their terms."""

    @property
    def language_counts(self) -> Mapping[str, int]:
        """The code of each language → the number of articles in it."""

    def analysis_of(self, article: int) -> Analysis:
        """Return the analysis of the texts of article number ``article``."""

    def analysis_at(self, number: int) -> Analysis:
        """Return the analysis of the text of sentence ``number``."""

    @property
    def sentence_count(self) -> int:
        """The number of sentences."""

    def __len__(self) -> int:
        """Return the number of articles."""

    def __iter__(self) -> Iterator[Article]:
        """Yield the articles in reading order."""

    def __contains__(self, article_id: object) -> bool:
        """Return whether there is an article with this id."""

    def __getitem__(self, article_id: str | int) -> Article:
        """Return the article with an id. Raises KeyError."""

    def get(self, article_id: str | int) -> Article | None:
        """Return the article with an id, None if there is none."""

    def numbered_listings(self) -> Iterable[tuple[int, Listing]]:
        """Return the number of each article with its listing, in reading order."""

    def load_page(self, place: int, count: int) -> Sequence[tuple[int, Listing]]:
        """Return up to ``count`` articles with their numbers, from a place in reading order on."""

    def sample_listings(self, count: int) -> Sequence[Listing]:
        """Return ``count`` listings, or all of fewer, spread over the reading order."""

    def load_listings(self, numbers: Sequence[int]) -> Sequence[Listing]:
        """Return the listings of articles by number, in order."""

    def find_source(self, source: str) -> Sequence[int]:
        """Return the numbers of the articles from ``source``."""

    def prefetch(self, articles: Sequence[int]) -> None:
        """Read the articles at once of which sentences are needed next, if each were a request."""

    def load_articles(self, numbers: Iterable[int]) -> Mapping[int, Article]:
        """Return articles by number, read at once where each would be a request."""

    def article_number(self, number: int) -> int:
        """Return the number of the article that has sentence ``number``."""

    def article_numbers(self, numbers: Sequence[int]) -> list[int]:
        """Return the number of the article of each of some sentences."""

    def title(self, article: int) -> str:
        """Return the title of article number ``article``."""

    def load_titles(self, articles: Sequence[int]) -> Sequence[Title]:
        """Return the titles of articles by number, read at once and without their texts."""

    def sentence_numbers(self, article: int) -> range:
        """Return the numbers of the sentences of article number ``article``."""

    def count_sentences(self, articles: Sequence[int]) -> int:
        """Return the number of sentences of ``articles``, by number."""

    def sentence(self, number: int) -> Sentence:
        """Return the sentence ``number``."""

    def is_code(self, number: int) -> bool:
        """Return whether sentence ``number`` is a line of code."""

    def sentence_text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""

    def load_texts(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """Return the texts of sentences by number; read at once if they are in order."""

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of all sentences in the paragraph of sentence ``number``."""

    def find_unsearched(self, wanted: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
