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
    "words": Feature("words", 1.69, f.words),
    "best_base": Feature("words", 3.77, f.best_base),
    "rarest": Feature("words", 0.80, f.rarest),
    "last": Feature("words", 2.14, f.last),
    "names": Feature("words", -0.86, f.names),
    "exact": Feature("exactness", 2.34, f.exact),
    "pairs": Feature("exactness", 1.94, f.pairs),
    "letters": Feature("exactness", 5.37, f.letters),
    "paragraph": Feature("paragraph", -1.81, f.paragraph),
    "best_paragraph": Feature("paragraph", 3.06, f.best_paragraph),
    "covered": Feature("paragraph", 2.27, f.covered),
    "names_around": Feature("paragraph", 1.25, f.names_around),
    "title": Feature("paragraph", 3.22, f.title),
    "title_lacked": Feature("paragraph", 3.48, f.lacking(lambda passage: passage.title)),
    "size": Feature("paragraph", -1.16, f.size),
    "article_size": Feature("paragraph", 0.39, f.article_size),
    "before": Feature("neighbours", 2.46, f.lacking(lambda passage: passage.before)),
    "after": Feature("neighbours", 0.66, f.lacking(lambda passage: passage.after)),
    "pronoun": Feature("neighbours", 0.66, f.pronoun),
    "number": Feature("kind", 1.53, f.holds(*f.NUMERIC)),
    "time": Feature("kind", 1.53, f.holds(AnswerKind.TIME)),
    "place": Feature("kind", 1.02, f.holds(AnswerKind.PLACE)),
    "name": Feature("kind", 1.23, f.holds(AnswerKind.PERSON)),
    "country": Feature("kind", 2.13, f.holds(AnswerKind.COUNTRY)),
    "reason": Feature("kind", 0.76, f.holds(AnswerKind.REASON)),
    "near_number": Feature("kind", 0.91, f.nears(*f.NUMERIC)),
    "near_time": Feature("kind", 1.10, f.nears(AnswerKind.TIME)),
    "near_place": Feature("kind", 0.17, f.nears(AnswerKind.PLACE)),
    "near_name": Feature("kind", 0.62, f.nears(AnswerKind.PERSON)),
    "unit": Feature("kind", 1.77, f.held_unit),
    "lead": Feature("place", 1.61, f.lead),
    "length": Feature("length", -1.37, f.length),
    "earlier": Feature("words", -1.27, f.earlier),
    "earlier_around": Feature("paragraph", 8.13, f.earlier_around),
    "same_article": Feature("neighbours", 2.45, f.same_article),
    "same_paragraph": Feature("neighbours", 1.92, f.same_paragraph),
    "shown": Feature("place", -1.85, f.shown),
    "new": Feature("length", 0.65, f.new),
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
