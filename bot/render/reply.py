"""Layouts of a reply: plain, for pipes and ``bot ask``, and with confidence, for conversations."""

import re
from collections.abc import Iterable

from bot.language.requests import Request
from bot.language.terms import STOP_WORDS
from bot.language.words import Word, word_spans
from bot.render.text import (
    Fragments,
    format_date,
    sanitize,
    slice_fragments,
    to_plain,
    wrap,
    wrap_lines,
)
from bot.retrieval.answer import LIKELY, SURE, Answer, Reply
from bot.retrieval.answer_context import find_lead_in, find_list
from bot.retrieval.answer_span import find_answer_span

NO_MORE = "No more answers."
SOURCE_PREFIX = "  — "
# The least confidence that each word stands for.
CONFIDENCE_WORDS = ((SURE, "sure"), (LIKELY, "likely"), (0.0, "perhaps"))
FULL, EMPTY, BAR_LENGTH = "▰", "▱", 5


def format_plain_reply(reply: Reply, width: int | None = None) -> Fragments:
    """Lay out the answers, separated by blank lines, or the message of a silence.

    With ``width`` None, lines are not wrapped.
    """
    if message := silence_message(reply):
        return wrap([("", message)], width)
    return join_blocks(format_plain_answer(answer, width) for answer in reply.answers)


def silence_message(reply: Reply) -> str:
    """Return the remark, or why there is no answer; "" if there is one."""
    if reply.silence and reply.is_continued:
        return NO_MORE
    return reply.remark or (reply.silence.value if reply.silence else "")


def format_plain_answer(answer: Answer, width: int | None) -> Fragments:
    """Lay out an answer with its source below."""
    text = wrap(add_ellipses(mark_matches(sanitize(answer.text), answer.matched), answer), width)
    source = [("source", SOURCE_PREFIX + format_source(answer))]
    return text + wrap(source, width, " " * len(SOURCE_PREFIX))


def format_reply(reply: Reply, width: int) -> Fragments:
    """Lay out a reply of a conversation, with its notices above the answers, below a silence."""
    notices = wrap_lines("note", [sanitize(notice) for notice in reply.notices], width)
    if reply.answers:
        return [*notices, *format_answers(reply, width)]
    return [*format_plain_reply(reply, width), *notices]


def format_answers(reply: Reply, width: int | None) -> Fragments:
    """Lay out the answers, numbered if there are several, below the notice that none is sure."""
    is_numbered = len(reply.answers) > 1
    answers = join_blocks(
        format_answer(answer, reply, f"{number} " if is_numbered else "", width)
        for number, answer in enumerate(reply.answers, 1)
    )
    return [*(wrap_lines("", unsure_notice(reply), width) if is_numbered else []), *answers]


def format_answer(answer: Answer, reply: Reply, number: str, width: int | None) -> Fragments:
    """Lay out an answer, its likely key part underlined, with its context and source.

    The first answer of a reply has the reply's confidence, where no notice above says "perhaps".
    """
    text = sanitize(answer.text)
    span = find_answer_span(text, answer.matched, reply.question)
    sentence = add_style(mark_matches(text, answer.matched), span, "likely")
    has_notice = bool(number and unsure_notice(reply))
    has_rating = answer is reply.answers[0] and is_rated(reply) and not has_notice
    bar, _, word = confidence_bar(answer.confidence).partition(" ")
    rating = [("bar", f"{bar} "), ("", f"{word} ")] if has_rating else []
    source = [("source", f"  {number}"), *rating, ("source", f"— {format_source(answer)}")]
    return [
        *format_context_lines([find_lead_in(answer)], width),
        *wrap(add_ellipses(sentence, answer), width),
        *format_context_lines(find_list(answer), width),
        *wrap(source, width, "    "),
        *format_context_lines([answer.copy_notice], width),
    ]


def format_context_lines(lines: Iterable[str], width: int | None) -> Fragments:
    """Lay out the lines that are not blank, faint and indented: they are no part of the answer."""
    return [
        fragment
        for line in map(sanitize, filter(None, lines))
        for fragment in wrap([("note", f"  {line}")], width, "  ")
    ]


def add_ellipses(sentence: Fragments, answer: Answer) -> Fragments:
    """Add "…" where a sentence goes on before or after the part of it that is the answer."""
    before, after = "… " if answer.omits_start else "", " …" if answer.omits_end else ""
    return [pair for pair in (("", before), *sentence, ("", after)) if pair[1]]


def join_blocks(blocks: Iterable[Fragments]) -> Fragments:
    """Join ``blocks`` with blank lines."""
    return [fragment for block in blocks for fragment in [("", "\n"), *block]][1:]


def mark_matches(text: str, matched: tuple[str, ...]) -> Fragments:
    """Give the style "match" to the ``matched`` words of ``text``.

    Stop words ("the", "of") are marked only if nothing else matches.
    """
    matches = [word for word in word_spans(text) if text[word.start : word.end] in matched]
    found = {text[word.start : word.end] for word in matches}
    # Another analyzer may have other words.
    for form in filter(None, set(matched) - found):
        matches += [Word(form, *match.span()) for match in re.finditer(re.escape(form), text)]
    matches.sort(key=lambda word: word.start)
    marked = [word for word in matches if word.text not in STOP_WORDS] or matches
    fragments, position = [], 0
    for word in marked:
        if word.start < position:  # another word of the same expression: "2021-05-03" is three
            continue
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
    return f"{FULL * full}{EMPTY * (BAR_LENGTH - full)} {confidence_word(confidence)}"


def confidence_word(confidence: float) -> str:
    """Return the word for a confidence: "sure", "likely" or "perhaps"."""
    return next(word for least, word in CONFIDENCE_WORDS if confidence >= least)


def format_source(answer: Answer) -> str:
    """Return the title, date, file and place of an answer, as far as they are known."""
    article = answer.article
    place = format_place(answer)
    # "box.mbox, message 12" says the same as the source "box.mbox#12".
    source = article.source.removesuffix(f"#{article.part}") if place else article.source
    file = ", ".join(filter(None, (source, place)))
    title = "" if article.title == article.source else article.title
    return sanitize(" · ".join(filter(None, (title, format_date(article.date), file))))


def is_rated(reply: Reply) -> bool:
    """Return whether the confidence of a reply's first answer is shown.

    Not that of further answers, nor of an opening in place of a summary: it is as it was written.
    """
    return not reply.is_continued and reply.question.request is not Request.SUMMARISE


def is_unsure(reply: Reply) -> bool:
    """Return whether the first answer of a reply is no more than "perhaps" right."""
    if not reply.answers or not is_rated(reply):
        return False
    return confidence_word(reply.answers[0].confidence) == CONFIDENCE_WORDS[-1][1]


def unsure_notice(reply: Reply) -> list[str]:
    """Return the line above the answers of a reply that is not sure of the first."""
    if not is_unsure(reply):
        return []
    return ["Perhaps one of these:" if len(reply.answers) > 1 else "Perhaps this:"]


def format_place(answer: Answer) -> str:
    """Return the place of an answer in its file: "line 5", "page 7", "§ How it was mended"."""
    if answer.line is not None:
        return f"line {answer.line}"
    place = answer.place
    return f"§ {place.value}" if place.unit == "heading" else place.label
