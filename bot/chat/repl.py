"""The conversation at a terminal: the only user of the keyboard."""

from collections.abc import Callable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from bot.chat.commands import respond
from bot.chat.outcomes import Copied, Left, Outcome, Paged, Replied, Shown
from bot.chat.screen import Fragments, Writer, missing, replied, understood, wrapped
from bot.chat.talk import Talk
from bot.retrieval.answer import Reply

PROMPT = "> "
HOW_TO_LEAVE = "Ctrl-D or /quit leaves."


class PrivateHistory(FileHistory):
    """The lines typed, in a file that only its owner reads."""

    def store_string(self, string: str) -> None:
        """Keep a line; bytes that were no UTF-8, on which prompt-toolkit 3.0.43 ends, as "?"."""
        super().store_string(string.encode("utf-8", "replace").decode("utf-8"))


def history(file: Path, warn: Callable[[str], None]) -> History:
    """Return the history in ``file``, which is made if need be; one in memory if it cannot be."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.chmod(0o600)
        file.open("r+b").close()
    except OSError as error:
        warn(f"{file}: {error.strerror}; what you type is not kept")
        return InMemoryHistory()
    return PrivateHistory(file)


def converse(talk: Talk, session: PromptSession[str], write: Writer) -> None:
    """Converse until the user ends the input."""
    for line in typed(session, write):
        outcome = respond(line, talk)
        if isinstance(outcome, Left):
            return
        write(told(outcome, session.output.get_size().columns))
        write([("", "\n")])


def told(outcome: Outcome, width: int) -> Fragments:
    """Lay out what an outcome has to show."""
    if isinstance(outcome, Replied):
        note = wrapped([("note", outcome.note)], width) if outcome.note else []
        return [*note, *laid_out(outcome.reply, width)]
    if isinstance(outcome, Paged):
        return outcome.lay(width).fragments
    return outcome.lay(width) if isinstance(outcome, Shown | Copied) else []


def laid_out(reply: Reply, width: int) -> Fragments:
    """Lay out a reply, with what there is to note about it above and beneath."""

    def notes(lines: list[str]) -> Fragments:
        return [part for line in lines for part in wrapped([("note", line)], width)]

    return [*notes(understood(reply)), *replied(reply, width), *notes(missing(reply))]


def typed(session: PromptSession[str], write: Writer) -> Iterator[str]:
    """Yield each line typed that is not blank, until the input ends."""
    while True:
        try:
            line = session.prompt(PROMPT).strip()
        except EOFError:
            return
        except KeyboardInterrupt:
            if not session.default_buffer.text:
                write([("", f"{HOW_TO_LEAVE}\n")])
        else:
            if line:
                yield line
