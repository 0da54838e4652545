"""Completion of the command line by the user's shell: the scripts, and where shells find them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click
from click.shell_completion import get_completion_class

from bot.errors import BotError
from bot.repl.transcript import save_transcript


class CannotInstall(BotError):
    """A completion that cannot be installed: the shell or file, and why."""

    def __init__(self, place: str, fault: str) -> None:
        self.place, self.fault = place, fault
        super().__init__(f"{place}: {fault}")


class Place(NamedTuple):
    """Where a shell finds completions: under the folder of a variable, or else of the home.

    ``remedy`` is what the user is to do, if that is not enough; it may name the ``{folder}``.
    """

    variable: str
    fallback: str
    file: str
    remedy: str


SHELLS = {
    "bash": Place(
        "XDG_DATA_HOME",
        ".local/share",
        "bash-completion/completions/bot",
        "A new shell knows it, if the package bash-completion is installed.",
    ),
    "zsh": Place(
        "XDG_DATA_HOME",
        ".local/share",
        "zsh/site-functions/_bot",
        "A new shell knows it, if ~/.zshrc says: fpath+=({folder}); autoload -U compinit; compinit",
    ),
    "fish": Place(
        "XDG_CONFIG_HOME", ".config", "fish/completions/bot.fish", "A new shell knows it."
    ),
}


def shell_in_use(environment: Mapping[str, str]) -> str:
    """Return the name of the user's shell, "" where it is not told."""
    return Path(environment.get("SHELL", "")).name.removesuffix(".exe")


def script(command: click.Command, shell: str) -> str:
    """Return what ``shell`` is to read so that it completes the arguments of ``command``."""
    kind = get_completion_class(shell)
    assert kind, shell
    # Not by source(): it runs bash to learn its age, and fails where there is none.
    completion = kind(command, {}, "bot", "_BOT_COMPLETE")
    return completion.source_template % completion.source_vars()


def place_of(shell: str, environment: Mapping[str, str]) -> Path:
    """Return the file in which ``shell`` looks for the completion of the command."""
    place = SHELLS[shell]
    named = Path(environment.get(place.variable, ""))
    folder = named if named.is_absolute() else Path.home() / place.fallback
    return folder / place.file


def installed(command: click.Command, shell: str) -> str:
    """Write the completion where ``shell``, "" the one in use, finds it; return what to say."""
    name = shell or shell_in_use(os.environ)
    if name not in SHELLS:
        raise CannotInstall(name or "which shell?", f"name one of {', '.join(SHELLS)}")
    file = place_of(name, os.environ)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotInstall(str(file), error.strerror or "cannot be written") from error
    save_transcript(script(command, name), file)
    return f"Wrote {file}. {SHELLS[name].remedy.format(folder=file.parent)}"
