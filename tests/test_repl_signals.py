"""Ctrl-C as an exception, as nothing, and ignored; other signals end the program."""

import signal
from collections.abc import Iterator

import pytest

from bot.repl.signals import exit_on_signals, leave_interrupts_to_program, raise_on_interrupt


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """The handlers of the process are restored."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.getsignal(getattr(signal, name)) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


def test_ctrl_c_is_an_exception_where_it_is_asked_for() -> None:
    """Afterwards the handler of before is in force again."""
    calls: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: calls.append(number))

    with pytest.raises(KeyboardInterrupt), raise_on_interrupt():
        signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.SIGINT)

    assert calls == [signal.SIGINT]


def test_ignored_ctrl_c_stays_ignored() -> None:
    """A program that was started by nohup goes on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    with raise_on_interrupt():
        signal.raise_signal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN


def test_ctrl_c_is_left_to_a_program() -> None:
    """It does nothing here, and the program does not inherit that."""
    with leave_interrupts_to_program():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) != signal.SIG_IGN


def test_termination_is_an_exit() -> None:
    """The exit code is that of a shell, so that cleaning up takes place."""
    exit_on_signals()

    with pytest.raises(SystemExit) as ended:
        signal.raise_signal(signal.SIGTERM)

    assert ended.value.code == 128 + signal.SIGTERM
