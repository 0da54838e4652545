"""What speaks for a sentence, weighed: the table of features, and the order that they give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from bot.index.engine import Hit
from bot.language.questions import AnswerKind
from bot.retrieval import features as f
from bot.retrieval.answer import Evidence
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query


class Feature(NamedTuple):
    """A feature: its family in the evidence, its weight there, and how its value is had."""

    family: str
    weight: float
    value: f.Value


# Weights by tests/bench/fit.py from four sets: questions about Wikipedia, news quizzes, follow-ups,
# and more whole questions about Wikipedia, at 1 : .6 : .5 : .7. On articles kept aside, `onset` and
# the grades of number, time and name are worth .3 on Wikipedia and .7 on each of the last two sets.
FEATURES: dict[str, Feature] = {
    "words": Feature("words", 2.92, f.words),
    "best_base": Feature("words", 3.13, f.best_base),
    "rarest": Feature("words", 0.45, f.rarest),
    "last": Feature("words", 2.11, f.last),
    "names": Feature("words", -1.20, f.names),
    "exact": Feature("exactness", 2.31, f.exact),
    "pairs": Feature("exactness", 1.81, f.pairs),
    "letters": Feature("exactness", 5.93, f.letters),
    "onset": Feature("exactness", -1.02, f.onset),
    "paragraph": Feature("paragraph", -2.60, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.75, f.best_paragraph),
    "covered": Feature("paragraph", 2.90, f.covered),
    "names_around": Feature("paragraph", 1.68, f.names_around),
    "title": Feature("paragraph", 4.36, f.title),
    "title_lacked": Feature("paragraph", 3.33, f.missing_in(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.13, f.size),
    "article_size": Feature("paragraph", 0.53, f.article_size),
    "before": Feature("neighbours", 2.39, f.missing_in(lambda passage: passage.before)),
    "number": Feature("kind", 1.87, f.number),
    "money": Feature("kind", 3.83, f.holds(AnswerKind.MONEY)),
    "percent": Feature("kind", 2.61, f.holds(AnswerKind.PERCENT)),
    "measure": Feature("kind", 2.30, f.holds(AnswerKind.MEASURE)),
    "time": Feature("kind", 2.37, f.time),
    "place": Feature("kind", 0.98, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 2.11, f.name),
    "country": Feature("kind", 2.36, f.holds(AnswerKind.COUNTRY)),
    "unit": Feature("kind", 1.67, f.held_unit),
    "lead": Feature("place", 2.21, f.lead),
    "length": Feature("length", -2.09, f.length),
    "earlier": Feature("words", -1.15, f.earlier),
    "earlier_around": Feature("paragraph", 6.95, f.earlier_around),
    "same_article": Feature("neighbours", 2.21, f.same_article),
    "same_paragraph": Feature("neighbours", 2.02, f.same_paragraph),
    "shown": Feature("place", -1.87, f.shown),
    "new": Feature("length", 1.04, f.new),
}


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with its evidence; ``values`` has the value of each of ``FEATURES``."""

    query: Query
    candidate: f.Candidate
    values: Mapping[str, float]
    evidence: Evidence

    @property
    def hit(self) -> Hit:
        """The engine's hit."""
        return self.candidate.hit


def score_candidate(asked: Query, candidate: f.Candidate) -> ScoredCandidate:
    """Return ``candidate`` with its evidence for being what is ``asked``."""
    values: dict[str, float] = {}
    parts: dict[str, list[float]] = {}
    for name, (family, weight, value) in FEATURES.items():
        found = values[name] = value(asked, candidate)
        if found:
            parts.setdefault(family, []).append(weight * found)
    evidence = Evidence(**{family: fsum(shares) for family, shares in parts.items()})
    return ScoredCandidate(asked, candidate, values, evidence)


def rank_candidates(
    asked: Query, hits: Sequence[Hit], passages: Iterable[Passage]
) -> list[ScoredCandidate]:
    """Return the hits with their evidence, best first; equal scores in reading order."""
    found = [
        score_candidate(asked, candidate) for candidate in f.build_candidates(asked, hits, passages)
    ]
    return sorted(found, key=lambda one: (-one.evidence.score, one.hit.sentence))
