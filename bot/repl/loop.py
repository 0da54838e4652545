"""The conversation at a terminal: the only user of the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BotError
from bot.repl.background import BackgroundSession
from bot.repl.faults import log_fault
from bot.repl.terminal import Terminal

if TYPE_CHECKING:
    from bot.repl.results import Result
    from bot.repl.session import ChatSession

HOW_TO_LEAVE = "Ctrl-D or /quit leaves."
STOPPED = "Stopped."


def converse(
    later: "BackgroundSession[ChatSession]",
    terminal: Terminal,
    refresh: Callable[["ChatSession"], str],
    log: Path,
) -> None:
    """Converse until the user ends the input.

    ``refresh`` says what changed in the articles. Faults of ours are kept in ``log``.
    """
    for line in read_lines(terminal):
        try:
            goes_on = run_line_in_terminal(line, later, terminal, refresh)
        except KeyboardInterrupt:
            goes_on = True
            terminal.say(STOPPED)
        except BotError:
            raise
        except Exception as fault:  # whatever it is, the conversation goes on
            goes_on = True
            terminal.say(log_fault(log, fault))
        if not goes_on:
            return
        terminal.write([("", "\n")])


def run_line_in_terminal(
    line: str,
    later: "BackgroundSession[ChatSession]",
    terminal: Terminal,
    refresh: Callable[["ChatSession"], str],
) -> bool:
    """Do what ``line`` wants, or stop in the middle; return whether the conversation goes on."""
    with terminal.working():
        changed, outcome = run_refreshed(line, later.get(), refresh)
    for news in changed:
        terminal.say(f"{news}.")
    return show_result(outcome, terminal)


def run_refreshed(
    line: str, talk: "ChatSession", refresh: Callable[["ChatSession"], str]
) -> tuple[list[str], "Result"]:
    """Return what changed in the articles, and what comes of ``line``."""
    from bot.repl.commands import run_line

    talk.notices = [refresh(talk)]
    outcome = run_line(line, talk)
    return [*filter(None, talk.notices)], outcome


def show_result(outcome: "Result", terminal: Terminal) -> bool:
    """Do what came of a line; return whether the conversation goes on."""
    from bot.render import reply as answers
    from bot.repl import results as outcomes

    width = terminal.columns
    match outcome:
        case outcomes.Quit():
            return False
        case outcomes.ShowReply(reply, note):
            terminal.write(answers.format_notices([note] if note else [], width))
            terminal.write(answers.format_reply(reply, width))
        case outcomes.Print(lay):
            terminal.write(lay(width))
        case outcomes.ShowPage(lay):
            with terminal.working():
                page = lay(width)
            terminal.page(page)
        case outcomes.RunEditor(arguments):
            terminal.run(list(arguments))
        case outcomes.Copy(sequence, lay):
            terminal.send(sequence)
            terminal.write(lay(width))
        case outcomes.ClearScreen():
            terminal.clear()
    return True


def read_lines(terminal: Terminal) -> Iterator[str]:
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
