"""A text → its words, folded to the form in which they are compared."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from bot.language.dates import MONTHS
from bot.language.expressions import find_expressions, rewrite_expressions
from bot.language.variants import (
    AMBIGUOUS_FORMS,
    LINE_BREAK,
    LINE_END_RE,
    OTHER_BASES,
    WATCHED_WORDS,
    find_names,
    find_number_parts,
    find_parts_at_breaks,
    find_word_dates,
    join_compound,
    split_code_name,
)

# A run of letters and digits. Chinese and Japanese write no spaces, so there each character
# is a word: a question and a sentence then share characters, as in Lucene's standard analysis.
HAN_AND_KANA = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD_RE = re.compile(rf"[^\W_{HAN_AND_KANA}]+|[{HAN_AND_KANA}]")
POSSESSIVE_RE = re.compile(r"'s\b")
ASCII = bytes(range(128))
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
BREAK_SIGNS = (re.compile("\u00ad"), re.compile("\u200b"))
# The kind of each character: "a" small letter, "A" capital, "0" digit, of ASCII alone.
CASES = bytes(
    ord("\n") if char == "\n"
    else ord("A") if "A" <= char <= "Z"
    else ord("a") if char.islower()
    else ord("0") if "0" <= char <= "9" else ord(" ")
    for char in map(chr, range(256))
)  # fmt: skip
SPACED_NUMBER_SIGNS = (re.compile("0(?<!0000) 000(?!0)"),)
YEAR_SIGNS = (re.compile("0000"),)
# Where a name in code may be parted, in the kinds of its characters: "sT", "2Pa", "TPSe".
HUMP_RE = re.compile("A(?:(?<=aA)|(?=a)(?:(?<=0A)|(?<=AAAA)))")
NAME_RE = re.compile("[aA0]+")
MAX_NAME_LENGTH = 64  # characters before a hump
# A text without any of these has no variant but those of its words.
VARIANT_RE = re.compile(r"[-_‐‑'‘’\u00ad\u200b]|[^\W_A-Z][A-Z]|[A-Z]{3}[a-z]|\d \d{3}")


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
    # Latin-1 has a byte for each character, whatever it is.
    cases = text.encode("latin-1", "replace").translate(CASES).decode("ascii")
    numbers = _find_rows(SPACED_NUMBER_SIGNS, cases)
    parted = _part_lines(_rewrite_lines(text, lines, numbers))
    split = [_split_compounds(line) if "-" in line else line.split() for line in parted]
    for row, variant in _find_variants(text, lines, numbers):
        split[row] += _split_words(fold(variant))
    for row, parts in _find_code_parts(text, cases):
        split[row] += parts
    _add_other_words(split, _find_rows(YEAR_SIGNS, cases))
    return split if texts else []


def _rewrite_lines(text: str, lines: list[str], numbers: set[int]) -> list[str]:
    """Return the ``lines`` of ``text`` with their expressions as they are compared."""
    rewritten = lines.copy()
    expressions = numbers | _find_rows(OTHER_EXPRESSION_SIGNS, text)
    for row in expressions:
        rewritten[row] = rewrite_expressions(lines[row])
    for row in _find_rows(COUNTRY_SIGNS, text) - expressions:
        rewritten[row] = COUNTRY_RE.sub(" usa ", lines[row])
    return rewritten


def _add_other_words(split: list[list[str]], dated: Iterable[int]) -> None:
    """Add the dates in the lines ``dated``, which have a year, and the other bases of words."""
    for row in dated:
        if not MONTHS.isdisjoint(split[row]):
            split[row] += find_word_dates(split[row])
    if not AMBIGUOUS_FORMS.isdisjoint(chain.from_iterable(split)):
        for line in split:
            if not AMBIGUOUS_FORMS.isdisjoint(line):
                line += filter(None, map(OTHER_BASES.get, line))


def _part_lines(lines: list[str]) -> list[str]:
    """Return the ``lines`` folded, with blanks between words, and "-" within compounds.

    Lines in plain ASCII are folded in one go.
    """
    others = {row: _part_other(line) for row, line in enumerate(lines) if not line.isascii()}
    for row in others:
        lines[row] = ""
    folded = _join_broken_words(fold("\n".join(lines)))
    parted = folded.encode().translate(HYPHENED).decode().split("\n")
    for row, line in others.items():
        parted[row] = line
    return parted


def _part_other(line: str) -> str:
    """Return a line that is not in ASCII as ``_part_lines`` does."""
    folded = _join_broken_words(fold(line))
    if folded.isascii():
        return folded.encode().translate(HYPHENED).decode()
    return " ".join(COMPOUND_RE.findall(folded)).replace("_", "-")


def _join_broken_words(folded: str) -> str:
    """Return a folded text in which a word divided at a line's end is one compound."""
    return LINE_END_RE.sub("-", folded) if f"-{LINE_BREAK}" in folded else folded


def _find_variants(
    text: str, lines: Sequence[str], numbers: Iterable[int]
) -> Iterator[tuple[int, str]]:
    """Yield the variants of names, numbers and broken words, each with its line."""
    breaks = set[int]() if text.isascii() else _find_rows(BREAK_SIGNS, text)
    for rows, find_variants in (
        (_find_rows(NAME_SIGNS, text), find_names),
        (numbers, find_number_parts),
        (breaks, find_parts_at_breaks),
    ):
        for row in rows:
            for variant in find_variants(lines[row]):
                yield row, variant


def _find_code_parts(text: str, cases: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the folded parts of each name in code, with its line."""
    row = offset = 0
    for start, end in _find_code_names(cases):
        if parts := split_code_name(text[start:end]):
            row += text.count("\n", offset, start)
            offset = start
            yield row, [word for part in parts for word in _split_words(fold(part))]


def _find_code_names(cases: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each word that may be a name in code."""
    end = 0
    for match in HUMP_RE.finditer(cases):
        if (hump := match.start()) >= end:
            first = max(0, hump - MAX_NAME_LENGTH)
            start = 1 + max(cases.rfind(" ", first, hump), cases.rfind("\n", first, hump))
            match = NAME_RE.match(cases, hump) or match
            end = match.end()
            yield start or first, end


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
