"""A reply as a conversation shows it: numbered, with how sure it is and the likely answer."""

from collections.abc import Iterator
from pathlib import Path

from bot.render.text import (
    Fragments,
    correction_notices,
    format_plain_reply,
    format_source,
    mark_matches,
    sanitize,
    separate,
    slice_fragments,
    to_plain,
    unknown_notice,
    wrap,
)
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.answer_span import find_answer_span

# From which confidence on an answer is called so.
SURE = ((0.8, "sure"), (0.5, "likely"), (0.0, "perhaps"))
FULL, EMPTY, BARS = "▰", "▱", 5


def format_reply(reply: Reply, width: int) -> Fragments:
    """Lay out a reply, with what there is to note about it above and beneath."""
    return [
        *format_notices(correction_notices(reply), width),
        *(format_answers(reply, width) if reply.answers else format_plain_reply(reply, width)),
        *format_notices(unknown_notice(reply), width),
    ]


def format_notices(lines: list[str], width: int) -> Fragments:
    """Lay out ``lines`` beside the matter."""
    return [part for line in lines for part in wrap([("note", line)], width)]


def format_answers(reply: Reply, width: int) -> Fragments:
    """Lay out answers, each with its number if there are several."""
    several = len(reply.answers) > 1
    return separate(
        format_answer(answer, reply, f"{number} " if several else "", width)
        for number, answer in enumerate(reply.answers, 1)
    )


def format_answer(answer: Answer, reply: Reply, number: str, width: int) -> Fragments:
    """Lay out an answer, the likely answer in it apart, and beneath how sure it is and whence."""
    text = sanitize(answer.text)
    found = find_answer_span(text, answer.matched, reply.question)
    pieces = list(apply_style(mark_matches(text, answer.matched), found, "likely"))
    path = answer.article.metadata.get("path", "")
    source = f"source {Path(path).as_uri()}" if path else "source"
    beneath = [
        ("source", f"  {number}"),
        ("bar", confidence_bar(answer.confidence)),
        ("source", " — "),
    ]
    beneath.append((source, format_source(answer)))
    return wrap(pieces, width) + wrap(beneath, width, "    ")


def confidence_bar(confidence: float) -> str:
    """Return how sure an answer is, as a bar and a word."""
    full = round(confidence * BARS)
    word = next(word for least, word in SURE if confidence >= least)
    return f"{FULL * full}{EMPTY * (BARS - full)} {word}"


def apply_style(fragments: Fragments, places: range, style: str) -> Iterator[tuple[str, str]]:
    """Yield ``fragments`` with ``style`` added to the text at ``places``."""
    end = len(to_plain(fragments))
    yield from slice_fragments(fragments, 0, places.start)
    for own, text in slice_fragments(fragments, places.start, places.stop):
        yield f"{own} {style}".strip(), text
    yield from slice_fragments(fragments, places.stop, end)
