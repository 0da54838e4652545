"""The loop of a conversation: read a line, run it, show its result."""

from collections.abc import Callable
from pathlib import Path

from bot.errors import BotError
from bot.repl.background import BackgroundLoader
from bot.repl.faults import log_fault
from bot.repl.terminal import Terminal

HOW_TO_LEAVE = "Ctrl-D or /quit leaves."
INTERRUPTED = "Interrupted."
AWAITED = "Reading the articles …"


def converse(
    loader: BackgroundLoader,
    terminal: Terminal,
    log: Path | None,
    read: Callable[[], str] | None = None,
) -> None:
    """Converse until the user leaves. Unexpected exceptions are written to ``log``, if given.

    ``read`` returns a line, from the prompt by default, and raises EOFError at the end.

    Raises BotError if the articles cannot be read.
    """
    read = read or terminal.prompt.prompt
    while (line := read_line(terminal, read)) is not None:
        try:
            interpreter = loader.interpreter()
            if not interpreter.run(line, terminal):
                return
            terminal.apply_settings(interpreter.settings)
        except KeyboardInterrupt:
            terminal.say(INTERRUPTED)
        except BotError:
            raise
        except Exception as fault:  # a fault of this program should not end the conversation
            terminal.say(log_fault(log, fault))
        terminal.write([("", "\n")])


def await_articles(loader: BackgroundLoader, terminal: Terminal) -> None:
    """Read the articles before the first line, for a terminal that cannot show both at once.

    Raises BotError if they cannot be read.
    """
    terminal.say(AWAITED)
    interpreter = loader.interpreter()
    interpreter.wait()
    terminal.say(f"Ready: {', '.join(interpreter.describe())}.")


def read_line(terminal: Terminal, read: Callable[[], str]) -> str | None:
    """Return the next line that is not blank, its rows joined; None at the end of the input."""
    while True:
        try:
            terminal.write_announcements()
            line = " ".join(read().replace("\0", " ").split())
        except EOFError:
            return None
        except KeyboardInterrupt:
            if not terminal.prompt.default_buffer.text:
                terminal.say(HOW_TO_LEAVE)
        else:
            if line:
                return line
