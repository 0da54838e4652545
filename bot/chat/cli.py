"""The command line: arguments, exit codes, and the only ``print``."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from bot.chat.arguments import COLOUR, LIMIT, MIN_CONFIDENCE, PATHS, VERSION, Commands
from bot.errors import BotError, NothingToRead

if TYPE_CHECKING:
    from bot.articles.library import Library
    from bot.chat.places import Shelf
    from bot.chat.screen import Fragments
    from bot.retrieval.answer import Reply
    from bot.retrieval.retriever import Retriever

ANSWERED, UNANSWERED, FAILED, INTERRUPTED = 0, 1, 2, 130


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@VERSION
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
def chat(paths: tuple[Path, ...], limit: int, min_confidence: float | None) -> int:
    """Talk about the articles at PATH, files or folders."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        retriever = opened(paths, min_confidence)
        return answer(partial(retriever.ask, limit=limit), read_questions(), "text")
    return talk(paths, limit, min_confidence)


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
def ask(
    question: str,
    paths: tuple[Path, ...],
    limit: int,
    min_confidence: float | None,
    form: str | None,
) -> int:
    """Answer QUESTION from the articles at PATH, files or folders.

    QUESTION - reads questions from standard input, one a line.
    """
    if not question.strip():
        raise click.UsageError("the question is empty")
    if paths and not any(path.exists() for path in paths):
        words = " ".join([question, *map(str, paths)])
        raise click.UsageError(
            f'no such file or folder: {paths[0]} (one question? quote it: "{words}")'
        )
    retriever = opened(paths, min_confidence)
    answers = partial(retriever.ask, limit=limit)
    if question == "-":
        return answer(answers, read_questions(), form or "text")
    reply = answers(question)
    show(reply, form or "text")
    return ANSWERED if reply.answers else UNANSWERED


@cli.command()
@PATHS
@click.option("--rebuild", is_flag=True, expose_value=False, help="Read all of it again.")
@COLOUR
@VERSION
def index(paths: tuple[Path, ...]) -> int:
    """Read the articles at PATH, and say what was read and what was not."""
    from bot.chat.places import counted

    started = perf_counter()
    _, library = read(paths)
    say(f"read {counted(library)} in {perf_counter() - started:.2f} s")
    say(f"skipped {len(library.skipped)} that could not be read")
    say(f"passed over {library.passed_over} hidden or of another kind")
    return ANSWERED


@cli.command()
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@COLOUR
@VERSION
def info(paths: tuple[Path, ...], as_json: bool) -> int:
    """Say the version, what there is at PATH, and where things lie."""
    from importlib.metadata import version

    from bot.chat import places, record

    asked, library = read(paths)
    facts = {
        "version": version("article-bot"),
        "library": [str(path) for path in asked.paths],
        "articles": len(library.articles),
        "sentences": len(library),
        "config": str(places.config_file()),
        "history": str(places.history_file()),
        "indexes": str(places.cache_folder()),
    }
    if as_json:
        print(record.dumped(facts, ascii_only=not speaks_utf8()))
    else:
        for name, value in facts.items():
            say(f"{name:<11}{', '.join(value) if isinstance(value, list) else value}")
    return ANSWERED


def talk(paths: tuple[Path, ...], limit: int, min_confidence: float | None) -> int:
    """Converse at the terminal."""
    from prompt_toolkit import PromptSession

    from bot.chat import places, repl
    from bot.retrieval.conversation import Conversation

    asked, library = read(paths)
    conversation = Conversation(retriever_of(library, min_confidence))
    say(f"{places.greeting(asked, library)} /help shows what can be typed.\n")
    session: PromptSession[str] = PromptSession(history=repl.history(places.history_file(), warn))
    repl.converse(partial(conversation.ask, limit=limit), session, write)
    return ANSWERED


def opened(paths: tuple[Path, ...], min_confidence: float | None) -> "Retriever":
    """Return a retriever of what is asked; stderr names it where the user did not."""
    from bot.chat import places

    asked, library = read(paths)
    if not paths:
        print(places.greeting(asked, library), file=sys.stderr, flush=True)
    return retriever_of(library, min_confidence)


def read(paths: tuple[Path, ...]) -> tuple["Shelf", "Library"]:
    """Read the articles at ``paths``, or else of the config file's library, or the bundled ones."""
    from bot.articles.library import Library
    from bot.chat import places

    asked = places.shelf(paths, warn)
    library = Library.from_path(*asked.paths)
    for fault in library.skipped:
        warn(str(fault))
    if not library.articles:
        raise NothingToRead(tuple(map(str, asked.paths)))
    return asked, library


def retriever_of(library: "Library", min_confidence: float | None) -> "Retriever":
    """Return a retriever of ``library``, with its own threshold unless another is given."""
    from bot.retrieval.retriever import Retriever

    retriever = Retriever(library)
    return retriever if min_confidence is None else retriever.with_threshold(min_confidence)


def read_questions() -> Iterator[str]:
    """Yield the lines of stdin that are not blank, each as it arrives."""
    for line in sys.stdin:
        if question := line.strip("\ufeff\0 \t\r\n"):
            yield question


def answer(ask: Callable[[str], "Reply"], questions: Iterator[str], form: str) -> int:
    """Answer each question as it arrives; return whether any was answered, as an exit code."""
    from bot.chat import record
    from bot.chat.screen import shown

    code, records = UNANSWERED, []
    for question in questions:
        reply = ask(question)
        code = ANSWERED if reply.answers else code
        if form == "json":
            records.append(record.record(reply))
            continue
        if form != "jsonl":
            say(f"> {shown(question)}")
        show(reply, form)
        if form != "jsonl":
            say("")
    if form == "json":
        print(record.dumped(records, ascii_only=not speaks_utf8()))
    return code


def show(reply: "Reply", form: str) -> None:
    """Print a reply in one of the forms that ``ask`` offers."""
    from bot.chat import record, screen

    if form in ("json", "jsonl"):
        print(record.dumped(record.record(reply), ascii_only=not speaks_utf8()), flush=True)
        return
    layout = screen.explained if form == "explain" else screen.replied
    write(layout(reply, window()))
    for note in screen.noted(reply):
        print(note, file=sys.stderr, flush=True)


def write(fragments: "Fragments") -> None:
    """Print styled text; the only road of answers to the screen."""
    from bot.chat.screen import ansi, plain

    coloured = click.get_current_context().color
    print((ansi if coloured else plain)(fragments), end="", flush=True)


def say(line: str) -> None:
    """Print a line of our own words."""
    print(line, flush=True)


def warn(warning: str) -> None:
    """Print a warning."""
    from bot.chat.screen import shown

    print(f"bot: warning: {shown(warning)}", file=sys.stderr, flush=True)


def window() -> int | None:
    """Return the columns of the window, None where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def speaks_utf8() -> bool:
    """Whether stdout takes every character."""
    return sys.stdout.encoding.lower().replace("-", "").startswith("utf")


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
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
        discard_output()
        return fail(f"the answer cannot be written: {error.strerror}")


def fail(fault: str) -> int:
    """Say what went wrong; return the exit code for it."""
    from bot.chat.screen import shown

    print(f"bot: error: {shown(fault)}", file=sys.stderr, flush=True)
    return FAILED


def discard_output() -> None:
    """Send what is still to be written nowhere, so that leaving does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
