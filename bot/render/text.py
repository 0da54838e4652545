"""Styled text: make it safe for a terminal, wrap it, and turn it into ANSI or plain text."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator

from bot.lazy import lazy_function

# Its tables take 50 ms to import, and most texts have narrow letters only.
wcwidth: Callable[[str], int] = lazy_function("wcwidth", "wcwidth")
wcswidth: Callable[[str], int] = lazy_function("wcwidth", "wcswidth")

# Pieces of text, each with the name of its style; "" is the terminal's default.
Fragments = list[tuple[str, str]]

# Style → parameters of "select graphic rendition" (ECMA-48, 8.3.117): bold, underlined, faint.
STYLES = {"match": "1", "likely": "4", "sentence": "1", "source": "2", "note": "2"}

# Control characters, which move the cursor or set the title, are replaced by their pictures.
CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
# Invisible characters and those that change the reading direction are replaced by their numbers.
# Not so the joiners U+200C and U+200D and the marks U+200E and U+200F, which Persian, Hindi and
# Hebrew need.
INVISIBLE = (
    *range(0x80, 0xA0),
    0x200B,
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
)
SYMBOLS = CONTROL_PICTURES | {code: f"⟨U+{code:04X}⟩" for code in INVISIBLE}
# Bytes of a file name that are not UTF-8 are decoded to lone surrogates, which cannot be encoded.
SYMBOLS |= dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")

LINE_END_RE = re.compile(r"[ \t]*\r?\n[ \t\r\n]*")
# Chinese, Japanese and Korean lines may break after any character, but not before punctuation.
WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
UNBREAKABLE = rf"[{WIDE}][、。，．！？：；）］｝」』】》]*|[^ {WIDE}]+"
# Text of Europe, punctuation and bars: each character takes a column.
NARROW_RE = re.compile(
    r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u0390-\u03a1"
    r"\u03a3-\u0482\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2199\u2500-\u25fc]*"
)
# For such text: the pattern above takes 2 ms to compile, before the prompt is shown.
UNBREAKABLE_NARROW = "[^ ]+"


def pluralize(count: int, noun: str) -> str:
    """Return a count and its noun: "1 article", "2,000 articles"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def format_date(date: datetime.date | None) -> str:
    """Return a date as in "8 Mar 2022", "" if it is None."""
    return f"{date.day} {date:%b %Y}" if date else ""


def sanitize(text: str) -> str:
    """Return ``text`` on one line, with symbols in place of characters that control a terminal."""
    return LINE_END_RE.sub(" ", text).replace("\t", " ").translate(SYMBOLS)


def sanitize_lines(text: str) -> str:
    """Sanitize each line of ``text`` and keep the line ends."""
    return "\n".join(map(sanitize, text.split("\n")))


def wrap(fragments: Fragments, width: int | None, indent: str = "") -> Fragments:
    """Break ``fragments`` into lines of ``width`` columns, all but the first indented.

    With ``width`` None, the result is one line.
    """
    if width is None:
        return [*fragments, ("", "\n")]
    text = to_plain(fragments)
    indent = indent if 2 * len(indent) < width else ""
    lines: Fragments = []
    for start, end in line_spans(text, width, width - len(indent)):
        lines.append(("", indent if start else ""))
        lines += [*slice_fragments(fragments, start, end), ("", "\n")]
    return lines


def wrap_lines(style: str, lines: list[str], width: int | None) -> Fragments:
    """Wrap each of ``lines`` by itself, all in one style."""
    return [fragment for line in lines for fragment in wrap([(style, line)], width)]


def slice_fragments(fragments: Fragments, start: int, end: int) -> Iterator[tuple[str, str]]:
    """Yield the fragments of the text from ``start`` to ``end``, counted in characters."""
    position = 0
    for style, text in fragments:
        part = text[max(0, start - position) : max(0, end - position)]
        position += len(text)
        if part:
            yield style, part


def line_spans(text: str, first_width: int, width: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each line of ``text``, the first of which has its own width."""
    start = end = 0
    limit = fit_width(text, start, first_width)
    for piece in re.finditer(
        UNBREAKABLE_NARROW if NARROW_RE.fullmatch(text) else UNBREAKABLE, text
    ):
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
    """Return the end of the longest part of ``text`` from ``start`` that fits ``width`` columns.

    It has at least one character, and the marks that belong to it.
    """
    part = text[start : start + max(1, width) + 1]
    if NARROW_RE.fullmatch(part):
        return min(start + max(1, width), len(text))
    end = start
    for position in range(start + 1, len(text) + 1):
        if position < len(text) and wcwidth(text[position]) == 0:
            continue  # a mark of the character before it
        if count_wide_columns(text[start:position]) > width and end > start:
            return end
        end = position
    return len(text)


def count_columns(text: str) -> int:
    """Return the columns that ``text`` takes at most.

    >>> count_columns("bridge"), count_columns("橋"), count_columns("पुल की")
    (6, 2, 5)
    """
    return len(text) if NARROW_RE.fullmatch(text) else count_wide_columns(text)


def count_wide_columns(text: str) -> int:
    """Return the columns that ``text`` of any script takes at most.

    Terminals disagree. Some count strings, in which letters of Hindi that are joined take more
    columns than each alone. Others (xterm, tmux) count characters, of which the vowel signs of
    Hindi take a column each, and an emoji of a family those of its members.
    """
    characters = (
        (wcwidth(character), unicodedata.category(character) == "Mc") for character in text
    )
    return max(wcswidth(text), sum(max(0, *each) for each in characters))


def drop_symbols(fragments: Fragments) -> Fragments:
    """Return the text without bars, which repeat a word or figure, and with letters in margins.

    >>> drop_symbols([("margin", "▌ "), ("bar", "▰▰▱ "), ("", "likely")])
    [('margin', '> '), ('', 'likely')]
    """
    return [
        (style, text.replace("▌", ">") if style == "margin" else text)
        for style, text in fragments
        if style != "bar"
    ]


def to_plain(fragments: Fragments) -> str:
    """Return the text without styles."""
    return "".join(text for _, text in fragments)


def to_ansi(fragments: Fragments) -> str:
    r"""Return the text with the escape codes of its styles.

    >>> to_ansi([("", "a "), ("match", "lamp")])
    'a \x1b[1mlamp\x1b[0m'
    """
    pieces = []
    for style, text in fragments:
        codes = ";".join(STYLES[word] for word in style.split() if word in STYLES)
        pieces.append(f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text)
    return "".join(pieces)
