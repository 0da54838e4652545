"""The table of commands, and how a typed line is run: as a command or as a question."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.errors import BotError, DamagedCache, LibraryReplaced
from bot.render.articles import Page, format_help
from bot.repl import actions
from bot.repl.actions import MAX_MESSAGE_LENGTH, print_text
from bot.repl.results import Print, Quit, Result, ShowPage, ShowReply
from bot.repl.session import ChatSession
from bot.retrieval.smalltalk import GOODBYE

# The library is opened again, and the line run once more.
OUTDATED = (DamagedCache, LibraryReplaced)


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table: the names, of which /help shows the first, the argument, the action.

    ``details`` are lines that ``/help NAME`` adds, ``examples`` lines typed and their meanings. An
    action is either ``run``, or ``run_static``
    if it needs no articles: that one also works while the articles are being read.
    """

    names: tuple[str, ...]
    argument: str
    help: str
    run: Callable[[ChatSession, str], Result] | None
    details: tuple[str, ...] = ()
    run_static: Callable[[str], Result] | None = None
    examples: tuple[tuple[str, str], ...] = ()


def is_command(line: str) -> bool:
    """Return whether ``line`` is a command; "//x" is a question about "/x"."""
    return (line.startswith("/") and not line.startswith("//")) or line.lower() in COMMANDS_BY_NAME


def run_static_command(line: str) -> Result | None:
    """Return the result of a static or unknown command; None if ``line`` needs the articles."""
    if not is_command(line):
        return None
    name, argument = split_line(line)
    command = find_command(line)
    if not command:
        return print_text(unknown_command(name))
    return command.run_static(argument) if command.run_static else None


def run_line(line: str, session: ChatSession) -> Result:
    """Return the result of a typed line, a command or a question.

    A cache that is found damaged on the way is rebuilt, and the line run once more.
    """
    if result := run_static_command(line):
        return result
    try:
        return run_on_current_articles(line, session)
    except OUTDATED:
        session.open_again()
        return run_on_current_articles(line, session)


def run_on_current_articles(line: str, session: ChatSession) -> Result:
    """Bring the articles up to date, of which changes are a notice, and run a line.

    Raises DamagedCache; other errors are the result.
    """
    try:
        changes = session.refresh()
        result = run_command(line, session) if is_command(line) else ask_question(line, session)
    except OUTDATED:
        raise
    except BotError as error:
        return print_text(str(error))
    return replace(result, notices=(f"{changes}.", *result.notices)) if changes else result


def ask_question(line: str, session: ChatSession) -> Result:
    """Return the reply to a question; a silence names the filter, which may be its reason.

    "Thanks, bye!" ends the conversation.
    """
    reply = session.ask(line.removeprefix("/"))
    if reply.remark == GOODBYE:
        return Quit(notices=(GOODBYE,))
    is_partial = bool(reply.silence and session.filter.text)
    notice = f"Only articles that match '{session.filter.text}' were searched."
    return ShowReply(reply, notices=(notice,) if is_partial else ())


def run_command(line: str, session: ChatSession) -> Result:
    """Return the result of a command; an unknown one gets a suggestion. Raises DamagedCache."""
    command = find_command(line)
    if not command or not command.run:
        return run_static_command(line) or print_text(unknown_command(line))
    try:
        return command.run(session, split_line(line)[1])
    except OUTDATED:
        raise
    except BotError as error:
        return print_text(str(error))


def split_line(line: str) -> tuple[str, str]:
    """Return the first word of ``line``, and the rest without blanks around it."""
    name, *rest = line.split(None, 1)
    return name, "".join(rest).strip()


def find_command(line: str) -> Command | None:
    """Return the command that ``line`` starts with; a name without "/" must be all of it."""
    return COMMANDS_BY_NAME.get(line.lower()) or COMMANDS_BY_NAME.get(split_line(line)[0].lower())


def unknown_command(name: str) -> str:
    """Return the message that no command is called ``name``, with the closest one."""
    known = [command.names[0] for command in COMMANDS]
    typed = name[:MAX_MESSAGE_LENGTH].lower()
    starting = [other for other in known if other.startswith(typed)]
    near = starting or difflib.get_close_matches(typed, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "/help lists the commands."
    return f"Unknown command {name}; {hint}"


def show_help(name: str) -> Result:
    """Show the tables of commands and keys, or the details of one command."""
    if not name:
        return ShowPage(lay_out_help)
    name = "/" + name.lower().removeprefix("/")
    command = COMMANDS_BY_NAME.get(name) or COMMANDS_BY_NAME.get(name.removeprefix("/"))
    if not command:
        return print_text(unknown_command(name))
    aliases = ", ".join(command.names[1:])
    end = [*command.details, *([f"Also: {aliases}"] if aliases else [])]
    rows = [(usage(command), command.help), *command.examples]
    return Print(partial(format_help, [], rows, end))


def lay_out_help(width: int) -> Page:
    """Lay out the tables of commands and keys."""
    rows = [(usage(command), command.help) for command in COMMANDS]
    commands = format_help(["Type a question, or a command:"], rows, [NOTE], width)
    keys = format_help(["Keys, on a terminal that has them:"], list(KEYS), [PRIVACY], width)
    return Page([*commands, ("", "\n"), *keys], 0)


def usage(command: Command) -> str:
    """Return how a command is typed: "/show [N]"."""
    return f"{command.names[0]} {command.argument}".rstrip()


# The keys of the prompt, beside those of Emacs that every shell has.
KEYS = (
    ("Tab", "complete a command, a name or a word; Esc closes the menu"),
    ("Up, Down", "earlier lines that begin with what is typed"),
    ("Right", "take the grey suggestion"),
    ("Ctrl-R", "search the lines of before"),
    ("Alt-Enter", "start another row"),
    ("Ctrl-X Ctrl-E", "write the line in your editor"),
    ("F4", "switch between the keys of Emacs and of vi"),
    ("Ctrl-C", "clear the line, or stop what runs"),
    ("Ctrl-D", "leave"),
)
PRIVACY = "A line that begins with a blank is not kept in the history."
NOTE = "N is the number of an answer on the screen (default: 1). //x asks about /x."

COMMANDS = (
    Command(("/help", "/h", "/?", "help", "?"), "[COMMAND]",
            "show this list, or more on one command", None, run_static=show_help),
    Command(("/more", "/m"), "", "show the next answers", actions.show_more),
    Command(("/context", "/c"), "[N]", "show the paragraphs around an answer",
            actions.show_context),
    Command(("/show", "/s"), "[N]", "show the whole article, the answer marked",
            actions.show_article),
    Command(("/open", "/o"), "[N]", "open the file at the answer, in an editor or a viewer",
            actions.open_file, (
        "The editor is $VISUAL or $EDITOR, or else one that is installed.",
        "Web pages and PDFs are opened in $BROWSER, or else in a program that is installed.",
    )),
    Command(("/explain", "/e", "/why"), "[N]", "show the parts of an answer's score",
            actions.explain_score),
    Command(("/sources",), "[FILTER]", "list the articles, or those that match",
            actions.list_articles, (
        "/help filter shows how to write FILTER.",
    )),
    Command(("/filter", "/f"), "[FILTER]", "search only articles that match",
            actions.change_filter, examples=(
        ("/filter bridge", "a word in the title or path"),
        ("/filter 2024/*.md", "a pattern of paths; also a folder: notes/"),
        ("/filter 2020", "a date; also 2020-06, 2020-06-24 or 24 Jun 2020"),
        ("/filter 2020..2024", "a range of dates; also 2020-06.. or ..2024"),
        ("/filter since 2020", "also until, before, after or in"),
        ("/filter section:world", "a field; also year>=2019 or tags:sea,sky"),
        ('/filter "old bridge" in 2024', "several conditions at once"),
        ("/filter off", "search all articles"),
    )),
    Command(("/stats",), "", "show the size of the library and the time of replies",
            actions.show_statistics),
    Command(("/reload",), "", "read the articles again", actions.reload_articles),
    Command(("/set",), "[NAME [VALUE]]", "show the settings, or change one",
            actions.change_setting, (
        "A change lasts until the end of this conversation; to keep it, edit the config file.",
    )),
    Command(("/save",), "FILE", "save the conversation as .md or .json",
            actions.save_transcript, (
        "An existing file is left alone; /save! FILE replaces it.",
        "A name may be in quotation marks: /save \"my talk.md\"",
    )),
    Command(("/save!",), "FILE", "the same, replacing an existing file",
            actions.replace_transcript),
    Command(("/copy", "/y"), "[N]", "copy an answer to the clipboard", actions.copy_answer),
    Command(("/history",), "", "list the questions asked", actions.list_questions),
    Command(("/clear", "/cls"), "", "clear the screen", actions.clear_screen),
    Command(("/quit", "/exit", "/q", "quit", "exit", "bye", ":q", ":q!", ":quit", ":wq"), "",
            "leave, as Ctrl-D does", None, run_static=lambda _: Quit()),
)  # fmt: skip
COMMANDS_BY_NAME = {name: command for command in COMMANDS for name in command.names}
