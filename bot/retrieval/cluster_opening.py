"""The opening of a library on a cluster, as a method of a retriever."""

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.config.cluster_limits import TIMEOUT, TRIES
from bot.lazy import lazy_function
from bot.retrieval.coroutines import Coroutines

if TYPE_CHECKING:
    from bot.config.cluster_address import ClusterAddress
    from bot.retrieval.retriever import Retriever

Result = TypeVar("Result")

build_address: Callable[..., "ClusterAddress"] = lazy_function(
    "bot.config.cluster_address", "build_address"
)
# The client of the cluster is an extra.
follow_cluster: Callable[["ClusterAddress"], "Retriever"] = lazy_function(
    "bot.retrieval.cluster_retriever", "follow_cluster"
)


class ClusterOpening(Coroutines):
    """``from_cluster`` and what it needs, for the class that has them."""

    @classmethod
    def from_cluster(
        cls,
        urls: str | Sequence[str],
        *,
        index: str,
        ca: str | PathLike[str] | None = None,
        timeout: float = TIMEOUT,
        tries: int = TRIES,
    ) -> "Retriever":
        """Return a retriever of a library on a cluster; ``bot index --engine`` puts one there.

        ``urls`` are those of one or several nodes. User and password, or a key, are read from the
        environment: BOT_ENGINE_USER and BOT_ENGINE_PASSWORD, or BOT_ENGINE_KEY. ``ca`` is a file of
        certificates to trust. A request is tried up to ``tries`` times, ``timeout`` seconds each.
        What is published later is searched from the next question on. Raises BotError:
        InvalidAddress, MissingExtra, or the ClusterError that says what the cluster lacks.

        >>> import bot
        >>> bot.Retriever.from_cluster("search.example.org", index="news")
        Traceback (most recent call last):
        bot.config.cluster_address.InvalidAddress: a cluster's address looks like https://host:9200
        """
        nodes = (urls,) if isinstance(urls, str) else tuple(urls)
        return follow_cluster(build_address(nodes, index, Path(ca) if ca else None, timeout, tries))

    def on_snapshot(self, ask: Callable[[Any], Result]) -> Result:
        """Return the result of ``ask`` for a retriever of a library that stays as it is.

        >>> import bot
        >>> retriever = bot.Retriever.from_texts(["It rained."])
        >>> retriever.on_snapshot(lambda snapshot: len(snapshot.library))
        1
        """
        return ask(self)
