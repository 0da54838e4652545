"""A question as the features read it: what it asks about, and how rare that is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.language.mentions import ORDINARY
from bot.language.questions import Question
from bot.language.terms import STOP_WORDS, stem, terms
from bot.language.words import placed, words

UNIT_RE = re.compile(r"\bhow many\s+(?:(?:more|other|different)\s+)?(\w+)", re.IGNORECASE)
SENTENCE_RE = re.compile(r"(?<=[.?!])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the features read it.

    ``rarity`` is the idf of each of its terms; ``content`` has its distinct terms that are no
    stop words (all, if there are no others) with the form in which each was asked; ``mass``
    is their rarities' sum, ``total`` that of all terms. ``last`` are those of its last
    sentence, ``names`` those with a capital letter; ``pairs`` are terms side by side, with the
    greater rarity of the two; ``unit`` is the term of "how many ships", "" where there is none.
    """

    question: Question
    rarity: Mapping[str, float]
    content: Mapping[str, str]
    mass: float
    total: float
    last: frozenset[str]
    names: frozenset[str]
    pairs: Mapping[tuple[str, str], float]
    unit: str
    forms: frozenset[str]

    def share(self, terms: Iterable[str]) -> float:
        """Return how much of what is asked ``terms`` are, by rarity, 0 to 1."""
        return sum(map(self.rarity.__getitem__, terms)) / self.mass


def asked(question: Question, rarity: Mapping[str, float]) -> Asked:
    """Return what the features read of ``question``; ``rarity`` knows each of its terms."""
    forms = words(question.text)
    content = {
        stem(word): word for word in forms if word not in STOP_WORDS and stem(word) in rarity
    } or dict(zip(question.terms, question.terms, strict=True))
    unit = UNIT_RE.search(question.text)
    return Asked(
        question=question,
        rarity=rarity,
        content=content,
        mass=sum(rarity[term] for term in content),
        total=sum(rarity[term] for term in question.terms),
        last=frozenset(terms(SENTENCE_RE.split(question.text.strip())[-1])) & content.keys(),
        names=frozenset(_names(question.text)) & content.keys(),
        pairs={pair: max(rarity[pair[0]], rarity[pair[1]]) for pair in pairwise(question.terms)},
        unit=stem(words(unit[1])[0]) if unit else "",
        forms=frozenset(forms),
    )


def _names(text: str) -> Iterator[str]:
    for word in placed(text):
        if text[word.start].isupper() and word.text not in ORDINARY:
            yield stem(word.text)
