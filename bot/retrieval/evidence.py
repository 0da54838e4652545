"""What speaks for a sentence, weighed: the table of features, and the order that they give."""

from collections.abc import Iterable, Sequence
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
    "words": Feature("words", 5.49, f.words),
    "best_base": Feature("words", 1.38, f.best_base),
    "rarest": Feature("words", 1.59, f.rarest),
    "last": Feature("words", 2.1, f.last),
    "names": Feature("words", -3.08, f.names),
    "exact": Feature("exactness", 2.92, f.exact),
    "pairs": Feature("exactness", 1.56, f.pairs),
    "letters": Feature("exactness", 5.59, f.letters),
    "paragraph": Feature("paragraph", -5.85, f.paragraph),
    "best_paragraph": Feature("paragraph", 5.87, f.best_paragraph),
    "covered": Feature("paragraph", 1.91, f.covered),
    "names_around": Feature("paragraph", 2.81, f.names_around),
    "title": Feature("paragraph", 3.8, f.title),
    "title_lacked": Feature("paragraph", 3.28, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -0.93, f.size),
    "before": Feature("neighbours", 2.93, f.lacking(lambda passage: passage.before)),
    "after": Feature("neighbours", 0.89, f.lacking(lambda passage: passage.after)),
    "pronoun": Feature("neighbours", 0.85, f.pronoun),
    "number": Feature("kind", 1.21, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 0.23, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 0.83, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 0.76, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.12, f.holds(AnswerKind.COUNTRY)),
    "reason": Feature("kind", 0.39, f.holds(AnswerKind.REASON)),
    "near_number": Feature("kind", 0.9, f.nears(*f.NUMERIC)),
    "near_time": Feature("kind", 1.51, f.nears(AnswerKind.TIME)),
    "near_place": Feature("kind", 1.11, f.nears(AnswerKind.PLACE)),
    "near_name": Feature("kind", 0.61, f.nears(AnswerKind.PERSON)),
    "unit": Feature("kind", 1.8, f.held_unit),
    "lead": Feature("place", 1.68, f.lead),
    "length": Feature("length", -2.3, f.length),
    "new": Feature("length", 1.25, f.new),
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with its evidence; ``values`` are those of ``FEATURES``, in their order."""

    candidate: f.Candidate
    values: tuple[float, ...]
    evidence: Evidence

    @property
    def hit(self) -> Hit:
        """The engine's hit."""
        return self.candidate.hit


def weigh(asked: Asked, candidate: f.Candidate) -> Weighed:
    """Return ``candidate`` with its evidence for being what is ``asked``."""
    values = tuple(feature.value(asked, candidate) for feature in FEATURES.values())
    parts: dict[str, list[float]] = {}
    for feature, value in zip(FEATURES.values(), values, strict=True):
        parts.setdefault(feature.family, []).append(feature.weight * value)
    evidence = Evidence(**{family: fsum(shares) for family, shares in parts.items()})
    return Weighed(candidate, values, evidence)


def rank(asked: Asked, hits: Sequence[Hit], passages: Iterable[Passage]) -> list[Weighed]:
    """Return the hits with their evidence, best first; equal scores in reading order."""
    found = [weigh(asked, candidate) for candidate in f.candidates(asked, hits, passages)]
    return sorted(found, key=lambda one: (-one.evidence.score, one.hit.sentence))
