"""The manual page, made of what the commands and the settings say of themselves."""

from collections.abc import Iterable, Iterator

import click

from bot.config.settings import SETTINGS, Setting, Settings, format_value

# The options that every command has.
SHARED = ("color", "version")
HELP = ("-h, --help", "Show what a command takes and exit.")
FILES = (
    ("~/.config/bot/config.toml", "The settings; bot config says where it lies on this system."),
    ("~/.local/state/bot/history", "What was typed in conversations."),
)
EXAMPLES = (
    ("bot articles/", "Talk about the articles in a folder."),
    ('bot ask "When did the bridge open?" articles/ -k 1', "See the one best answer."),
    ("bot ask - --jsonl < questions.txt", "Answer many questions, for a program."),
    ("bot config --explain > config.toml", "Make a config file to begin with."),
)


def manual(group: click.Group) -> str:
    """Return the page in the macros of man(7)."""
    return "\n".join(lines(group)) + "\n"


def lines(group: click.Group) -> Iterator[str]:
    """Yield the lines of the page."""
    summary, _, rest = (group.help or "").partition("\n\n")
    yield '.TH BOT 1 "" "bot" "User Commands"'
    yield from (".SH NAME", escaped(f"bot - {summary[0].lower()}{summary[1:].rstrip('.')}"))
    yield from (".SH SYNOPSIS", "\\fBbot\\fR [PATH]...", ".br", "\\fBbot\\fR COMMAND [ARGUMENT]...")
    yield from (".SH DESCRIPTION", *paragraphs(rest))
    yield ".SH COMMANDS"
    for name, command in sorted(group.commands.items()):
        yield from described(name, command)
    yield ".SH OPTIONS OF ALL COMMANDS"
    chat = group.commands["chat"]
    yield from listed(row for name, row in options(chat) if name in SHARED)
    yield from listed([HELP])
    yield ".SH OPTIONS WITHOUT A COMMAND"
    yield from listed(row for name, row in options(group) if name not in SHARED)
    yield from (".SH CONFIGURATION", "The config file is in TOML. It may set:")
    yield from listed(
        (one.name, f"{one.help} Takes {one.takes}; the default is {default(one)}.")
        for one in SETTINGS
    )
    yield from (".SH FILES", *listed(FILES), ".SH EXAMPLES", *listed(EXAMPLES))


def described(name: str, command: click.Command) -> Iterator[str]:
    """Yield the part about a command: how it is called, its help, the options that are its own."""
    usage = command.collect_usage_pieces(click.Context(command))
    yield f".SS {escaped(' '.join(['bot', name, *usage]))}"
    yield from paragraphs(command.help or "")
    yield from listed(row for option, row in options(command) if option not in SHARED)


def options(command: click.Command) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each option's name, and how it is given with what it means; ``--help`` is none."""
    context = click.Context(command)
    for param in command.params:
        record = param.get_help_record(context)
        if isinstance(param, click.Option) and record:
            yield param.name or "", record


def default(setting: Setting) -> str:
    """Return what a setting is where nothing sets it, as it is typed."""
    return format_value(getattr(Settings(), setting.name))


def listed(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of a list of terms, each with what it means."""
    for term, told in rows:
        yield from (".TP", f"\\fB{escaped(term)}\\fR", escaped(told))


def paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of running text."""
    for paragraph in text.split("\n\n"):
        yield from (".PP", escaped(" ".join(paragraph.split())))


def escaped(text: str) -> str:
    """Return ``text`` to the letter: a hyphen can be copied, a point begins no macro."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    return f"\\&{plain}" if plain[:1] in (".", "'") else plain
