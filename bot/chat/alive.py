"""Whether the files behind a library are still those that were read."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

# Path → size, and when it was last written, in nanoseconds.
Snapshot = dict[str, tuple[int, int]]


class Watch:
    """The files and folders at ``paths``, as they were when they were last read."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(map(os.fspath, paths))
        self._read: Snapshot = {}

    def look(self) -> Snapshot:
        """Return the files as they are now; to be taken before they are read."""
        return {path: (found.st_size, found.st_mtime_ns) for path, found in files(self._paths)}

    def note(self, snapshot: Snapshot) -> None:
        """Take what was read for what was there at ``snapshot``."""
        self._read = snapshot

    def differs(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` shows other files than those that were read."""
        return snapshot != self._read


def files(paths: Iterable[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the files that a library of ``paths`` is read from, each folder once, and their state.

    With nothing opened or resolved: 20,000 files take a tenth of a second (tests/bench/start.py).
    """
    waiting, seen = list(paths), set[tuple[int, int]]()
    for path in waiting:
        found = state(path)
        if found and not stat.S_ISDIR(found.st_mode):
            yield path, found
        elif found and (found.st_dev, found.st_ino) not in seen:
            seen.add((found.st_dev, found.st_ino))
            for inner, taken in inside(path):
                if taken:
                    yield inner, taken
                else:
                    waiting.append(inner)


def inside(folder: str) -> Iterator[tuple[str, os.stat_result | None]]:
    """Yield the articles in ``folder``, with their state, and the folders, without."""
    # Here, and not above, so that a prompt stands before the readers are loaded.
    from bot.articles.formats import READERS

    try:
        entries = list(os.scandir(folder))
    except OSError:  # it vanished, or was never to be read
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - a Path takes ten times it
        if entry.is_dir():
            yield entry.path, None
        elif suffix in READERS and (found := state(entry.path)):
            yield entry.path, found


def state(path: str) -> os.stat_result | None:
    """Return the size and times of what is at ``path``, None where nothing is."""
    try:
        return os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return None
