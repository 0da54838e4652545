"""The library of a conversation on a cluster, and whether it has been replaced since."""

from pathlib import Path

from bot.cluster.connection import ClusterConnection
from bot.cluster.snapshot import ClusterSnapshot, open_snapshot
from bot.config.cluster_address import ClusterAddress, build_address
from bot.config.settings import Settings
from bot.retrieval.cluster_retriever import GenerationRetriever
from bot.retrieval.retriever import Retriever


class ClusterWatcher:
    """The library at an address, opened again for each generation."""

    def __init__(self, address: ClusterAddress) -> None:
        self._connection = ClusterConnection(address)
        self._snapshot: ClusterSnapshot | None = None

    def load(self) -> Retriever:
        """Return a retriever of the current generation. Raises ClusterError."""
        self._snapshot = open_snapshot(self._connection)
        return GenerationRetriever(self._snapshot)

    def has_changed(self) -> bool:
        """Return whether there is another generation since ``load``."""
        return not (self._snapshot and self._snapshot.is_current())

    def cancel(self) -> None:
        """Do nothing: a request ends by itself."""


def watch_cluster(settings: Settings) -> ClusterWatcher:
    """Return the watcher of the library that ``settings`` name. Raises InvalidAddress."""
    ca = Path(settings.ca).expanduser() if settings.ca else None
    return ClusterWatcher(build_address(settings.engine, settings.index, ca, settings.timeout))
