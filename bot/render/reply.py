"""Layouts of a reply: plain, for pipes and ``bot ask``, and with confidence, for conversations."""

from collections.abc import Iterable

from bot.language.terms import STOP_WORDS
from bot.language.words import word_spans
from bot.render.text import (
    Fragments,
    format_date,
    sanitize,
    slice_fragments,
    to_plain,
    wrap,
    wrap_lines,
)
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.answer_span import find_answer_span
from bot.retrieval.confidence import LIKELY, SURE

SOURCE_PREFIX = "  — "
# The least confidence that each word stands for.
CONFIDENCE_WORDS = ((SURE, "sure"), (LIKELY, "likely"), (0.0, "perhaps"))
FULL, EMPTY, BAR_LENGTH = "▰", "▱", 5


def format_plain_reply(reply: Reply, width: int | None = None) -> Fragments:
    """Lay out the answers, separated by blank lines, or the message of a silence.

    With ``width`` None, lines are not wrapped.
    """
    if message := reply.remark or (reply.silence.value if reply.silence else ""):
        return wrap([("", message)], width)
    return join_blocks(format_plain_answer(answer, width) for answer in reply.answers)


def format_plain_answer(answer: Answer, width: int | None) -> Fragments:
    """Lay out an answer with its source below."""
    text = wrap(mark_matches(sanitize(answer.text), answer.matched), width)
    source = [("source", SOURCE_PREFIX + format_source(answer))]
    return text + wrap(source, width, " " * len(SOURCE_PREFIX))


def format_reply(reply: Reply, width: int) -> Fragments:
    """Lay out a reply of a conversation, with its notices above the answers, below a silence."""
    notices = wrap_lines("note", [sanitize(notice) for notice in reply.notices], width)
    if reply.answers:
        return [*notices, *format_answers(reply, width)]
    return [*format_plain_reply(reply, width), *notices]


def format_answers(reply: Reply, width: int) -> Fragments:
    """Lay out the answers, numbered if there are several."""
    is_numbered = len(reply.answers) > 1
    return join_blocks(
        format_answer(answer, reply, f"{number} " if is_numbered else "", width)
        for number, answer in enumerate(reply.answers, 1)
    )


def format_answer(answer: Answer, reply: Reply, number: str, width: int | None) -> Fragments:
    """Lay out an answer, its likely key part underlined, with confidence and source below."""
    text = sanitize(answer.text)
    span = find_answer_span(text, answer.matched, reply.question)
    sentence = add_style(mark_matches(text, answer.matched), span, "likely")
    source = [
        ("source", f"  {number}"),
        ("", confidence_bar(answer.confidence)),
        ("source", f" — {format_source(answer)}"),
    ]
    return wrap(sentence, width) + wrap(source, width, "    ")


def join_blocks(blocks: Iterable[Fragments]) -> Fragments:
    """Join ``blocks`` with blank lines."""
    return [fragment for block in blocks for fragment in [("", "\n"), *block]][1:]


def mark_matches(text: str, matched: tuple[str, ...]) -> Fragments:
    """Give the style "match" to the ``matched`` words of ``text``.

    Stop words ("the", "of") are marked only if nothing else matches.
    """
    matches = [word for word in word_spans(text) if text[word.start : word.end] in matched]
    marked = [word for word in matches if word.text not in STOP_WORDS] or matches
    fragments, position = [], 0
    for word in marked:
        fragments += [("", text[position : word.start]), ("match", text[word.start : word.end])]
        position = word.end
    return [*fragments, ("", text[position:])]


def add_style(fragments: Fragments, span: range, style: str) -> Fragments:
    """Add ``style`` to the characters of ``span``."""
    return [
        *slice_fragments(fragments, 0, span.start),
        *(
            (f"{old} {style}".strip(), text)
            for old, text in slice_fragments(fragments, span.start, span.stop)
        ),
        *slice_fragments(fragments, span.stop, len(to_plain(fragments))),
    ]


def confidence_bar(confidence: float) -> str:
    """Return a confidence as a bar of fifths and a word: "▰▰▰▰▱ sure"."""
    full = round(confidence * BAR_LENGTH)
    word = next(word for least, word in CONFIDENCE_WORDS if confidence >= least)
    return f"{FULL * full}{EMPTY * (BAR_LENGTH - full)} {word}"


def format_source(answer: Answer) -> str:
    """Return the title, date, file and place of an answer, as far as they are known."""
    article = answer.article
    place = format_place(answer)
    # "box.mbox, message 12" says the same as the source "box.mbox#12".
    source = article.source.removesuffix(f"#{article.part}") if place else article.source
    file = ", ".join(filter(None, (source, place)))
    title = "" if article.title == article.source else article.title
    return sanitize(" · ".join(filter(None, (title, format_date(article.date), file))))


def format_place(answer: Answer) -> str:
    """Return the place of an answer in its file: "line 5", "page 7", "§ How it was mended"."""
    if answer.line is not None:
        return f"line {answer.line}"
    place = answer.place
    return f"§ {place.value}" if place.unit == "heading" else place.label
