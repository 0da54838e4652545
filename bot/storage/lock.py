"""A lock between processes on a folder of the cache, and the time on its file system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from bot.articles.files import file_identity
from bot.articles.lazy import lazy_function

if TYPE_CHECKING:
    from filelock import BaseFileLock

# 13 ms to import, which a process that writes nothing does not spend.
create_lock: Callable[[Path], "BaseFileLock"] = lazy_function("filelock", "FileLock")

LOCK_NAME = "lock"
CLOCK_NAME = "clock"
# Seconds between two attempts; each costs two system calls.
POLL_INTERVAL = 0.05


@contextmanager
def hold_lock(folder: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of ``folder`` for the ``with`` block; yield whether it was free.

    With ``wait``, block until it is, so that the answer is always true; Ctrl-C ends the waiting.
    The system frees the lock of a process that ends, however it ends. The folder is created
    where it is missing. Raises OSError.
    """
    lock = acquire_lock(folder, wait=wait)
    try:
        yield lock is not None
    finally:
        if lock:
            lock.release()


def acquire_lock(folder: Path, *, wait: bool) -> "BaseFileLock | None":
    """Return the acquired lock of ``folder``, None if another process has it."""
    file = folder / LOCK_NAME
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            rmtree(file)
        file.touch()
        before = file_identity(file)
        lock = create_lock(file)
        try:
            lock.acquire(timeout=-1 if wait else 0, poll_interval=POLL_INTERVAL)
        except TimeoutError:
            return None
        # The lock of a file that was deleted meanwhile, with its folder, keeps nobody out.
        if file_identity(file) == before:
            return lock
        lock.release()


def filesystem_time(folder: Path) -> int:
    """Return the present time in nanoseconds by the clock of the file system of ``folder``."""
    clock = folder / CLOCK_NAME
    clock.touch()
    return clock.stat().st_mtime_ns
