"""Where a library on disk came from, so that it can be opened again, here or in another process."""

from pathlib import Path
from typing import Any, NamedTuple, Self

from bot.articles.files import File
from bot.articles.formats import find_files
from bot.language.analysis import Analysis


class FilesOrigin(NamedTuple):
    """The ``paths`` that a library was read from, through its ``cache``, if it has one.

    ``files`` are those that were there, as they were.
    """

    paths: tuple[str, ...]
    cache: Path | None
    analysis: Analysis
    files: tuple[File, ...] = ()

    def has_changed(self) -> bool:
        """Return whether files were added, removed or changed since.

        Takes 0.1 s for 32,000 files.
        """
        return tuple(find_files(self.paths).files) != self.files

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), (self.paths, self.cache, self.analysis)


class FolderOrigin(NamedTuple):
    """The folder that a saved library was loaded from."""

    folder: Path
    analysis: Analysis


Origin = FilesOrigin | FolderOrigin
