"""Batches of articles on their way to a cluster."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from bot.cluster.bulk import Action, send_bulk, write
from bot.cluster.connection import ClusterConnection
from bot.cluster.documents import ArticleDocuments
from bot.cluster.schema import index_name

# Batches that are on their way at a time, and characters of text in each.
MAX_REQUESTS, BATCH_SIZE = 4, 1_000_000


class BatchWriter:
    """Sends batches of articles, several at a time; an article's own document after the rest."""

    def __init__(self, connection: ClusterConnection, base: str) -> None:
        self._connection, self._base = connection, base
        self._threads = ThreadPoolExecutor(MAX_REQUESTS)
        self._waiting = deque[Future[None]]()
        self._tokens: set[str] = set()

    def write(self, batch: Sequence[ArticleDocuments]) -> None:
        """Send a batch; waits while too many are on their way. Raises the error of any."""
        new = frozenset().union(*(documents.tokens for documents in batch)) - self._tokens
        self._tokens |= new
        sentences, articles, terms = (
            index_name(self._base, kind) for kind in ("sentences", "articles", "terms")
        )
        first = [
            *(write(terms, token, {}) for token in new),
            *(
                write(sentences, identity, document)
                for documents in batch
                for identity, document in documents.sentences.items()
            ),
        ]
        last = [write(articles, each.article["version"], each.article) for each in batch]
        self._waiting.append(self._threads.submit(self._send, first, last))
        while len(self._waiting) > MAX_REQUESTS:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Wait for all batches. Raises the error of any."""
        while self._waiting:
            self._waiting.popleft().result()
        self._threads.shutdown()

    def _send(self, first: Sequence[Action], last: Sequence[Action]) -> None:
        send_bulk(self._connection, first)
        send_bulk(self._connection, last)


def split_batches(
    articles: Iterable[ArticleDocuments], batch_size: int
) -> Iterator[list[ArticleDocuments]]:
    """Yield articles in batches of ``batch_size`` characters."""
    batch: list[ArticleDocuments] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.article["content"]["text"])
        if size > batch_size:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
