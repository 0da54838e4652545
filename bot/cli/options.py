"""The arguments and options that several commands share."""

import math
import os
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bot.config.settings import CHOICES, Settings

Decorator = Callable[[Callable[..., int]], Callable[..., int]]
# Options that replace a setting of the config file, by the names of the settings.
SETTING_OPTIONS = frozenset(("limit", "confidence", "color", "engine", "index", "reranker"))


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


def parse_urls(text: str | None) -> tuple[str, ...] | None:
    """Return the addresses in ``text``, None where the option is not given."""
    if text and "@" in text:  # others see the arguments of a command
        raise click.BadParameter("a password is read from BOT_ENGINE_PASSWORD, not from an address")
    return None if text is None else tuple(filter(None, text.replace(",", " ").split()))


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
RERANKER = click.option(
    "--reranker",
    type=click.Path(file_okay=False),
    metavar="FOLDER",
    help="Have the model in FOLDER read the best sentences, too."
    "  [default: config file, else none]",
)
ENGINE = click.option(
    "--engine",
    callback=lambda _context, _option, value: parse_urls(value),
    metavar="URL",
    help="Use the library on the cluster at URL in place of PATH; several URLs with commas.",
)
INDEX = click.option("--index", metavar="NAME", help="The name of the library on the cluster.")
SHARDS = click.option(
    "--shards",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    metavar="N",
    help="Parts of a new index on the cluster.",
)
REPLICAS = click.option(
    "--replicas",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Copies of each part, on other nodes.",
)


def add_cluster_options(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate ``command`` with the options that name a library on a cluster."""
    return ENGINE(INDEX(command))


def add_publishing_options(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate ``command`` with the options of a new index on a cluster."""
    return add_cluster_options(SHARDS(REPLICAS(command)))


COLOR = color_option()
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
VERSION = click.version_option(
    package_name="article-bot", prog_name="bot", message="%(prog)s %(version)s"
)


def check_token(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return the token of a server, which must not be empty if it is given."""
    if value == "":
        raise click.BadParameter("the token is empty.")
    return value


SERVER_OPTIONS = (
    click.option(
        "--host",
        metavar="NAME",
        default="127.0.0.1",
        show_default=True,
        help="Listen at this name or address; 0.0.0.0 for every machine that reaches this one.",
    ),
    click.option(
        "--port",
        type=click.IntRange(0, 65_535),
        metavar="N",
        default=8000,
        show_default=True,
        help="Listen at this port; 0 for any that is free.",
    ),
    click.option(
        "--token",
        envvar="BOT_TOKEN",
        callback=check_token,
        help="Ask for this token, or password.  [default: BOT_TOKEN of the environment]",
    ),
    click.option(
        "--allow-host",
        "names",
        multiple=True,
        metavar="NAME",
        help="Answer requests to this name, such as that of a proxy; may be repeated.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        metavar="N",
        help="Answer in N processes.  [default: one a processor, at most 4]",
    ),
)


INDEX_ACTIONS = (
    click.option(
        "--rebuild", "action", flag_value="rebuild", help="Delete the cache and read all files."
    ),
    click.option(
        "--check",
        "action",
        flag_value="check",
        help="Compare the cache with the files; change nothing.",
    ),
    click.option(
        "--forget", "action", flag_value="forget", help="Delete the cache; the articles stay."
    ),
)


def add_options(command: Callable[..., int], options: Sequence[Decorator]) -> Callable[..., int]:
    """Return ``command`` with ``options``, which its help shows in this order."""
    for option in reversed(options):
        command = option(command)
    return command


def server_options(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate ``command`` to receive where a server listens, and who may ask it."""
    return add_options(command, SERVER_OPTIONS)


def index_actions(command: Callable[..., int]) -> Callable[..., int]:
    """Decorate ``command`` to receive ``action``, something to do other than to update."""
    return add_options(command, INDEX_ACTIONS)
