"""The command line: arguments, exit codes, and the only ``print``."""

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

import click

from bot.chat.arguments import COLOUR, FILES, LIMIT, MIN_CONFIDENCE, PATHS, VERSION, Commands, there
from bot.errors import BotError, NothingToRead

if TYPE_CHECKING:
    from bot.articles.library import Library
    from bot.chat.asking import Output
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
        return respond(partial(retriever.ask, limit=limit), "-", "text")
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
    if paths and not any(map(there, paths)):
        words = " ".join([question, *map(str, paths)])
        raise click.UsageError(
            f'no such file or folder: {paths[0]} (one question? quote it: "{words}")'
        )
    retriever = opened(paths, min_confidence)
    return respond(partial(retriever.ask, limit=limit), question, form or "text")


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
    seconds = perf_counter() - started
    report = (
        f"read         {counted(library)}, in {seconds:.2f} s\n"
        f"skipped      {len(library.skipped)} that could not be read\n"
        f"passed over  {library.passed_over} hidden or of another kind\n"
    )
    write([("", report)])
    return ANSWERED


@cli.command()
@PATHS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@COLOUR
@VERSION
def info(paths: tuple[Path, ...], as_json: bool) -> int:
    """Say the version, what there is at PATH, and where things lie."""
    from importlib.metadata import version

    from bot.chat import places
    from bot.chat.screen import shown

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
        output().dump(facts)
    else:
        rows = (
            f"{name:<11}{', '.join(value) if isinstance(value, list) else value}"
            for name, value in facts.items()
        )
        write([("", "".join(f"{shown(row)}\n" for row in rows))])
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
    from bot.chat.screen import shown_lines
    from bot.measure import report
    from bot.measure.run import measured

    sets = [measured(file, with_peers=peers) for file in files]
    if misses:
        misses.write(shown_lines("\n".join(map(report.misses, sets))))
    if as_json:
        values = [report.as_json(one) for one in sets]
        output().dump(values if len(values) > 1 else values[0])
    else:
        write([("", shown_lines("\n".join(map(report.table, sets))))])
    return ANSWERED


def respond(ask: Callable[[str], "Reply"], question: str, form: str) -> int:
    """Answer ``question``, or with "-" those on stdin; return the exit code."""
    from bot.chat import asking

    if question == "-":
        found = asking.show_each(ask, asking.questions(sys.stdin), form, output())
    else:
        reply = ask(question)
        asking.show(reply, form, output())
        found = not reply.silence
    return ANSWERED if found else UNANSWERED


def talk(paths: tuple[Path, ...], limit: int, min_confidence: float | None) -> int:
    """Converse at the terminal."""
    from prompt_toolkit import PromptSession

    from bot.chat import places, repl
    from bot.chat.screen import wrapped
    from bot.retrieval.conversation import Conversation

    asked, library = read(paths)
    conversation = Conversation(retriever_of(library, min_confidence))
    session: PromptSession[str] = PromptSession(
        history=repl.history(places.history_file(), warn), enable_suspend=True
    )
    greeting = f"{places.greeting(asked, library)} /help shows what can be typed."
    write([*wrapped([("", greeting)], session.output.get_size().columns), ("", "\n")])
    repl.converse(partial(conversation.ask, limit=limit), session, write)
    return ANSWERED


def opened(paths: tuple[Path, ...], min_confidence: float | None) -> "Retriever":
    """Return a retriever of what is asked; stderr names it where the user did not."""
    from bot.chat import places

    asked, library = read(paths)
    if not paths:
        tell(places.greeting(asked, library))
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


def output() -> "Output":
    """Return where the answers of ``ask`` go."""
    from bot.chat.asking import Output

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    utf = sys.stdout.encoding.lower().startswith("utf")
    return Output(write, tell, width, ascii_only=not utf)


def write(fragments: "Fragments") -> None:
    """Print styled text; the only road of answers to the screen."""
    from bot.chat.screen import ansi, plain

    coloured = click.get_current_context().color
    put((ansi if coloured else plain)(fragments), sys.stdout)


def tell(line: str) -> None:
    """Print a line that is no answer."""
    from bot.chat.screen import shown

    put(f"{shown(line)}\n", sys.stderr)


def warn(warning: str) -> None:
    """Print a warning."""
    tell(f"bot: warning: {warning}")


def fail(fault: str) -> int:
    """Print what went wrong; return the exit code for it."""
    tell(f"bot: error: {fault}")
    return FAILED


def put(text: str, stream: TextIO) -> None:
    """Print ``text`` at once; where nobody reads it any more, leave quietly."""
    try:
        print(text, end="", file=stream, flush=True)
    except BrokenPipeError as error:
        discard(stream)
        raise click.exceptions.Exit(ANSWERED) from error


def discard(stream: TextIO) -> None:
    """Send what is still to be written nowhere, so that leaving does not fail on it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def main() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
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
