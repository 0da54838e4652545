"""An opened library, and that which changed since it was opened before."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Self

from bot.articles.library import Library
from bot.errors import NothingToRead
from bot.index.memory import MemoryEngine


class UpdateReport(NamedTuple):
    """The number of articles whose file is new, changed, unchanged, or no longer there."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


class OpenedLibrary(NamedTuple):
    """A library, its engine, the changes of its files, and the folder of its cache.

    ``folder`` is None if nothing of it is cached.
    """

    library: Library
    engine: MemoryEngine
    report: UpdateReport
    folder: Path | None

    def require_articles(self, paths: Sequence[str | os.PathLike[str]]) -> Self:
        """Return this library. Raises NothingToRead if it is empty because of unreadable files."""
        if self.library.skipped and not self.library.articles:
            raise NothingToRead(tuple(os.fspath(path) for path in paths), self.library.skipped)
        return self
