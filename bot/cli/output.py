"""Standard output and standard error; the only module that prints."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from typing import Self, TextIO

import click

from bot.cli.exit_code import ExitCode
from bot.config.console import Console, is_reader_gone, reading_width
from bot.config.settings import Settings
from bot.lazy import lazy_function
from bot.render.text import Fragments, drop_symbols, sanitize, to_ansi, to_plain

# Needed for --json: 2 ms.
dump_json: Callable[..., str] = lazy_function("bot.render.safe_json", "dump_json")


class Output:
    """The output of a command: answers go to ``stdout``, everything else to ``stderr``.

    Lines are wrapped to ``width``; it is None, for no limit, where ``stdout`` is no terminal. With
    ``has_words_only``, symbols are left out.
    """

    def __init__(
        self,
        *,
        is_coloured: bool = False,
        width: int | None = None,
        has_words_only: bool = False,
        stdout: TextIO | None = None,
    ) -> None:
        self.is_coloured: bool = is_coloured
        self.width: int | None = width
        self.has_words_only: bool = has_words_only
        self.stdout: TextIO = stdout or sys.stdout
        self.stderr: TextIO = sys.stderr

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Return the standard streams, with the colour and width that are set."""
        console = Console.from_process(sys.stdout)
        if not sys.stdout.isatty():
            return cls(is_coloured=settings.color == "always")
        return cls(
            is_coloured=console.has_colours(settings.color),
            width=reading_width(shutil.get_terminal_size().columns, settings.width),
            has_words_only=console.has_words_only(settings.plain),
        )

    def write(self, fragments: Fragments) -> None:
        """Print styled text."""
        fragments = drop_symbols(fragments) if self.has_words_only else fragments
        self.write_raw((to_ansi if self.is_coloured else to_plain)(fragments))

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print lines of plain text."""
        self.write_raw("".join(f"{sanitize(line)}\n" for line in lines))

    def write_json(self, value: object) -> None:
        """Print a value as one line of JSON, with escapes if the stream has not all letters."""
        ascii_only = not (self.stdout.encoding or "utf-8").lower().startswith("utf")
        self.write_raw(f"{dump_json(value, ascii_only=ascii_only)}\n")

    def write_raw(self, text: str) -> None:
        """Print ``text`` as it is; it must have been sanitized."""
        print_text(text, self.stdout)

    def note(self, line: str) -> None:
        """Print a line that is no answer; where that fails, the answers go on."""
        try:
            # In one piece: several processes may write at once.
            print(f"{sanitize(line)}\n", end="", file=self.stderr, flush=True)
        except OSError:
            discard(self.stderr)

    def warn(self, warning: str) -> None:
        """Print a warning."""
        self.note(f"bot: warning: {warning}")

    def fail(self, fault: str) -> ExitCode:
        """Print an error and return its exit code."""
        self.note(f"bot: error: {fault}")
        return ExitCode.FAILED

    def fail_to_write(self, error: OSError) -> ExitCode:
        """Print that standard output cannot be written, and return the exit code.

        A terminal whose window was closed ends the command quietly, as a closed pipe does.
        """
        discard(self.stdout)
        if is_reader_gone(error):
            return ExitCode.ANSWERED
        return self.fail(f"cannot write the answer: {error.strerror}")


def print_text(text: str, stream: TextIO) -> None:
    """Print ``text`` and flush; exit quietly if a pipe's reader, or the window, is closed."""
    try:
        print(text, end="", file=stream, flush=True)
    except OSError as error:
        if not is_reader_gone(error):
            raise
        discard(stream)
        raise click.exceptions.Exit(ExitCode.ANSWERED) from error


def discard(stream: TextIO) -> None:
    """Redirect a broken stream to nowhere, so that flushing it at exit raises no error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
