"""A question as the features read it: what it asks about, and how rare that is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.language.mentions import ORDINARY
from bot.language.questions import Question
from bot.language.terms import STOP_WORDS, stem, terms
from bot.language.words import word_spans, words

# "how many kinds of fish" counts fish.
UNIT_RE = re.compile(
    r"(?i)\bhow many\s+(?:(?:more|other|different|total|new)\s+)?"
    r"(?:(?:kinds|types|sorts|species|varieties|pieces|copies)\s+of\s+)?(\w+)"
)
SENTENCE_RE = re.compile(r"(?<=[.?!])\s+(?=\S)")

# What a follow-up takes over from the question before it weighs half of its own words.
CONTEXT_WEIGHT = 1 / 2


@dataclass(frozen=True, slots=True)
class Context:
    """What a follow-up leans on: the content of what was asked before, term → word as typed.

    ``shown`` are the numbers of the sentences that answered it, best first; an answer must hold
    one of the terms ``about``, if a sentence does.
    """

    content: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[int, ...] = ()
    about: frozenset[str] = frozenset()


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the features read it.

    ``rarity`` is the idf of each of its terms; ``content`` see :func:`content`; ``mass``
    is their rarities' sum, ``total`` that of all terms. ``last`` are those of its last
    sentence, ``names`` those with a capital letter; ``pairs`` are terms side by side, as in a
    reading's ``line``, with the greater rarity of the two; ``unit`` is the term of "how many
    ships", "" where there is none. ``forms`` are all its words, and ``earlier`` is what it leans
    on. ``rarest`` is the greatest rarity of its content.
    """

    question: Question
    idf: Mapping[str, float]
    content: Mapping[str, str]
    mass: float
    total: float
    last: frozenset[str]
    names: frozenset[str]
    pairs: Mapping[str, float]
    unit: str
    forms: frozenset[str]
    context: Context
    rarest: float

    def share(self, terms: Iterable[str]) -> float:
        """Return how much of what is asked ``terms`` are, by rarity, 0 to 1."""
        return sum(map(self.idf.__getitem__, terms)) / self.mass


def content_terms(question: Question) -> dict[str, str]:
    """Return the terms that ``question`` asks about, and the form in which each was asked.

    Those of its words that are no stop words; all of them, if there are no others.
    """
    found = {stem(word): word for word in words(question.text) if word not in STOP_WORDS}
    return found or dict(zip(question.terms, question.terms, strict=True))


def content_as_typed(question: Question) -> dict[str, str]:
    """Return the same terms with the words as they were typed."""
    subject = content_terms(question)
    found = {stem(w.text): question.text[w.start : w.end] for w in word_spans(question.text)}
    return {term: found.get(term, form) for term, form in subject.items()}


def build_query(
    question: Question, rarity: Mapping[str, float], earlier: Context = NO_CONTEXT
) -> Query:
    """Return what the features read of ``question``.

    ``rarity`` knows each of its terms and each of ``earlier``'s.
    """
    forms = words(question.text)
    subject = content_terms(question)
    unit = UNIT_RE.search(question.text)
    return Query(
        question=question,
        idf=rarity,
        content=subject,
        mass=sum(rarity[term] for term in subject),
        total=sum(rarity[term] for term in question.terms)
        + CONTEXT_WEIGHT * sum(rarity[term] for term in earlier.content),
        last=frozenset(terms(SENTENCE_RE.split(question.text.strip())[-1])) & subject.keys(),
        names=frozenset(_names(question.text)) & subject.keys(),
        pairs={
            f" {one} {other} ": max(rarity[one], rarity[other])
            for one, other in pairwise(question.terms)
        },
        unit=next(iter(terms(unit[1])), "") if unit else "",
        forms=frozenset(forms),
        context=earlier,
        rarest=max((rarity[term] for term in subject), default=0.0),
    )


def _names(text: str) -> Iterator[str]:
    for word in word_spans(text):
        if text[word.start].isupper() and word.text not in ORDINARY:
            yield stem(word.text)
