"""A sentence and what stands around it, as the evidence reads them; each is read once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import pairwise

from bot.articles.library import Library
from bot.language.mentions import Mentions
from bot.language.terms import STOP_WORDS, stem, terms
from bot.language.words import words

# Of so many sentences the reading is kept, those of the last dozens of questions; 10 KB each with
# its paragraph. A library that is small is kept whole, which spares .4 ms a question of 2.8.
KEPT, SMALL = 2_000, 20_000

# A word is compared by its runs of so many letters.
GRAM = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's words as compared; ``stems[i]`` is the stem of ``words[i]``.

    A question word's stem is "".
    ``forms`` and ``terms`` are the same as sets; ``pairs`` are the terms that stand side by
    side; ``content`` the terms of its words that are no stop words.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    forms: frozenset[str]
    terms: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    content: frozenset[str]


def reading(text: str) -> Reading:
    """Read ``text``."""
    found = words(text)
    stems = tuple(map(stem, found))
    kept = [term for term in stems if term]
    return Reading(
        words=tuple(found),
        stems=stems,
        forms=frozenset(found),
        terms=frozenset(kept),
        pairs=frozenset(pairwise(kept)),
        content=frozenset(
            term for word, term in zip(found, stems, strict=True) if word not in STOP_WORDS
        ),
    )


@lru_cache(SMALL)
def grams(word: str) -> frozenset[str]:
    """Return the runs of four letters in ``word``; a shorter word is its own."""
    return frozenset(word[i : i + GRAM] for i in range(max(1, len(word) - GRAM + 1)))


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, and the terms of its paragraph, its article's title and the sentence before.

    ``inside`` are the numbers of the sentences of its article, ``beside`` of its paragraph.
    ``mentions`` and ``grams``, the runs of letters of its words, are read when they are wanted.
    """

    sentence: Reading
    paragraph: frozenset[str]
    title: frozenset[str]
    before: frozenset[str]
    inside: range
    beside: range
    mentions: Callable[[], Mentions]
    grams: Callable[[], frozenset[str]]


class Passages:
    """The passages of a library, by the number of their sentence."""

    def __init__(self, library: Library) -> None:
        self.library = library
        kept = SMALL if len(library) <= SMALL else KEPT
        self.reading = lru_cache(kept)(self._reading)
        self.terms = lru_cache(kept)(self._terms)
        self.mentions = lru_cache(kept)(self._mentions)
        self.grams = lru_cache(kept)(self._grams)
        self.title = lru_cache(kept)(self._title)
        self.paragraph = lru_cache(kept)(self._paragraph)
        self.passage = lru_cache(kept)(self._passage)

    def _reading(self, number: int) -> Reading:
        return reading(self.library.text(number))

    def _terms(self, number: int) -> frozenset[str]:
        return frozenset(terms(self.library.text(number)))

    def _mentions(self, number: int) -> Mentions:
        return Mentions(self.library.text(number))

    def _grams(self, number: int) -> frozenset[str]:
        return frozenset().union(*map(grams, self.reading(number).forms))

    def _title(self, article: int) -> frozenset[str]:
        return reading(self.library.title(article)).content

    def _paragraph(self, beside: range) -> frozenset[str]:
        return frozenset().union(*map(self.terms, beside))

    def _passage(self, number: int) -> Passage:
        sentence = self.library.sentence(number)
        inside = self.library.numbers(sentence.article)
        beside = self.library.paragraph(number)
        return Passage(
            sentence=self.reading(number),
            paragraph=self.paragraph(beside),
            title=self.title(sentence.article),
            before=self.terms(number - 1) if number > inside.start else frozenset(),
            inside=inside,
            beside=beside,
            mentions=partial(self.mentions, number),
            grams=partial(self.grams, number),
        )
