"""Paths → the files to read, and what tells that a file is still as it was."""

import os
import stat
from array import array
from collections.abc import Callable, Sequence
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from bot.errors import UnreadableFile

# Nanoseconds within which a file system may not tell two changes apart: FAT counts in twos.
COARSE = 2_000_000_000


class FileState(NamedTuple):
    """A file's size in bytes, and when its content and its inode were changed, in nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int

    def is_clean(self, now: int) -> bool:
        """Whether a change after ``now`` would show; one at the same moment might not."""
        return max(self.mtime_ns, self.ctime_ns) < now - COARSE


class File(NamedTuple):
    """A file to read, and its state; ``inside`` is where in ``path`` its source begins.

    ``path`` is no Path, which takes longer to make than the file to be looked at.
    """

    path: str
    inside: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def source(self) -> str:
        """Its path under what was named, with "/"."""
        inside = printable_path(self.path[self.inside :])
        return inside if os.sep == "/" else inside.replace(os.sep, "/")

    @property
    def state(self) -> FileState:
        """Its state when it was looked at."""
        return FileState(self.size, self.mtime_ns, self.ctime_ns)


class Files:
    """The files under ``paths``, each once; ``skipped`` and ``passed_over`` as in Library.

    Those of a folder come in order of their path, folders in the order in which they were
    named. A file that was named itself is taken whatever it is called; of those in a folder,
    those that ``taken`` says by their suffix, in lower case.
    """

    def __init__(
        self, paths: Sequence[str | os.PathLike[str]], taken: Callable[[str], bool]
    ) -> None:
        named = [os.path.abspath(path) for path in paths]  # noqa: PTH100 # links are kept
        self.skipped: list[UnreadableFile] = []
        self.ignored = 0
        self._taken = taken
        self._seen: set[tuple[int, int]] = set()
        folder = _folder(named)
        self.files: list[File] = []
        self._inner = len(folder.rstrip(os.sep) + os.sep) if folder else 0
        for path in named:
            self.files += sorted(self._under(path))

    def _under(self, path: str) -> list[File]:
        """Return the files at ``path``; a link to a folder is followed after the folders."""
        found: list[File] = []
        waiting, links = [path], list[str]()
        while waiting or links:
            here = waiting.pop() if waiting else links.pop()
            try:
                state = os.stat(here)  # noqa: PTH116 - a Path takes ten times it
                if not stat.S_ISDIR(state.st_mode):
                    self._take(here, state, found)
                    continue
                if not self._is_new(here, state):
                    continue
                for entry in self._inside(here):
                    if entry.is_symlink() or entry.is_dir():
                        (links if entry.is_symlink() else waiting).append(entry.path)
                        continue
                    try:
                        state = entry.stat()
                    except FileNotFoundError:  # deleted meanwhile
                        continue
                    self._take(entry.path, state, found)
            except OSError as error:
                self.skipped.append(
                    UnreadableFile(printable_path(here), describe_os_error(here, error))
                )
        return found

    def _inside(self, folder: str) -> list["os.DirEntry[str]"]:
        """Return what lies in ``folder``, last first, less what is passed over."""
        with os.scandir(folder) as entries:
            inner = sorted(entries, key=attrgetter("name"), reverse=True)
        taken = self._taken
        kept = [
            entry
            for entry in inner
            if not (name := entry.name).startswith(".")
            and (taken(name[name.rfind(".") :].lower()) or entry.is_dir())
        ]
        self.ignored += len(inner) - len(kept)
        return kept

    def _take(self, path: str, state: os.stat_result, files: list[File]) -> None:
        if not self._is_new(path, state):
            return
        if stat.S_ISREG(state.st_mode):
            own = (path, self._inner, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
            files.append(tuple.__new__(File, own))  # in 60 % of File's own time
        else:
            self.skipped.append(UnreadableFile(printable_path(path), "not a regular file"))

    def _is_new(self, path: str, found: os.stat_result) -> bool:
        """Whether ``path`` was not met before; a link back to a folder around it is a fault."""
        identity = found.st_dev, found.st_ino
        if identity not in self._seen:
            self._seen.add(identity)
            return True
        if stat.S_ISDIR(found.st_mode) and Path(path).is_symlink():
            real = Path(path).parent.resolve()
            if real.is_relative_to(Path(path).resolve()):
                self.skipped.append(
                    UnreadableFile(printable_path(path), "a link back to a folder that holds it")
                )
        return False


def fingerprint(files: Sequence[File]) -> str:
    """Return what tells ``files`` as they are from all others, and from themselves if changed."""
    paths, _, *states = zip(*files, strict=True) if files else ((),) * 5
    told = "\0".join(paths).encode("utf-8", "surrogatepass")
    numbers = b"".join(array("q", each).tobytes() for each in states)
    return blake2b(told + b"\0" + numbers, digest_size=16).hexdigest()


def file_identity(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Return what tells the file at ``path`` from all that there are; (0, 0) where there is none.

    Once a file is deleted, and nobody has it open, another may be told by the same.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def printable_path(path: str | os.PathLike[str]) -> str:
    """Return ``path`` with what is no Unicode in a name replaced, so that it can be shown."""
    text = os.fspath(path)
    return text if text.isascii() else os.fsencode(text).decode("utf-8", "replace")


def describe_os_error(path: str | os.PathLike[str], error: OSError) -> str:
    """Return in words why nothing could be read at ``path``."""
    if isinstance(error, FileNotFoundError):
        return "a broken link" if Path(path).is_symlink() else "no such file or folder"
    return (error.strerror or str(error)).lower()


def _folder(named: list[str]) -> str:
    """Return the folder that holds all that was named; it itself, if it is one folder."""
    if len(named) == 1 and Path(named[0]).is_dir():
        return named[0]
    try:
        return os.path.commonpath([str(Path(path).parent) for path in named])
    except ValueError:  # on several drives, or nothing was named
        return ""
