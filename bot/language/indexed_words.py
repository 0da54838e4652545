"""The words of many texts at once, and the variants by which an index finds them besides."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.language.dates import MONTHS
from bot.language.expressions import rewrite_expressions
from bot.language.variants import (
    AMBIGUOUS_FORMS,
    LINE_BREAK,
    LINE_END_RE,
    OTHER_BASES,
    find_entity_words,
    find_names,
    find_number_parts,
    find_parts_at_breaks,
    find_word_dates,
    join_compound,
    split_code_name,
)
from bot.language.words import (
    COUNTRY_SIGNS,
    HAN_AND_KANA,
    OTHER_EXPRESSION_SIGNS,
    SPACED,
    fold,
    replace_punctuation,
    split_folded,
)

# As SPACED, but "-" for the hyphens and underscores of compounds.
HYPHENED = bytes(ord("-") if chr(code) in "-_" else SPACED[code] for code in range(256))
LETTER_PATTERN = rf"[^\W_{HAN_AND_KANA}]"
# Compiled when a line is not in ASCII: it takes 2 ms.
COMPOUND_PATTERN = rf"{LETTER_PATTERN}+(?:[-_]{LETTER_PATTERN}+)*|[{HAN_AND_KANA}]"
COUNTRY_RE = re.compile(r"(?<![^\W_])US(?![^\W_])")
# Signs of the lines that have variants, as those of expressions in ``words.py``.
NAME_SIGNS = (re.compile("'[A-Zaeiou]"),)
ENTITY_SIGNS = (re.compile(r"&(?=#?\w{2,8};)"),)
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


def words_with_variants(texts: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Return the words of each text, and the variants that an index has besides.

    >>> words_with_variants(["a sign-off", "it rained"])
    [(['a', 'sign', 'off'], ['signoff']), (['it', 'rained'], [])]
    """
    return [(indexed[:size], indexed[size:]) for indexed, size in _index_texts(texts)]


def index_words(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text, then their variants: in less time than one text at a time.

    >>> index_words(["The sign-off was on 3 May 2021."])
    [['the', 'sign', 'off', 'was', 'on', '3', 'may', '2021', 'signoff', '2021-05-03']]
    """
    return [indexed for indexed, _ in _index_texts(texts)]


def _index_texts(texts: Sequence[str]) -> list[tuple[list[str], int]]:
    """Return the words of each text, then their variants, and the number of words."""
    text = replace_punctuation("\n".join([text.replace("\n", LINE_BREAK) for text in texts]))
    lines = text.split("\n")
    # Latin-1 has a byte for each character, whatever it is.
    cases = text.encode("latin-1", "replace").translate(CASES).decode("ascii")
    numbers = _find_rows(SPACED_NUMBER_SIGNS, cases)
    parted = _part_lines(_rewrite_lines(text, lines, numbers))
    split = [line.replace("-", " ").split() for line in parted]
    sizes = [*map(len, split)]
    for row, line in enumerate(parted):
        if "-" in line:
            compounds = (word for word in line.split() if "-" in word)
            split[row] += chain.from_iterable(map(join_compound, compounds))
    for row, variant in _find_variants(text, lines, numbers):
        split[row] += split_folded(fold(variant))
    for row, parts in _find_code_parts(text, cases):
        split[row] += parts
    _add_other_words(split, _find_rows(YEAR_SIGNS, cases))
    return [*zip(split, sizes, strict=True)] if texts else []


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
    return " ".join(re.findall(COMPOUND_PATTERN, folded)).replace("_", "-")


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
        (_find_rows(ENTITY_SIGNS, text), find_entity_words),
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
            yield row, [word for part in parts for word in split_folded(fold(part))]


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
