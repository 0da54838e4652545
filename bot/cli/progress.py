"""The progress bar of reading files, on standard error."""

import sys
from collections.abc import Callable
from importlib import import_module
from threading import Event, Lock, Thread
from time import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm import tqdm

# Seconds before the bar appears: most runs are done by then.
DELAY = 1.0
# Seconds between two updates: a bar that does not move looks dead.
INTERVAL = 0.2
# The bar while files are compared with the cache, while they are read, and while the index, whose
# duration is not known in advance, is written.
COMPARING = "comparing files with the cache … {elapsed}"
READING = "reading {bar} {n:,} of {total:,} files · {rate_noinv:,.0f} files/s · {remaining} left"
WRITING = "{total:,} files read, writing the index … {elapsed}"


class ProgressBar:
    """A bar with the number of files read, their rate and the time left, if stderr is a terminal.

    A thread draws it. The ``delay`` of tqdm is no substitute: it draws only when it is updated, so
    nothing would move while files are compared and the index is written.
    """

    def __init__(self) -> None:
        self.files_read: int = 0
        self.file_count: int = 0
        self._start = time()
        self._bar: tqdm[NoReturn] | None = None
        self._lock = Lock()
        self._is_done = Event()
        self._thread = Thread(target=self._draw, daemon=True)
        if sys.stderr.isatty():
            self._thread.start()

    def __call__(self, files_read: int, file_count: int) -> None:
        """Set how many files have been read, of how many."""
        self.files_read, self.file_count = files_read, file_count

    def print_above(self, print_line: Callable[[str], None], line: str) -> None:
        """Call ``print_line`` with a line that will stand above the bar."""
        with self._lock:
            if self._bar is not None:
                self._bar.clear()
            print_line(line)

    def close(self) -> None:
        """Remove the bar."""
        self._is_done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _draw(self) -> None:
        if self._is_done.wait(DELAY):
            return
        tqdm = import_module("tqdm").tqdm  # 30 ms, for runs that take long anyway
        with tqdm(leave=False, smoothing=0, dynamic_ncols=True, bar_format=COMPARING) as bar:
            bar.start_t, self._bar = self._start, bar
            while not self._is_done.wait(INTERVAL):
                bar.n, bar.total = self.files_read, self.file_count
                if self.file_count:
                    bar.bar_format = READING if self.files_read < self.file_count else WRITING
                with self._lock:
                    bar.refresh()
