"""A retriever of a library on a cluster, which follows it from one generation to the next."""

from collections.abc import Callable
from functools import partial
from os import PathLike
from threading import Lock
from typing import NoReturn, Self, TypeVar, cast

from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.cluster.connection import ClusterConnection
from bot.cluster.engine import ClusterEngine
from bot.cluster.library import ClusterLibrary
from bot.cluster.snapshot import ClusterSnapshot, open_snapshot
from bot.config.cluster_address import ClusterAddress
from bot.errors import LibraryReplaced
from bot.reranking.reranker import Reranker
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.arguments import Where
from bot.retrieval.given_synonyms import Synonyms
from bot.retrieval.retriever import Retriever

Result = TypeVar("Result")

CHANGED_BY = "a library on a cluster is changed with: bot index --engine URL --index NAME PATH"
# Times that a question is asked again because the library was replaced meanwhile.
MAX_MOVES = 10


class GenerationRetriever(Retriever):
    """A retriever of one generation. Raises LibraryReplaced once there is another."""

    def __init__(
        self,
        snapshot: ClusterSnapshot,
        min_confidence: float | None = None,
        reranker: Reranker | None = None,
        language: str | None = None,
    ) -> None:
        self.snapshot = snapshot
        engine = ClusterEngine(snapshot)
        # It has all that answering needs (SearchedLibrary), and is not edited or saved from here.
        library = cast(Library, ClusterLibrary(snapshot, engine))
        super().__init__(
            library,
            engine=engine,
            min_confidence=min_confidence,
            reranker=reranker,
            language=language,
        )

    @property
    def _copy(self) -> partial[Self]:
        return partial(
            type(self),
            self.snapshot,
            min_confidence=self.min_confidence,
            reranker=self.reranker,
            language=self.language,
        )

    def select_rows(self, rows: tuple[int, ...]) -> Retriever:
        """Return a retriever of the articles with these numbers, as if these were all."""

        def build() -> Retriever:
            return GenerationRetriever(
                self.snapshot.only_articles(rows), self.min_confidence, self.reranker, self.language
            )

        return self.subsets.get(rows, build)

    def edit(self, edit: Edit) -> NoReturn:
        """Raise ValueError: it is changed where it is published from."""
        raise ValueError(f"{CHANGED_BY} ({edit})")

    def save(self, folder: str | PathLike[str]) -> NoReturn:
        """Raise ValueError: it is saved where it is published from."""
        raise ValueError(f"{CHANGED_BY} ({folder})")

    def refresh(self) -> Self:
        """Return this retriever, which follows the library by itself."""
        return self

    def __reduce__(self) -> NoReturn:
        """Raise TypeError: connections are not pickled."""
        raise TypeError("a retriever on a cluster is not pickled; open it in each process")


class ClusterRetriever(GenerationRetriever):
    """Asks the current generation; a question that it ends under is asked again of the next."""

    def __init__(
        self,
        snapshot: ClusterSnapshot,
        min_confidence: float | None = None,
        reranker: Reranker | None = None,
        language: str | None = None,
    ) -> None:
        self._lock = Lock()
        self._follow(snapshot, min_confidence, reranker, language)

    def _follow(
        self,
        snapshot: ClusterSnapshot,
        min_confidence: float | None,
        reranker: Reranker | None,
        language: str | None,
    ) -> None:
        self._now = GenerationRetriever(snapshot, min_confidence, reranker, language)
        super().__init__(snapshot, min_confidence, reranker, language)

    def on_snapshot(self, ask: Callable[[Retriever], Result]) -> Result:
        """Return the result of ``ask`` for the current generation."""
        for _ in range(MAX_MOVES):
            now = self._now
            try:
                return ask(now)
            except LibraryReplaced:
                self._move_on(now)
        return ask(self._now)

    def reconnect(self) -> "ClusterRetriever":
        """Return a retriever of the same library with connections of its own; sends nothing."""
        connection = ClusterConnection(self.snapshot.connection.address)
        snapshot = ClusterSnapshot(connection, self.snapshot.state)
        return ClusterRetriever(snapshot, self.min_confidence, self.reranker, self.language)

    def refresh(self) -> Self:
        """Return this retriever, which asks the current generation from now on."""
        now = self._now
        if not now.snapshot.is_current():
            self._move_on(now)
        return self

    def _move_on(self, before: Retriever) -> None:
        """Take the current generation, unless another thread has done so since ``before``."""
        with self._lock:
            if self._now is before:
                snapshot = open_snapshot(self.snapshot.connection)
                self._follow(snapshot, self.min_confidence, self.reranker, self.language)

    def select_rows(self, rows: tuple[int, ...]) -> Retriever:
        """Return a retriever of articles of the current generation, by number."""
        return self.on_snapshot(lambda snapshot: snapshot.select_rows(rows))

    def select(self, where: Where) -> Retriever:
        """Return a retriever of those articles of the current generation that ``where`` chooses."""
        return self.on_snapshot(lambda snapshot: snapshot.select(where))

    def search(
        self,
        text: str,
        limit: int = 5,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, whatever their confidence."""
        return self.on_snapshot(lambda snapshot: snapshot.search(text, limit, where, synonyms))

    def ask(
        self,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return at most ``limit`` answers, best first, or the reason for silence."""
        return self.on_snapshot(lambda snapshot: snapshot.ask(text, limit, where, synonyms))


def follow_cluster(address: ClusterAddress) -> ClusterRetriever:
    """Return a retriever of the library at ``address``. Raises ClusterError."""
    return ClusterRetriever(open_snapshot(ClusterConnection(address)))
