"""Generations as a publisher sees them: with what is not current yet, or no longer."""

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from bot.cluster.bulk import delete, send_bulk
from bot.cluster.claim import require_own
from bot.cluster.connection import ClusterConnection, Search
from bot.cluster.documents import decode_listing
from bot.cluster.errors import NoSuchLibrary
from bot.cluster.plan import PublishedArticle
from bot.cluster.schema import KINDS, VERSION, encode_token, index_body, index_name
from bot.cluster.snapshot import LISTING_FIELDS, PAGE, ClusterSnapshot
from bot.cluster.state import State, Totals
from bot.language.terms import STEMS, STOP_WORDS

# Seconds after which copies that are not being made will not be: the cluster has too few nodes.
SETTLING = 3.0
# Terms that are counted at once.
MAX_COUNTED = 16


class Generation(ClusterSnapshot):
    """The generation of ``base`` that a publisher begins from: 0 in new indexes.

    Unlike readers it does not look whether the state names it.
    """

    def __init__(
        self, connection: ClusterConnection, base: str, state: State, *, is_whole: bool = False
    ) -> None:
        super().__init__(connection, state, is_whole=is_whole)
        self.base: str = base
        self.next: int = state.generation + 1

    def search(self, searches: Sequence[Search]) -> list[Mapping[str, Any]]:
        """Return the results of searches in indexes, given by their kinds."""
        return self.connection.search(
            [(index_name(self.base, kind), body) for kind, body in searches]
        )

    def refresh(self) -> None:
        """Make all that was written searchable."""
        names = ",".join(index_name(self.base, kind) for kind in KINDS)
        self.connection.send("POST", f"/{names}/_refresh")

    def published_articles(self) -> tuple[list[PublishedArticle], list[PublishedArticle]]:
        """Return the articles that readers see, and those that are complete for the next."""
        fields = [*LISTING_FIELDS, "version", "from", "digest"]
        current, pending = [], []
        for document in self._scan_all("articles", fields, {"match_all": {}}):
            listing = decode_listing(document)
            article = PublishedArticle(
                listing.source,
                document["digest"],
                listing.number,
                document["version"],
                document["from"],
                Totals(*document["sizes"]),
            )
            if article.generation > self.state.generation:
                pending.append(article)
            elif article.version not in self.state.removed:
                current.append(article)
        return current, pending

    def delete_leftovers(self, complete: Iterable[PublishedArticle], grace: float) -> set[str]:
        """Delete what no reader sees: of a publication that did not end, and versions replaced.

        Those that are ``complete``, or were replaced within ``grace`` seconds, stay. Return the
        replaced versions that are deleted.
        """
        kept = {article.version for article in complete}
        old = [v for v, at in self.state.removed.items() if time.time() - at >= grace]
        queries: list[Mapping[str, Any]] = [{"range": {"from": {"gt": self.state.generation}}}]
        if old:
            queries.append({"terms": {"version": old}})
        for query in queries:
            for kind in ("sentences", "articles"):
                self._delete(kind, query, kept)
        return set(old)

    def move_to(self, state: State) -> "Generation":
        """Return the generation of ``state`` in the same indexes; no count is known of it."""
        return Generation(self.connection, self.base, replace(state, counts={}))

    def with_replaced(self) -> "Generation":
        """Return the same with the versions that were replaced, which the indexes still hold."""
        return Generation(self.connection, self.base, self.state, is_whole=True)

    def count_frequent(self) -> dict[str, tuple[int, int, int]]:
        """Return the counts of the terms that most questions have."""
        tokens = sorted({encode_token(term) for word in STOP_WORDS if (term := STEMS[word])})
        counts = {}
        for start in range(0, len(tokens), MAX_COUNTED):
            counts.update(self.counts(tokens[start : start + MAX_COUNTED]))
        return {
            token: (each.sentences, each.paragraphs, each.around) for token, each in counts.items()
        }

    def _delete(self, kind: str, query: Mapping[str, Any], kept: set[str]) -> None:
        """Delete the documents of ``kind`` that match ``query``, but for versions ``kept``."""
        index = index_name(self.base, kind)
        fields = ["version", "row"]
        actions = []
        for document in self._scan_all(kind, fields, query):
            version, row = document["version"], document.get("row")
            if version not in kept:
                identity = version if row is None else f"{version}-{row}"
                actions.append(delete(index, identity))
            if len(actions) == PAGE:
                send_bulk(self.connection, actions)
                actions = []
        if actions:
            send_bulk(self.connection, actions)

    def _scan_all(
        self, kind: str, fields: Sequence[str], query: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the ``fields`` of all documents of ``kind`` that match ``query``."""
        order = ["article", "from"] if kind == "articles" else ["article", "from", "row"]
        body: dict[str, Any] = {
            "size": PAGE, "_source": [*fields], "sort": order, "query": query,
        }  # fmt: skip
        while True:
            [result] = self.search([(kind, body)])
            hits = result["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]


def next_base(name: str, state: State) -> str:
    """Return the name of new indexes.

    >>> next_base("news", State(base="news-3"))
    'news-4'
    """
    numbers = [
        int(match[1])
        for base in (state.base, state.building)
        if (match := re.fullmatch(rf"{re.escape(name)}-(\d+)", base))
    ]
    return f"{name}-{max(numbers, default=0) + 1}"


def has_version(connection: ClusterConnection, state: State) -> bool:
    """Return whether the indexes of ``state`` are there, and of this version."""
    if not state.base or state.version != VERSION:
        return False
    names = ",".join(index_name(state.base, kind) for kind in KINDS)
    try:
        indexes = connection.send("GET", f"/{names}/_mapping")
    except NoSuchLibrary:
        return False
    require_own(connection, indexes)
    return all(each["mappings"]["_meta"].get("version") == VERSION for each in indexes.values())


def create_indexes(connection: ClusterConnection, base: str, shards: int, spread: float) -> None:
    """Create the indexes of ``base`` without copies: those are made when they are full."""
    delete_indexes(connection, base)
    for kind in KINDS:
        body = index_body(kind, shards, 0, spread)
        connection.send("PUT", f"/{index_name(base, kind)}", body)


def read_spread(connection: ClusterConnection, base: str) -> float:
    """Return the spread that the indexes of ``base`` were created with."""
    name = index_name(base, "sentences")
    index = connection.send("GET", f"/{name}/_mapping")
    return float(index[name]["mappings"]["_meta"]["spread"])


def finish_indexes(connection: ClusterConnection, base: str, replicas: int) -> None:
    """Have ``replicas`` copies of the indexes of ``base`` made; waits for as many as can be."""
    names = ",".join(index_name(base, kind) for kind in KINDS)
    body = {"index": {"number_of_replicas": replicas}}
    connection.send("PUT", f"/{names}/_settings", body)
    start = time.monotonic()
    while True:
        health = connection.send("GET", f"/_cluster/health/{names}")
        is_settled = not health["initializing_shards"] and time.monotonic() - start > SETTLING
        if health["status"] == "green" or is_settled:
            return
        time.sleep(SETTLING / 10)


def delete_indexes(connection: ClusterConnection, base: str) -> None:
    """Delete the indexes of ``base``, if this program made them."""
    for kind in KINDS:
        name = index_name(base, kind)
        with suppress(NoSuchLibrary):
            require_own(connection, connection.send("GET", f"/{name}"))
            connection.send("DELETE", f"/{name}")
