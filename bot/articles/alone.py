"""A folder → whether anybody else writes there, and what time it is there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import Unsaved

# Seconds to wait for another that writes: longer than it reads a newspaper's archive.
PATIENCE = 86_400


@contextmanager
def alone(folder: Path, wait: bool) -> Iterator[bool]:
    """Whether nobody else writes in ``folder`` until this is over; with ``wait``, once it is so.

    Whoever is killed meanwhile holds nobody up: SQLite's lock ends with its process.
    """
    file = folder / "lock"
    try:
        lock = sqlite3.connect(file, timeout=PATIENCE if wait else 0, isolation_level=None)
        lock.execute("PRAGMA journal_mode = OFF")
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise Unsaved(file, str(error)) from error
        yield False
    else:
        try:
            yield True
        finally:
            lock.close()


def moment(folder: Path) -> int:
    """Return the time in ``folder``, as its file system tells it, in nanoseconds."""
    mark = folder / "moment"
    mark.touch()
    return mark.stat().st_mtime_ns
