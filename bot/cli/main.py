"""The commands with their arguments; each imports its module when it is called."""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.group import CommandGroup
from bot.cli.help import end_of_help
from bot.cli.options import (
    COLOR,
    FILES,
    JSON,
    LIMIT,
    MIN_CONFIDENCE,
    PATHS,
    RERANKER,
    VERSION,
    add_cluster_options,
    add_publishing_options,
    color_option,
    index_actions,
    pass_settings,
    path_exists,
    server_options,
)

if TYPE_CHECKING:
    from bot.config.settings import Settings


def run_module(name: str, *arguments: object) -> int:
    """Import the module of a command, call its ``run``, and return the exit code.

    Help, completion and usage errors thus import neither numpy nor prompt-toolkit.
    """
    return int(import_module(f"bot.cli.{name}").run(*arguments))


@click.group(
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=end_of_help(
        "bot notes                             a conversation about a folder",
        "bot what is coffee                    one question about the library",
        'bot ask "What is coffee?" notes -k 1  one question about a folder',
        codes="0 answered, 1 no answer found, 2 wrong usage or nothing to read",
    ),
)
@VERSION
def cli() -> None:
    """Answer questions from your own articles, word for word, offline.

    Without a command, chat is run: bot [PATH]... Each PATH is a file or a folder of articles;
    without PATH, the library set in the config file is searched, or else the bundled articles.
    Several words that are neither command nor path are a question. Each command has its own
    help: bot ask --help
    """


@cli.command(
    epilog=end_of_help(
        "bot chat notes",
        "bot notes talks/2024.md -k 1",
        codes="0 the user left, 2 wrong usage or nothing to read",
    )
)
@PATHS
@LIMIT
@MIN_CONFIDENCE
@RERANKER
@add_cluster_options
@COLOR
@VERSION
@pass_settings
def chat(paths: tuple[Path, ...], settings: "Settings") -> int:
    """Start a conversation about the articles at PATH.

    Type /help in it for a list of its commands. Without a terminal, questions are read from
    standard input, one a line, as by: bot ask -
    """
    if sys.stdin.isatty() and sys.stdout.isatty():
        return run_module("chat", paths, settings)
    return run_module("ask", "-", paths, settings, "text")


@cli.command(
    epilog=end_of_help(
        'bot ask "When did the bridge open?" notes',
        "bot ask - notes --jsonl < questions.txt",
        codes="0 answered, 1 no answer found, 2 wrong usage or nothing to read",
    )
)
@click.argument("question")
@PATHS
@LIMIT
@MIN_CONFIDENCE
@RERANKER
@click.option("--explain", "form", flag_value="explain", help="Show how each score adds up.")
@click.option("--json", "form", flag_value="json", help="Print one JSON value.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print a line of JSON for each question.")
@add_cluster_options
@COLOR
@VERSION
@pass_settings
def ask(question: str, paths: tuple[Path, ...], settings: "Settings", form: str | None) -> int:
    """Answer QUESTION from the articles at PATH.

    If QUESTION is -, questions are read from standard input, one a line.
    """
    if not question.strip():
        raise click.UsageError("the question is empty")
    if paths and not any(map(path_exists, paths)):
        words = " ".join([question, *map(str, paths)])
        raise click.UsageError(
            f'no such file or folder: {paths[0]} (to ask one question, quote it: "{words}")'
        )
    return run_module("ask", question, paths, settings, form or "text")


@cli.command(
    epilog=end_of_help(
        "bot index notes",
        "bot index --check notes",
        codes="0 done, 1 --check found a difference, 2 wrong usage or nothing to read",
    )
)
@PATHS
@index_actions
@click.option(
    "--explain",
    "explained",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Show how FILE is read: title, date, text, code, boilerplate.",
)
@add_publishing_options
@COLOR
@VERSION
@pass_settings
def index(
    paths: tuple[Path, ...],
    settings: "Settings",
    action: str | None,
    explained: Path | None,
    **copies: int,
) -> int:
    """Bring the cache of the articles at PATH up to date.

    Only new and changed files are read. Other commands do the same before they answer. With
    --engine, the library on the cluster is brought up to date as well.
    """
    if explained:
        return run_module("index_explain", explained, settings)
    if settings.engine:
        return run_module("index_cluster", paths, settings, action or "update", copies)
    return run_module("index", paths, settings, action or "update")


@cli.command(
    epilog=end_of_help(
        "bot serve notes",
        "bot serve notes --host 0.0.0.0 --token secret",
        codes="0 stopped by a signal, 2 wrong usage or nothing to read",
    )
)
@PATHS
@server_options
@LIMIT
@MIN_CONFIDENCE
@RERANKER
@add_cluster_options
@COLOR
@VERSION
@pass_settings
def serve(paths: tuple[Path, ...], settings: "Settings", **options: Any) -> int:
    """Answer over HTTP, for programs and in a page for a browser.

    GET /openapi.json describes the paths. Only this machine may ask, unless --host says so.
    """
    return run_module("serve", paths, settings, options)


@cli.command(
    epilog=end_of_help(
        "bot mcp notes",
        codes="0 the client left, 2 wrong usage or nothing to read",
    )
)
@PATHS
@MIN_CONFIDENCE
@RERANKER
@add_cluster_options
@COLOR
@VERSION
@pass_settings
def mcp(paths: tuple[Path, ...], settings: "Settings") -> int:
    """Serve the articles to a language model's host, by MCP.

    The host starts this command and speaks to it over standard input and output; a client's
    config names the command bot with the arguments mcp and PATH.
    """
    return run_module("mcp", paths, settings)


@cli.command(epilog=end_of_help("bot info", "bot info notes --json"))
@PATHS
@JSON
@add_cluster_options
@COLOR
@VERSION
@pass_settings
def info(paths: tuple[Path, ...], settings: "Settings", as_json: bool) -> int:
    """Show the version, the size of the library, and paths of files."""
    return run_module("info", paths, settings, as_json)


@cli.command(
    epilog=end_of_help("bot config", "bot config --explain", codes="0 done, 2 wrong usage")
)
@click.option("--explain", is_flag=True, help="Print a config file that explains each setting.")
@color_option(expose_value=False)
@VERSION
def config(explain: bool) -> int:
    """Show the settings and the path of the config file."""
    return run_module("config", explain)


@cli.command("eval", epilog=end_of_help("bot eval dev-v2.0.json", "bot eval set.json --json"))
@FILES
@JSON
@click.option("--each", is_flag=True, help="Make each article of a set a library of its own.")
@click.option(
    "--misses",
    type=click.File("w", "utf-8", lazy=False),
    help="Write wrong first answers beside the right ones to this file.",
)
@RERANKER
@add_cluster_options
@color_option(expose_value=False)
@VERSION
@pass_settings
def evaluate(files: tuple[Path, ...], settings: "Settings", **options: Any) -> int:
    """Measure quality and speed on question sets.

    Each FILE is a question set in the format of SQuAD 1.1 or 2.0. With --engine, its articles are
    put on the cluster, and asked there.
    """
    return run_module("evaluate", files, settings, options)
