"""Where sentences end in Thai, which writes no full stops: at some of its blanks."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from bot.language.language import load_language
from bot.language.scripts import THAI

# Of XQuAD's paragraphs, those of Thai have 152 characters for each sentence of the Spanish ones.
# With ends at the first blank after 150 characters 58.2 % of first answers are right, by these
# rules 64.2 %.
USUAL_LENGTH = 150
MIN_LENGTH, MAX_LENGTH = 90, 240
# A sign that a sentence ends or goes on at a blank outweighs so many characters of length.
SIGN_WEIGHT = 100
# Words beside blanks that are shorter are parts of a name or list.
MIN_CLAUSE = 10
BLANK_RE = re.compile(r"\s+")
# The longest of the words that begin a sentence, or a clause of it, has fewer characters.
MAX_WORD = 40
THAI_STOP_RE = re.compile(rf"[{THAI}]\.\s*$")
# Numbers, Latin words and brackets have blanks around them.
INSERTION_RE = re.compile(r"[\d(A-Za-z]")


def ends_thai_word(block: str, end: int) -> bool:
    """Return whether the full stop before ``end`` is that of a Thai abbreviation: "พ.ศ. 2475".

    >>> ends_thai_word("พ.ศ. 2475", 5), ends_thai_word("จริงหรือ? ใช่", 9)
    (True, False)
    """
    return THAI_STOP_RE.search(block[max(0, end - MAX_WORD) : end]) is not None


def find_thai_ends(block: str, start: int = 0, stop: int | None = None) -> Iterator[int]:
    """Yield the offsets at which ``block[start:stop]``, a text in Thai, is cut.

    >>> block = " ".join(["ก" * 60] * 5)
    >>> [*find_thai_ends(block)]
    [122]
    """
    stop = len(block) if stop is None else stop
    blanks = [match for match in BLANK_RE.finditer(block, start, stop) if match.end() < stop]
    row = 0
    while stop - start > MAX_LENGTH:
        while row < len(blanks) and blanks[row].start() - start < MIN_LENGTH:
            row += 1
        first = row
        while row < len(blanks) and blanks[row].start() - start <= MAX_LENGTH:
            row += 1
        choices = blanks[first : max(row, first + 1)]
        if not choices:
            return
        start = min(choices, key=lambda blank: end_cost(block[start : blank.start()], blank)).end()
        row = first
        yield start


def end_cost(sentence: str, blank: re.Match[str]) -> int:
    """Return how unlikely ``sentence`` ends at the ``blank`` after it, in characters of length.

    By the rules of the Royal Society of Thailand, a wide blank parts sentences.
    """
    words = sentence_words()
    following = blank.string[blank.end() : blank.end() + MAX_WORD]
    continues = following.startswith(words.continuing)
    going_on = (
        continues,
        sentence.endswith(words.unfinished),
        INSERTION_RE.match(following) is not None,
        min(map(len, (following.split()[0], sentence.split()[-1]))) < MIN_CLAUSE,
        sentence.count("(") > sentence.count(")"),
    )
    ending = (len(blank[0]) > 1, following.startswith(words.starting) and not continues)
    return abs(len(sentence) - USUAL_LENGTH) + SIGN_WEIGHT * (sum(going_on) - sum(ending))


class SentenceWords(NamedTuple):
    """The words that begin a sentence, that go on with it, and behind which it goes on."""

    starting: tuple[str, ...]
    continuing: tuple[str, ...]
    unfinished: tuple[str, ...]


@cache
def sentence_words() -> SentenceWords:
    """Return the rows of Thai's table on its sentences."""
    thai = load_language("th")
    return SentenceWords(
        *(tuple(thai.row(f"sentences.{name}").split()) for name in SentenceWords._fields)
    )
