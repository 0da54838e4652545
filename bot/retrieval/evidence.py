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
    "words": Feature("words", 2.45, f.words),
    "best_base": Feature("words", 3.18, f.best_base),
    "rarest": Feature("words", 0.64, f.rarest),
    "last": Feature("words", 2.21, f.last),
    "names": Feature("words", -0.79, f.names),
    "exact": Feature("exactness", 2.40, f.exact),
    "pairs": Feature("exactness", 1.88, f.pairs),
    "letters": Feature("exactness", 5.78, f.letters),
    "paragraph": Feature("paragraph", -2.68, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.90, f.best_paragraph),
    "covered": Feature("paragraph", 1.79, f.covered),
    "names_around": Feature("paragraph", 1.23, f.names_around),
    "title": Feature("paragraph", 2.41, f.title),
    "title_lacked": Feature("paragraph", 3.19, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.12, f.size),
    "before": Feature("neighbours", 2.51, f.lacking(lambda passage: passage.before)),
    "after": Feature("neighbours", 0.79, f.lacking(lambda passage: passage.after)),
    "pronoun": Feature("neighbours", 0.52, f.pronoun),
    "number": Feature("kind", 1.89, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.58, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 1.03, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.29, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.12, f.holds(AnswerKind.COUNTRY)),
    "reason": Feature("kind", 0.81, f.holds(AnswerKind.REASON)),
    "near_number": Feature("kind", 0.81, f.nears(*f.NUMERIC)),
    "near_time": Feature("kind", 1.79, f.nears(AnswerKind.TIME)),
    "near_place": Feature("kind", 0.50, f.nears(AnswerKind.PLACE)),
    "near_name": Feature("kind", 0.68, f.nears(AnswerKind.PERSON)),
    "unit": Feature("kind", 1.61, f.held_unit),
    "lead": Feature("place", 1.60, f.lead),
    "length": Feature("length", -1.75, f.length),
    "earlier": Feature("words", -0.76, f.earlier),
    "earlier_around": Feature("paragraph", 6.56, f.earlier_around),
    "same_article": Feature("neighbours", 2.86, f.same_article),
    "same_paragraph": Feature("neighbours", 2.63, f.same_paragraph),
    "shown": Feature("place", -1.68, f.shown),
    "new": Feature("length", 0.92, f.new),
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
