"""The results of a typed line, and how a terminal shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.render.articles import Page
from bot.render.reply import format_reply
from bot.render.text import Fragments
from bot.repl.terminal import Terminal
from bot.retrieval.answer import Reply

COPIED = "Copied, if your terminal lets programs set the clipboard."
NOT_COPIED = "This terminal has no clipboard that programs can set; nothing was copied."
# A text still to be laid out for a number of columns.
Layout = Callable[[int], Fragments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a line; ``notices`` are shown above it, one a line."""

    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShowReply(Result):
    """Show a reply to a question."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Print(Result):
    """Print a text."""

    lay_out: Layout


@dataclass(frozen=True, slots=True)
class CopyText(Result):
    """Copy a text to the clipboard, by way of the terminal."""

    text: str


@dataclass(frozen=True, slots=True)
class ShowPage(Result):
    """Show a text in the pager."""

    lay_out: Callable[[int], Page]


@dataclass(frozen=True, slots=True)
class RunEditor(Result):
    """Run the editor in the terminal until it exits."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartViewer(Result):
    """Start a program with a window of its own, and go on."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClearScreen(Result):
    """Clear the screen."""


@dataclass(frozen=True, slots=True)
class Quit(Result):
    """End the conversation."""


def show_result(result: Result, terminal: Terminal) -> bool:
    """Show a result; return whether the conversation continues."""
    for notice in result.notices:
        terminal.say(notice)
    show_content(result, terminal)
    return not isinstance(result, Quit)


def show_content(result: Result, terminal: Terminal) -> None:
    """Show the content of a result, or run its program."""
    match result:
        case ShowReply(reply=reply):
            terminal.write(format_reply(reply, terminal.columns))
        case Print(lay_out=lay_out):
            terminal.write(lay_out(terminal.columns))
        case CopyText(text=text):
            terminal.say(COPIED if terminal.copy(text) else NOT_COPIED)
        case ShowPage(lay_out=lay_out):
            with terminal.show_activity():
                page = lay_out(terminal.columns)
            terminal.show_page(page)
        case RunEditor(arguments=arguments):
            terminal.run_program(list(arguments))
        case StartViewer(arguments=arguments):
            terminal.start_program(list(arguments))
        case ClearScreen():
            terminal.clear()
