"""The table of features with their weights, and the order of candidates by weighted sum."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from math import exp, fsum
from typing import NamedTuple

from bot.index.engine import Hit
from bot.language.language import ENGLISH, Language
from bot.language.questions import AnswerKind
from bot.retrieval import features as f
from bot.retrieval import mention_features as m
from bot.retrieval import untitled_features as u
from bot.retrieval.candidates import (
    Candidates,
    Feature,
    FoundSentence,
    build_candidates,
)
from bot.retrieval.evidence import Evidence
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query


class WeightedFeature(NamedTuple):
    """A feature with its weight, and the part of the evidence that it adds to.

    It is 0 for questions of other ``kinds``, if any are given, and if ``in_context``, for all but
    follow-ups.
    """

    part: str
    weight: float
    value: Feature
    kinds: tuple[AnswerKind, ...] = ()
    in_context: bool = False


PARTS = tuple(part.name for part in fields(Evidence))
# Weights by tests/bench/fit.py, whose docstring has the command.
FEATURES: dict[str, WeightedFeature] = {
    "best_base": WeightedFeature("words", 2.63, f.relative_base_score),
    "rarest": WeightedFeature("words", 0.30, f.rarest_match),
    "last": WeightedFeature("words", 1.19, f.last_sentence_match),
    "names": WeightedFeature("words", -0.69, f.names_in_sentence),
    "stop_words": WeightedFeature("words", 0.42, f.stop_word_match),
    "synonyms": WeightedFeature("words", 2.37, f.synonym_match),
    "untitled": WeightedFeature("words", 0.96, u.untitled_match),
    "untitled_synonyms": WeightedFeature("words", 1.79, u.untitled_synonyms),
    "exact": WeightedFeature("exactness", 0.79, f.exact_forms),
    "letters": WeightedFeature("exactness", 2.44, f.similar_letters),
    "onset": WeightedFeature("exactness", -1.17, f.onset),
    "untitled_exact": WeightedFeature("exactness", 1.17, u.untitled_exact),
    "untitled_pairs": WeightedFeature("exactness", 1.56, u.untitled_pairs),
    "untitled_letters": WeightedFeature("exactness", 2.61, u.untitled_letters),
    "paragraph": WeightedFeature("paragraph", -2.39, f.paragraph_score),
    "best_paragraph": WeightedFeature("paragraph", 3.91, f.relative_paragraph_score),
    "coverage": WeightedFeature("paragraph", 1.07, f.coverage),
    "names_around": WeightedFeature("paragraph", 1.03, f.names_around),
    "title": WeightedFeature("paragraph", 2.05, f.title_match),
    "title_missing": WeightedFeature("paragraph", 2.35, f.missing_in_title),
    "title_precision": WeightedFeature("paragraph", 2.11, f.title_precision),
    "size": WeightedFeature("paragraph", -0.92, f.paragraph_size),
    "pronoun": WeightedFeature("neighbours", 0.95, f.subject_pronoun),
    "with_context": WeightedFeature("neighbours", 1.76, f.match_with_context),
    "untitled_around": WeightedFeature("neighbours", 1.42, u.untitled_around),
    "number": WeightedFeature(
        "kind", 1.47, m.number_mention, (AnswerKind.NUMBER, AnswerKind.AMOUNT)
    ),
    "quantity": WeightedFeature("kind", 1.73, m.has_mention, m.QUANTITIES),
    "near_number": WeightedFeature("kind", 0.80, m.proximity_to_matches, m.NUMBERS),
    "time": WeightedFeature("kind", 2.12, m.time_mention, (AnswerKind.TIME,)),
    "near_time": WeightedFeature("kind", 1.03, m.proximity_to_matches, (AnswerKind.TIME,)),
    "place": WeightedFeature("kind", 0.89, m.has_mention, (AnswerKind.PLACE,)),
    "country": WeightedFeature("kind", 1.35, m.has_mention, (AnswerKind.COUNTRY,)),
    "name": WeightedFeature("kind", 1.81, m.name_mention, (AnswerKind.PERSON,)),
    "agent": WeightedFeature("kind", 0.74, m.agent, (AnswerKind.PERSON,)),
    "which_name": WeightedFeature("kind", 0.62, m.which_name, (AnswerKind.ANY,)),
    "clause": WeightedFeature("kind", 0.35, m.has_mention, (AnswerKind.REASON, AnswerKind.SAID)),
    "unit": WeightedFeature("kind", 1.65, m.counted_unit),
    "title_mention": WeightedFeature("kind", 1.84, m.title_with_mention),
    "definition": WeightedFeature("kind", 0.73, m.definition, (AnswerKind.DEFINITION,)),
    "early_definition": WeightedFeature("kind", 1.45, m.early_definition, (AnswerKind.DEFINITION,)),
    "lead": WeightedFeature("place", 0.75, f.lead),
    "early": WeightedFeature("place", 0.93, f.early),
    "paragraph_start": WeightedFeature("place", 0.58, f.paragraph_start),
    "length": WeightedFeature("length", -0.88, f.content_length),
    "context_around": WeightedFeature("paragraph", 4.97, f.context_around, in_context=True),
    "same_article": WeightedFeature("neighbours", 2.40, f.same_article, in_context=True),
    "same_paragraph": WeightedFeature("neighbours", 2.12, f.same_paragraph, in_context=True),
    "same_sentence": WeightedFeature("place", -2.24, f.same_sentence, in_context=True),
}

# The weights that differ for questions in other languages: place and length tell less there.
# Fitted like the others, in folds by article, on eleven languages and English together: of XQuAD's
# questions 71.8 % are answered right first instead of 71.3, of English ones as many.
WEIGHTS_ELSEWHERE = {"early": 0.54, "paragraph_start": 0.38, "length": -0.64}


class FeatureValues(Mapping[str, float]):
    """The values of ``FEATURES`` of the candidate in one row of ``columns``.

    Those without a column are 0.
    """

    __slots__ = ("_columns", "_row")

    def __init__(self, columns: Mapping[str, Sequence[float]], row: int) -> None:
        self._columns, self._row = columns, row

    def __getitem__(self, name: str) -> float:
        return self._columns[name][self._row] if name in self._columns else 0.0

    def __iter__(self) -> Iterator[str]:
        return iter(FEATURES)

    def __len__(self) -> int:
        return len(FEATURES)


class Reading(NamedTuple):
    """A sentence as a model read it: its logit, beside those of the others that it read.

    ``lead`` is how far the logit is above the highest of the other texts, 0 without others;
    ``best`` is the highest of all.
    """

    logit: float
    lead: float
    best: float


class ScoredCandidate(NamedTuple):
    """The candidate in one row of ``candidates`` with the ``parts`` of its evidence.

    ``columns`` has the values of those of ``FEATURES`` that can be other than 0. ``share`` is its
    share of the softmax over the scores of all candidates; where a reranker read the sentence, of
    those that it read. ``reading`` is None where it did not.
    """

    query: Query
    candidates: Candidates
    columns: Mapping[str, Sequence[float]]
    row: int
    parts: tuple[float, ...]
    share: float
    reading: Reading | None = None

    @property
    def hit(self) -> Hit:
        """The engine's hit."""
        return self.candidates.hits[self.row]

    @property
    def passage(self) -> Passage:
        """The sentence with its surroundings."""
        return self.candidates.passages[self.row]

    @property
    def evidence(self) -> Evidence:
        """The parts by their names; most candidates are ranked by their sum alone."""
        return Evidence(*self.parts)

    @property
    def values(self) -> Mapping[str, float]:
        """The value of each of ``FEATURES``."""
        return FeatureValues(self.columns, self.row)


def rank_candidates(query: Query, sentences: Sequence[FoundSentence]) -> list[ScoredCandidate]:
    """Return the sentences with their evidence, best first; equal scores in reading order."""
    if not sentences:
        return []
    candidates = build_candidates(query, sentences)
    has_context = bool(query.context.content or query.context.shown)
    columns = {
        name: feature.value(query, candidates)
        for name, feature in choose_features(query.question.kind, has_context).items()
    }
    parts = sum_evidence(columns, query.question.language)
    scores = [*map(fsum, parts)]
    keys = [(-score, hit.sentence) for score, hit in zip(scores, candidates.hits, strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    shares = softmax(scores)
    return [ScoredCandidate(query, candidates, columns, i, parts[i], shares[i]) for i in order]


@cache
def choose_features(kind: AnswerKind, has_context: bool) -> Mapping[str, WeightedFeature]:
    """Return the features that can be other than 0, for questions with and without a context."""
    return {
        name: feature
        for name, feature in FEATURES.items()
        if (not feature.kinds or kind in feature.kinds) and (has_context or not feature.in_context)
    }


def sum_evidence(
    columns: Mapping[str, Sequence[float]], language: Language
) -> list[tuple[float, ...]]:
    """Return the parts of the evidence to which the values of features add up, in columns."""
    changed = {} if language is ENGLISH else WEIGHTS_ELSEWHERE
    zeros = [0.0] * len(next(iter(columns.values())))
    parts: dict[str, list[list[float]]] = {part: [] for part in PARTS}
    for name, column in columns.items():
        if any(column):
            weight = changed.get(name, FEATURES[name].weight)
            parts[FEATURES[name].part].append([weight * value for value in column])
    sums = (
        map(fsum, zip(zeros, *weighted, strict=True)) if weighted else zeros
        for weighted in parts.values()
    )
    return [*zip(*sums, strict=True)]


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the share of e^score of each score.

    >>> softmax([3.0, 3.0])
    [0.5, 0.5]
    """
    highest = max(scores, default=0.0)
    odds = [exp(score - highest) for score in scores]
    total = fsum(odds)
    return [each / total for each in odds]
