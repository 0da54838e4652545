"""Reading progress as a line of text, for the toolbar and the spinner."""

from collections.abc import Callable
from typing import Self

# Two phases: files are compared and read, then the index is written, which has no known length.
READING, WRITING_INDEX = "reading the articles …", "writing the index …"


class ReadingProgress:
    """The progress of a thread that reads articles; ``on_change`` is called after each step.

    Used as a context manager around a reading, and as its progress callback.
    """

    def __init__(self, on_change: Callable[[], object]) -> None:
        self._on_change = on_change
        self._text = ""
        self._is_cancelled = False

    def __enter__(self) -> Self:
        self._text = READING
        return self

    def __call__(self, done: int, total: int) -> None:
        """Record that ``done`` of ``total`` files are read. Raises SystemExit after ``cancel``."""
        if self._is_cancelled:
            raise SystemExit  # ends only the reading thread; the batches read so far are saved
        self._text = f"{READING} {done:,} of {total:,}" if done < total else WRITING_INDEX
        self._on_change()

    def __exit__(self, *_: object) -> None:
        self._text = ""

    def cancel(self) -> None:
        """End the reading thread at its next step."""
        self._is_cancelled = True

    def text(self) -> str:
        """Return the progress in words, "" while nothing is read."""
        return self._text
