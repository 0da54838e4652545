"""The lines typed in all conversations, in a private file, or in memory if that fails."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from prompt_toolkit.history import FileHistory

from bot.config.private_file import is_null_device, open_private_file

# Longer lines were pasted, and nobody searches the history for them.
MAX_LINE_LENGTH = 10_000


class LineHistory(FileHistory):
    """The history of a conversation; a line that begins with a blank is left out of it.

    Lines are also appended to ``file``, unless it is None or ``is_saved`` is false. Several
    conversations may append at once: each line is a single write at the end of the file. The first
    failure is a warning; later lines are tried all the same.
    """

    def __init__(self, file: Path | None, warn: Callable[[str], None]) -> None:
        super().__init__(file or os.devnull)
        self.is_saved = True
        self._file, self._warn = file, warn
        self._has_warned = False

    def load_history_strings(self) -> Iterable[str]:
        """Yield the lines of the file, the newest first."""
        return super().load_history_strings() if self._file else ()

    def append_string(self, string: str) -> None:
        """Add a line, unless it begins with a blank."""
        if not string.startswith((" ", "\t")):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Append a line to the file, with "?" for each byte that was not UTF-8."""
        if not (self._file and self.is_saved) or len(string) > MAX_LINE_LENGTH:
            return
        try:
            append_bytes(self._file, encode_entry(string))
        except OSError as error:
            if not self._has_warned:
                self._has_warned = True
                self._warn(unsaved_warning(self._file, error))


def open_history(file: Path | None, warn: Callable[[str], None]) -> LineHistory:
    """Return the history in ``file``, created if missing; in memory if it cannot be written.

    It is in memory, too, without ``file``, and if that leads to the null device.
    """
    if file is None or is_null_device(file):
        return LineHistory(None, warn)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(open_private_file(file, os.O_RDWR))
    except OSError as error:
        warn(unsaved_warning(file, error))
        return LineHistory(None, warn)
    return LineHistory(file, warn)


def unsaved_warning(file: Path, error: OSError) -> str:
    """Return the warning that ``error`` keeps ``file`` from being written."""
    return f"{file}: {error.strerror}; the history is not saved"


def encode_entry(line: str) -> bytes:
    """Return ``line`` in the format of FileHistory: a date, and "+" before each row."""
    rows = "".join(f"+{row}\n" for row in line.split("\n"))
    return f"\n# {datetime.now()}\n{rows}".encode("utf-8", "replace")


def append_bytes(file: Path, data: bytes) -> None:
    """Append ``data`` to ``file`` in one write, which other writers cannot interrupt."""
    handle = open_private_file(file, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)
