"""A reply as a conversation shows it: numbered, with how sure it is and the likely answer."""

from collections.abc import Iterator
from pathlib import Path

from bot.render.text import (
    Fragments,
    cut,
    located,
    marked,
    missing,
    plain,
    replied,
    separated,
    shown,
    understood,
    wrapped,
)
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.answer_span import likely

# From which confidence on an answer is called so.
SURE = ((0.8, "sure"), (0.5, "likely"), (0.0, "perhaps"))
FULL, EMPTY, BARS = "▰", "▱", 5


def laid_out(reply: Reply, width: int) -> Fragments:
    """Lay out a reply, with what there is to note about it above and beneath."""
    return [
        *notes(understood(reply), width),
        *(numbered(reply, width) if reply.answers else replied(reply, width)),
        *notes(missing(reply), width),
    ]


def notes(lines: list[str], width: int) -> Fragments:
    """Lay out ``lines`` beside the matter."""
    return [part for line in lines for part in wrapped([("note", line)], width)]


def numbered(reply: Reply, width: int) -> Fragments:
    """Lay out answers, each with its number if there are several."""
    several = len(reply.answers) > 1
    return separated(
        answered(answer, reply, f"{number} " if several else "", width)
        for number, answer in enumerate(reply.answers, 1)
    )


def answered(answer: Answer, reply: Reply, number: str, width: int) -> Fragments:
    """Lay out an answer, the likely answer in it apart, and beneath how sure it is and whence."""
    text = shown(answer.text)
    found = likely(text, answer.matched, reply.question)
    pieces = list(styled(marked(text, answer.matched), found, "likely"))
    path = answer.article.metadata.get("path", "")
    source = f"source {Path(path).as_uri()}" if path else "source"
    beneath = [("source", f"  {number}"), ("bar", sure(answer.confidence)), ("source", " — ")]
    beneath.append((source, located(answer)))
    return wrapped(pieces, width) + wrapped(beneath, width, "    ")


def sure(confidence: float) -> str:
    """Return how sure an answer is, as a bar and a word."""
    full = round(confidence * BARS)
    word = next(word for least, word in SURE if confidence >= least)
    return f"{FULL * full}{EMPTY * (BARS - full)} {word}"


def styled(fragments: Fragments, places: range, style: str) -> Iterator[tuple[str, str]]:
    """Yield ``fragments`` with ``style`` added to the text at ``places``."""
    end = len(plain(fragments))
    yield from cut(fragments, 0, places.start)
    for own, text in cut(fragments, places.start, places.stop):
        yield f"{own} {style}".strip(), text
    yield from cut(fragments, places.stop, end)
