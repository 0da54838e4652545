"""What speaks for a sentence, weighed: the table of features, and the order that they give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

from bot.index.engine import Hit
from bot.language.questions import AnswerKind
from bot.retrieval import features as f
from bot.retrieval.answer import Evidence
from bot.retrieval.asked import Asked
from bot.retrieval.passages import Passage


class Feature(NamedTuple):
    """A feature: its family in the evidence, its weight there, and how its value is had."""

    family: str
    weight: float
    value: f.Value


# Weights by tests/bench/fit.py from four sets: questions about Wikipedia, news quizzes, follow-ups,
# and more whole questions about Wikipedia, at 1 : .5 : .5 : .7. On articles kept aside that is as
# good as with seven features more (the sentence after, nearness to what is asked, pronouns …).
FEATURES: dict[str, Feature] = {
    "words": Feature("words", 3.22, f.words),
    "best_base": Feature("words", 3.27, f.best_base),
    "rarest": Feature("words", 0.68, f.rarest),
    "last": Feature("words", 2.18, f.last),
    "names": Feature("words", -1.15, f.names),
    "exact": Feature("exactness", 2.24, f.exact),
    "pairs": Feature("exactness", 1.68, f.pairs),
    "letters": Feature("exactness", 6.01, f.letters),
    "paragraph": Feature("paragraph", -2.24, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.39, f.best_paragraph),
    "covered": Feature("paragraph", 2.90, f.covered),
    "names_around": Feature("paragraph", 1.65, f.names_around),
    "title": Feature("paragraph", 4.44, f.title),
    "title_lacked": Feature("paragraph", 3.58, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.11, f.size),
    "article_size": Feature("paragraph", 0.37, f.article_size),
    "before": Feature("neighbours", 2.47, f.lacking(lambda passage: passage.before)),
    "number": Feature("kind", 2.10, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.89, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 0.97, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.86, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.31, f.holds(AnswerKind.COUNTRY)),
    "unit": Feature("kind", 1.59, f.held_unit),
    "lead": Feature("place", 1.59, f.lead),
    "length": Feature("length", -1.67, f.length),
    "earlier": Feature("words", -1.77, f.earlier),
    "earlier_around": Feature("paragraph", 6.71, f.earlier_around),
    "same_article": Feature("neighbours", 1.93, f.same_article),
    "same_paragraph": Feature("neighbours", 2.04, f.same_paragraph),
    "shown": Feature("place", -1.57, f.shown),
    "new": Feature("length", 0.81, f.new),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its evidence; ``values`` has the value of each of ``FEATURES``."""

    asked: Asked
    candidate: f.Candidate
    values: Mapping[str, float]
    evidence: Evidence

    @property
    def hit(self) -> Hit:
        """The engine's hit."""
        return self.candidate.hit


def weigh(asked: Asked, candidate: f.Candidate) -> Weighed:
    """Return ``candidate`` with its evidence for being what is ``asked``."""
    values = {name: feature.value(asked, candidate) for name, feature in FEATURES.items()}
    parts: dict[str, list[float]] = {}
    for name, feature in FEATURES.items():
        parts.setdefault(feature.family, []).append(feature.weight * values[name])
    evidence = Evidence(**{family: fsum(shares) for family, shares in parts.items()})
    return Weighed(asked, candidate, values, evidence)


def rank(asked: Asked, hits: Sequence[Hit], passages: Iterable[Passage]) -> list[Weighed]:
    """Return the hits with their evidence, best first; equal scores in reading order."""
    found = [weigh(asked, candidate) for candidate in f.candidates(asked, hits, passages)]
    return sorted(found, key=lambda one: (-one.evidence.score, one.hit.sentence))
