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
    "words": Feature("words", 2.31, f.words),
    "best_base": Feature("words", 3.14, f.best_base),
    "rarest": Feature("words", 0.78, f.rarest),
    "last": Feature("words", 2.21, f.last),
    "names": Feature("words", -0.82, f.names),
    "exact": Feature("exactness", 2.44, f.exact),
    "pairs": Feature("exactness", 1.85, f.pairs),
    "letters": Feature("exactness", 5.51, f.letters),
    "paragraph": Feature("paragraph", -2.37, f.paragraph),
    "best_paragraph": Feature("paragraph", 4.13, f.best_paragraph),
    "covered": Feature("paragraph", 1.28, f.covered),
    "names_around": Feature("paragraph", 1.20, f.names_around),
    "title": Feature("paragraph", 2.27, f.title),
    "title_lacked": Feature("paragraph", 3.51, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.16, f.size),
    "before": Feature("neighbours", 2.41, f.lacking(lambda passage: passage.before)),
    "after": Feature("neighbours", 0.63, f.lacking(lambda passage: passage.after)),
    "pronoun": Feature("neighbours", 0.59, f.pronoun),
    "number": Feature("kind", 1.55, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.44, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 1.07, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.17, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.11, f.holds(AnswerKind.COUNTRY)),
    "reason": Feature("kind", 0.93, f.holds(AnswerKind.REASON)),
    "near_number": Feature("kind", 0.80, f.nears(*f.NUMERIC)),
    "near_time": Feature("kind", 1.25, f.nears(AnswerKind.TIME)),
    "near_place": Feature("kind", 0.05, f.nears(AnswerKind.PLACE)),
    "near_name": Feature("kind", 0.73, f.nears(AnswerKind.PERSON)),
    "unit": Feature("kind", 1.69, f.held_unit),
    "lead": Feature("place", 1.57, f.lead),
    "length": Feature("length", -1.69, f.length),
    "earlier": Feature("words", -1.27, f.earlier),
    "earlier_around": Feature("paragraph", 6.72, f.earlier_around),
    "same_article": Feature("neighbours", 2.31, f.same_article),
    "same_paragraph": Feature("neighbours", 1.87, f.same_paragraph),
    "shown": Feature("place", -1.68, f.shown),
    "new": Feature("length", 0.88, f.new),
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
