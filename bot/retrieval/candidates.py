"""Candidates: the hits of the engine with the passages around them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.index.engine import Hit
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit with its passage, and which content terms of the query it has (``matched``) or lacks.

    ``best_paragraph`` and ``best_base`` are the highest scores among all candidates.
    """

    hit: Hit
    passage: Passage
    matched: frozenset[str]
    missing: frozenset[str]
    best_paragraph: float
    best_base: float


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
        missing = content - matched
        candidates.append(Candidate(hit, passage, matched, missing, best_paragraph, best_base))
    return candidates
