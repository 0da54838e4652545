"""The abilities of a console, from its environment: colours, a cursor, symbols, a clipboard.

Windows sets no TERM, and its consoles have a cursor; elsewhere a terminal without TERM is one of
which nothing is known.
"""

import errno
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

# Terminals that print, and do nothing else: Emacs's shell, editors' output windows, serial lines.
DUMB_TERMINALS = {"", "dumb", "unknown", "emacs", "dialup", "network", "hardcopy", "printer"}
# Terminals that do not take a text for the clipboard: the console of Linux, and hardware.
NO_CLIPBOARD = ("linux", "cons", "vt", "ansi", "sun")
# The symbols of confidence and margins.
SYMBOLS = "▰▱▌█░"
# Longer lines are hard to follow: the width of a window beyond it is left empty unless asked for.
READING_WIDTH = 100
# In fewer columns an answer and its source are hard to read.
MIN_WIDTH = 20


class Console(NamedTuple):
    """The console of a process: its environment, the encoding of its output, ``os.name``."""

    environment: Mapping[str, str]
    encoding: str = "utf-8"
    system: str = os.name

    @classmethod
    def from_process(cls, stream: Any) -> "Console":
        """Return the console that ``stream``, the standard output, writes to."""
        return cls(os.environ, stream.encoding or "ascii")

    @property
    def has_cursor(self) -> bool:
        """Whether the cursor can be moved, and other escape sequences are obeyed.

        >>> Console({"TERM": "dumb"}).has_cursor, Console({"TERM": "xterm"}).has_cursor
        (False, True)
        """
        if "TERM" not in self.environment:
            return self.system == "nt"
        return self.environment["TERM"].lower() not in DUMB_TERMINALS

    @property
    def has_clipboard(self) -> bool:
        """Whether the terminal may set the clipboard on request; whether it does is its secret."""
        return self.has_cursor and not self.environment.get("TERM", "").startswith(NO_CLIPBOARD)

    def has_colours(self, color: str) -> bool:
        """Return whether output on the console is coloured, by the setting ``color``.

        With "auto", not with NO_COLOR set, and not without a cursor.
        """
        is_allowed = self.has_cursor and not self.environment.get("NO_COLOR")
        return color == "always" or (color == "auto" and is_allowed)

    def has_line_input(self, plain: str) -> bool:
        """Return whether lines are read without menus and a toolbar, by the setting ``plain``."""
        return plain == "always" or not self.has_cursor

    def has_words_only(self, plain: str) -> bool:
        """Return whether words replace symbols, by the setting ``plain``.

        With "auto", without a cursor, and if the encoding lacks the symbols.
        """
        if plain != "auto":
            return plain == "always"
        try:
            SYMBOLS.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return True
        return not self.has_cursor


def is_reader_gone(error: OSError, system: str = os.name) -> bool:
    """Return whether a write failed since its reader has left: a pipe or a window was closed.

    >>> is_reader_gone(OSError(22, "Invalid argument"), "nt")  # how Windows says it of a pipe
    True
    >>> is_reader_gone(OSError(28, "No space left on device"))
    False
    """
    return error.errno in {errno.EPIPE, errno.EIO} | ({errno.EINVAL} if system == "nt" else set())


def reading_width(window: int, width: int) -> int:
    """Return the columns to wrap text to in a ``window`` of so many, by the setting ``width``.

    >>> reading_width(200, 0), reading_width(200, 150), reading_width(40, 72)
    (100, 150, 40)
    """
    return max(MIN_WIDTH, min(window, width or READING_WIDTH))
