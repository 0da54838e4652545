"""One run of the command: standard streams, and the exit code of whatever happens."""

import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.exit_code import ExitCode
from bot.cli.help import help_width
from bot.cli.main import cli
from bot.config.blas import start_no_blas_threads
from bot.errors import BotError

if TYPE_CHECKING:
    from bot.cli.output import Output

# A shell sets it to ask for its script, or for completions; click derives it from the name "bot".
COMPLETION_VARIABLE = "_BOT_COMPLETE"
NO_FOLDER = "the current folder was deleted; change to another one"


def run() -> int:
    """Prepare the process, run the command that the arguments name, and return the exit code."""
    start_no_blas_threads()
    open_streams()
    if COMPLETION_VARIABLE in os.environ:
        import_module("bot.cli.completion").register_scripts()
    return run_cli()


def open_streams() -> None:
    """Open standard streams that the calling program closed; have letters replaced, not refused."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
        getattr(sys, name).reconfigure(errors="backslashreplace" if name == "stderr" else "replace")


def run_cli() -> int:
    """Run the command; return its exit code, for errors too."""
    try:
        return run_group()
    except BotError as error:
        return open_output().fail(str(error))
    except OSError as error:  # of stdout: files that are read have errors of their own
        output = open_output()
        return output.fail_to_write(error) if has_current_folder() else output.fail(NO_FOLDER)


def has_current_folder() -> bool:
    """Return whether the current folder exists, where relative paths begin."""
    try:
        return bool(Path.cwd())
    except FileNotFoundError:
        return False


def run_group() -> int:
    """Run the command; return its exit code, for errors of click too."""
    try:
        return int(cli.main(prog_name="bot", standalone_mode=False, terminal_width=help_width()))
    except click.ClickException as error:
        with suppress(OSError):  # a full disk, a closed descriptor
            error.show()
        return error.exit_code
    except click.Abort:
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        if end.code != 1:  # by which click ends help whose reader has closed the pipe
            raise
        return ExitCode.ANSWERED


def open_output() -> "Output":
    """Return the standard streams."""
    output: Output = import_module("bot.cli.output").Output()
    return output
