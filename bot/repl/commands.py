"""What can be typed in a conversation besides a question: the table of commands."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.errors import BotError
from bot.render import articles as pages
from bot.repl import actions
from bot.repl.actions import LONGEST, print_text
from bot.repl.results import Print, Result, ShowReply
from bot.repl.session import ChatSession


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its names, the first of which is shown, what may follow, and what it does.

    ``run`` is given what follows. ``details`` are lines that ``/help NAME`` adds.
    """

    names: tuple[str, ...]
    arguments: str
    help: str
    run: Callable[[ChatSession, str], Result]
    details: tuple[str, ...] = ()


def is_command(line: str) -> bool:
    """Whether ``line`` is meant as a command; "//x" asks about "/x"."""
    return (line.startswith("/") and not line.startswith("//")) or line.lower() in BY_NAME


def run_line(line: str, talk: ChatSession) -> Result:
    """Return what comes of a line that was typed, a question or a command."""
    if is_command(line):
        return run_command(line, talk)
    try:
        reply = talk.ask(line.removeprefix("/"))
    except BotError as error:
        return print_text(str(error))
    # "Nothing in the articles" would not be true of those that were not asked.
    return ShowReply(reply, actions.describe_filter(talk) if reply.silence else "")


def run_command(line: str, talk: ChatSession) -> Result:
    """Return what comes of a command; of an unknown one, which was perhaps meant."""
    name, *rest = line.split(None, 1)
    command = BY_NAME.get(line.lower()) or BY_NAME.get(name.lower())
    if not command:
        return print_text(unknown_command(name))
    try:
        return command.run(talk, "".join(rest).strip())
    except BotError as error:
        return print_text(str(error))


def unknown_command(name: str) -> str:
    """Say that there is no command ``name``, and which was perhaps meant."""
    known = [command.names[0] for command in COMMANDS]
    meant = name[:LONGEST].lower()
    begun = [other for other in known if other.startswith(meant)]
    near = begun or difflib.get_close_matches(meant, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "/help lists them."
    return f"No command {name}; {hint}"


def show_help(_: ChatSession, name: str) -> Result:
    """Show what can be typed, or what is to know about one command."""
    if not name:
        rows = [(usage(command), command.help) for command in COMMANDS]
        return Print(partial(pages.format_help, ["Type a question, or:"], rows, [HELP_END]))
    wanted = name.lower()
    command = BY_NAME.get(wanted) or BY_NAME.get(f"/{wanted}")
    if not command:
        return print_text(unknown_command(wanted if wanted.startswith("/") else f"/{wanted}"))
    others = ", ".join(command.names[1:])
    end = [*command.details, *([f"Also: {others}"] if others else [])]
    return Print(partial(pages.format_help, [], [(usage(command), command.help)], end))


def usage(command: Command) -> str:
    """Return how a command is typed."""
    return f"{command.names[0]} {command.arguments}".rstrip()


HELP_END = "N is the number of an answer on the screen, the first if left out. //x asks about /x."

COMMANDS = (
    Command(("/help", "/h", "/?", "help", "?"), "[COMMAND]", "this, or more of one", show_help),
    Command(("/more", "/m"), "", "the next answers", actions.more),
    Command(("/context", "/c"), "[N]", "the paragraphs around an answer", actions.context),
    Command(("/show", "/s"), "[N]", "the whole article, the answer marked", actions.show),
    Command(("/open", "/o"), "[N]", "the file in your editor, at the line", actions.open_file, (
        "The editor is $VISUAL or $EDITOR, or else one that is there.",
    )),
    Command(("/explain", "/e"), "[N]", "what the score is made of", actions.explain),
    Command(("/sources",), "[WORDS]", "the articles, or those with the words", actions.sources, (
        "WORDS may be all that /filter takes.",
    )),
    Command(("/filter", "/f"), "[WHAT]", "ask only some of the articles", actions.choose, (
        "  /filter bridge             the word in title or path",
        "  /filter 2024/*.md          a pattern of paths",
        "  /filter 2020               also the date; 2020-06 and 2020-06-24 as well",
        "  /filter 2020..2024         from one to the other; 2020-06.. and ..2024 as well",
        "  /filter since 2020         also: until, before, after, in",
        '  /filter "old bridge" in 2024   all of that at once',
        "  /filter off                ask them all",
    )),
    Command(("/stats",), "", "how much there is, and how fast", actions.stats),
    Command(("/reload",), "", "read the articles again", actions.reload),
    Command(("/set",), "[NAME [VALUE]]", "the settings, or change one", actions.assign, (
        "A change lasts for this conversation; the config file's lasts longer.",
    )),
    Command(("/save",), "FILE", "the conversation as .md or .json", actions.save, (
        "A file that is there stays as it is; /save! FILE replaces it.",
    )),
    Command(("/save!",), "FILE", "the same, over a file that is there", actions.overwrite),
    Command(("/copy", "/y"), "[N]", "an answer to the clipboard", actions.copy),
    Command(("/history",), "", "what was asked", actions.history),
    Command(("/clear", "/cls"), "", "clear the screen", actions.clear),
    Command(("/quit", "/exit", "/q", "quit", "exit"), "", "leave; so does Ctrl-D", actions.leave),
)  # fmt: skip
BY_NAME = {name: command for command in COMMANDS for name in command.names}
