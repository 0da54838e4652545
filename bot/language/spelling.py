"""Spelling candidates for a word that occurs in no article."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from bot.language.language import ENGLISH_LETTERS

VOWELS = "aeiouyàáâãäåèéêëìíîïòóôõöøùúûüăąęěőűůıаеёиоуыэюяієїαεηιουωάέήίόύώािीुूेैोौंँ"
# A shorter word is one edit away from too many others.
MIN_LENGTH = 4
# From this length on, a word may have two spelling errors.
MIN_LENGTH_TWO_EDITS = 8
# The letters of India, whose marks are no letters by themselves.
DEVANAGARI_RE = re.compile("[\u0900-\u0963]+")
# A longer run of letters is not a word; it would have many millions of candidates.
MAX_LENGTH = 24


def corrections(word: str, letters: str = ENGLISH_LETTERS) -> Iterator[frozenset[str]]:
    """Yield sets of strings that a folded ``word`` may be a misspelling of, likeliest set first.

    The first set is one edit away (Damerau, 1964): a letter inserted, deleted or replaced, or two
    adjacent letters swapped. The second, for a long word, is two edits away, of those that are
    common in spelling: a vowel replaced by another, a letter doubled, deleted or swapped with the
    next. The first letter stays: it is rarely wrong, and another one makes another word ("usual",
    "unusual").

    >>> "bridge" in next(corrections("brigde"))
    True
    """
    if not MIN_LENGTH <= len(word) <= MAX_LENGTH or not is_word(word):
        return
    vowels = "".join(filter(VOWELS.__contains__, letters))
    yield _with_same_initial(word, _single_edits(word, letters, vowels))
    if len(word) >= MIN_LENGTH_TWO_EDITS:
        yield _with_same_initial(
            word,
            (
                second
                for first in _spelling_edits(word, vowels)
                for second in _spelling_edits(first, vowels)
            ),
        )


def is_word(word: str) -> bool:
    """Return whether ``word`` has letters alone."""
    return word.isalpha() or bool(DEVANAGARI_RE.fullmatch(word))


def _with_same_initial(word: str, candidates: Iterable[str]) -> frozenset[str]:
    """Return the candidates that begin with the letter of ``word``, without ``word`` itself."""
    return frozenset(other for other in candidates if other[0] == word[0]) - {word}


def _single_edits(word: str, letters: str, vowels: str) -> frozenset[str]:
    """Return the strings one edit of any kind away from ``word``."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return _spelling_edits(word, vowels).union(
        (head + letter + tail for head, tail in splits for letter in letters),
        (head + letter + tail[1:] for head, tail in splits if tail for letter in letters),
    )


def _spelling_edits(word: str, vowels: str) -> frozenset[str]:
    """Return the strings one common spelling error away from ``word``."""
    splits = [(word[:i], word[i], word[i + 1 :]) for i in range(len(word))]
    pairs = pairwise(range(len(word)))
    return frozenset().union(
        (head + tail for head, _, tail in splits),
        (head + letter + letter + tail for head, letter, tail in splits),
        (
            head + vowel + tail
            for head, letter, tail in splits
            if letter in vowels
            for vowel in vowels
        ),
        (word[:i] + word[k] + word[i] + word[k + 1 :] for i, k in pairs),
    )
