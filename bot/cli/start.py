"""The start of the program: Ctrl-C ends it quietly from the first line on.

Python's own handler raises KeyboardInterrupt, which in the middle of an import is a traceback and
the exit code 1. So it is replaced before anything slow is imported. Work that must clean up asks
for the exception again (``repl/signals.py``).
"""

import os
import signal
import sys
from importlib import import_module

TYPE_CHECKING = False  # as in bot/__init__.py
if TYPE_CHECKING:
    from types import FrameType

# As ``ExitCode.INTERRUPTED``, whose module would have to be imported first.
INTERRUPTED = 130


def exit_at_once(*_: "int | FrameType | None") -> None:
    """Exit without cleaning up; answers are flushed one by one, and files written elsewhere."""
    os._exit(INTERRUPTED)


# A program whose caller ignores Ctrl-C (nohup, "&" in a script) goes on ignoring it.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, exit_at_once)


def main() -> None:
    """Run the command that the arguments name, and exit with its exit code."""
    sys.exit(import_module("bot.cli.main").run())
