"""The lines typed in all conversations, in a private file, or in memory if that fails."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

# Longer lines were pasted, and nobody searches the history for them.
MAX_LINE_LENGTH = 10_000


class PrivateHistory(FileHistory):
    """A history file that only its owner can read.

    Several conversations may append at once: each line is a single write at the end of the file.
    """

    def __init__(self, file: Path, warn: Callable[[str], None]) -> None:
        super().__init__(file)
        self._file, self._warn = file, warn

    def store_string(self, string: str) -> None:
        """Append a line, with "?" for each byte that was not UTF-8."""
        if len(string) > MAX_LINE_LENGTH:
            return
        try:
            append_bytes(self._file, encode_entry(string))
        except OSError as error:
            self._warn(unsaved_warning(self._file, error))


def open_history(file: Path, warn: Callable[[str], None]) -> History:
    """Return the history in ``file``, created if missing; in memory if it cannot be written."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        if os.name == "posix":
            file.chmod(0o600)
        file.open("r+b").close()
    except OSError as error:
        warn(unsaved_warning(file, error))
        return InMemoryHistory()
    return PrivateHistory(file, warn)


def unsaved_warning(file: Path, error: OSError) -> str:
    """Return the warning that ``error`` keeps ``file`` from being written."""
    return f"{file}: {error.strerror}; the history is not saved"


def encode_entry(line: str) -> bytes:
    """Return ``line`` in the format of FileHistory: a date, and "+" before each row."""
    rows = "".join(f"+{row}\n" for row in line.split("\n"))
    return f"\n# {datetime.now()}\n{rows}".encode("utf-8", "replace")


def append_bytes(file: Path, data: bytes) -> None:
    """Append ``data`` to ``file`` in one write, which other writers cannot interrupt."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)
