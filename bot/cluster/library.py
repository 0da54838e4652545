"""A library on a cluster: what a hit brought is not fetched again, the rest when it is used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Self

from bot.articles.article import Article, Title
from bot.articles.sentence_spans import Sentence, SentenceSpans
from bot.cluster.documents import (
    MAX_ROWS,
    ROW_BITS,
    ClusterListing,
    SentenceContext,
    build_context,
)
from bot.cluster.engine import ClusterEngine
from bot.cluster.hit_cache import ArticleFacts
from bot.cluster.schema import decode_text, encode_token
from bot.cluster.snapshot import MAX_HITS, PAGE, ClusterSnapshot
from bot.errors import UnreadableFile
from bot.language.analysis import DEFAULT_ANALYZER, Analysis

# Articles that are fetched at once where all are read.
BATCH = 50


class ClusterArticles:
    """The articles of a snapshot by number, each fetched when it is used; in reading order."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self._snapshot = snapshot

    def __len__(self) -> int:
        return self._snapshot.totals.articles

    def __getitem__(self, number: int) -> Article:
        return self._snapshot.fetch_articles([number])[number][0]

    def __iter__(self) -> Iterator[Article]:
        return (article for article, _ in self.contents())

    def contents(self) -> Iterator[tuple[Article, SentenceSpans]]:
        """Yield each article with the places of its sentences."""
        numbers = (listing.number for listing in self._snapshot.scan_articles())
        while some := [*islice(numbers, BATCH)]:
            yield from self._snapshot.fetch_articles(some).values()


class ClusterListings(Sequence[ClusterListing]):
    """The articles of a snapshot without their texts, by place in the reading order."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self._snapshot = snapshot

    def __len__(self) -> int:
        return self._snapshot.totals.articles

    def __iter__(self) -> Iterator[ClusterListing]:
        yield from self._first
        if len(self._first) == PAGE:
            yield from self._snapshot.scan_articles(after=self._first[-1].number)

    @cached_property
    def _first(self) -> Sequence[ClusterListing]:
        """The first page, which is kept: a prompt completes names from it at each key."""
        return [*islice(self._snapshot.scan_articles(), PAGE)]

    def __getitem__(self, place: Any) -> Any:
        """Return the listing at ``place``, or those of a slice.

        The first 10,000 are fetched at once, for a later one those before it are read.
        """
        places = range(len(self))[place]
        if isinstance(places, int):
            [listing] = self[places : places + 1]
            return listing
        if places.stop <= MAX_HITS:
            return self._snapshot.fetch_listings([places]) if places else []
        return [*islice(self, places.start, places.stop)]


class ClusterLibrary:
    """The articles and sentences of one generation; numbers ascend in reading order.

    The number of a sentence is that of its article times 2**20, plus its row in the article.
    """

    analysis: Analysis = DEFAULT_ANALYZER
    origin: object = None  # it is not opened again, but followed
    skipped: tuple[UnreadableFile, ...] = ()
    ignored = 0

    def __init__(self, snapshot: ClusterSnapshot, engine: ClusterEngine) -> None:
        self.snapshot: ClusterSnapshot = snapshot
        self._found = engine.found
        self.articles: ClusterArticles = ClusterArticles(snapshot)
        self.listings: ClusterListings = ClusterListings(snapshot)

    @property
    def language_counts(self) -> Mapping[str, int]:
        """The code of each language → the number of articles in it."""
        return self.snapshot.languages

    def analysis_of(self, article: int) -> Analysis:
        """Return the analysis of the texts of an article, which is that of its language."""
        return self.analysis.in_language(self._facts(article).language)

    def analysis_at(self, number: int) -> Analysis:
        """Return the analysis of the article that has sentence ``number``."""
        return self.analysis_of(self.article_number(number))

    @property
    def content_versions(self) -> Mapping[str, str]:
        """The source of each article → the digest of its content."""
        documents = self.snapshot.scan([], ["listing", "digest"])
        return {decode_text(each["listing"][1]): each["digest"] for each in documents}

    def count_changes(self, before: Self) -> dict[str, int]:
        """Return how many articles are "changed", "added" and "removed" since ``before``.

        After several publications only the number "in all" is known.
        """
        old, new = before.snapshot.state, self.snapshot.state
        if (old.base, old.generation) == (new.base, new.generation):
            return {}
        if (old.base, old.generation + 1) == (new.base, new.generation):
            return {name: new.changes[name] for name in ("changed", "added", "removed")}
        return {"in all": len(self)}

    @property
    def sentence_count(self) -> int:
        """The number of sentences."""
        return self.snapshot.totals.sentences

    def __len__(self) -> int:
        """Return the number of articles."""
        return self.snapshot.totals.articles

    def __iter__(self) -> Iterator[Article]:
        """Yield the articles in reading order."""
        return iter(self.articles)

    def __contains__(self, article_id: object) -> bool:
        """Return whether there is an article with this id."""
        return isinstance(article_id, str | int) and self.get(article_id) is not None

    def __getitem__(self, article_id: str | int) -> Article:
        """Return the article with an id. Raises KeyError."""
        article = self.get(article_id)
        if article is None:
            raise KeyError(article_id)
        return article

    def get(self, article_id: str | int) -> Article | None:
        """Return the article with an id, None if there is none."""
        # The id of a record is its source, too, and that of an article read from a file.
        return next((self.articles[number] for number in self.find_source(str(article_id))), None)

    def numbered_listings(self) -> Iterator[tuple[int, ClusterListing]]:
        """Yield the number of each article with its listing, in reading order."""
        for listing in self.listings:
            self._remember([listing])
            yield listing.number, listing

    def load_page(self, place: int, count: int) -> list[tuple[int, ClusterListing]]:
        """Return up to ``count`` articles with their numbers, from a place in reading order on."""
        page: list[ClusterListing] = self.listings[place : place + count]
        self._remember(page)
        return [(listing.number, listing) for listing in page]

    def sample_listings(self, count: int) -> list[ClusterListing]:
        """Return ``count`` listings, or all of fewer, spread over the reading order.

        Of more than 10,000 articles, their numbers are spread, which were given evenly at first.
        """
        total = len(self)
        count = min(count, total)
        if total > MAX_HITS:
            return self.snapshot.fetch_spread(count)
        places = [row * total // count for row in range(count)]
        return self.snapshot.fetch_listings([range(place, place + 1) for place in places])

    def load_listings(self, numbers: Sequence[int]) -> list[ClusterListing]:
        """Return the listings of articles by number, in order."""
        found = {
            listing.number: listing
            for listing in self.snapshot.scan_articles({"terms": {"article": [*numbers]}})
        }
        self._remember(found.values())
        return [found[number] for number in numbers]

    def find_source(self, source: str) -> list[int]:
        """Return the numbers of the articles from ``source``."""
        [numbers] = self.snapshot.find_articles([{"term": {"source": encode_token(source)}}])
        return numbers

    def load_articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Return articles by number, fetched in one request."""
        found = self.snapshot.fetch_articles([*dict.fromkeys(numbers)])
        return {number: article for number, (article, _) in found.items()}

    def article_number(self, number: int) -> int:
        """Return the number of the article that has sentence ``number``."""
        return number >> ROW_BITS

    def article_numbers(self, numbers: Sequence[int]) -> list[int]:
        """Return the number of the article of each of some sentences."""
        return [number >> ROW_BITS for number in numbers]

    def sentence(self, number: int) -> Sentence:
        """Return the sentence ``number``. Raises IndexError."""
        found = self._context(number)
        return Sentence(number, number >> ROW_BITS, found.block, found.start, found.end)

    def title(self, article: int) -> str:
        """Return the title of article number ``article``."""
        return self._facts(article).title

    def load_titles(self, articles: Sequence[int]) -> list[Title]:
        """Return the titles of articles by number, with their languages."""
        return [Title(each.title, each.language) for each in map(self._facts, articles)]

    def prefetch(self, articles: Sequence[int]) -> None:
        """Read nothing: the hits have come with the text around them."""

    def is_code(self, number: int) -> bool:
        """Return whether sentence ``number`` is a line of code."""
        return self._context(number).code

    def sentence_text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""
        text = self._found.texts.get(number)
        if text is None:
            context = self._context(number)
            text = context.texts[number % MAX_ROWS - context.low]
        return text

    def load_texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of sentences by number."""
        return {number: self.sentence_text(number) for number in numbers}

    def count_sentences(self, articles: Sequence[int]) -> int:
        """Return the number of sentences of ``articles``, by number."""
        return self.snapshot.only_articles(articles).totals.sentences

    def sentence_numbers(self, article: int) -> range:
        """Return the numbers of the sentences of article number ``article``."""
        first = article << ROW_BITS
        return range(first, first + self._facts(article).size)

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order; all articles are fetched for it."""
        for article, spans in self.articles.contents():
            for start, end in zip(spans.starts, spans.ends, strict=True):
                yield article.text[start:end]

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        number = 0
        for _, spans in self.articles.contents():
            for rows in spans.paragraphs():
                yield from [number] * len(rows)
                number += 1

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of all sentences in the paragraph of sentence ``number``."""
        rows, first = self._context(number).paragraph, number - number % MAX_ROWS
        return range(first + rows.start, first + rows.stop)

    def find_unsearched(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
        terms = [*wanted]
        queries = [{"term": {"unsearched": encode_token(term)}} for term in terms]
        found = zip(terms, self.snapshot.find_articles(queries), strict=True)
        return {term: articles for term, articles in found if articles}

    def _remember(self, listings: Iterable[ClusterListing]) -> None:
        self._found.facts.update(
            {a.number: ArticleFacts(a.title, a.sentences, a.language) for a in listings}
        )

    def _context(self, number: int) -> SentenceContext:
        """Return a sentence with the text around it. Raises IndexError."""
        if context := self._found.contexts.get(number):
            return context
        article, row = number >> ROW_BITS, number % MAX_ROWS
        text, spans = self.snapshot.fetch_articles([article])[article]
        if row >= len(spans):
            raise IndexError(f"no sentence {number} in the library")
        return build_context(text, spans, row, spans.paragraph_rows(row))

    def _facts(self, article: int) -> ArticleFacts:
        """Return the title, number of sentences and language of an article."""
        if facts := self._found.facts.get(article):
            return facts
        text, spans = self.snapshot.fetch_articles([article])[article]
        return ArticleFacts(text.title, len(spans), spans.language)
