"""How far the reading of files has come: in words, and on stderr if it takes over a second."""

import sys
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import time
from typing import TYPE_CHECKING, NoReturn, Self

if TYPE_CHECKING:
    from tqdm import tqdm

PATIENCE = 1.0
# Seconds from one look of the bar to the next: what does not move, looks dead.
STEP = 0.2
# What is done, and how the bar looks meanwhile: files are compared, then read, then the index of
# all is written, of which nobody knows how long it takes.
BEGUN, WRITTEN = "reading the articles …", "writing their index …"
LOOKING = "looking at the files … {elapsed}"
READING = "reading {bar} {n:,} of {total:,} files · {rate_noinv:,.0f} files/s · {remaining} left"
WRITING = "{total:,} files read, writing the index … {elapsed}"


class Far:
    """How far a reading of the articles has come, in words; ``shown`` is told when they change."""

    def __init__(self, shown: Callable[[], object]) -> None:
        self._shown = shown
        self._words = ""
        self._stopped = False

    def __enter__(self) -> Self:
        self._words = BEGUN
        return self

    def __call__(self, read: int, whole: int) -> None:
        """Say that ``read`` files of ``whole`` are read. Raises SystemExit once it is to stop."""
        if self._stopped:
            raise SystemExit  # what is read is kept
        self._words = f"{BEGUN} {read:,} of {whole:,}" if read < whole else WRITTEN
        self._shown()

    def __exit__(self, *_: object) -> None:
        self._words = ""

    def stop(self) -> None:
        """End the reading, which another thread does, and the processes that read for it."""
        self._stopped = True
        if self._words:
            from multiprocessing import active_children

            for process in active_children():
                process.terminate()

    def words(self) -> str:
        """Return how far it has come, "" where nothing is read."""
        return self._words


class Progress:
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
