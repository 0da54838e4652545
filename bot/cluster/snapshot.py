"""One generation of a library on a cluster, as readers see it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from bot.articles.article import Article
from bot.articles.bounded_cache import BoundedCache
from bot.articles.sentence_spans import SentenceSpans
from bot.cluster.connection import ClusterConnection, Search
from bot.cluster.documents import ClusterListing, decode_article, decode_listing
from bot.cluster.errors import ForeignIndex, NoSuchLibrary, TooManyArticles
from bot.cluster.schema import PROGRAM, VERSION, index_name
from bot.cluster.state import STATE_ID, State, Totals
from bot.cluster.term_counts import NO_COUNTS, TermCounts, count_queries, read_counts
from bot.config.cluster_address import ClusterAddress
from bot.errors import LibraryReplaced

Query = Mapping[str, Any]

LISTING_FIELDS = ["article", "date", "listing", "sizes", "language"]
LISTINGS: Mapping[str, Any] = {"_source": LISTING_FIELDS, "sort": ["article"]}
# Documents of a page; more is a request of some megabytes. The cluster allows 10,000.
PAGE = 1_000
MAX_HITS = 10_000
# Articles that a filter may choose: the cluster's own limit (index.max_terms_count) is 65,536.
MAX_TERMS = 65_000
# Terms whose counts are asked for at once; of more, those that exist are looked up first.
MAX_COUNTED = 32
# More languages than there are tables for.
MAX_LANGUAGES = 500
# Counts in memory, and contents of articles.
MAX_COUNTS, MAX_ARTICLES = 100_000, 500


class ClusterSnapshot:
    """Reads one generation; each request looks whether it is still the current one.

    With ``filters``, queries on fields that sentences and articles share, only the articles that
    match them are there; where it ``is_whole``, also the versions that were replaced, of which the
    scores of the cluster know. Raises LibraryReplaced.
    """

    def __init__(
        self,
        connection: ClusterConnection,
        state: State,
        filters: Sequence[Query] = (),
        *,
        is_whole: bool = False,
    ) -> None:
        self._is_whole = is_whole
        self.connection: ClusterConnection = connection
        self.state: State = state
        self.filters: Sequence[Query] = filters
        self.totals: Totals = state.totals
        self.languages: Mapping[str, int] = state.languages
        self._identity = {"base": state.base, "generation": state.generation}
        self._counts = BoundedCache[str, TermCounts](MAX_COUNTS)
        self._articles = BoundedCache[int, tuple[Article, SentenceSpans]](MAX_ARTICLES)
        if is_whole:
            self.totals = state.indexed
        elif filters:
            self.totals = self.count_totals()
            self.languages = self.count_languages()
        else:
            self._counts.update({token: TermCounts(*n) for token, n in state.counts.items()})

    def only_articles(self, numbers: Sequence[int]) -> "ClusterSnapshot":
        """Return the snapshot of the articles with these ``numbers``. Raises ClusterError."""
        if len(numbers) <= MAX_TERMS:
            chosen: Query = {"terms": {"article": [*numbers]}}
        else:
            fault = f"{len(numbers):,} articles match; choose at most {MAX_TERMS:,}"
            raise TooManyArticles(self.connection.address, fault)
        snapshot = ClusterSnapshot(self.connection, self.state, [*self.filters, chosen])
        snapshot.whole = self.whole
        return snapshot

    @cached_property
    def whole(self) -> "ClusterSnapshot":
        """The snapshot of all that the indexes hold, by which the cluster scores."""
        if self._is_whole or not self.state.removed:
            return self
        return ClusterSnapshot(self.connection, self.state, is_whole=True)

    def search(self, searches: Sequence[Search]) -> list[Mapping[str, Any]]:
        """Return the results of searches in indexes, given by their kinds, of this generation."""
        query = {"ids": {"values": [STATE_ID]}}
        state = self.connection.address.index, {"query": query, "_source": ["base", "generation"]}
        named = [(index_name(self.state.base, kind), body) for kind, body in searches]
        *results, found = self.connection.search([*named, state])
        hits = found["hits"]["hits"]
        if not hits or hits[0]["_source"] != self._identity:
            raise LibraryReplaced(self.connection.address.name)
        return results

    def visible(self, *filters: Query) -> dict[str, Any]:
        """Return a query for the documents of this generation that match ``filters``."""
        return {"bool": {"filter": [*filters, *self.filters], "must_not": self.hidden_documents()}}

    def hidden_documents(self) -> list[Query]:
        """Return the queries for the documents that are not of this generation."""
        if self._is_whole:
            return []
        hidden: list[Query] = [{"range": {"from": {"gt": self.state.generation}}}]
        if self.state.removed:
            hidden.append({"terms": {"version": [*self.state.removed]}})
        return hidden

    def counts(self, tokens: Sequence[str]) -> dict[str, TermCounts]:
        """Return how often each of ``tokens`` occurs."""
        known = {token: self._counts.get(token) for token in tokens}
        unknown = [token for token, counts in known.items() if counts is None]
        if len(unknown) > MAX_COUNTED:
            existing = self._find_existing(unknown)
            new = dict.fromkeys(unknown, NO_COUNTS)
            unknown = [token for token in unknown if token in existing]
        else:
            new = {}
        new.update(self._count(unknown))
        self._counts.update(new)
        return {token: counts or new[token] for token, counts in known.items()}

    def _find_existing(self, tokens: Sequence[str]) -> set[str]:
        """Return those of ``tokens`` that a sentence may hold."""
        parts = [tokens[start : start + MAX_HITS] for start in range(0, len(tokens), MAX_HITS)]
        results = self.search(
            [("terms", {"size": len(part), "_source": False, "query": {"ids": {"values": part}}})
             for part in parts]
        )  # fmt: skip
        return {hit["_id"] for result in results for hit in result["hits"]["hits"]}

    def _count(self, tokens: Sequence[str]) -> dict[str, TermCounts]:
        """Return the counts of each of ``tokens``; those of the whole are asked for as well."""
        if not tokens:
            return {}
        snapshots = [*dict.fromkeys((self, self.whole))]
        queries = [q for each in snapshots for token in tokens for q in count_queries(each, token)]
        body = {"size": 0, "track_total_hits": True}
        results = self.search([("sentences", {**body, "query": query}) for query in queries])
        counts = [*read_counts(result["hits"]["total"]["value"] for result in results)]
        self.whole.remember_counts(dict(zip(tokens, counts[-len(tokens) :], strict=True)))
        return dict(zip(tokens, counts[: len(tokens)], strict=True))

    def remember_counts(self, counts: Mapping[str, TermCounts]) -> None:
        """Keep counts that another snapshot asked for."""
        self._counts.update(counts)

    def count_languages(self) -> dict[str, int]:
        """Return the code of each language with the number of articles in it."""
        languages = {"terms": {"field": "language", "size": MAX_LANGUAGES}}
        body = {"size": 0, "query": self.visible(), "aggs": {"languages": languages}}
        [result] = self.search([("articles", body)])
        buckets = result["aggregations"]["languages"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def count_totals(self) -> Totals:
        """Return the sizes of the articles that match the filters."""
        sums = {name: {"sum": {"field": name}} for name in ("length", "paragraph_length")}
        first = self.visible({"term": {"first": True}})
        sizes = {"size": 0, "track_total_hits": True}
        articles, sentences, paragraphs = self.search(
            [
                ("articles", {**sizes, "query": self.visible()}),
                ("sentences", {**sizes, "query": self.visible(), "aggs": sums}),
                ("sentences", {**sizes, "query": first, "aggs": sums}),
            ]
        )
        return Totals(
            articles=articles["hits"]["total"]["value"],
            sentences=sentences["hits"]["total"]["value"],
            paragraphs=paragraphs["hits"]["total"]["value"],
            sentence_terms=int(sentences["aggregations"]["length"]["value"]),
            paragraph_terms=int(paragraphs["aggregations"]["paragraph_length"]["value"]),
            repeated_terms=int(sentences["aggregations"]["paragraph_length"]["value"]),
        )

    def fetch_articles(self, numbers: Sequence[int]) -> dict[int, tuple[Article, SentenceSpans]]:
        """Return articles and the spans of their sentences by number."""
        known = {number: self._articles.get(number) for number in numbers}
        missing = [number for number, article in known.items() if article is None]
        searches: list[Search] = [
            ("articles",
             {"size": 1, "_source": [*LISTING_FIELDS, "content"],
              "query": self.visible({"term": {"article": number}})})
            for number in missing
        ]  # fmt: skip
        results = self.search(searches) if searches else []
        hits = [hit for result in results for hit in result["hits"]["hits"]]
        found = {hit["_source"]["article"]: decode_article(hit["_source"]) for hit in hits}
        if len(found) < len(missing):
            raise IndexError(f"no articles {sorted({*missing} - found.keys())}")
        self._articles.update(found)
        return {number: article or found[number] for number, article in known.items()}

    def fetch_listings(self, places: Sequence[range]) -> list[ClusterListing]:
        """Return the articles at ``places`` in the reading order, all below 10,000."""
        searches = [("articles", {**LISTINGS, "from": place.start, "size": len(place),
                                  "query": self.visible()}) for place in places]  # fmt: skip
        results = self.search(searches)
        hits = [hit for result in results for hit in result["hits"]["hits"]]
        return [decode_listing(hit["_source"]) for hit in hits]

    def fetch_spread(self, count: int) -> list[ClusterListing]:
        """Return ``count`` articles whose numbers are spread evenly, the first among them."""
        ends = [{**LISTINGS, "sort": [{"article": order}], "size": 1, "query": self.visible()}
                for order in ("asc", "desc")]  # fmt: skip
        results = self.search([("articles", body) for body in ends])
        first, last = (result["hits"]["hits"][0]["_source"]["article"] for result in results)
        numbers = [first + (last - first) * place // count for place in range(count)]
        queries = [self.visible({"range": {"article": {"gte": number}}}) for number in numbers]
        found = self.search([("articles", {**LISTINGS, "size": 1, "query": q}) for q in queries])
        return [decode_listing(result["hits"]["hits"][0]["_source"]) for result in found]

    def is_current(self) -> bool:
        """Return whether no other generation was published since. Raises ClusterError."""
        state = read_state(self.connection)
        return {"base": state.base, "generation": state.generation} == self._identity

    def find_articles(self, queries: Sequence[Query]) -> list[list[int]]:
        """Return the numbers of the articles that match each of ``queries``."""
        body = {"size": PAGE, "_source": ["article"], "sort": ["article"]}
        searches = [("articles", {**body, "query": self.visible(query)}) for query in queries]
        found = []
        for query, result in zip(queries, self.search(searches), strict=True):
            numbers = [hit["_source"]["article"] for hit in result["hits"]["hits"]]
            if len(numbers) == PAGE:
                later = self.scan([query], ["article"], after=numbers[-1])
                numbers += (document["article"] for document in later)
            found.append(numbers)
        return found

    def scan_articles(
        self, *filters: Query, after: int = -1, size: int = PAGE
    ) -> Iterator[ClusterListing]:
        """Yield the articles that match ``filters`` in reading order, those ``after`` a number."""
        for document in self.scan(filters, LISTING_FIELDS, after, size):
            yield decode_listing(document)

    def scan(
        self, filters: Sequence[Query], fields: Sequence[str], after: int = -1, size: int = PAGE
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the ``fields`` of the articles that match ``filters``, in reading order."""
        while True:
            later = {"range": {"article": {"gt": after}}}
            body = {"size": size, "_source": [*fields], "sort": ["article"],
                    "query": self.visible(*filters, later)}  # fmt: skip
            [result] = self.search([("articles", body)])
            hits = result["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < size:
                return
            after = hits[-1]["sort"][0]


def read_state(connection: ClusterConnection) -> State:
    """Return the state of the library. Raises NoSuchLibrary and ForeignIndex."""
    address = connection.address
    document = connection.get(address.index, STATE_ID)
    if document is None or not document.get("found"):
        raise NoSuchLibrary(address, publish_hint(address, "no library there"))
    if document["_source"].get("program") != PROGRAM:
        raise ForeignIndex(address, "that index is not one of bot's; choose another name")
    if document["_source"].get("version") != VERSION:
        hint = publish_hint(address, "another version of bot made it")
        raise ForeignIndex(address, hint)
    return State.from_document(document)


def publish_hint(address: ClusterAddress, fault: str) -> str:
    """Return ``fault`` with the command that helps."""
    command = f"bot index --engine {address.hosts()[0]} --index {address.index} PATH"
    return f"{fault}; to put one there, run: {command}"


def open_snapshot(connection: ClusterConnection) -> ClusterSnapshot:
    """Return the current generation. Raises ClusterError."""
    state = read_state(connection)
    if not state.base:
        fault = "it was never published to the end; run the same bot index again"
        raise NoSuchLibrary(connection.address, fault)
    return ClusterSnapshot(connection, state)
