"""A text → its terms: the words less the question words, each by its stem."""

from collections.abc import Sequence
from threading import Lock

import Stemmer

from bot.language.words import words

# Written into every saved index: another analysis, another index.
ANALYSIS = "english-1"

# Dropping these alone is worth 2 points over dropping a whole stop list: "in", "of", "by" and
# "after" carry meaning (measured on questions about Wikipedia and news).
QUESTION_WORDS = frozenset("what which who whom whose when where why how do does did".split())

# Words that carry no subject: they count in a score, but not among what a question asks about.
STOP_WORDS = QUESTION_WORDS | frozenset(
    "a about after again against all also am an and any are as at be because been before being "
    "between both but by can cannot could doing done during each either else ever every few for "
    "from further get had has have having he her here hers him his i if in into is it its itself "
    "just may me might more most much must my neither no nor not of off often on once one only "
    "onto or other our out over own per same shall she should since so some such than that the "
    "their them then there these they this those through to too under until up upon us very via "
    "was we were while will with within without would yet you your".split()
)


class Stems(dict[str, str]):
    """Word → stem, worked out when first asked for; a question word's is ""."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(QUESTION_WORDS, ""))
        self.stemmer = Stemmer.Stemmer("english", 0)  # 0: this dictionary is its cache
        self.lock = Lock()  # a stemmer serves one thread at a time

    def __missing__(self, word: str) -> str:
        with self.lock:
            stem = self[word] = str(self.stemmer.stemWord(word))
        return stem

    def of(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each of ``words``, which are not worth remembering."""
        with self.lock:
            found: list[str] = self.stemmer.stemWords(words)
        return found


STEMS = Stems()


def stem(word: str) -> str:
    """Return the stem of a folded word, "" for a question word."""
    return STEMS[word]


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in reading order, repeated as they are in it."""
    return list(filter(None, map(STEMS.__getitem__, words(text))))
