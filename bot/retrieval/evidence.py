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


FEATURES: dict[str, Feature] = {
    "words": Feature("words", 1.57, f.words),
    "best_base": Feature("words", 3.63, f.best_base),
    "rarest": Feature("words", 0.84, f.rarest),
    "last": Feature("words", 2.07, f.last),
    "names": Feature("words", -0.91, f.names),
    "exact": Feature("exactness", 2.32, f.exact),
    "pairs": Feature("exactness", 1.97, f.pairs),
    "letters": Feature("exactness", 5.74, f.letters),
    "paragraph": Feature("paragraph", -1.85, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.12, f.best_paragraph),
    "covered": Feature("paragraph", 2.72, f.covered),
    "names_around": Feature("paragraph", 1.26, f.names_around),
    "title": Feature("paragraph", 3.33, f.title),
    "title_lacked": Feature("paragraph", 3.60, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.20, f.size),
    "article_size": Feature("paragraph", 0.40, f.article_size),
    "before": Feature("neighbours", 2.34, f.lacking(lambda passage: passage.before)),
    "number": Feature("kind", 1.90, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.89, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 1.10, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.49, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.14, f.holds(AnswerKind.COUNTRY)),
    "unit": Feature("kind", 1.93, f.held_unit),
    "lead": Feature("place", 1.69, f.lead),
    "length": Feature("length", -1.65, f.length),
    "earlier": Feature("words", -1.36, f.earlier),
    "earlier_around": Feature("paragraph", 8.17, f.earlier_around),
    "same_article": Feature("neighbours", 2.62, f.same_article),
    "same_paragraph": Feature("neighbours", 1.88, f.same_paragraph),
    "shown": Feature("place", -1.79, f.shown),
    "new": Feature("length", 0.83, f.new),
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
