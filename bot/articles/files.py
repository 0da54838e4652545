"""The files at the user's paths, and the state by which a changed file is recognized."""

import os
import stat
from array import array
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from bot.articles.digest import blake2b
from bot.errors import UnreadableFile

# Nanoseconds. FAT, the coarsest file system, rounds the time of a change to two seconds.
TIMESTAMP_RESOLUTION = 2_000_000_000


# The end of the name of the folder that a browser saves beside a page.
PAGE_FOLDER = "_files"


class FileState(NamedTuple):
    """A file's size in bytes, and when its content and its inode changed, in nanoseconds."""

    size: int
    mtime_ns: int
    ctime_ns: int

    def is_clean(self, now: int, resolution: int = TIMESTAMP_RESOLUTION) -> bool:
        """Whether any change after ``now``, in nanoseconds, would alter this state.

        A file that changed within the resolution of its timestamps before ``now`` may change
        again and keep them: git calls it "racily clean".
        """
        return max(self.mtime_ns, self.ctime_ns) < now - resolution


class File(NamedTuple):
    """A file to read and its state; its source is ``path[source_start:]``.

    ``path`` is a string: constructing a Path takes longer than the call of stat.
    """

    path: str
    source_start: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @property
    def source(self) -> str:
        """The path under the library's folder, with "/" between folders."""
        return portable_path(printable_path(self.path[self.source_start :]))

    @property
    def state(self) -> FileState:
        """The state when the folder was scanned."""
        return FileState(self.size, self.mtime_ns, self.ctime_ns)


class Files:
    """The files under ``paths``, each once.

    The files of a folder are sorted by path; folders keep the order of ``paths``. A file named
    in ``paths`` is always taken; a file in a folder only if it is not hidden and ``accepts``
    returns True for its suffix, in lower case, or ``accepts_name`` for its name. ``ignored`` counts
    the others. A folder "X_files" beside a page "X.html" holds the parts that a browser saved with
    it, and is ignored. ``skipped`` has the files and folders that could not be read.
    """

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        accepts: Callable[[str], bool],
        accepts_name: Callable[[str], bool] = lambda _: False,
    ) -> None:
        roots = [os.path.abspath(path) for path in paths]  # noqa: PTH100 # links are kept
        self.skipped: list[UnreadableFile] = []
        self.ignored: int = 0
        self._accepts, self._accepts_name = accepts, accepts_name
        self._seen: set[tuple[int, int]] = set()
        folder = _common_folder(roots)
        self.files: list[File] = []
        self._source_start = len(folder.rstrip(os.sep) + os.sep) if folder else 0
        for root in roots:
            self.files += sorted(self._walk(root))

    def _walk(self, root: str) -> list[File]:
        """Return the files under ``root``; links to folders are followed after the folders."""
        files: list[File] = []
        folders, links = [root], list[str]()
        while folders or links:
            path = folders.pop() if folders else links.pop()
            try:
                status = os.stat(path)  # noqa: PTH116 - ten times as fast as by a Path
                if not stat.S_ISDIR(status.st_mode):
                    self._add(path, status, files)
                    continue
                if not self._is_new(path, status):
                    continue
                for entry in self._list_folder(path):
                    if entry.is_symlink() or entry.is_dir():
                        (links if entry.is_symlink() else folders).append(entry.path)
                        continue
                    try:
                        status = stat_entry(entry)
                    except FileNotFoundError:  # deleted since the folder was listed
                        continue
                    self._add(entry.path, status, files)
            except OSError as error:
                self.skipped.append(
                    UnreadableFile(printable_path(path), describe_os_error(path, error))
                )
        return files

    def _list_folder(self, folder: str) -> list["os.DirEntry[str]"]:
        """Return the accepted files and the folders in ``folder``, in reverse order of names."""
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=attrgetter("name"), reverse=True)
        accepts, accepts_name = self._accepts, self._accepts_name
        accepted = [
            entry
            for entry in entries
            if not (name := entry.name).startswith(".")
            and (accepts(name[name.rfind(".") :].lower()) or accepts_name(name) or entry.is_dir())
        ]
        if any(entry.name.endswith(PAGE_FOLDER) for entry in accepted):
            accepted = without_page_folders(accepted)
        self.ignored += len(entries) - len(accepted)
        return accepted

    def _add(self, path: str, status: os.stat_result, files: list[File]) -> None:
        if not self._is_new(path, status):
            return
        if stat.S_ISREG(status.st_mode):
            times = status.st_mtime_ns, status.st_ctime_ns
            fields = (path, self._source_start, status.st_size, *times)
            files.append(tuple.__new__(File, fields))  # in 60 % of the time of File(…)
        else:
            self.skipped.append(UnreadableFile(printable_path(path), "not a regular file"))

    def _is_new(self, path: str, status: os.stat_result) -> bool:
        """Whether ``path`` was not met before. A link to a folder around it is added to skipped."""
        identity = status.st_dev, status.st_ino
        if identity not in self._seen:
            self._seen.add(identity)
            return True
        if stat.S_ISDIR(status.st_mode) and Path(path).is_symlink():
            parent = Path(path).parent.resolve()
            if parent.is_relative_to(Path(path).resolve()):
                self.skipped.append(
                    UnreadableFile(printable_path(path), "a link back to a folder that holds it")
                )
        return False


def stat_entry(entry: "os.DirEntry[str]") -> os.stat_result:
    """Return the status of a file in a folder.

    Windows lists a folder without inodes, 0 for each, and with times that may be old.
    """
    status = entry.stat()
    return status if status.st_ino else os.stat(entry.path)  # noqa: PTH116 - as above


def without_page_folders(entries: Sequence["os.DirEntry[str]"]) -> list["os.DirEntry[str]"]:
    """Return ``entries`` without the folders that belong to saved pages among them."""
    pages = {
        f"{entry.name.rpartition('.')[0]}{PAGE_FOLDER}"
        for entry in entries
        if entry.name.lower().endswith((".html", ".htm"))
    }
    return [entry for entry in entries if entry.name not in pages or not entry.is_dir()]


def fingerprint(files: Sequence[File]) -> str:
    """Return a digest of the paths and states of ``files``: another one after any change."""
    paths, _, *states = zip(*files, strict=True) if files else ((),) * 5
    names = "\0".join(paths).encode("utf-8", "surrogatepass")
    numbers = b"".join(array("q", column).tobytes() for column in states)
    return blake2b(names + b"\0" + numbers, digest_size=16).hexdigest()


def file_identity(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Return the device and inode of the file at ``path``; (0, 0) if it does not exist.

    The inode of a deleted file that no process has open may be given to another file.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino


def portable_path(path: str, separator: str = os.sep) -> str:
    r"""Return ``path``, whose folders are parted by ``separator``, with "/" on every system.

    >>> portable_path("2024\\may.md", "\\"), portable_path("a\\b.md", "/")
    ('2024/may.md', 'a\\b.md')
    """
    return path if separator == "/" else path.replace(separator, "/")


def printable_path(path: str | os.PathLike[str]) -> str:
    """Return ``path`` with bytes that are not UTF-8 replaced by U+FFFD."""
    text = os.fspath(path)
    return text if text.isascii() else os.fsencode(text).decode("utf-8", "replace")


def describe_os_error(path: str | os.PathLike[str], error: OSError) -> str:
    """Return the reason why ``path`` could not be read, for a message."""
    if isinstance(error, FileNotFoundError):
        return "a broken link" if Path(path).is_symlink() else "no such file or folder"
    return (error.strerror or str(error)).lower()


def _common_folder(paths: list[str]) -> str:
    """Return the folder that holds all ``paths``; "" if they lie on several drives."""
    if len(paths) == 1 and Path(paths[0]).is_dir():
        return paths[0]
    try:
        return os.path.commonpath([str(Path(path).parent) for path in paths])
    except ValueError:  # several drives, or no path
        return ""
