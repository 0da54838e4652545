"""The conversation as a program: its parts are made, and run until the user leaves."""

import gc
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.config.blas import leave_blas_threads_to_programs
from bot.config.console import Console
from bot.config.paths import LibrarySource, fault_file, history_file
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render.library import describe_source
from bot.repl.background import BackgroundLoader
from bot.repl.history import open_history
from bot.repl.loop import await_articles, converse
from bot.repl.plain_input import PlainInput, PlainOutput
from bot.repl.progress import ReadingProgress
from bot.repl.prompt import create_prompt
from bot.repl.signals import exit_on_signals, raise_on_interrupt
from bot.repl.terminal import Terminal
from bot.repl.terminal_output import create_terminal_output

if TYPE_CHECKING:
    from bot.repl.interpreter import Interpreter

HELP = "/help lists the commands."


def run_chat(
    source: LibrarySource,
    settings: Settings,
    put: Callable[[str], None],
    warn: Callable[[str], None],
) -> None:
    """Converse about the articles of ``source`` until the user leaves.

    ``put`` writes to the terminal, ``warn`` a warning to stderr before the prompt is shown.
    Raises NothingToRead, and ReadingFailed if a process that reads articles is killed.
    """
    if not source.cluster and not any(os.path.exists(path) for path in source.paths):  # noqa: PTH110 - any length
        raise NothingToRead(tuple(map(str, source.paths)))
    exit_on_signals()
    progress = ReadingProgress(on_change=lambda: terminal.redraw())

    def make(interpreter: "type[Interpreter]") -> "Interpreter":
        leave_blas_threads_to_programs()
        gc.enable()  # the command line switched it off for a faster start
        return interpreter(source, settings, progress, lambda line: terminal.announce(line))

    def finish(fault: BaseException | None) -> None:
        if fault is None:
            terminal.redraw()
        elif not isinstance(fault, SystemExit):  # that is how it is cancelled
            terminal.leave(fault)

    loader = BackgroundLoader(make, finish)
    console = Console.from_process(sys.stdout)
    history = open_history(history_file() if settings.history else None, warn)
    is_plain = console.has_line_input(settings.plain)
    ends = (None, PlainOutput() if is_plain else create_terminal_output())
    prompt = create_prompt(loader, history, progress.text, ends)
    terminal = Terminal(prompt, put, settings, console, progress.text)
    terminal.say(f"{describe_source(source)} {HELP}")
    read = None
    try:
        with raise_on_interrupt():
            if is_plain:
                await_articles(loader, terminal)
                read = PlainInput(put, history).read_line
            terminal.write([("", "\n")])
            converse(loader, terminal, fault_file(), read)
    finally:
        loader.cancel()
