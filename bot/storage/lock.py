"""A folder → whether anybody else writes there, and what time it is there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree

from bot.articles.files import file_identity
from bot.errors import CacheNotWritable

LOCK = "lock"
# Seconds that SQLite waits in one go, in which Ctrl-C is not heard.
TURN = 0.2


@contextmanager
def hold_lock(folder: Path, wait: bool) -> Iterator[bool]:
    """Whether nobody else writes in ``folder`` until this is over; with ``wait``, once it is so.

    Whoever is killed meanwhile holds nobody up: SQLite's lock ends with its process. The folder
    is made where it is not there.
    """
    lock = _locked(folder, 0)
    while wait and not lock:
        lock = _locked(folder, TURN)
    try:
        yield lock is not None
    finally:
        if lock:
            lock.close()


def _locked(folder: Path, seconds: float) -> sqlite3.Connection | None:
    """Return what locks ``folder``, None where another has it after so many ``seconds``."""
    file = folder / LOCK
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            rmtree(file)
        with file.open("ab"):
            before = file_identity(file)
        lock = sqlite3.connect(file, timeout=seconds, isolation_level=None)
        try:
            lock.execute("PRAGMA journal_mode = OFF")
            lock.execute("BEGIN EXCLUSIVE")
            if (
                file_identity(file) == before
            ):  # else another deleted it meanwhile, and it locks nothing
                return lock
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            if code == sqlite3.SQLITE_BUSY:
                lock.close()
                return None
            if code != sqlite3.SQLITE_NOTADB:
                raise CacheNotWritable(file, str(error)) from error
            with file.open("wb"):  # something foreign, which nobody can have locked
                pass
        lock.close()


def filesystem_time(folder: Path) -> int:
    """Return the time in ``folder``, as its file system tells it, in nanoseconds."""
    mark = folder / "moment"
    mark.touch()
    return mark.stat().st_mtime_ns
