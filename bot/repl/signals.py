"""Signals of the system: Ctrl-C, and being told to end.

``cli/start.py`` has Ctrl-C end the process at once, since KeyboardInterrupt in the middle of an
import may be lost or become a traceback. Work that must clean up, or that only stops, asks for the
exception here. Windows has neither SIGHUP nor signals from other processes.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A shell reports a process ended by signal n by the exit code 128 + n.
SIGNAL_EXIT = 128


@contextmanager
def raise_on_interrupt() -> Iterator[None]:
    """Have Ctrl-C raise KeyboardInterrupt in the ``with`` block, unless it is ignored."""
    previous = signal.getsignal(signal.SIGINT)
    if previous == signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def leave_interrupts_to_program() -> Iterator[None]:
    """Have Ctrl-C do nothing here while a program runs in the same terminal."""
    # A handler, not SIG_IGN, which the program would inherit.
    previous = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def exit_on_signals() -> None:
    """Raise SystemExit on SIGTERM and SIGHUP, so that the program cleans up before it ends."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(SIGNAL_EXIT + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
