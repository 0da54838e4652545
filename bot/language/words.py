"""A text → its words, folded to the form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# A run of letters and digits. Chinese and Japanese write no spaces, so there each character
# is a word: a question and a sentence then share characters, as in Lucene's standard analysis.
WORD_RE = re.compile(r"[^\W぀-ヿ㐀-䶿一-鿿豈-﫿]+|\w")
POSSESSIVE_RE = re.compile(r"['’]s\b")
OUTSIDE_ASCII_RE = re.compile(r"[^\x00-\x7f]")
# Where text is plain ASCII, which most English is, its words are what stands between blanks once
# all else is one: found in a third of the time that a pattern takes. A line's end stays, which
# tells lines apart.
SPACED = bytes(
    code if letter.islower() or letter.isdigit() or letter in "_\n" else ord(" ")
    for code, letter in enumerate(map(chr, range(256)))
)
# Marks that make no word, but hold up what is done to plain ASCII: most articles have no others.
TYPOGRAPHIC = "‘“”–—"


class Word(NamedTuple):
    """A word as compared, and its place: ``text[start:end]`` is the word as written."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents and possessives: "Café's" → "cafe"."""
    text = text.lower()
    if "'s" in text or "’s" in text:
        text = POSSESSIVE_RE.sub("", text)
    if text.isascii():
        return text
    # In lower case once more: "℠" is no letter, and becomes "SM".
    text = unicodedata.normalize("NFKD", text).lower()
    for accent in filter(unicodedata.combining, set(OUTSIDE_ASCII_RE.findall(text))):
        text = text.replace(accent, "")
    return text


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in reading order."""
    return _split_words(text.lower() if text.isascii() and "'" not in text else fold(text))


def words_by_line(text: str) -> list[list[str]]:
    """Return the words of each line of ``text``: in less time than of one line after the other."""
    if not text.isascii():
        text = text.replace("’", "'")  # either makes a possessive
        for mark in TYPOGRAPHIC:
            text = text.replace(mark, " ")
    folded = fold(text)
    if folded.isascii():
        return [*map(str.split, folded.encode().translate(SPACED).decode().split("\n"))]
    return [*map(_split_words, folded.split("\n"))]


def _split_words(folded: str) -> list[str]:
    """Return the words of a folded text."""
    if folded.isascii():
        return folded.encode().translate(SPACED).decode().split()
    return WORD_RE.findall(folded)


def word_spans(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` with their places in it, a possessive left out.

    The words are those of :func:`words`, but that a letter whose folding is no letter
    ("½") is kept whole here.
    """
    plain = text.lower() if text.isascii() else ""  # what folding comes to, for all words at once
    for match in WORD_RE.finditer(text):
        start, end = match.span()
        if end - start == 1 and text[start] in "sS" and start and text[start - 1] in "'’":
            continue
        yield Word(plain[start:end] if plain else fold(match[0]), start, end)
