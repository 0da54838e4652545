"""What comes of a line that was typed: what the terminal is to do, which alone can do it."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.render.articles import Page
from bot.render.text import Fragments
from bot.retrieval.answer import Reply


@dataclass(frozen=True, slots=True)
class ShowReply:
    """A reply, to be shown as one; ``note`` goes above it, "" where there is none."""

    reply: Reply
    note: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """A text for the screen; ``lay`` lays it out in so many columns."""

    lay: Callable[[int], Fragments]


@dataclass(frozen=True, slots=True)
class ShowPage:
    """A text for the pager, which is to begin so that the page's line is in view."""

    lay: Callable[[int], Page]


@dataclass(frozen=True, slots=True)
class RunEditor:
    """A program to run in the terminal until it ends: the editor, with the file and its line."""

    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A sequence to send to the terminal, which fills the clipboard, and what to show."""

    sequence: str
    lay: Callable[[int], Fragments]


@dataclass(frozen=True, slots=True)
class ClearScreen:
    """Clear the screen."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End the conversation."""


Result = ShowReply | Print | ShowPage | RunEditor | Copy | ClearScreen | Quit
