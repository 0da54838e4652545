"""A lock between processes on a folder of the cache, and the time on its file system.

The lock is SQLite's on an empty file: the system frees it when its process ends, on every platform.
The filelock package does the same in as many lines here, and takes 13 ms to import, a tenth of
the time of a small update.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ELOOP
from pathlib import Path
from shutil import rmtree

from bot.articles.files import file_identity
from bot.errors import CacheNotWritable

LOCK_NAME = "lock"
CLOCK_NAME = "clock"
# Seconds of one attempt while waiting; Ctrl-C is noticed between two.
ATTEMPT_SECONDS = 0.2


@contextmanager
def hold_lock(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of ``folder`` for the ``with`` block; yield whether it was free.

    With ``wait``, block until it is, and always yield True; Ctrl-C ends the waiting. The folder is
    created if it is missing. Raises OSError and CacheNotWritable.
    """
    lock = acquire_lock(folder, 0)
    while wait and not lock:
        lock = acquire_lock(folder, ATTEMPT_SECONDS)
    try:
        yield lock is not None
    finally:
        if lock:
            lock.close()


def acquire_lock(folder: Path, seconds: float) -> sqlite3.Connection | None:
    """Return a connection that holds the lock until it is closed.

    Return None if another process still has the lock after so many ``seconds``.
    """
    file = folder / LOCK_NAME
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        remove_foreign_entries(folder)
        with file.open("ab"):  # creates it
            identity = file_identity(file)
        lock = sqlite3.connect(file, timeout=seconds, isolation_level=None)
        try:
            lock.execute("PRAGMA journal_mode = OFF")
            lock.execute("BEGIN EXCLUSIVE")
            # The lock of a file that was deleted meanwhile, with its folder, keeps nobody out.
            if file_identity(file) == identity:
                return lock
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            if code == sqlite3.SQLITE_BUSY:
                lock.close()
                return None
            if code != sqlite3.SQLITE_NOTADB:
                raise CacheNotWritable(file, str(error)) from error
            with file.open("wb"):  # empties it; with another content it cannot be locked
                pass
        lock.close()


def remove_foreign_entries(folder: Path) -> None:
    """Delete links from a folder of the cache, which has none of its own, and not their targets.

    Thus nothing is written through a link. A folder or FIFO in place of the lock goes, too.
    Raises OSError if ``folder`` is itself a link, whose target may be anything.
    """
    if folder.is_symlink():
        raise OSError(ELOOP, "is a link", str(folder))
    for path in folder.iterdir():
        if path.is_symlink():
            path.unlink()
    file = folder / LOCK_NAME
    if file.is_dir():
        rmtree(file)
    elif file.exists() and not file.is_file():
        file.unlink()


def filesystem_time(folder: Path) -> int:
    """Return the present time in nanoseconds by the clock of the file system of ``folder``."""
    clock = folder / CLOCK_NAME
    clock.touch()
    return clock.stat().st_mtime_ns
