"""Spelling candidates for a word that occurs in no article."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aeiouy"
# A shorter word is one edit away from too many others.
MIN_LENGTH = 4
# From this length on, a word may have two spelling errors.
MIN_LENGTH_TWO_EDITS = 8
# A longer run of letters is not a word; it would have many millions of candidates.
MAX_LENGTH = 24


def corrections(word: str) -> Iterator[frozenset[str]]:
    """Yield sets of strings that a folded ``word`` may be a misspelling of, likeliest set first.

    The first set is one edit away (Damerau, 1964): a letter inserted, deleted or replaced, or two
    adjacent letters swapped. The second, for a long word, is two edits away, of those that are
    common in spelling: a vowel replaced by another, a letter doubled, deleted or swapped with the
    next. The first letter stays: it is rarely wrong, and another one makes another word ("usual",
    "unusual").

    >>> "bridge" in next(corrections("brigde"))
    True
    """
    if not MIN_LENGTH <= len(word) <= MAX_LENGTH or not word.isalpha():
        return
    yield _with_same_initial(word, _single_edits(word))
    if len(word) >= MIN_LENGTH_TWO_EDITS:
        yield _with_same_initial(
            word, (second for first in _spelling_edits(word) for second in _spelling_edits(first))
        )


def _with_same_initial(word: str, candidates: Iterable[str]) -> frozenset[str]:
    """Return the candidates that begin with the letter of ``word``, without ``word`` itself."""
    return frozenset(other for other in candidates if other[0] == word[0]) - {word}


def _single_edits(word: str) -> frozenset[str]:
    """Return the strings one edit of any kind away from ``word``."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return _spelling_edits(word).union(
        (head + letter + tail for head, tail in splits for letter in LETTERS),
        (head + letter + tail[1:] for head, tail in splits if tail for letter in LETTERS),
    )


def _spelling_edits(word: str) -> frozenset[str]:
    """Return the strings one common spelling error away from ``word``."""
    splits = [(word[:i], word[i], word[i + 1 :]) for i in range(len(word))]
    pairs = pairwise(range(len(word)))
    return frozenset().union(
        (head + tail for head, _, tail in splits),
        (head + letter + letter + tail for head, letter, tail in splits),
        (
            head + vowel + tail
            for head, letter, tail in splits
            if letter in VOWELS
            for vowel in VOWELS
        ),
        (word[:i] + word[k] + word[i] + word[k + 1 :] for i, k in pairs),
    )
