"""Lines from a terminal without a cursor, or for a screen reader: no menus, no toolbar."""

import shutil
import sys
from collections.abc import Callable

from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import DummyOutput

from bot.repl.history import LineHistory
from bot.repl.prompt import PROMPT


class PlainInput:
    """Reads lines as the system's line discipline edits them: it echoes and erases.

    ``put`` writes the prompt; the lines are added to ``history``.
    """

    def __init__(self, put: Callable[[str], None], history: LineHistory) -> None:
        self._put, self._history = put, history

    def read_line(self) -> str:
        """Return the next line. Raises EOFError at the end, and KeyboardInterrupt at Ctrl-C."""
        self._put(PROMPT)
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            self._put("\n")  # after the "^C" that the terminal echoes
            raise
        if not line:
            self._put("\n")
            raise EOFError
        line = line.removesuffix("\n")
        if line.strip():
            self._history.append_string(line)
        return line


class PlainOutput(DummyOutput):
    """The screen of a prompt that is never shown: it has a size, and no escape sequence is sent."""

    def get_size(self) -> Size:
        """Return the size of the terminal."""
        size = shutil.get_terminal_size()
        return Size(rows=size.lines, columns=size.columns)
