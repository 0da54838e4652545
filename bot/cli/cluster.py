"""The library on a cluster that a command uses, as the options and the config file name it."""

from pathlib import Path
from typing import cast

from bot.articles.library import Library
from bot.cli.output import Output
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, publish
from bot.config.cluster_address import ClusterAddress, InvalidAddress, build_address
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.render.library import describe_library
from bot.retrieval.cluster_retriever import ClusterRetriever, follow_cluster
from bot.retrieval.retriever import Retriever
from bot.retrieval.user_settings import apply_settings


def cluster_address(settings: Settings) -> ClusterAddress:
    """Return the address in ``settings``. Raises InvalidAddress."""
    if not settings.index:
        raise InvalidAddress("which library of the cluster? Name it: --index NAME")
    ca = Path(settings.ca).expanduser() if settings.ca else None
    return build_address(settings.engine, settings.index, ca, settings.timeout)


def cluster_source(paths: tuple[Path, ...], settings: Settings) -> LibrarySource:
    """Return the library on a cluster as a source. Raises InvalidAddress."""
    if paths:
        raise InvalidAddress(
            f"{paths[0]} and a cluster: search either; bot index --engine puts articles there"
        )
    return LibrarySource((), Origin.GIVEN, cluster_address(settings).name)


def open_cluster(paths: tuple[Path, ...], settings: Settings, output: Output) -> ClusterRetriever:
    """Return the retriever of a library on a cluster; print which."""
    source = cluster_source(paths, settings)
    retriever = follow_cluster(cluster_address(settings))
    retriever = cast(ClusterRetriever, apply_settings(retriever, settings))
    output.note(describe_library(source, retriever.library))
    return retriever


def publish_and_open(settings: Settings, library: Library) -> Retriever:
    """Return a retriever of ``library``, which is put on the cluster for it."""
    address = cluster_address(settings)
    publish(ClusterConnection(address), library, PublishingOptions())
    return follow_cluster(address)
