"""Text → standard output and standard error; the only ``print``."""

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from bot.cli.ask import Output
    from bot.render.text import Fragments

ANSWERED, UNANSWERED, FAILED, INTERRUPTED = 0, 1, 2, 130


def output(columns: int = 0) -> "Output":
    """Return where the answers of ``ask`` go; a terminal fills ``columns``, 0: all it has."""
    from bot.cli.ask import Output

    width = columns or shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    utf = sys.stdout.encoding.lower().startswith("utf")
    return Output(write, tell, width, ascii_only=not utf)


def write(fragments: "Fragments") -> None:
    """Print styled text; the only road of answers to the screen."""
    from bot.render.text import to_ansi, to_plain

    coloured = click.get_current_context().color
    put((to_ansi if coloured else to_plain)(fragments), sys.stdout)


def tell(line: str) -> None:
    """Print a line that is no answer."""
    from bot.render.text import sanitize

    put(f"{sanitize(line)}\n", sys.stderr)


def warn(warning: str) -> None:
    """Print a warning."""
    tell(f"bot: warning: {warning}")


def fail(fault: str) -> int:
    """Print what went wrong; return the exit code for it."""
    tell(f"bot: error: {fault}")
    return FAILED


def put(text: str, stream: TextIO) -> None:
    """Print ``text`` at once; where nobody reads it any more, leave quietly."""
    try:
        print(text, end="", file=stream, flush=True)
    except BrokenPipeError as error:
        discard(stream)
        raise click.exceptions.Exit(ANSWERED) from error


def discard(stream: TextIO) -> None:
    """Send what is still to be written nowhere, so that leaving does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
