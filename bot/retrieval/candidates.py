"""Candidates: the hits of the engine with the passages around them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.index.engine import Hit
from bot.language.mentions import Mention
from bot.language.questions import AnswerKind
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query

# Kind of answer → the attribute of ``Mentions`` that has the mentions of this kind.
MENTIONS_BY_KIND = {
    AnswerKind.NUMBER: "numbers",
    AnswerKind.AMOUNT: "amounts",
    AnswerKind.MONEY: "money",
    AnswerKind.PERCENT: "percents",
    AnswerKind.MEASURE: "measures",
    AnswerKind.DURATION: "durations",
    AnswerKind.AGE: "ages",
    AnswerKind.TIME: "times",
    AnswerKind.PLACE: "places",
    AnswerKind.COUNTRY: "countries",
    AnswerKind.PERSON: "names",
    AnswerKind.NAME: "names",
    AnswerKind.REASON: "reasons",
    AnswerKind.SAID: "statements",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit with its passage, and which content terms of the query it has (``matched``) or lacks.

    ``best_paragraph`` and ``best_base`` are the highest scores among all candidates. ``untitled``
    are the content terms that the title lacks, and ``untitled_share`` is their share of the
    question. ``mentions`` are those of the kind asked for that are not in the question.
    """

    hit: Hit
    passage: Passage
    matched: frozenset[str]
    missing: frozenset[str]
    best_paragraph: float
    best_base: float
    untitled: tuple[str, ...]
    untitled_share: float
    mentions: tuple[Mention, ...]


Feature = Callable[[Query, Candidate], float]


def base_score(hit: Hit) -> float:
    """Return the BM25 score of the sentence plus half of its paragraph's."""
    return hit.score - 0.5 * hit.paragraph_score


def build_candidates(
    query: Query, hits: Sequence[Hit], passages: Iterable[Passage]
) -> list[Candidate]:
    """Return a candidate for each hit, in order."""
    content = frozenset(query.content)
    best_paragraph = max((hit.paragraph_score for hit in hits), default=0.0)
    best_base = max(map(base_score, hits), default=0.0)
    candidates = []
    for hit, passage in zip(hits, passages, strict=True):
        matched = content & passage.sentence.terms
        untitled = tuple(term for term in query.content if term not in passage.title)
        candidates.append(
            Candidate(
                hit=hit,
                passage=passage,
                matched=matched,
                missing=content - matched,
                best_paragraph=best_paragraph,
                best_base=best_base,
                untitled=untitled,
                untitled_share=query.share(untitled),
                mentions=find_mentions(query, passage),
            )
        )
    return candidates


def find_mentions(query: Query, passage: Passage) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind asked for that are not in the question."""
    if query.question.kind not in MENTIONS_BY_KIND:
        return ()
    mentions: Sequence[Mention] = getattr(passage.mentions, MENTIONS_BY_KIND[query.question.kind])
    return tuple(mention for mention in mentions if mention.word not in query.forms)
