"""The probabilities that the articles answer a question, and that a sentence does.

The first decides on silence, the second is the confidence that is shown. Each is a logistic
regression of signals of an answer; that of silence reads the first answer.
"""

from collections.abc import Callable, Mapping
from math import exp, log

from bot.retrieval.answer import Answer
from bot.retrieval.candidates import MENTIONS_BY_KIND
from bot.retrieval.features import adjacent_pairs
from bot.retrieval.ranking import ScoredCandidate

# Sentences of a small library, a long page for one, and of the largest that was measured. In still
# smaller ones, a page of five sentences, chance matches are no rarer: there, silence must be kept.
MIN_LIBRARY_SIZE, MAX_LIBRARY_SIZE = 200, 10_000

Signal = Callable[[ScoredCandidate], float]


def missing_names(scored: ScoredCandidate) -> float:
    """Return the share of the question that is names found in neither paragraph nor title."""
    passage, query = scored.candidate.passage, scored.query
    return query.share(query.names - passage.paragraph - passage.title)


def missing_kind(scored: ScoredCandidate) -> float:
    """Return 1 if the sentence mentions nothing of the kind asked for."""
    has_mentions = scored.query.question.kind in MENTIONS_BY_KIND
    return float(has_mentions and not scored.candidate.mentions)


def missing_unit(scored: ScoredCandidate) -> float:
    """Return 1 if the question asks "how many ships" and the sentence has no number of ships."""
    return float(bool(scored.query.unit) and not scored.values["unit"])


def question_length(scored: ScoredCandidate) -> float:
    """Return ln of the number of content terms: long questions match worse, word by word."""
    return log(max(1, len(scored.query.content)))


def library_size(scored: ScoredCandidate) -> float:
    """Return ln of the number of sentences: on a single page, fewer words match by chance."""
    return log(max(MIN_LIBRARY_SIZE, min(scored.query.sentences, MAX_LIBRARY_SIZE)))


def feature(name: str) -> Signal:
    """Return the signal that is the value of a feature."""
    return lambda scored: scored.values[name]


# The signals that part answerable questions from impossible ones.
SIGNALS: Mapping[str, Signal] = {
    "score": lambda scored: scored.evidence.score,
    "pairs": lambda scored: adjacent_pairs(scored.query, scored.candidate),
    "letters": feature("letters"),
    "coverage": feature("coverage"),
    "exact": feature("exact"),
    "title": feature("title"),
    "with_context": feature("with_context"),
    "best_paragraph": feature("best_paragraph"),
    "near_time": feature("near_time"),
    "missing_names": missing_names,
    "missing_kind": missing_kind,
    "missing_unit": missing_unit,
    "question_length": question_length,
    "library_size": library_size,
    "is_follow_up": lambda scored: float(bool(scored.query.context.shown)),
    "context_around": feature("context_around"),
    "same_article": feature("same_article"),
}
# Those that part right answers from wrong ones. The share of the softmax tells the most; it makes
# silence worse, because a question without an answer may well have one candidate ahead of all.
RIGHT_SIGNALS: Mapping[str, Signal] = {
    **SIGNALS,
    "share": lambda scored: log(max(scored.share, 1e-4)),
    "title_precision": feature("title_precision"),
    "early": feature("early"),
    "length": feature("length"),
    "title_mention": feature("title_mention"),
}
# Fitted by tests/bench/calibrate.py, whose docstring has the command; change all together.
ANSWERABILITY: Mapping[str, float] = {
    "score": 0.329,
    "pairs": 1.217,
    "letters": 3.031,
    "coverage": 2.129,
    "exact": 0.942,
    "title": 0.023,
    "with_context": 1.516,
    "best_paragraph": 0.782,
    "near_time": -1.487,
    "missing_names": -2.889,
    "missing_kind": -0.426,
    "missing_unit": -0.977,
    "question_length": 1.621,
    "library_size": -0.351,
    "is_follow_up": -5.960,
    "context_around": 8.354,
    "same_article": 2.370,
}
ANSWERABILITY_INTERCEPT = -4.034
RIGHT: Mapping[str, float] = {
    "score": 0.008,
    "pairs": 0.469,
    "letters": 1.433,
    "coverage": -0.106,
    "exact": 0.216,
    "title": -0.323,
    "with_context": 1.563,
    "best_paragraph": 0.476,
    "near_time": 0.316,
    "missing_names": -0.841,
    "missing_kind": -0.773,
    "missing_unit": -0.292,
    "question_length": 0.432,
    "library_size": -0.004,
    "is_follow_up": -2.034,
    "context_around": 1.193,
    "same_article": 1.341,
    "share": 2.657,
    "title_precision": 0.324,
    "early": -0.505,
    "length": -0.016,
    "title_mention": -0.416,
}
RIGHT_INTERCEPT = -0.323
# Parameters a, b and c of the beta calibration of RIGHT (Kull, Silva Filho & Flach, 2017).
BETA = (0.312, 1.524, -1.039)

# A reply is silent below this answerability.
MIN_ANSWERABILITY = 0.53


def answerability(first: ScoredCandidate) -> float:
    """Return the probability, 0 to 1, that the articles answer a question, by its first answer.

    It is 0 if the answer has nothing of the question, no synonym and no similar word either.
    """
    candidate, context = first.candidate, first.query.context
    if not (candidate.matched or candidate.synonymous or candidate.similarity or context.content):
        return 0.0
    return exp(-log1pexp(-log_odds(first, SIGNALS, ANSWERABILITY, ANSWERABILITY_INTERCEPT)))


# The least confidence of an answer that is called sure, and of one that is called likely.
SURE, LIKELY = 0.8, 0.5


def confidence(scored: ScoredCandidate) -> float:
    """Return the probability, 0 to 1, that the sentence answers the question."""
    odds = log_odds(scored, RIGHT_SIGNALS, RIGHT, RIGHT_INTERCEPT)
    # ln p and -ln(1 - p) of p = 1 / (1 + e^-odds), without overflow.
    log_right, log_wrong = -log1pexp(-odds), log1pexp(odds)
    a, b, c = BETA
    return exp(-log1pexp(-(a * log_right + b * log_wrong + c)))


def is_confident(first: Answer, min_confidence: float | None) -> bool:
    """Return whether a reply that starts with ``first`` is given, not met with silence.

    Without ``min_confidence``, that is decided by its answerability.
    """
    if min_confidence is None:
        return first.answerability >= MIN_ANSWERABILITY
    return first.confidence >= min_confidence


def can_answer(scored: ScoredCandidate, min_confidence: float | None) -> bool:
    """Return whether a reply that starts with the sentence of ``scored`` would be given."""
    if min_confidence is None:
        return answerability(scored) >= MIN_ANSWERABILITY
    return confidence(scored) >= min_confidence


def log_odds(
    scored: ScoredCandidate,
    signals: Mapping[str, Signal],
    weights: Mapping[str, float],
    intercept: float,
) -> float:
    """Return the log odds of a logistic regression."""
    return intercept + sum(weights[name] * signal(scored) for name, signal in signals.items())


def log1pexp(value: float) -> float:
    """Return ln(1 + e^value) without overflow."""
    return max(value, 0.0) + log(1 + exp(-abs(value)))
