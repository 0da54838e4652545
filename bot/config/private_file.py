"""Files of the user's own: opened only if they are theirs, created so that nobody else reads them.

A name may lead anywhere: by a link to a device, which root could change for the whole machine; to
a FIFO, which blocks whoever opens it; to a file of somebody else. Only a regular file of the user
is read or written, through links, which stay. Permissions are set when a file is created, and
never changed. Windows has no owners to compare; its devices ("NUL") are no regular files either.
"""

import os
import stat
from errno import EACCES, EINVAL, ENOENT
from pathlib import Path

CREATE_MODE = 0o600
# Neither waiting for the other end of a FIFO, nor becoming the terminal of the process; Windows
# has none of these, and opens files in text mode unless told otherwise.
SAFE_FLAGS = (
    getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class NotRegularFile(OSError):
    """A folder, device, FIFO or socket where a file of the user's own is wanted."""

    def __init__(self, file: Path) -> None:
        super().__init__(EINVAL, "is not a regular file", str(file))


class ForeignFile(OSError):
    """A file that belongs to another user."""

    def __init__(self, file: Path) -> None:
        super().__init__(EACCES, "belongs to another user", str(file))


def open_private_file(file: Path, flags: int) -> int:
    """Return a descriptor of the user's own ``file``, created with mode 0600 where it is missing.

    Raises OSError, as ``exists_as_own``.
    """
    if not exists_as_own(file):
        return os.open(file, flags | os.O_CREAT | os.O_EXCL | SAFE_FLAGS, CREATE_MODE)
    handle = os.open(file, flags | SAFE_FLAGS)
    try:  # once more: another process may have replaced it in between
        check_own_file(file, os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return handle


def exists_as_own(file: Path) -> bool:
    """Return whether ``file`` exists, itself or at the end of links, and is the user's own.

    Raises OSError: NotRegularFile and ForeignFile, and FileNotFoundError for a link to nothing.
    """
    try:
        check_own_file(file, file.stat())
    except FileNotFoundError:
        if file.is_symlink():
            raise FileNotFoundError(ENOENT, "is a link to nothing", str(file)) from None
        return False
    return True


def check_own_file(file: Path, state: os.stat_result) -> None:
    """Raise NotRegularFile or ForeignFile unless ``state`` is of a regular file of the user's."""
    if not stat.S_ISREG(state.st_mode):
        raise NotRegularFile(file)
    if hasattr(os, "geteuid") and state.st_uid != os.geteuid():
        raise ForeignFile(file)


def file_mode(file: Path) -> int:
    """Return the permissions of ``file``."""
    return stat.S_IMODE(file.stat().st_mode)


def set_mode(handle: int, mode: int) -> None:
    """Set the permissions of a new file; Windows has none beyond those that it was created with."""
    if hasattr(os, "fchmod"):
        os.fchmod(handle, mode)


def is_null_device(file: Path) -> bool:
    """Return whether ``file`` leads to the null device, by which users ask for nothing kept."""
    try:
        return file.samefile(os.devnull)
    except OSError:
        return False
