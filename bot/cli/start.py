"""The start of the program: Ctrl-C ends it quietly from the first line on.

Python's own handler raises KeyboardInterrupt, which in the middle of an import is a traceback and
the exit code 1. So it is replaced before anything else is imported. Work that must clean up asks
for the exception again (``repl/signals.py``). Before this module, Python itself starts, and may
print a traceback of its own.
"""

# The part of ``signal`` that is built in: the rest, with ``enum``, takes 12 ms of the first 40.
import _signal
import os
import sys

TYPE_CHECKING = False  # as in bot/__init__.py
if TYPE_CHECKING:
    from types import FrameType

# As ``ExitCode.INTERRUPTED``, whose module would have to be imported first.
INTERRUPTED = 130


def exit_at_once(*_: "int | FrameType | None") -> None:
    """Exit without cleaning up; answers are flushed one by one, and files written elsewhere."""
    os._exit(INTERRUPTED)


# A program whose caller ignores Ctrl-C (nohup, "&" in a script) goes on ignoring it.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, exit_at_once)

import atexit  # noqa: E402 - now that Ctrl-C is handled
import gc  # noqa: E402
from importlib import import_module  # noqa: E402


def main() -> None:
    """Run the command that the arguments name, and exit with its exit code."""
    # Nothing becomes garbage until the library is open, or the prompt is shown; collecting takes a
    # tenth of the time until then (tests/bench/start.py, growth.py).
    gc.disable()
    exit_codes: list[int] = []
    atexit.register(leave, exit_codes)  # the first to be registered, and the last to be called
    exit_codes.append(import_module("bot.cli.run").run())
    sys.exit(exit_codes[0])


def leave(exit_codes: list[int]) -> None:
    """Exit with the code of the command, if it has ended.

    All else that is to be done at the end has been done by now, and Python would only free each
    object, which takes 11 ms of the 200 that an answer takes.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):  # Python says so
        return
    if exit_codes:
        os._exit(exit_codes[0])
