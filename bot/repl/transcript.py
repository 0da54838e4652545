"""Saved conversations: Markdown to read, JSON for programs."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.errors import BotError
from bot.render.reply import (
    add_ellipses,
    confidence_word,
    format_source,
    is_rated,
    is_unsure,
    silence_message,
    unsure_notice,
)
from bot.render.safe_json import dump_json
from bot.render.text import sanitize, to_plain
from bot.repl.session import Exchange
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.answer_context import find_lead_in, find_list
from bot.storage.atomic import replace_own_file

# Characters that are Markdown syntax, anywhere or at the start of a line.
SYNTAX_RE = re.compile(r"[\\`*_\[\]<>&#|~]|^[-+=](?=\s|$)|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


class TranscriptError(BotError):
    """A transcript that cannot be written."""

    def __init__(self, file: str, fault: str) -> None:
        self.file: str = file
        self.fault: str = fault
        super().__init__(f"{file}: {fault}")


def format_markdown(exchanges: Sequence[Exchange]) -> str:
    """Return the conversation in Markdown: each question a heading, each answer a quotation."""
    return "\n".join(line for exchange in exchanges for line in _exchange_lines(exchange))


def _exchange_lines(exchange: Exchange) -> Iterator[str]:
    reply = exchange.reply
    yield f"## {escape_markdown(exchange.typed)}\n"
    message = silence_message(reply)
    for notice in [*([message] if message else []), *reply.notices]:
        yield f"{escape_markdown(notice)}\n"
    for notice in unsure_notice(reply):
        yield f"{notice}\n"
    for answer in reply.answers:
        yield "\n>\n".join(f"> {part}" for part in _answer_parts(answer, reply)) + "\n"


def _answer_parts(answer: Answer, reply: Reply) -> Iterator[str]:
    """Yield the paragraphs of an answer's quotation: context, sentence, source."""
    if lead_in := find_lead_in(answer):
        yield f"*{escape_markdown(lead_in)}*"
    yield escape_markdown(to_plain(add_ellipses([("", answer.text)], answer)))
    if items := find_list(answer):
        yield "\\\n> ".join(map(escape_markdown, items))
    has_rating = answer is reply.answers[0] and is_rated(reply) and not is_unsure(reply)
    word = f"{confidence_word(answer.confidence)} " if has_rating else ""
    yield f"{word}— {escape_markdown(format_source(answer))}"
    if notice := answer.copy_notice:
        yield escape_markdown(notice)


def escape_markdown(text: str) -> str:
    """Return ``text`` on one line, escaped so that Markdown renders it literally."""
    return SYNTAX_RE.sub(r"\\\g<0>", sanitize(text).strip())


def format_json(exchanges: Sequence[Exchange]) -> str:
    """Return the conversation as a JSON list of the records that ``bot ask --json`` prints.

    Each record has three more keys: "typed", the line as typed; "remark", the bot's reply to
    small talk, or null; and "milliseconds", the time that the reply took.
    """
    records = (
        {
            "typed": exchange.typed,
            **exchange.reply.as_dict(),
            "remark": exchange.reply.remark or None,
            "milliseconds": round(exchange.milliseconds, 1),
        }
        for exchange in exchanges
    )
    return "[" + ",\n".join(map(dump_json, records)) + "]\n"


# The formats of a transcript, by the file's suffix.
FORMATS: dict[str, Callable[[Sequence[Exchange]], str]] = {
    ".json": format_json,
    ".markdown": format_markdown,
    ".md": format_markdown,
}


def transcript_path(name: str, library_paths: Sequence[Path]) -> Path:
    """Return the absolute path of the transcript ``name``.

    Raises TranscriptError if the suffix names no format, or if the file would lie inside the
    library, where it would be read as an article.
    """
    try:
        file = Path(name).expanduser().absolute()
        is_inside = any(file.resolve().is_relative_to(path.resolve()) for path in library_paths)
    except (OSError, RuntimeError, ValueError) as error:  # unknown user, loop of links, NUL
        raise TranscriptError(name, str(error)) from error
    if file.suffix.lower() not in FORMATS:
        raise TranscriptError(name, "unknown format; end the name with .md or .json")
    if is_inside:
        raise TranscriptError(name, "is inside the library, where nothing is written")
    return file


def write_transcript(exchanges: Sequence[Exchange], file: Path) -> None:
    """Write the conversation to ``file``, whole or not at all. Raises TranscriptError."""
    text = FORMATS[file.suffix.lower()](exchanges)
    try:
        with replace_own_file(file) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise TranscriptError(str(file), (error.strerror or str(error)).lower()) from error
