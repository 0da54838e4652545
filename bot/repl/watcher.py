"""The library of a conversation: how it is read, and whether its files have changed since."""

from collections.abc import Callable, Sequence
from multiprocessing import active_children
from pathlib import Path

from bot.errors import NothingToRead
from bot.repl.progress import ReadingProgress
from bot.retrieval.retriever import Retriever
from bot.storage.cache import open_library
from bot.storage.folders import default_cache
from bot.storage.options import OpenOptions
from bot.storage.origin import FilesOrigin
from bot.storage.parallel import ingest_in_parallel


class LibraryWatcher:
    """The articles at ``paths``; ``announce`` gets lines about them, each warning once."""

    def __init__(
        self, paths: Sequence[Path], progress: ReadingProgress, announce: Callable[[str], None]
    ) -> None:
        self._paths, self._progress, self._announce = paths, progress, announce
        self._origin: object = None
        self._warnings: set[str] = set()

    def load(self) -> Retriever:
        """Return a retriever of the articles, reading only new and changed files.

        Raises NothingToRead.
        """
        with self._progress as progress:
            options = OpenOptions(
                ingest_in_parallel, self._warn_once, progress, inform=self._announce
            )
            opened = open_library(self._paths, default_cache(), options)
        library = opened.library
        self._origin = library.origin
        if not library.articles:
            raise NothingToRead(tuple(map(str, self._paths)), library.skipped)
        for fault in library.skipped:
            self._warn_once(str(fault))
        return Retriever(library, engine=opened.engine)

    def has_changed(self) -> bool:
        """Return whether files were added, removed or changed since ``load``."""
        return isinstance(self._origin, FilesOrigin) and self._origin.has_changed()

    def cancel(self) -> None:
        """End a reading in another thread, and its worker processes."""
        self._progress.cancel()
        for process in active_children():
            process.terminate()

    def _warn_once(self, warning: str) -> None:
        if warning not in self._warnings:
            self._warnings.add(warning)
            self._announce(f"bot: warning: {warning}")
