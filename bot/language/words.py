"""The words of a text, folded to the form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

# A run of letters and digits. Chinese and Japanese are written without spaces, so each character
# is a word of its own there, as in Lucene's StandardAnalyzer.
WORD_RE = re.compile(r"[^\W぀-ヿ㐀-䶿一-鿿豈-﫿]+|\w")
POSSESSIVE_RE = re.compile(r"['’]s\b")
OUTSIDE_ASCII_RE = re.compile(r"[^\x00-\x7f]")
# For ASCII text, as most English is: everything but letters, digits and line ends becomes a space,
# then str.split finds the words in a third of the time that a regex takes.
ASCII_WORD_CHARS = bytes(
    code if letter.islower() or letter.isdigit() or letter in "_\n" else ord(" ")
    for code, letter in enumerate(map(chr, range(256)))
)
# Punctuation that keeps most articles from being ASCII, replaced first to use the table above.
TYPOGRAPHIC_MARKS = "‘“”–—"


class Word(NamedTuple):
    """A folded word and its span: ``text[start:end]`` is the word as written."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents and possessives.

    >>> fold("Café's")
    'cafe'
    """
    text = text.lower()
    if "'s" in text or "’s" in text:
        text = POSSESSIVE_RE.sub("", text)
    if text.isascii():
        return text
    # Lower case once more, since NFKD turns "℠" into "SM".
    text = unicodedata.normalize("NFKD", text).lower()
    for accent in filter(unicodedata.combining, set(OUTSIDE_ASCII_RE.findall(text))):
        text = text.replace(accent, "")
    return text


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in reading order.

    >>> words("The café’s U.S. owner, 1,149 m")
    ['the', 'cafe', 'u', 's', 'owner', '1', '149', 'm']
    """
    return _split_words(text.lower() if text.isascii() and "'" not in text else fold(text))


def words_by_line(text: str) -> list[list[str]]:
    r"""Return the words of each line of ``text``, faster than :func:`words` line by line.

    >>> words_by_line("Old bridge\nNew tower")
    [['old', 'bridge'], ['new', 'tower']]
    """
    if not text.isascii():
        text = text.replace("’", "'")  # both are apostrophes
        for mark in TYPOGRAPHIC_MARKS:
            text = text.replace(mark, " ")
    folded = fold(text)
    if folded.isascii():
        return [*map(str.split, folded.encode().translate(ASCII_WORD_CHARS).decode().split("\n"))]
    return [*map(_split_words, folded.split("\n"))]


def _split_words(folded: str) -> list[str]:
    """Return the words of a folded text."""
    if folded.isascii():
        return folded.encode().translate(ASCII_WORD_CHARS).decode().split()
    return WORD_RE.findall(folded)


def word_spans(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` with their spans, without possessives.

    They are the words of :func:`words`, except that a character whose folded form has a
    non-letter ("½") stays one word.

    >>> [*word_spans("Café’s owner")]
    [Word(text='cafe', start=0, end=4), Word(text='owner', start=7, end=12)]
    """
    folded = text.lower() if text.isascii() else ""  # for ASCII, this is fold() of all words
    for match in WORD_RE.finditer(text):
        start, end = match.span()
        if end - start == 1 and text[start] in "sS" and start and text[start - 1] in "'’":
            continue
        yield Word(folded[start:end] if folded else fold(match[0]), start, end)
