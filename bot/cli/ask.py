"""``bot ask``: answer one question, or those on standard input as they arrive."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bot.cli.exit_code import ExitCode
from bot.cli.library import LibraryAsker
from bot.cli.output import Output
from bot.config.settings import Settings
from bot.errors import BotError
from bot.lazy import lazy_function
from bot.render.reply import (
    format_answers,
    format_plain_reply,
    unsure_notice,
)
from bot.render.safe_json import replace_surrogates
from bot.render.text import Fragments, sanitize
from bot.retrieval.answer import Reply
from bot.retrieval.retriever import Retriever

# Needed for --explain.
format_explained_reply: Callable[[Reply, Retriever, int | None], Fragments] = lazy_function(
    "bot.render.explanation", "format_explained_reply"
)

# A byte order mark, the zero bytes of a text in UTF-16, and spaces are no part of a question.
STRIPPED = "\ufeff\0 \t\r\n"


def run(question: str, paths: tuple[Path, ...], settings: Settings, form: str) -> int:
    """Answer ``question``, or with "-" those on standard input; return the exit code."""
    output = Output.from_settings(settings)
    asker = LibraryAsker(paths, settings, output)
    writer = ReplyWriter(form, choose_layout(form, asker), output)
    if question == "-":
        is_answered = answer_each(asker.ask, read_questions(sys.stdin), writer)
    else:
        reply = asker.ask(replace_surrogates(question))
        writer.write(reply)
        is_answered = not reply.silence
    return ExitCode.ANSWERED if is_answered else ExitCode.UNANSWERED


def choose_layout(
    form: str, asker: LibraryAsker
) -> Callable[[Reply, int | None], Fragments] | None:
    """Return the layout of "text" or "explain", None for JSON."""
    if form == "explain":
        return lambda reply, width: format_explained_reply(reply, asker.retriever, width)
    return format_text_reply if form == "text" else None


def format_text_reply(reply: Reply, width: int | None) -> Fragments:
    """Lay out a reply: plain in a pipe (``width`` None), on a terminal with its confidence."""
    is_plain = width is None or not reply.answers
    return format_plain_reply(reply, width) if is_plain else format_answers(reply, width)


class ReplyWriter:
    """Writes replies in one form: "text", "explain", "json" or "jsonl".

    ``layout`` is that of the first two, None for JSON.
    """

    def __init__(
        self,
        form: str,
        layout: Callable[[Reply, int | None], Fragments] | None,
        output: Output,
    ) -> None:
        self.form: str = form
        self.layout: Callable[[Reply, int | None], Fragments] | None = layout
        self.output: Output = output

    def write(self, reply: Reply) -> None:
        """Write a reply: its answers on stdout, its notices on stderr; or one line of JSON."""
        if self.layout is None:
            self.output.write_json(reply.as_dict())
            return
        if reply.answers:
            self._write_notices(reply)
        self.output.write(self.layout(reply, self.output.width))
        if not reply.answers:
            self._write_notices(reply)

    def _write_notices(self, reply: Reply) -> None:
        # A terminal has the rest beside the answers.
        is_plain = self.form == "text" and self.output.width is None
        extra = [*unsure_notice(reply), *reply.copy_notices] if is_plain else []
        for notice in [*reply.notices, *extra]:
            self.output.note(notice)

    def write_with_question(self, question: str, reply: Reply) -> None:
        """Write one reply of several; in text, below its question."""
        if self.layout is None:
            self.write(reply)
            return
        self.output.write([("", f"> {sanitize(question)}\n")])
        self.write(reply)
        self.output.write([("", "\n")])


class UnreadableQuestions(BotError):
    """Standard input that cannot be read."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(f"cannot read the questions from standard input: {fault}")


def read_questions(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that are not blank, each as it arrives. Raises UnreadableQuestions."""
    remaining = iter(lines)
    while True:
        try:
            line = next(remaining, None)
        except OSError as error:  # a descriptor that is open for writing alone
            raise UnreadableQuestions(error.strerror or str(error)) from error
        if line is None:
            return
        if question := line.strip(STRIPPED):
            yield question


def answer_each(ask: Callable[[str], Reply], questions: Iterable[str], writer: ReplyWriter) -> bool:
    """Answer each question before the next is read; return whether any had an answer.

    The form "json" is an array, written after the last.
    """
    is_answered, records = False, []
    for question in questions:
        reply = ask(question)
        is_answered = is_answered or not reply.silence
        if writer.form == "json":
            records.append(reply.as_dict())
        else:
            writer.write_with_question(question, reply)
    if writer.form == "json":
        writer.output.write_json(records)
    return is_answered
