"""An article's file in the user's editor, at a line: what to run."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BotError
from bot.repl.terminal import split

# How an editor takes a file and a line, by the name of its program; any other gets the file.
AT_LINE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("vi vim nvim view nano pico emacs emacsclient micro kak joe jed mg ne".split(),
                    ("+{line}", "{file}")),
    **dict.fromkeys("code code-insiders codium cursor".split(), ("--goto", "{file}:{line}")),
    **dict.fromkeys("subl hx helix zed".split(), ("{file}:{line}",)),
    **dict.fromkeys("kate gedit".split(), ("{file}", "+{line}")),
}  # fmt: skip
ASKED = ("VISUAL", "EDITOR")
# What stands on most systems, the easiest first.
USUAL = ("nano", "vim", "vi", "emacs", "notepad")


class NoEditorFound(BotError):
    """There is no editor to open a file in."""

    def __init__(self) -> None:
        super().__init__("No editor found; name one: export EDITOR=nano")


def find_editor(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the user's editor and its arguments: $VISUAL, $EDITOR or what there is."""
    named = next(filter(None, (environment.get(name, "").strip() for name in ASKED)), "")
    if named:
        return tuple(split(named))
    found = next(filter(shutil.which, USUAL), "")
    if not found:
        raise NoEditorFound
    return (found,)


def editor_command(command: tuple[str, ...], file: str, line: int) -> tuple[str, ...]:
    """Return ``command`` with ``file`` and ``line`` as that editor takes them."""
    forms = AT_LINE.get(Path(command[0]).name.removesuffix(".exe"), ("{file}",))
    # Not by format: a file's name may hold braces.
    return command + tuple(
        form.replace("{line}", str(line)).replace("{file}", file) for form in forms
    )
