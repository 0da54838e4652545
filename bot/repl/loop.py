"""The conversation at a terminal: the only user of the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.repl.background import Later
from bot.repl.faults import kept
from bot.repl.terminal import Terminal

if TYPE_CHECKING:
    from bot.repl.results import Outcome
    from bot.repl.session import Talk

HOW_TO_LEAVE = "Ctrl-D or /quit leaves."
STOPPED = "Stopped."


def converse(
    later: "Later[Talk]", terminal: Terminal, refresh: Callable[["Talk"], str], log: Path
) -> None:
    """Converse until the user ends the input.

    ``refresh`` says what changed in the articles. Faults of ours are kept in ``log``.
    """
    for line in typed(terminal):
        try:
            goes_on = obeyed(line, later, terminal, refresh)
        except KeyboardInterrupt:
            goes_on = True
            terminal.say(STOPPED)
        except BotError:
            raise
        except Exception as fault:  # whatever it is, the conversation goes on
            goes_on = True
            terminal.say(kept(log, fault))
        if not goes_on:
            return
        terminal.write([("", "\n")])


def obeyed(
    line: str, later: "Later[Talk]", terminal: Terminal, refresh: Callable[["Talk"], str]
) -> bool:
    """Do what ``line`` wants, or stop in the middle; return whether the conversation goes on."""
    with terminal.working():
        changed, outcome = answered(line, later.get(), refresh)
    for news in changed:
        terminal.say(f"{news}.")
    return shown(outcome, terminal)


def answered(
    line: str, talk: "Talk", refresh: Callable[["Talk"], str]
) -> tuple[list[str], "Outcome"]:
    """Return what changed in the articles, and what comes of ``line``."""
    from bot.repl.commands import respond

    talk.news = [refresh(talk)]
    outcome = respond(line, talk)
    return [*filter(None, talk.news)], outcome


def shown(outcome: "Outcome", terminal: Terminal) -> bool:
    """Do what came of a line; return whether the conversation goes on."""
    from bot.render import reply as answers
    from bot.repl import results as outcomes

    width = terminal.columns
    match outcome:
        case outcomes.Left():
            return False
        case outcomes.Replied(reply, note):
            terminal.write(answers.notes([note] if note else [], width))
            terminal.write(answers.laid_out(reply, width))
        case outcomes.Shown(lay):
            terminal.write(lay(width))
        case outcomes.Paged(lay):
            with terminal.working():
                page = lay(width)
            terminal.page(page)
        case outcomes.Opened(arguments):
            terminal.run(list(arguments))
        case outcomes.Copied(sequence, lay):
            terminal.send(sequence)
            terminal.write(lay(width))
        case outcomes.Cleared():
            terminal.clear()
    return True


def typed(terminal: Terminal) -> Iterator[str]:
    """Yield each line typed that is not blank, until the input ends; several lines as one."""
    session = terminal.session
    while True:
        try:
            terminal.prepare()
            line = " ".join(session.prompt().replace("\0", " ").split())
        except EOFError:
            return
        except KeyboardInterrupt:
            if not session.default_buffer.text:
                terminal.say(HOW_TO_LEAVE)
        else:
            if line:
                yield line
