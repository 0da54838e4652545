"""What the commands take: the options that they share, and ``chat`` where none is named."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

# What needs no command; all else does, and without one it is chat's.
ALONE = ("-h", "--help", "--version")


class Commands(click.Group):
    """Commands of which ``chat`` is the one meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command first; options may have stood before it."""
        place = self._first_word(args)
        alone = [arg for arg in args if arg in ALONE]
        if place is not None and args[place] in self.commands:
            args = [args[place], *args[:place], *args[place + 1 :]]
        elif place is not None and not there(args[place]):
            ctx.fail(no_such(args[place], self.commands))
        elif place is None and alone:
            args = alone[:1]
        else:
            args = ["chat", *args]
        return super().parse_args(ctx, args)

    def _first_word(self, args: list[str]) -> int | None:
        """Return the place of the first argument that is no option nor an option's value."""
        options = [p for command in self.commands.values() for p in command.params]
        valued = {o for p in options if not getattr(p, "is_flag", True) for o in p.opts}
        place = 0
        while place < len(args) and args[place].startswith("-") and args[place] != "--":
            place += 2 if args[place] in valued else 1
        return place if place < len(args) and args[place] != "--" else None


def there(path: str | Path) -> bool:
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


def choose_colour(ctx: click.Context, _: click.Parameter, value: str) -> None:
    """Settle whether stdout is coloured."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    ctx.color = value == "always" or (value == "auto" and sys.stdout.isatty() and not plain)


PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
FILES = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
LIMIT = click.option(
    "-k",
    "--limit",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="Answers shown at most.",
)
MIN_CONFIDENCE = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Stay silent below X (0 to 1) in place of the measured threshold.",
)
COLOUR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    callback=choose_colour,
    expose_value=False,
    help="Colours; auto: on a terminal.",
)
VERSION = click.version_option(
    package_name="article-bot", prog_name="bot", message="%(prog)s %(version)s"
)
