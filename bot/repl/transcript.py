"""What was asked and replied, as a file: Markdown to read, JSON for programs."""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.errors import BotError
from bot.render.reply_json import dump_json, reply_as_dict
from bot.render.text import correction_notices, format_source, sanitize, unknown_notice
from bot.repl.session import Exchange
from bot.retrieval.answer import Reply

# What Markdown would not show as it stands, anywhere or at the start of a line.
MARKUP_RE = re.compile(r"[\\`*_\[\]<>&#|~]|^[-+=](?=\s|$)|(?<=^\d)[.)]|(?<=^\d\d)[.)]")


class TranscriptError(BotError):
    """A transcript that cannot be written."""

    def __init__(self, file: str, fault: str) -> None:
        self.file, self.fault = file, fault
        super().__init__(f"{file}: {fault}")


def markdown(exchanges: Sequence[Exchange]) -> str:
    """Return the conversation in Markdown: each question a heading, each answer a quote."""
    return "\n".join(line for exchange in exchanges for line in _section(exchange))


def _section(exchange: Exchange) -> Iterator[str]:
    reply = exchange.reply
    yield f"## {escape_markdown(exchange.typed)}\n"
    for note in [*correction_notices(reply), *_silence(reply), *unknown_notice(reply)]:
        yield f"{escape_markdown(note)}\n"
    for answer in reply.answers:
        yield f"> {escape_markdown(answer.text)}\n>\n> — {escape_markdown(format_source(answer))}\n"


def _silence(reply: Reply) -> Iterator[str]:
    if reply.remark:
        yield reply.remark
    elif reply.silence:
        yield reply.silence.value


def escape_markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it to the letter, on one line."""
    return MARKUP_RE.sub(r"\\\g<0>", sanitize(text).strip())


def as_json(exchanges: Sequence[Exchange]) -> str:
    """Return the conversation as a JSON list: what ``bot ask --json`` prints, and what was typed.

    "milliseconds" is how long each reply took; "remark" what the bot said of itself, or null.
    """
    records = (
        {
            "typed": exchange.typed,
            **reply_as_dict(exchange.reply),
            "remark": exchange.reply.remark or None,
            "milliseconds": round(exchange.milliseconds, 1),
        }
        for exchange in exchanges
    )
    return "[" + ",\n".join(map(dump_json, records)) + "]\n"


# A file's suffix → what is written to it.
FORMS: dict[str, Callable[[Sequence[Exchange]], str]] = {
    ".json": as_json,
    ".markdown": markdown,
    ".md": markdown,
}


def transcript_path(name: str, articles: Sequence[Path]) -> Path:
    """Return the file that ``name`` means, if a transcript may be written there.

    Not among the ``articles``, files or folders: it would be read as one. Raises CannotSave.
    """
    try:
        file = Path(name).expanduser().absolute()
        inside = [path for path in articles if file.resolve().is_relative_to(path.resolve())]
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a loop of links, a NUL
        raise TranscriptError(name, str(error)) from error
    if file.suffix.lower() not in FORMS:
        raise TranscriptError(name, f"what form? End it with one of {', '.join(FORMS)}")
    if inside:
        raise TranscriptError(name, "lies among the articles, and nothing is written there")
    return file


def save_transcript(text: str, file: Path) -> None:
    """Write ``text`` to ``file``, whole or not at all. Raises CannotSave."""
    try:
        handle, name = tempfile.mkstemp(prefix=".bot-", dir=file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink()
            raise
    except OSError as error:
        raise TranscriptError(str(file), (error.strerror or str(error)).lower()) from error
