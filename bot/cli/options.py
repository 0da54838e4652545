"""The arguments and options that several commands share."""

import math
import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bot.config.settings import CHOICES, Settings

# Options that replace a setting of the config file, by the names of the settings.
SETTING_OPTIONS = frozenset(("limit", "confidence", "color"))


def path_exists(path: str | Path) -> bool:
    """Return whether there is a file or folder at ``path``, which may be a whole question."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists fails on a name that is too long


def pass_settings(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate ``command`` to receive ``settings``: options given, else config file, else defaults.

    It must be the innermost decorator; the setting options are replaced by that one argument.
    """

    @wraps(command)
    def call(**params: Any) -> int:
        given = {name: params.pop(name) for name in SETTING_OPTIONS & params.keys()}
        settings = import_module("bot.cli.settings").load_settings(given)
        return command(settings=settings, **params)

    return call


def color_option(*, expose_value: bool = True) -> Callable[[Callable[..., int]], Any]:
    """Return ``--color``; commands that never print in colour accept it and do not expose it."""
    return click.option(
        "--color",
        type=click.Choice(CHOICES),
        expose_value=expose_value,
        metavar="WHEN",
        help="Use colours and bold text: auto (only on a terminal), always or never."
        f"  [default: config file, else {Settings().color}]",
    )


class ConfidenceRange(click.FloatRange):
    """A number from 0 to 1; "nan" is none, though no comparison says so."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or fail with a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number from 0 to 1.", param, ctx)
        return number


PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
FILES = click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
LIMIT = click.option(
    "-k",
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Show at most N answers.  [default: config file, else {Settings().limit}]",
)
MIN_CONFIDENCE = click.option(
    "--min-confidence",
    "confidence",
    type=ConfidenceRange(0, 1),
    metavar="X",
    help="Stay silent if the best answer's confidence is below X, from 0 to 1."
    "  [default: config file, else as measured]",
)
COLOR = color_option()
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
VERSION = click.version_option(
    package_name="article-bot", prog_name="bot", message="%(prog)s %(version)s"
)
