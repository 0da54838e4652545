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
    "words": Feature("words", 2.19, f.words),
    "best_base": Feature("words", 2.97, f.best_base),
    "rarest": Feature("words", 0.92, f.rarest),
    "last": Feature("words", 2.28, f.last),
    "names": Feature("words", -0.76, f.names),
    "exact": Feature("exactness", 2.84, f.exact),
    "pairs": Feature("exactness", 1.99, f.pairs),
    "letters": Feature("exactness", 6.79, f.letters),
    "paragraph": Feature("paragraph", -2.46, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.57, f.best_paragraph),
    "covered": Feature("paragraph", 2.36, f.covered),
    "names_around": Feature("paragraph", 1.06, f.names_around),
    "title": Feature("paragraph", 2.11, f.title),
    "title_lacked": Feature("paragraph", 3.45, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.08, f.size),
    "before": Feature("neighbours", 2.81, f.lacking(lambda passage: passage.before)),
    "after": Feature("neighbours", 1.00, f.lacking(lambda passage: passage.after)),
    "pronoun": Feature("neighbours", 0.50, f.pronoun),
    "number": Feature("kind", 1.52, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.30, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 1.48, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.12, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 1.86, f.holds(AnswerKind.COUNTRY)),
    "reason": Feature("kind", -0.08, f.holds(AnswerKind.REASON)),
    "near_number": Feature("kind", 1.38, f.nears(*f.NUMERIC)),
    "near_time": Feature("kind", 1.92, f.nears(AnswerKind.TIME)),
    "near_place": Feature("kind", 0.14, f.nears(AnswerKind.PLACE)),
    "near_name": Feature("kind", 0.85, f.nears(AnswerKind.PERSON)),
    "unit": Feature("kind", 1.86, f.held_unit),
    "lead": Feature("place", 1.64, f.lead),
    "length": Feature("length", -1.86, f.length),
    "earlier": Feature("words", 0.0, f.earlier),
    "earlier_around": Feature("paragraph", 0.0, f.earlier_around),
    "same_article": Feature("neighbours", 0.0, f.same_article),
    "same_paragraph": Feature("neighbours", 0.0, f.same_paragraph),
    "shown": Feature("place", 0.0, f.shown),
    "new": Feature("length", 1.02, f.new),
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
