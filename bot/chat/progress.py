"""How far the reading of files has come, on stderr, once it takes longer than a second."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from tqdm import tqdm

PATIENCE = 1.0


class Progress:
    """Shows how many files are read, how many a second, and how long it will take."""

    def __init__(self) -> None:
        self._begun = perf_counter()
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, read: int, whole: int) -> None:
        """Show that ``read`` files of ``whole`` are read."""
        bar = self._bar
        if bar is None:
            if perf_counter() - self._begun < PATIENCE or not sys.stderr.isatty():
                return
            from tqdm import tqdm  # 30 ms, which few need

            bar = self._bar = tqdm(total=whole, desc="reading", unit=" files", leave=False)
        bar.update(read - bar.n)

    def close(self) -> None:
        """Take the bar from the screen."""
        if self._bar is not None:
            self._bar.close()


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress, and nothing of it afterwards."""
    shown = Progress()
    try:
        yield shown
    finally:
        shown.close()
