"""A text → its words, folded to the form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.language.expressions import find_expressions, rewrite_expressions

# Chinese and Japanese write no spaces, so there each character is a word: a question and a sentence
# then share characters, as in Lucene's standard analysis.
HAN_AND_KANA = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# The words of ASCII in lower case, which a pattern of all scripts takes half as long again to find.
ASCII_WORD_RE = re.compile("[a-z0-9]+")
POSSESSIVE_RE = re.compile(r"'s\b")
ASCII = bytes(range(128))
CHUNK_RE = re.compile(r"\S+")
# Where text is plain ASCII, which most English is, its words are the text between blanks once
# everything else is one: found in a third of the time that a pattern takes. A line's end stays.
SPACED = bytes(
    code if letter.islower() or letter.isdigit() or letter == "\n" else ord(" ")
    for code, letter in enumerate(map(chr, range(256)))
)
# Punctuation that is replaced by ASCII: most articles have no other character outside of it.
PUNCTUATION = {
    **dict.fromkeys("“”–—\u00a0\u2009\u202f", " "),
    "‘": "'",
    "’": "'",
    "‐": "-",
    "‑": "-",
}
# Letters that Unicode does not decompose, as people type them on a plain keyboard.
PLAIN_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n", "ß": "ss",
    "æ": "ae", "œ": "oe", "þ": "th", "ʻ": "", "ʼ": "", "ʿ": "", "ʾ": "",
}  # fmt: skip

# Signs of the lines that have expressions: patterns that begin with a character, which
# are searched for in a hundredth of the time that the rules take.
NUMBER_SIGNS = (re.compile(r" (?<=\d )\d{3}"),)
OTHER_EXPRESSION_SIGNS = tuple(
    map(
        re.compile,
        (r",\d{3}", r"'\d{3}", r"_\d{3}", r"\.(?:[A-Z]| [A-Z]\. |[a-z]\.|m|\d\d?\d?\.\d)",
         r"-\d\d?-\d", r"/\d\d?/\d"),
    )
)  # fmt: skip
COUNTRY_SIGNS = (re.compile("US"),)
EXPRESSION_SIGNS = (*NUMBER_SIGNS, *OTHER_EXPRESSION_SIGNS, *COUNTRY_SIGNS)


class Word(NamedTuple):
    """A word as compared, and its place: ``text[start:end]`` is the word as written."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents and possessives: "Café's" → "cafe"."""
    text = text.lower()
    if "’s" in text:
        text = text.replace("’s", "'s")
    if "'s" in text:
        text = POSSESSIVE_RE.sub("", text)
    if text.isascii():
        return text
    # In lower case once more: "℠" is no letter, and becomes "SM".
    text = unicodedata.normalize("NFKD", text).lower()
    for character in _find_other_characters(text):
        plain = PLAIN_LETTERS.get(character)
        if plain is None and (
            unicodedata.combining(character) or unicodedata.category(character) == "Cf"
        ):
            plain = ""  # an accent, a soft hyphen, a space of no width
        if plain is not None:
            text = text.replace(character, plain)
    return text


def _find_other_characters(text: str) -> set[str]:
    """Return the characters of ``text`` outside of ASCII: a tenth of the time of a pattern."""
    data = text.encode("utf-8", "surrogatepass").translate(None, ASCII)
    return set(data.decode("utf-8", "surrogatepass"))


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in reading order.

    >>> words("The café's 5,043 guests from the U.S.")
    ['the', 'cafe', '5043', 'guests', 'from', 'the', 'usa']
    """
    text = replace_punctuation(text)
    if _has_expression(text):
        text = rewrite_expressions(text)
    return split_folded(fold(text))


def _has_expression(text: str) -> bool:
    """Return whether ``text`` may have an expression."""
    return any(sign.search(text) for sign in EXPRESSION_SIGNS)


@cache
def word_pattern() -> re.Pattern[str]:
    """Return the pattern of a word: a run of letters and digits, or a Chinese character.

    It takes 2 ms to compile, and plain ASCII never needs it.
    """
    return re.compile(rf"[^\W_{HAN_AND_KANA}]+|[{HAN_AND_KANA}]")


def replace_punctuation(text: str) -> str:
    """Return ``text`` with its quotation marks, dashes and hyphens in ASCII, each in its place."""
    if not text.isascii():
        for mark, plain in PUNCTUATION.items():
            text = text.replace(mark, plain)
    return text


def split_folded(folded: str) -> list[str]:
    """Return the words of a folded text."""
    if folded.isascii():
        return folded.encode().translate(SPACED).decode().split()
    return word_pattern().findall(folded)


def word_spans(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` with their places in it; they are those of :func:`words`.

    Words that are written in one expression ("2021-05-03") have its place. Outside of ASCII,
    folding may join or split the words: an accent may be a character by itself, and "½" becomes
    two words. They have the place of the characters between two blanks.
    """
    text = replace_punctuation(text)
    if _has_expression(text):
        return _rewrite_spans(text)
    return _plain_spans(text, 0, len(text))


def _rewrite_spans(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` and of its expressions, in order."""
    offset = 0
    for start, end, rewritten in find_expressions(text):
        yield from _plain_spans(text, offset, start)
        for word in split_folded(fold(rewritten)):
            yield Word(word, start, end)
        offset = end
    yield from _plain_spans(text, offset, len(text))


def _plain_spans(text: str, start: int, end: int) -> Iterator[Word]:
    """Return the words of ``text[start:end]``, which has no expression."""
    return (_ascii_spans if text.isascii() else _chunk_spans)(text, start, end)


def _ascii_spans(text: str, start: int, end: int) -> Iterator[Word]:
    folded = text.lower()
    for match in ASCII_WORD_RE.finditer(folded, start, end):
        first, last = match.span()
        if last - first > 1 or not _is_possessive(folded, first):
            yield Word(match[0], first, last)


def _chunk_spans(text: str, start: int, end: int) -> Iterator[Word]:
    for chunk in CHUNK_RE.finditer(text, start, end):
        spans, forms = [*_match_spans(text, *chunk.span())], split_folded(fold(chunk[0]))
        if [word.text for word in spans] != forms:
            first, last = (spans[0].start, spans[-1].end) if spans else chunk.span()
            spans = [Word(form, first, last) for form in forms]
        yield from spans


def _match_spans(text: str, start: int, end: int) -> Iterator[Word]:
    for match in word_pattern().finditer(text, start, end):
        first, last = match.span()
        if last - first > 1 or not _is_possessive(text, first):
            yield Word(fold(match[0]), first, last)


def _is_possessive(text: str, position: int) -> bool:
    """Return whether the word of one letter at ``position`` is what POSSESSIVE_RE removes."""
    return (
        text[position] in "sS"
        and text[position - 1 : position] in ("'", "’")
        and text[position + 1 : position + 2] != "_"
    )
