"""The command line: its commands and their exit codes."""

import gc
import os
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

import click

from bot.cli.options import (
    COLOUR,
    FILES,
    INSTALL_COMPLETION,
    LIMIT,
    MIN_CONFIDENCE,
    OPTIONS,
    PATHS,
    VERSION,
    CommandGroup,
    is_coloured,
    path_exists,
)
from bot.cli.output import (
    ANSWERED,
    INTERRUPTED,
    UNANSWERED,
    discard,
    fail,
    output,
    put,
    tell,
    warn,
    write,
)
from bot.errors import BotError, NothingToRead

if TYPE_CHECKING:
    from bot.config.paths import LibrarySource
    from bot.config.settings import Settings
    from bot.retrieval.retriever import Retriever
    from bot.storage.cache import OpenedLibrary


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@VERSION
@INSTALL_COMPLETION
def cli() -> None:
    """Answer questions from your own articles, word for word, offline.

    bot [PATH]... is short for bot chat [PATH]...; without PATH, the library named in the
    config file is asked, or else the bundled articles.

    Exit codes: 0 answered, 1 nothing answers it, 2 usage or nothing to read, 130 interrupted.
    """


@cli.command()
@PATHS
@LIMIT
@MIN_CONFIDENCE
@COLOUR
@VERSION
def chat(paths: tuple[Path, ...]) -> int:
    """Talk about the articles at PATH, files or folders.

    In the conversation, /help shows what can be typed.
    """
    settings = configured()
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return respond(paths, settings, "-", "text")
    return converse(paths, settings)


@cli.command()
@click.argument("question")
@PATHS
@LIMIT
@MIN_CONFIDENCE
@click.option("--explain", "form", flag_value="explain", help="Show what each score is made of.")
@click.option("--json", "form", flag_value="json", help="Print one JSON value.")
@click.option("--jsonl", "form", flag_value="jsonl", help="Print one line of JSON a question.")
@COLOUR
@VERSION
def ask(question: str, paths: tuple[Path, ...], form: str | None) -> int:
    """Answer QUESTION from the articles at PATH, files or folders.

    QUESTION - reads questions from standard input, one a line.
    """
    if not question.strip():
        raise click.UsageError("the question is empty")
    if paths and not any(map(path_exists, paths)):
        words = " ".join([question, *map(str, paths)])
        raise click.UsageError(
            f'no such file or folder: {paths[0]} (one question? quote it: "{words}")'
        )
    return respond(paths, configured(), question, form or "text")


@cli.command()
@PATHS
@click.option("--rebuild", is_flag=True, help="Read all of it again.")
@click.option("--check", is_flag=True, help="Only compare what is saved with the files and itself.")
@click.option("--forget", is_flag=True, help="Delete what is saved; the articles stay.")
@COLOUR
@VERSION
def index(paths: tuple[Path, ...], rebuild: bool, check: bool, forget: bool) -> int:
    """Read what is new or changed at PATH, and save it; say what was read and what was not."""
    from bot.cli import index as keeping
    from bot.config import paths as places
    from bot.render.text import sanitize

    settings = configured()
    asked = places.choose_source(paths, settings.library)
    if forget:
        tell(keeping.forget_library(asked.paths))
        return ANSWERED
    if check:
        from bot.storage import verify as checking

        faults = [*checking.verify_library(asked.paths)]
        write([("", "".join(f"{sanitize(line)}\n" for line in faults or [checking.SOUND]))])
        return UNANSWERED if faults else ANSWERED
    started = perf_counter()
    _, found = read(paths, settings, wait=True, rebuild=rebuild)
    rows = keeping.summary(found, perf_counter() - started)
    write([("", "".join(f"{name:<13}{sanitize(value)}\n" for name, value in rows))])
    return ANSWERED


@cli.command()
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@COLOUR
@VERSION
def info(paths: tuple[Path, ...], as_json: bool) -> int:
    """Say the version, what there is at PATH, and where things lie."""
    from bot.cli import index as keeping
    from bot.render.text import sanitize

    asked, found = read(paths, configured())
    if as_json:
        output().dump(keeping.facts(asked, found))
    else:
        rows = keeping.places_of(asked, found)
        write([("", "".join(f"{name:<11}{sanitize(value)}\n" for name, value in rows))])
    return ANSWERED


@cli.command("config")
@click.option("--explain", is_flag=True, help="Print a config file that explains each setting.")
@COLOUR
@VERSION
def configure(explain: bool) -> int:
    """Say what is set, and where the config file lies."""
    from bot.config import config_file as config
    from bot.config import paths as places
    from bot.render.text import sanitize

    file = places.config_file()
    lines = (
        config.explain_config(file)
        if explain
        else config.describe_config(config.read_config(file, warn), file)
    )
    write([("", "".join(f"{sanitize(line)}\n" for line in lines))])
    return ANSWERED


@cli.command("eval")
@FILES
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@click.option("--peers", is_flag=True, help="Measure rank-bm25 and, if installed, bm25s as well.")
@click.option("--misses", type=click.File("w", "utf-8", lazy=False), help="Write misses there.")
@COLOUR
@VERSION
def evaluate(files: tuple[Path, ...], as_json: bool, peers: bool, misses: TextIO | None) -> int:
    """Measure on question sets: FILE is in SQuAD's format, 1.1 or 2.0."""
    from bot.evaluation import report
    from bot.evaluation.run import evaluate
    from bot.render.text import sanitize_lines

    sets = [evaluate(file, with_peers=peers) for file in files]
    if misses:
        misses.write(sanitize_lines("\n".join(map(report.misses, sets))))
    if as_json:
        values = [report.as_json(one) for one in sets]
        output().dump(values if len(values) > 1 else values[0])
    else:
        write([("", sanitize_lines("\n".join(map(report.table, sets))))])
    return ANSWERED


def respond(paths: tuple[Path, ...], settings: "Settings", question: str, form: str) -> int:
    """Answer ``question``, or with "-" those on stdin; return the exit code."""
    from bot.cli import ask as asking

    ask = partial(opened(paths, settings).ask, limit=settings.limit)
    to = output(settings.width)
    if question == "-":
        found = asking.answer_each(ask, asking.read_questions(sys.stdin), form, to)
    else:
        reply = ask(question)
        asking.write_reply(reply, form, to)
        found = not reply.silence
    return ANSWERED if found else UNANSWERED


def converse(paths: tuple[Path, ...], settings: "Settings") -> int:
    """Converse at the terminal."""
    from bot.config import paths as places
    from bot.repl.app import Chat

    Chat(
        places.choose_source(paths, settings.library),
        settings,
        partial(put, stream=sys.stdout),
        warn,
    ).run()
    return ANSWERED


def configured() -> "Settings":
    """Return the settings: as the options say, else the config file, else as they are unset."""
    from bot.config import config_file as config
    from bot.config import paths as places
    from bot.config.settings import replace_setting

    context = click.get_current_context()
    settings = config.read_config(places.config_file(), warn).settings
    for name, value in context.meta.get(OPTIONS, {}).items():
        settings = replace_setting(settings, name, value)
    context.color = is_coloured(settings.color)
    return settings


def opened(paths: tuple[Path, ...], settings: "Settings") -> "Retriever":
    """Return a retriever of what is asked; stderr names it where the user did not."""
    from bot.render.library import describe_library
    from bot.retrieval.retriever import Retriever

    asked, found = read(paths, settings)
    if not paths:
        tell(describe_library(asked, found.library))
    retriever, wanted = Retriever(found.library, engine=found.engine), settings.confidence
    return retriever if wanted is None else retriever.with_threshold(wanted)


def read(
    paths: tuple[Path, ...], settings: "Settings", *, wait: bool = False, rebuild: bool = False
) -> tuple["LibrarySource", "OpenedLibrary"]:
    """Read the articles at ``paths``, or else those of the settings, or the bundled ones."""
    from bot.cli import index as keeping
    from bot.config import paths as places

    asked = places.choose_source(paths, settings.library)
    try:
        found = keeping.read(asked.paths, tell, warn, wait=wait, rebuild=rebuild)
    except NothingToRead:
        if asked.origin is places.Origin.CONFIG:
            warn(f"{places.config_file()} names the library")
        raise
    gc.enable()
    return asked, found


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    # What is loaded until the articles are open, or the prompt stands, is no garbage, and looking
    # for some takes a tenth of the time (tests/bench/start.py, growth.py).
    gc.disable()
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
        getattr(sys, name).reconfigure(errors="backslashreplace" if name == "stderr" else "replace")
    sys.exit(run())


def run() -> int:
    """Run the command; return its exit code, whatever went wrong."""
    try:
        return int(cli.main(prog_name="bot", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    except BotError as error:
        return fail(str(error))
    except OSError as error:  # of stdout: what is read has errors of its own
        discard(sys.stdout)
        return fail(f"the answer cannot be written: {error.strerror}")
