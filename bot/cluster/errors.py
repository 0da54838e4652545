"""The errors of a library on a cluster; each says which, what failed, and what helps."""

from bot.config.cluster_address import ClusterAddress
from bot.errors import BotError


class ClusterError(BotError):
    """Base of the errors of a cluster."""

    def __init__(self, address: ClusterAddress, fault: str) -> None:
        self.address: ClusterAddress = address
        self.fault: str = fault
        super().__init__(f"{address.name}: {fault}")


class ClusterUnreachable(ClusterError):
    """No node answers in time."""


class ClusterRefusal(ClusterError):
    """The cluster knows neither user nor key, or allows them too little."""


class ClusterBusy(ClusterError):
    """The cluster has no room for more requests at present."""


class PartialResult(ClusterError):
    """A part of the index did not answer, so that the rest could be a wrong answer."""


class NoSuchLibrary(ClusterError):
    """There is no index of this name."""


class ForeignIndex(ClusterError):
    """An index that this program, or this version of it, did not make."""


class PublishingFault(ClusterError):
    """The library cannot be put on the cluster."""


class TooManyArticles(ClusterError):
    """A filter that chooses more articles than one request can name."""


class WriteConflict(ClusterError):
    """A document that another process has changed meanwhile."""
