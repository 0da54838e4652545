"""Progress of reading files, on stderr once it takes over a second."""

import sys
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm import tqdm

PATIENCE = 1.0

# Seconds from one look of the bar to the next: what does not move, looks dead.
STEP = 0.2

LOOKING = "looking at the files … {elapsed}"

READING = "reading {bar} {n:,} of {total:,} files · {rate_noinv:,.0f} files/s · {remaining} left"

WRITING = "{total:,} files read, writing the index … {elapsed}"


class ProgressBar:
    """Shows how many files are read, how many a second, and how long it will take."""

    def __init__(self) -> None:
        self.read, self.whole = 0, 0
        self._begun = time()
        self._bar: tqdm[NoReturn] | None = None
        self._alone = Lock()
        self._over = Event()
        self._shower = Thread(target=self._show, daemon=True)
        if sys.stderr.isatty():
            self._shower.start()

    def __call__(self, read: int, whole: int) -> None:
        """Show that ``read`` files of ``whole`` are read."""
        self.read, self.whole = read, whole

    def above(self, say: Callable[[str], None], line: str) -> None:
        """Say a line, and let the bar stand beneath."""
        with self._alone:
            if self._bar is not None:
                self._bar.clear()
            say(line)

    def close(self) -> None:
        """Take the bar from the screen."""
        self._over.set()
        if self._shower.is_alive():
            self._shower.join()

    def _show(self) -> None:
        if self._over.wait(PATIENCE):
            return
        from tqdm import tqdm  # 30 ms, which few need

        with tqdm(leave=False, smoothing=0, dynamic_ncols=True, bar_format=LOOKING) as bar:
            bar.start_t, self._bar = self._begun, bar
            while not self._over.wait(STEP):
                bar.n, bar.total = self.read, self.whole
                if self.whole:
                    bar.bar_format = READING if self.read < self.whole else WRITING
                with self._alone:
                    bar.refresh()
