"""A word that the articles do not know → the words that may have been meant."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

LETTERS = "abcdefghijklmnopqrstuvwxyz"
VOWELS = "aeiouy"
# Of a shorter word, too many others are one slip away.
SHORTEST = 4
# From so many letters, a word may have been misspelt in two places.
LONG = 8
# A longer run of letters is no word that is looked up; its slips would be many millions.
LONGEST = 24


def corrections(word: str) -> Iterator[frozenset[str]]:
    """Yield the words that ``word``, folded, may have been meant to be, likeliest first.

    First those one slip away (Damerau, 1964): a letter too many, missing, wrong, or two in the
    wrong order. Then, for a long word, two slips of those that people make in spelling: a
    vowel for another, a letter doubled or not, two in the wrong order, one too many. The first
    letter stays: few get it wrong, and another one makes another word ("usual", "unusual").
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return
    yield _with_same_initial(word, _single_edits(word))
    if len(word) >= LONG:
        yield _with_same_initial(
            word, (twice for once in _spelling_edits(word) for twice in _spelling_edits(once))
        )


def _with_same_initial(word: str, others: Iterable[str]) -> frozenset[str]:
    return frozenset(other for other in others if other[0] == word[0]) - {word}


def _single_edits(word: str) -> frozenset[str]:
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return _spelling_edits(word).union(
        (head + letter + tail for head, tail in cuts for letter in LETTERS),
        (head + letter + tail[1:] for head, tail in cuts if tail for letter in LETTERS),
    )


def _spelling_edits(word: str) -> frozenset[str]:
    cuts = [(word[:i], word[i], word[i + 1 :]) for i in range(len(word))]
    pairs = pairwise(range(len(word)))
    return frozenset().union(
        (head + tail for head, _, tail in cuts),
        (head + letter + letter + tail for head, letter, tail in cuts),
        (
            head + vowel + tail
            for head, letter, tail in cuts
            if letter in VOWELS
            for vowel in VOWELS
        ),
        (word[:i] + word[k] + word[i] + word[k + 1 :] for i, k in pairs),
    )
