"""Open the library that a command searches: progress, warnings and errors as a user sees them."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bot.articles.files import File
from bot.cli.output import Output
from bot.cli.progress import ProgressBar
from bot.config.paths import LibrarySource, Origin, choose_source, config_file
from bot.config.settings import Settings
from bot.errors import DamagedCache, NothingToRead
from bot.language.analysis import Analysis
from bot.lazy import lazy_function
from bot.render.library import describe_library
from bot.repl.signals import raise_on_interrupt
from bot.retrieval.answer import Reply
from bot.retrieval.retriever import Retriever
from bot.retrieval.user_settings import apply_settings
from bot.storage.cache import open_library
from bot.storage.folders import default_cache
from bot.storage.opened_library import OpenedLibrary
from bot.storage.options import OpenOptions

if TYPE_CHECKING:
    from bot.retrieval.cluster_retriever import ClusterRetriever
    from bot.storage.ingest import IngestedBatch

INTERRUPTED = "Interrupted; progress is saved. Run the same command to continue."


def ingest_on_all_processors(
    files: Iterable[Sequence[File]], analysis: Analysis
) -> Iterator["IngestedBatch"]:
    """Read batches of files in several processes."""
    # 20 ms, for runs that find files to read.
    parallel = import_module("bot.storage.parallel")
    batches: Iterator[IngestedBatch] = parallel.ingest_in_parallel(files, analysis)
    return batches


def open_source(
    source: LibrarySource,
    output: Output,
    *,
    wait: bool = False,
    rebuild: bool = False,
    read_only: bool = False,
) -> OpenedLibrary:
    """Open the library of ``source``; print progress, and a warning for each unreadable file.

    Raises NothingToRead if there is no article.
    """
    progress = ProgressBar()
    options = OpenOptions(
        ingest_on_all_processors,
        partial(progress.print_above, output.warn),
        progress,
        wait=wait,
        read_only=read_only,
        inform=partial(progress.print_above, output.note),
    )
    try:
        with raise_on_interrupt(), closing(progress):
            opened = open_library(source.paths, default_cache(), options, rebuild=rebuild)
    except KeyboardInterrupt:
        if progress.files_read and default_cache() and not read_only:
            output.note(INTERRUPTED)
        raise
    check_articles(source, opened, output)
    # See bot.cli.run. What is there by now stays until the end; to look through it takes 20 ms.
    gc.freeze()
    gc.enable()
    return opened


def check_articles(source: LibrarySource, opened: OpenedLibrary, output: Output) -> None:
    """Print a warning for each unreadable file; raise NothingToRead if there is no article."""
    library, paths = opened.library, tuple(map(str, source.paths))
    if library.articles:
        for fault in library.skipped:
            output.warn(str(fault))
        return
    if source.origin is Origin.CONFIG:
        output.warn(f"the library is set in {config_file()}")
    raise NothingToRead(paths, library.skipped)


def open_retriever(paths: tuple[Path, ...], settings: Settings, output: Output) -> Retriever:
    """Return the retriever of a command; print which articles it searches if no path was given."""
    source = choose_source(paths, settings.library)
    opened = open_source(source, output)
    if not paths:
        output.note(describe_library(source, opened.library))
    return apply_settings(Retriever(opened.library, engine=opened.engine), settings)


# Half a second, for the client of the cluster, which is an extra.
open_cluster: Callable[[tuple[Path, ...], Settings, Output], "ClusterRetriever"] = lazy_function(
    "bot.cli.cluster", "open_cluster"
)


class LibraryAsker:
    """Asks the library of a command; it is opened again where its cache is found damaged."""

    def __init__(self, paths: tuple[Path, ...], settings: Settings, output: Output) -> None:
        opener = open_cluster if settings.engine else open_retriever
        self._open: Callable[[], Retriever] = partial(opener, paths, settings, output)
        self._limit = settings.limit
        self.retriever: Retriever = self._open()

    def ask(self, question: str) -> Reply:
        """Return the reply to ``question``. Raises DamagedCache if rebuilding did not help."""
        try:
            return self.retriever.ask(question, self._limit)
        except DamagedCache:  # an article is verified when it is fetched; a warning follows
            self.retriever = self._open()
        return self.retriever.ask(question, self._limit)
