"""Questions without a conversation: each is answered as it arrives, in the form asked for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.render.reply_json import dump_json, reply_as_dict
from bot.render.text import (
    Writer,
    correction_notices,
    format_explained_reply,
    format_plain_reply,
    sanitize,
    unknown_notice,
)
from bot.retrieval.answer import Reply

LAYOUTS = {"text": format_plain_reply, "explain": format_explained_reply}
# A byte order mark, the zeros of a text in UTF-16, and spaces are no part of a question.
AROUND = "\ufeff\0 \t\r\n"


@dataclass(frozen=True, slots=True)
class Output:
    """Where answers are written and notes told, how wide that is, and whether only ASCII fits.

    ``width`` is None where no window limits it.
    """

    write: Writer
    tell: Callable[[str], None]
    width: int | None
    ascii_only: bool

    def dump(self, value: object) -> None:
        """Write ``value`` as a line of JSON."""
        self.write([("", dump_json(value, ascii_only=self.ascii_only) + "\n")])


def read_questions(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines that are not blank, each as it arrives."""
    for line in lines:
        if question := line.strip(AROUND):
            yield question


def write_reply(reply: Reply, form: str, output: Output) -> None:
    """Write a reply as a text, an explained text, or a line of JSON."""
    if form in LAYOUTS:
        for note in correction_notices(reply):
            output.tell(note)
        output.write(LAYOUTS[form](reply, output.width))
        for note in unknown_notice(reply):
            output.tell(note)
    else:
        output.dump(reply_as_dict(reply))


def answer_each(
    ask: Callable[[str], Reply], asked: Iterable[str], form: str, output: Output
) -> bool:
    """Answer each question as it arrives; return whether any had an answer."""
    found, records = False, []
    for question in asked:
        reply = ask(question)
        found = found or not reply.silence
        if form in LAYOUTS:
            output.write([("", f"> {sanitize(question)}\n")])
            write_reply(reply, form, output)
            output.write([("", "\n")])
        elif form == "jsonl":
            write_reply(reply, form, output)
        else:
            records.append(reply_as_dict(reply))
    if form == "json":
        output.dump(records)
    return found
