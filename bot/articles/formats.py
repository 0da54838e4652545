"""Paths → the files to read, and each file → an article by the reader of its suffix."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from bot.articles.article import Article
from bot.articles.markdown import read_markdown
from bot.articles.plain import read_plain
from bot.errors import Unreadable

# A reader is given a file's bytes and its source; what is no text it raises as Unreadable.
Reader = Callable[[bytes, str], Article]

READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

# The longest of novels has 10 MB; more is a dump, which would take ten times its size in memory.
LARGEST = 100_000_000


class File(NamedTuple):
    """A file to read; ``source`` is its path under what was named, with "/"."""

    path: Path
    source: str


class Files:
    """The files under ``paths``, each once; ``skipped`` and ``passed_over`` as in Library.

    Those of a folder come in order of their source, folders in the order in which they were
    named. A file that was named itself is taken whatever it is called.
    """

    def __init__(self, paths: Sequence[str | os.PathLike[str]]) -> None:
        named = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 # links are kept
        self.skipped: list[Unreadable] = []
        self.passed_over = 0
        self._seen: set[str] = set()
        folder = _folder(named)
        self.files: list[File] = []
        for path in named:
            found = [File(file, _source(file, folder)) for file in self._under(path)]
            self.files += sorted(found, key=lambda file: file.source)

    def _under(self, path: Path) -> Iterator[Path]:
        """Yield the files at ``path``; a link to a folder is followed after the folders."""
        waiting, links = [path], list[Path]()
        while waiting or links:
            here = waiting.pop() if waiting else links.pop()
            try:
                mode = here.stat().st_mode
                if not stat.S_ISDIR(mode):
                    yield from self._file(here, mode)
                elif self._is_new(here):
                    for inner in self._inside(here):
                        (links if inner.is_symlink() else waiting).append(inner)
            except OSError as error:
                self.skipped.append(Unreadable(shown(here), _fault(here, error)))

    def _inside(self, folder: Path) -> list[Path]:
        """Return what lies in ``folder``, last first, less what is passed over."""
        inner = sorted(folder.iterdir(), reverse=True)
        taken = [path for path in inner if _is_taken(path)]
        self.passed_over += len(inner) - len(taken)
        return taken

    def _file(self, path: Path, mode: int) -> Iterator[Path]:
        if not stat.S_ISREG(mode):
            self.skipped.append(Unreadable(shown(path), "not a regular file"))
        elif self._is_new(path):
            yield path

    def _is_new(self, path: Path) -> bool:
        """Whether ``path`` was not met before; a link back to a folder around it is a fault."""
        real = path.resolve()
        if path.is_symlink() and path.parent.resolve().is_relative_to(real):
            self.skipped.append(Unreadable(shown(path), "a link back to a folder that holds it"))
        new = str(real) not in self._seen
        self._seen.add(str(real))
        return new


def read(file: File) -> Article:
    """Read ``file`` by the reader of its suffix, as plain text if it has none.

    Raises Unreadable.
    """
    reader = READERS.get(file.path.suffix.lower(), read_plain)
    try:
        article = reader(_bytes(file.path), file.source)
    except OSError as error:
        raise Unreadable(shown(file.path), _fault(file.path, error)) from error
    except Unreadable as error:
        raise Unreadable(shown(file.path), error.fault) from error
    metadata = {**article.metadata, "path": str(file.path)}
    return replace(article, metadata=MappingProxyType(metadata))


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise Unreadable(shown(path), "larger than 100 MB; split it")
    return path.read_bytes()


def shown(path: Path) -> str:
    """Return ``path`` with what is no Unicode in a name replaced, so that it can be shown."""
    return os.fsencode(path).decode("utf-8", "replace")


def _is_taken(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return path.suffix.lower() in READERS or path.is_dir()


def _folder(named: list[Path]) -> Path:
    """Return the folder that holds all that was named; it itself, if it is one folder."""
    if len(named) == 1 and named[0].is_dir():
        return named[0]
    try:
        return Path(os.path.commonpath([path.parent for path in named]))
    except ValueError:  # on several drives, or nothing was named
        return Path()


def _source(path: Path, folder: Path) -> str:
    inside = path.relative_to(folder) if path.is_relative_to(folder) else path
    return shown(inside).replace(os.sep, "/")


def _fault(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "a broken link" if path.is_symlink() else "no such file or folder"
    return (error.strerror or str(error)).lower()
