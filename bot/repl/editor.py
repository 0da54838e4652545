"""The user's editor, and the command that opens a file in it at a line."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BotError
from bot.repl.terminal import split_command

# Arguments that open a file at a line, by program name; any other editor gets the file alone.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("vi vim nvim view nano pico emacs emacsclient micro kak joe jed mg ne".split(),
                    ("+{line}", "{file}")),
    **dict.fromkeys("code code-insiders codium cursor".split(), ("--goto", "{file}:{line}")),
    **dict.fromkeys("subl hx helix zed".split(), ("{file}:{line}",)),
    **dict.fromkeys("kate gedit".split(), ("{file}", "+{line}")),
}  # fmt: skip
VARIABLES = ("VISUAL", "EDITOR")
# Editors to look for if no variable is set, the easiest to use first.
FALLBACKS = ("nano", "vim", "vi", "emacs", "notepad")


class NoEditorFound(BotError):
    """No variable names an editor and none of the usual ones is installed."""

    def __init__(self) -> None:
        super().__init__("No editor found; set one: export EDITOR=nano")


def find_editor(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the editor's program and arguments: $VISUAL, $EDITOR or an installed one."""
    values = (environment.get(name, "").strip() for name in VARIABLES)
    if command := next(filter(None, values), ""):
        return tuple(split_command(command))
    program = next(filter(shutil.which, FALLBACKS), "")
    if not program:
        raise NoEditorFound
    return (program,)


def editor_command(command: tuple[str, ...], file: str, line: int) -> tuple[str, ...]:
    """Return ``command`` with the arguments that open ``file`` at ``line`` (1-based)."""
    arguments = ARGUMENTS.get(Path(command[0]).name.removesuffix(".exe"), ("{file}",))
    # str.replace, not str.format: a file name may contain braces.
    return command + tuple(
        argument.replace("{line}", str(line)).replace("{file}", file) for argument in arguments
    )
