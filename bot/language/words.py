"""A text → its words, folded to the form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.language.expressions import find_expressions, rewrite_expressions
from bot.language.variants import (
    LINE_BREAK,
    LINE_END_RE,
    WATCHED_WORDS,
    find_code_parts,
    find_names,
    find_number_parts,
    find_parts_at_breaks,
    find_word_variants,
    join_compound,
)

# A run of letters and digits. Chinese and Japanese write no spaces, so there each character
# is a word: a question and a sentence then share characters, as in Lucene's standard analysis.
HAN_AND_KANA = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD_RE = re.compile(rf"[^\W_{HAN_AND_KANA}]+|[{HAN_AND_KANA}]")
POSSESSIVE_RE = re.compile(r"['’]s\b")
OUTSIDE_ASCII_RE = re.compile(r"[^\x00-\x7f]")
CHUNK_RE = re.compile(r"\S+")
# Where text is plain ASCII, which most English is, its words are the text between blanks once
# everything else is one: found in a third of the time that a pattern takes. A line's end stays.
SPACED = bytes(
    code if letter.islower() or letter.isdigit() or letter == "\n" else ord(" ")
    for code, letter in enumerate(map(chr, range(256)))
)
# The same, but "-" for the hyphens and underscores of compounds.
HYPHENED = bytes(ord("-") if chr(code) in "-_" else SPACED[code] for code in range(256))
LETTER_PATTERN = rf"[^\W_{HAN_AND_KANA}]"
COMPOUND_RE = re.compile(rf"{LETTER_PATTERN}+(?:[-_]{LETTER_PATTERN}+)*|[{HAN_AND_KANA}]")
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

# Signs of the lines that have expressions or variants: patterns that begin with a character, which
# are searched for in a hundredth of the time that the rules take.
NUMBER_SIGNS = (re.compile(r" (?<=\d )\d{3}"),)
OTHER_EXPRESSION_SIGNS = tuple(
    map(
        re.compile,
        (r",\d{3}", r"\.(?:[A-Z]| [A-Z]\. |[a-z]\.|m|\d\d?\.\d)",
         r"-\d\d?-\d", r"/\d\d?/\d"),
    )
)  # fmt: skip
COUNTRY_SIGNS = (re.compile("US"),)
COUNTRY_RE = re.compile(r"(?<![^\W_])US(?![^\W_])")
EXPRESSION_SIGNS = (*NUMBER_SIGNS, *OTHER_EXPRESSION_SIGNS, *COUNTRY_SIGNS)
NAME_SIGNS = (re.compile("'[A-Zaeiou]"),)
BREAK_SIGNS = (re.compile("[\u00ad\u200b]"),)
# The kind of each byte: "a" small letter, "A" capital, "0" digit. A capital behind a small one is
# the sign of a name in code.
CASES = bytes(
    ord("A") if char.isupper() and code < 128
    else ord("0") if char.isdigit() and code < 128
    else ord("a") if char.isalnum() or code > 127 else code if char == "\n" else ord(" ")
    for code, char in enumerate(map(chr, range(256)))
)  # fmt: skip
# A text without any of these has no variant but those of its words.
VARIANT_RE = re.compile(r"[-_‐‑'‘’\u00ad\u200b]|[^\W_A-Z][A-Z]|[A-Z]{3}[a-z]|\d \d{3}")
CODE_SIGNS = (re.compile("aA"),)


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
    for character in set(OUTSIDE_ASCII_RE.findall(text)):
        plain = PLAIN_LETTERS.get(character)
        if plain is None and (
            unicodedata.combining(character) or unicodedata.category(character) == "Cf"
        ):
            plain = ""  # an accent, a soft hyphen, a space of no width
        if plain is not None:
            text = text.replace(character, plain)
    return text


def words(text: str) -> list[str]:
    """Return the words of ``text``, folded, in reading order.

    >>> words("The café's 5,043 guests from the U.S.")
    ['the', 'cafe', '5043', 'guests', 'from', 'the', 'usa']
    """
    text = _replace_punctuation(text)
    if _has_expression(text):
        text = rewrite_expressions(text)
    return _split_words(fold(text))


def _has_expression(text: str) -> bool:
    """Return whether ``text`` may have an expression."""
    return any(sign.search(text) for sign in EXPRESSION_SIGNS)


def words_with_variants(text: str) -> tuple[list[str], list[str]]:
    """Return the words of ``text``, and the variants that an index has besides.

    >>> words_with_variants("a sign-off")
    (['a', 'sign', 'off'], ['signoff'])
    """
    split = words(text)
    if not VARIANT_RE.search(text) and WATCHED_WORDS.isdisjoint(split):
        return split, []
    (indexed,) = index_words([text])
    return split, indexed[len(split) :]


def index_words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text, then their variants: in less time than one text at a time.

    >>> index_words(["The sign-off was on 3 May 2021."])
    [['the', 'sign', 'off', 'was', 'on', '3', 'may', '2021', 'signoff', '2021-05-03']]
    """
    text = _replace_punctuation("\n".join([text.replace("\n", LINE_BREAK) for text in texts]))
    lines = text.split("\n")
    rewritten = lines.copy()
    cases = text.encode("utf-8", "surrogatepass").translate(CASES)
    numbers = _find_rows(NUMBER_SIGNS, text) if b"0 000" in cases else set[int]()
    expressions = numbers | _find_rows(OTHER_EXPRESSION_SIGNS, text)
    for row in expressions:
        rewritten[row] = rewrite_expressions(lines[row])
    for row in _find_rows(COUNTRY_SIGNS, text) - expressions:
        rewritten[row] = COUNTRY_RE.sub(" usa ", lines[row])
    folded = fold("\n".join(rewritten))
    if f"-{LINE_BREAK}" in folded:
        folded = LINE_END_RE.sub("-", folded)
    if folded.isascii():
        parted = folded.encode().translate(HYPHENED).decode().split("\n")
    else:
        parted = [*map(_part_words, folded.split("\n"))]
    split = [_split_compounds(line) if "-" in line else line.split() for line in parted]
    for row, variant in _find_variants(text, lines, cases, numbers):
        split[row] += _split_words(fold(variant))
    for line in split:
        if not WATCHED_WORDS.isdisjoint(line):
            line += find_word_variants(line)
    return split if texts else []


def _part_words(line: str) -> str:
    """Return a folded line with blanks between words, and "-" within compounds."""
    if line.isascii():
        return line.encode().translate(HYPHENED).decode()
    return " ".join(COMPOUND_RE.findall(line)).replace("_", "-")


def _find_variants(
    text: str, lines: Sequence[str], cases: bytes, numbers: set[int]
) -> Iterator[tuple[int, str]]:
    """Yield the variants in the ``lines`` of ``text``, each with its line."""
    breaks = set[int]() if text.isascii() else _find_rows(BREAK_SIGNS, text)
    code = _find_rows(CODE_SIGNS, cases.decode("latin-1")) if b"aA" in cases else set[int]()
    for rows, find_variants in (
        (_find_rows(NAME_SIGNS, text), find_names),
        (code, find_code_parts),
        (numbers, find_number_parts),
        (breaks, find_parts_at_breaks),
    ):
        for row in rows:
            for variant in find_variants(lines[row]):
                yield row, variant


def _split_compounds(line: str) -> list[str]:
    """Return the words of a folded line, then its compounds in one word."""
    split = line.replace("-", " ").split()
    for word in line.split():
        if "-" in word:
            split += join_compound(word)
    return split


def _find_rows(signs: Sequence[re.Pattern[str]], text: str) -> set[int]:
    """Return the lines of ``text`` that have one of the ``signs``."""
    rows = set()
    for sign in signs:
        offset = row = 0
        for match in sign.finditer(text):
            row += text.count("\n", offset, match.start())
            offset = match.start()
            rows.add(row)
    return rows


def _replace_punctuation(text: str) -> str:
    """Return ``text`` with its quotation marks, dashes and hyphens in ASCII, each in its place."""
    if not text.isascii():
        for mark, plain in PUNCTUATION.items():
            text = text.replace(mark, plain)
    return text


def _split_words(folded: str) -> list[str]:
    """Return the words of a folded text."""
    if folded.isascii():
        return folded.encode().translate(SPACED).decode().split()
    return WORD_RE.findall(folded)


def word_spans(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` with their places in it; they are those of :func:`words`.

    Words that are written in one expression ("2021-05-03") have its place. Outside of ASCII,
    folding may join or split the words: an accent may be a character by itself, and "½" becomes
    two words. They have the place of the characters between two blanks.
    """
    text = _replace_punctuation(text)
    offset = 0
    for start, end, rewritten in find_expressions(text) if _has_expression(text) else ():
        yield from _plain_spans(text, offset, start)
        for word in _split_words(fold(rewritten)):
            yield Word(word, start, end)
        offset = end
    yield from _plain_spans(text, offset, len(text))


def _plain_spans(text: str, start: int, end: int) -> Iterator[Word]:
    """Yield the words of ``text[start:end]``, which has no expression."""
    if text.isascii():
        yield from _match_spans(text, start, end)
        return
    for chunk in CHUNK_RE.finditer(text, start, end):
        spans, forms = [*_match_spans(text, *chunk.span())], _split_words(fold(chunk[0]))
        if [word.text for word in spans] != forms:
            first, last = (spans[0].start, spans[-1].end) if spans else chunk.span()
            spans = [Word(form, first, last) for form in forms]
        yield from spans


def _match_spans(text: str, start: int, end: int) -> Iterator[Word]:
    folded = text.lower() if text.isascii() else ""  # for ASCII, this is fold() of all words
    for match in WORD_RE.finditer(text, start, end):
        first, last = match.span()
        if last - first == 1 and text[first] in "sS" and first and text[first - 1] in "'’":
            continue
        yield Word(folded[first:last] if folded else fold(match[0]), first, last)
