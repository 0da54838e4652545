"""The table of features with their weights, and the order of candidates by weighted sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from bot.index.engine import Hit
from bot.language.questions import AnswerKind
from bot.retrieval import features as f
from bot.retrieval import mention_features as m
from bot.retrieval.answer import Evidence
from bot.retrieval.candidates import Candidate, Feature, build_candidates
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query


class WeightedFeature(NamedTuple):
    """A feature with its weight, and the part of the evidence that it adds to."""

    part: str
    weight: float
    value: Feature


# Weights by tests/bench/fit.py from four sets: questions about Wikipedia, news quizzes, follow-ups,
# and more whole questions about Wikipedia, at 1 : .6 : .5 : .7. On held-out articles, `onset` and
# the grades of number, time and name are worth .3 on Wikipedia and .7 on each of the last two sets.
FEATURES: dict[str, WeightedFeature] = {
    "words": WeightedFeature("words", 2.92, f.sentence_score),
    "best_base": WeightedFeature("words", 3.13, f.relative_base_score),
    "rarest": WeightedFeature("words", 0.45, f.rarest_match),
    "last": WeightedFeature("words", 2.11, f.last_sentence_match),
    "names": WeightedFeature("words", -1.20, f.names_in_sentence),
    "exact": WeightedFeature("exactness", 2.31, f.exact_forms),
    "pairs": WeightedFeature("exactness", 1.81, f.adjacent_pairs),
    "letters": WeightedFeature("exactness", 5.93, f.similar_letters),
    "onset": WeightedFeature("exactness", -1.02, f.onset),
    "paragraph": WeightedFeature("paragraph", -2.60, f.paragraph_score),
    "best_paragraph": WeightedFeature("paragraph", 3.75, f.relative_paragraph_score),
    "coverage": WeightedFeature("paragraph", 2.90, f.coverage),
    "names_around": WeightedFeature("paragraph", 1.68, f.names_around),
    "title": WeightedFeature("paragraph", 4.36, f.title_match),
    "title_missing": WeightedFeature("paragraph", 3.33, f.missing_in_title),
    "size": WeightedFeature("paragraph", -1.13, f.paragraph_size),
    "article_size": WeightedFeature("paragraph", 0.53, f.article_size),
    "before": WeightedFeature("neighbours", 2.39, f.missing_in_sentence_before),
    "number": WeightedFeature("kind", 1.87, m.number_mention),
    "money": WeightedFeature("kind", 3.83, m.mentions_kind(AnswerKind.MONEY)),
    "percent": WeightedFeature("kind", 2.61, m.mentions_kind(AnswerKind.PERCENT)),
    "measure": WeightedFeature("kind", 2.30, m.mentions_kind(AnswerKind.MEASURE)),
    "time": WeightedFeature("kind", 2.37, m.time_mention),
    "place": WeightedFeature("kind", 0.98, m.mentions_kind(AnswerKind.PLACE)),
    "name": WeightedFeature("kind", 2.11, m.name_mention),
    "country": WeightedFeature("kind", 2.36, m.mentions_kind(AnswerKind.COUNTRY)),
    "unit": WeightedFeature("kind", 1.67, m.counted_unit),
    "lead": WeightedFeature("place", 2.21, f.lead),
    "length": WeightedFeature("length", -2.09, f.content_length),
    "context": WeightedFeature("words", -1.15, f.context_in_sentence),
    "context_around": WeightedFeature("paragraph", 6.95, f.context_around),
    "same_article": WeightedFeature("neighbours", 2.21, f.same_article),
    "same_paragraph": WeightedFeature("neighbours", 2.02, f.same_paragraph),
    "same_sentence": WeightedFeature("place", -1.87, f.same_sentence),
    "new": WeightedFeature("length", 1.04, f.new_content),
}


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its evidence; ``values`` has the value of each of ``FEATURES``."""

    query: Query
    candidate: Candidate
    values: Mapping[str, float]
    evidence: Evidence

    @property
    def hit(self) -> Hit:
        """The engine's hit."""
        return self.candidate.hit


def score_candidate(query: Query, candidate: Candidate) -> ScoredCandidate:
    """Return ``candidate`` with its evidence for answering ``query``."""
    values: dict[str, float] = {}
    parts: dict[str, list[float]] = {}
    for name, (part, weight, feature) in FEATURES.items():
        value = values[name] = feature(query, candidate)
        if value:
            parts.setdefault(part, []).append(weight * value)
    evidence = Evidence(**{part: fsum(shares) for part, shares in parts.items()})
    return ScoredCandidate(query, candidate, values, evidence)


def rank_candidates(
    query: Query, hits: Sequence[Hit], passages: Iterable[Passage]
) -> list[ScoredCandidate]:
    """Return the hits with their evidence, best first; equal scores in reading order."""
    candidates = build_candidates(query, hits, passages)
    scored = [score_candidate(query, candidate) for candidate in candidates]
    return sorted(scored, key=lambda each: (-each.evidence.score, each.hit.sentence))
