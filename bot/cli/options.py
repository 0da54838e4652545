"""What the commands take: the options that they share, and ``chat`` where none is named."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.config.settings import COLOURS, Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# What needs no command; all else does, and without one it is chat's.
ALONE = ("-h", "--help", "--version")
INSTALL = "--install-completion"
# Where the options that set something are kept until the settings are made.
OPTIONS = "bot.options"


class CommandGroup(click.Group):
    """Commands of which ``chat`` is the one meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command first; options may have stood before it."""
        install = bool(args) and args[0].split("=")[0] == INSTALL
        asked_by_shell = ctx.resilient_parsing and not args
        whole = args if install or asked_by_shell else self._sorted(ctx, args)
        return super().parse_args(ctx, whole)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return what may stand for the first word: a path, a command, an option of chat."""
        from click.shell_completion import CompletionItem  # which only the shell needs

        chat = self.commands["chat"]
        options = chat.shell_complete(click.Context(chat, ctx), incomplete)
        known = {item.value: item for item in [*options, *super().shell_complete(ctx, incomplete)]}
        return [CompletionItem(incomplete, "file"), *known.values()]

    def _sorted(self, ctx: click.Context, args: list[str]) -> list[str]:
        place = self._first_word(args)
        alone = [arg for arg in args if arg in ALONE]
        if place is not None and args[place] in self.commands:
            return [args[place], *args[:place], *args[place + 1 :]]
        if place is not None and not path_exists(args[place]) and not ctx.resilient_parsing:
            ctx.fail(no_such(args[place], self.commands))
        if place is None and alone:
            return alone[:1]
        return ["chat", *args]

    def _first_word(self, args: list[str]) -> int | None:
        """Return the place of the first argument that is no option nor an option's value."""
        options = [p for command in self.commands.values() for p in command.params]
        valued = {o for p in options if not getattr(p, "is_flag", True) for o in p.opts}
        place = 0
        while place < len(args) and args[place].startswith("-") and args[place] != "--":
            place += 2 if args[place] in valued else 1
        return place if place < len(args) and args[place] != "--" else None


def path_exists(path: str | Path) -> bool:
    """Whether there is a file or folder; a whole question in place of a path is none."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists fails on a name that is too long


def no_such(word: str, commands: Iterable[str]) -> str:
    """Say that ``word`` is nothing known, and what was perhaps meant."""
    from difflib import get_close_matches

    near = get_close_matches(word, commands, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    if " " in word:
        hint = f'; to ask: bot ask "{word}"'
    return f"no such file or folder, or command: {word}{hint}"


def store_option(ctx: click.Context, option: click.Parameter, value: object) -> None:
    """Keep what an option says, if it was given, for the setting of its name."""
    if value is not None:
        ctx.meta.setdefault(OPTIONS, {})[option.name] = value


def is_coloured(color: str) -> bool:
    """Whether stdout is coloured."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return color == "always" or (color == "auto" and sys.stdout.isatty() and not plain)


def install_completion(ctx: click.Context, _: click.Parameter, shell: str | None) -> None:
    """Install the completion for ``shell``, and leave."""
    if shell is None or ctx.resilient_parsing:
        return
    from bot.cli import shells
    from bot.cli.output import tell

    tell(shells.installed(ctx.command, shell))
    ctx.exit()


PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
FILES = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
LIMIT = click.option(
    "-k",
    "--limit",
    type=click.IntRange(min=1),
    callback=store_option,
    expose_value=False,
    help=f"Answers shown at most; as configured, or else {Settings().limit}.",
)
MIN_CONFIDENCE = click.option(
    "--min-confidence",
    "confidence",
    type=click.FloatRange(0, 1),
    metavar="X",
    callback=store_option,
    expose_value=False,
    help="Stay silent below X (0 to 1) in place of the threshold configured or measured.",
)
COLOUR = click.option(
    "--color",
    type=click.Choice(COLOURS),
    callback=store_option,
    expose_value=False,
    help=f"Colours; auto: on a terminal. As configured, or else {Settings().color}.",
)
INSTALL_COMPLETION = click.option(
    INSTALL,
    is_flag=False,
    flag_value="",
    metavar="[bash|zsh|fish]",
    callback=install_completion,
    expose_value=False,
    is_eager=True,
    help="Install completion for the shell, by default the one in use, and leave.",
)
VERSION = click.version_option(
    package_name="article-bot", prog_name="bot", message="%(prog)s %(version)s"
)
