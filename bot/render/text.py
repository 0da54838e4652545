"""A reply → styled text for a window, and styled text → what a terminal or a pipe is sent."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from wcwidth import wcwidth

if TYPE_CHECKING:
    from bot.retrieval.answer import Answer, Evidence, Reply

# Pieces of text, each with the name of its style; "" is the terminal's own.
Fragments = list[tuple[str, str]]
Writer = Callable[[Fragments], None]

# How each style looks: the parameters of "select graphic rendition" (ECMA-48, 8.3.117).
STYLES = {"match": "1", "likely": "4", "sentence": "1", "source": "2", "note": "2"}

# What moves a cursor, sets a title, turns the reading direction or cannot be seen. The joiners
# U+200C and U+200D and the marks U+200E and U+200F stay: Persian, Hindi and Hebrew need them.
PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
UNSEEN = (
    *range(0x80, 0xA0),
    0x200B,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
)
SYMBOLS = PICTURES | {code: f"⟨U+{code:04X}⟩" for code in UNSEEN}
# A file name's bytes that are no UTF-8 arrive as halves of a pair, which no stream takes.
SYMBOLS |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

LINE_END_RE = re.compile(r"[ \t]*\r?\n[ \t\r\n]*")
# Chinese, Japanese and Korean lines may end behind any character, but not before a stop.
WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
PIECE = rf"[{WIDE}][、。，．！？：；）］｝」』】》]*|[^ {WIDE}]+"
# The same for a text without such; the other takes 2 ms to compile, before the prompt stands.
PIECE_OF_ASCII = "[^ ]+"

SOURCE = "  — "


def pluralize(count: int, noun: str) -> str:
    """Return a count and its noun: "1 article", "2,000 articles"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def format_date(date: datetime.date | None) -> str:
    """Return a date as in "8 Mar 2022", "" if it is None."""
    return f"{date.day} {date:%b %Y}" if date else ""


def sanitize(text: str) -> str:
    """Return ``text`` in one line that is safe to show: what would command is a symbol."""
    return LINE_END_RE.sub(" ", text).replace("\t", " ").translate(SYMBOLS)


def sanitize_lines(text: str) -> str:
    """Return ``text`` with each of its lines safe to show."""
    return "\n".join(map(sanitize, text.split("\n")))


def format_plain_reply(reply: "Reply", width: int | None = None) -> Fragments:
    """Lay out the answers, a blank line between them, or the silence; None: do not wrap."""
    if unanswered := reply.remark or (reply.silence.value if reply.silence else ""):
        return wrap([("", unanswered)], width)
    return separate(format_plain_answer(answer, width) for answer in reply.answers)


def format_explained_reply(reply: "Reply", width: int | None = None) -> Fragments:
    """Lay out the same with the evidence beneath each answer."""
    if not reply.answers:
        return format_plain_reply(reply, width)
    return separate(
        [*format_plain_answer(answer, width), *format_evidence(answer.evidence, answer.confidence)]
        for answer in reply.answers
    )


def separate(blocks: Iterable[Fragments]) -> Fragments:
    """Put a blank line between ``blocks``."""
    return [part for block in blocks for part in [("", "\n"), *block]][1:]


def format_plain_answer(answer: "Answer", width: int | None) -> Fragments:
    """Lay out an answer, with where it stands beneath."""
    text = wrap(mark_matches(sanitize(answer.text), answer.matched), width)
    return text + wrap([("source", SOURCE + format_source(answer))], width, " " * len(SOURCE))


def mark_matches(text: str, matched: tuple[str, ...]) -> Fragments:
    """Mark the ``matched`` words of ``text``; "the" and "of" only where there are no others."""
    # Here, and not above, so that a prompt stands before the language is loaded.
    from bot.language.terms import STOP_WORDS
    from bot.language.words import word_spans

    places = [word for word in word_spans(text) if text[word.start : word.end] in matched]
    telling = [word for word in places if word.text not in STOP_WORDS] or places
    fragments, done = [], 0
    for word in telling:
        fragments += [("", text[done : word.start]), ("match", text[word.start : word.end])]
        done = word.end
    return [*fragments, ("", text[done:])]


def format_source(answer: "Answer") -> str:
    """Return where an answer stands: title, date, file and line, as far as they are known."""
    article = answer.article
    line = f", line {answer.line}" if answer.line is not None else ""
    file = article.source + line if article.source else line[2:]
    title = "" if article.title == article.source else article.title
    return sanitize(" · ".join(filter(None, (title, format_date(article.date), file))))


def format_evidence(evidence: "Evidence", confidence: float) -> Fragments:
    """Lay out the parts of a score, one a line, and their sum."""
    rows = [*evidence.parts().items(), ("score", evidence.score)]
    table = "".join(f"    {name:<12}{value:8.2f}\n" for name, value in rows)
    return [("note", f"{table}    {'confidence':<12}{confidence:8.2f}\n")]


def correction_notices(reply: "Reply") -> list[str]:
    """Return what was searched for where that is not what was typed, a line each."""
    notes = [f"Searched for {word} in place of {typed}." for typed, word in reply.corrected.items()]
    if reply.carried:
        notes.append(f"Understood with what was asked before: {', '.join(reply.carried)}")
    return [sanitize(note) for note in notes]


def unknown_notice(reply: "Reply") -> list[str]:
    """Return a line with the words that no article has, if that is why there is no answer.

    Beside an answer they would be noise: "how many", "move".
    """
    if not (reply.silence and reply.unknown):
        return []
    words = "word" if len(reply.unknown) == 1 else "words"
    return [sanitize(f"No article has the {words}: {', '.join(reply.unknown)}")]


def wrap(fragments: Fragments, width: int | None, indent: str = "") -> Fragments:
    """Break ``fragments`` into lines of ``width`` columns, all but the first indented."""
    text = "".join(part for _, part in fragments)
    if width is None:
        return [*fragments, ("", "\n")]
    indent = indent if 2 * len(indent) < width else ""
    laid: Fragments = []
    for start, end in line_spans(text, width, width - len(indent)):
        laid += [("", indent if start else ""), *slice_fragments(fragments, start, end), ("", "\n")]
    return laid


def slice_fragments(fragments: Fragments, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield what of ``fragments`` lies between two places of their text."""
    done = 0
    for style, text in fragments:
        part = text[max(0, start - done) : max(0, end - done)]
        done += len(text)
        if part:
            yield style, part


def line_spans(text: str, first: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line of ``text`` starts and ends; the ``first`` may be wider."""
    start = end = 0
    limit = fit_width(text, start, first)
    for piece in re.finditer(PIECE_OF_ASCII if text.isascii() else PIECE, text):
        if piece.end() > limit and end > start:
            yield start, end
            start = end = piece.start()
            limit = fit_width(text, start, width)
        while piece.end() > limit:  # longer than a line
            yield start, limit
            start = limit
            limit = fit_width(text, start, width)
        end = piece.end()
    yield start, end


def fit_width(text: str, start: int, width: int) -> int:
    """Return where the text from ``start`` has filled ``width`` columns; it takes one character."""
    plain_one = text[start : start + max(1, width) + 1]
    if plain_one.isascii() and plain_one.isprintable():  # a column each
        return min(start + max(1, width), len(text))
    for place in range(start, len(text)):
        width -= max(0, wcwidth(text[place]))
        if width < 0 and place > start:
            return place
    return len(text)


def to_plain(fragments: Fragments) -> str:
    """Return the text alone."""
    return "".join(text for _, text in fragments)


def to_ansi(fragments: Fragments, looks: Mapping[str, str] = STYLES, links: bool = False) -> str:
    """Return the text with the codes that give each style its look on a terminal.

    A style is a word or several; one that is a file's URL is a link, where there are ``links``.
    """
    pieces = []
    for style, text in fragments:
        words = style.split() if text else []
        codes = ";".join(looks[word] for word in words if word in looks)
        piece = f"\x1b[{codes}m{text}\x1b[0m" if codes else text
        urls = [word for word in words if links and word.startswith("file:")]
        # "Hyperlinks in terminal emulators", an operating system command that xterm does not know.
        pieces += [f"\x1b]8;;{url}\x1b\\{piece}\x1b]8;;\x1b\\" for url in urls] or [piece]
    return "".join(pieces)
