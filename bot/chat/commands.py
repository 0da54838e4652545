"""What can be typed in a conversation besides a question."""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.chat.screen import Writer, shown


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its names, the first of which is shown, and what it does.

    ``run`` returns whether the conversation goes on.
    """

    names: tuple[str, ...]
    help: str
    run: Callable[[Writer], bool]


def show_help(write: Writer) -> bool:
    """Show what can be typed."""
    write([("", "".join(help_lines()))])
    return True


def leave(_: Writer) -> bool:
    """End the conversation."""
    return False


COMMANDS = (
    Command(("/help", "/h", "/?", "help", "?"), "show this", show_help),
    Command(("/quit", "/exit", "/q", "quit", "exit"), "leave; so does Ctrl-D", leave),
)
BY_NAME = {name: command for command in COMMANDS for name in command.names}


def help_lines() -> Iterator[str]:
    """Yield the lines of the help."""
    yield "Type a question, or:\n"
    for command in COMMANDS:
        yield f"  {command.names[0]:<8}{command.help}\n"


def is_command(line: str) -> bool:
    """Whether ``line`` is meant as a command."""
    return line.startswith("/") or line.lower() in BY_NAME


def obey(line: str, write: Writer) -> bool:
    """Do what ``line`` commands; return whether the conversation goes on."""
    name = line.lower()
    if name in BY_NAME:
        return BY_NAME[name].run(write)
    near = difflib.get_close_matches(name, [command.names[0] for command in COMMANDS], n=1)
    hint = f"did you mean {near[0]}?" if near else "/help lists them."
    write([("", f"No command {shown(line)}; {hint}\n")])
    return True
