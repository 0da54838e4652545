"""How far the reading of files has come: in words, and on stderr if it takes over a second."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    pass

# What is done, and how the bar looks meanwhile: files are compared, then read, then the index of
# all is written, of which nobody knows how long it takes.
BEGUN, WRITTEN = "reading the articles …", "writing their index …"


class ReadingProgress:
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
