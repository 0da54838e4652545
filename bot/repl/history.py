"""The lines typed, from one conversation to the next: in a file, or else in memory."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

# Lines kept. The file may grow by a tenth before it is trimmed, so that not every start does.
KEPT = 10_000
FULL = KEPT + KEPT // 10
# What is longer was pasted, and is not looked for again.
LONGEST = 10_000


class PrivateHistory(FileHistory):
    """The lines typed, in a file that only its owner reads.

    Several conversations may write at once: each line is one write at the file's end.
    """

    def __init__(self, file: Path, warn: Callable[[str], None]) -> None:
        super().__init__(file)
        self._file, self._warn = file, warn

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines kept, the last one first; a file that has grown too long is trimmed."""
        lines = list(super().load_history_strings())
        if len(lines) > FULL:
            try:
                trim(self._file, lines[KEPT - 1 :: -1])
            except OSError as error:
                self._warn(f"{self._file}: {error.strerror}; it is not trimmed")
        return lines[:KEPT]

    def store_string(self, string: str) -> None:
        """Keep a line; bytes that were no UTF-8 as "?"."""
        if len(string) > LONGEST:
            return
        try:
            append(self._file, entry(string))
        except OSError as error:
            self._warn(f"{self._file}: {error.strerror}; what you type is not kept")


def history(file: Path, warn: Callable[[str], None]) -> History:
    """Return the history in ``file``, which is made if need be; one in memory if it cannot be."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        if os.name == "posix":
            file.chmod(0o600)
        file.open("r+b").close()
    except OSError as error:
        warn(f"{file}: {error.strerror}; what you type is not kept")
        return InMemoryHistory()
    return PrivateHistory(file, warn)


def entry(line: str) -> bytes:
    """Return ``line`` as FileHistory writes it: a date, and "+" before each of its rows."""
    rows = "".join(f"+{row}\n" for row in line.split("\n"))
    return f"\n# {datetime.now()}\n{rows}".encode("utf-8", "replace")


def append(file: Path, written: bytes) -> None:
    """Write at the end of ``file``, all at once, so that nothing comes between."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, written)
    finally:
        os.close(handle)


def trim(file: Path, lines: Iterable[str]) -> None:
    """Replace ``file`` by ``lines``, the last one last, and what was added to it meanwhile."""
    size = file.stat().st_size
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        append(fresh, b"".join(map(entry, lines)))
        with file.open("rb") as old:
            old.seek(size)
            append(fresh, old.read())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
