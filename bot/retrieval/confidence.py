"""The probabilities that the articles answer a question, and that a sentence does.

The first decides on silence, the second is the confidence that is shown. Each is a logistic
regression of signals of an answer; that of silence reads the first answer.
"""

from collections.abc import Callable, Mapping
from math import exp, log

from bot.language.language import ENGLISH
from bot.retrieval.answer import Answer
from bot.retrieval.calibration import (
    BETA_ELSEWHERE,
    BETA_IN_PIECES,
    BY_WORDS,
    WITH_MEANING,
    Calibration,
)
from bot.retrieval.candidates import MENTIONS_BY_KIND, can_tell
from bot.retrieval.ranking import Reading, ScoredCandidate

# Chosen, not fitted: a long page has about so many sentences. On pages, the signal saves a fifth of
# the false silences of questions asked out of curiosity (20.8 to 17.5 %).
MAX_PAGE_SENTENCES = 200

Signal = Callable[[ScoredCandidate], float]


def missing_names(scored: ScoredCandidate) -> float:
    """Return the share of the question that is names found in neither paragraph nor title."""
    query, found, row = scored.query, scored.candidates, scored.row
    return query.share(query.names & ~found.in_paragraph[row] & ~found.in_title[row])


def adjacent_pairs(scored: ScoredCandidate) -> float:
    """Return the share of the question's pairs of neighbouring terms that are neighbours here."""
    pairs, joined_terms = scored.query.pairs, scored.passage.sentence.joined_terms
    total = sum([pair.idf for pair in pairs])
    matched = sum([pair.idf for pair in pairs if pair.joined in joined_terms])
    return matched / total if total else 0.0


def missing_kind(scored: ScoredCandidate) -> float:
    """Return 1 if the sentence mentions nothing of the kind asked for."""
    kind = scored.query.question.kind
    if not can_tell(kind, scored.passage.language):
        return 0.0
    return float(kind in MENTIONS_BY_KIND and not scored.candidates.mentions[scored.row])


def missing_unit(scored: ScoredCandidate) -> float:
    """Return 1 if the question asks "how many ships" and the sentence has no number of ships."""
    return float(bool(scored.query.unit) and not scored.values["unit"])


def question_length(scored: ScoredCandidate) -> float:
    """Return ln of the number of content terms: long questions match worse, word by word."""
    return log(max(1, len(scored.query.content)))


def is_page(scored: ScoredCandidate) -> float:
    """Return 1 if the library is as small as a page, where fewer words match by chance."""
    return float(scored.query.sentences <= MAX_PAGE_SENTENCES)


def feature(name: str) -> Signal:
    """Return the signal that is the value of a feature."""
    return lambda scored: scored.columns[name][scored.row] if name in scored.columns else 0.0


# The signals that part answerable questions from impossible ones.
SIGNALS: Mapping[str, Signal] = {
    "score": lambda scored: scored.evidence.score - scored.evidence.meaning,
    "pairs": adjacent_pairs,
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
    "is_page": is_page,
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
# Those of a sentence that a model read. Where the articles answer a question, one sentence is ahead
# of the others; where they do not, several are on its topic. A best logit below 0 tells no more: in
# examples, right sentences had such where the question was garbled, or that of a quiz.
MEANING_SIGNALS: Mapping[str, Callable[[Reading], float]] = {
    "logit": lambda reading: reading.logit,
    "lead": lambda reading: reading.lead,
    "best_logit": lambda reading: max(reading.best, 0.0),
}


def of_reading(signal: Callable[[Reading], float]) -> Signal:
    """Return a signal of a reading as one of its sentence."""
    return lambda scored: signal(scored.reading) if scored.reading else 0.0


ALL_SIGNALS: Mapping[str, Signal] = {
    **RIGHT_SIGNALS,
    **{name: of_reading(signal) for name, signal in MEANING_SIGNALS.items()},
}

# A reply is silent below this answerability.
MIN_ANSWERABILITY = 0.51


def answerability(first: ScoredCandidate) -> float:
    """Return the probability, 0 to 1, that the articles answer a question, by its first answer.

    It is 0 if the answer has nothing of the question, no synonym and no similar word either, unless
    a model has read it: else a sixth of the false silences of questions out of curiosity came from
    that alone. Words of other languages match worse: the tables of those with question sets have a
    shift for it.
    """
    found, row = first.candidates, first.row
    has_words = found.in_sentence[row] or found.synonymous[row] or found.similarity[row]
    if first.reading is None and not (has_words or first.query.context.content):
        return 0.0
    fitted = find_calibration(first)
    odds = log_odds(first, fitted.answerability, fitted.answerability_intercept)
    odds += first.passage.language.answerability_shift
    return exp(-log1pexp(-odds))


def confidence(scored: ScoredCandidate) -> float:
    """Return the probability, 0 to 1, that the sentence answers the question."""
    fitted = find_calibration(scored)
    odds = log_odds(scored, fitted.right, fitted.right_intercept)
    # ln p and -ln(1 - p) of p = 1 / (1 + e^-odds), without overflow.
    log_right, log_wrong = -log1pexp(-odds), log1pexp(odds)
    (a, b, c), shift = find_beta(scored, fitted)
    return exp(-log1pexp(-(a * log_right + b * log_wrong + c + shift)))


def find_beta(
    scored: ScoredCandidate, fitted: Calibration
) -> tuple[tuple[float, float, float], float]:
    """Return the beta calibration of a sentence's language, and the shift of its log odds."""
    language = scored.passage.language
    if language is ENGLISH or fitted is WITH_MEANING:
        return fitted.beta, 0.0
    beta = BETA_ELSEWHERE if language.is_whole else BETA_IN_PIECES
    return beta, language.confidence_shift


def is_confident(first: Answer, min_confidence: float | None) -> bool:
    """Return whether a reply that starts with ``first`` is given, not met with silence.

    Without ``min_confidence``, that is decided by its answerability.
    """
    return is_enough(first.answerability, first.confidence, min_confidence)


def can_answer(scored: ScoredCandidate, min_confidence: float | None) -> bool:
    """Return whether a reply that starts with the sentence of ``scored`` would be given."""
    return is_enough(answerability(scored), confidence(scored), min_confidence)


def is_enough(answerable: float, right: float, min_confidence: float | None) -> bool:
    """Return whether a first answer with these probabilities is given, not met with silence."""
    return answerable >= MIN_ANSWERABILITY if min_confidence is None else right >= min_confidence


def find_calibration(scored: ScoredCandidate) -> Calibration:
    """Return the constants for a sentence that a model has read, or has not."""
    return WITH_MEANING if scored.reading else BY_WORDS


def log_odds(scored: ScoredCandidate, weights: Mapping[str, float], intercept: float) -> float:
    """Return the log odds of a logistic regression of signals."""
    return intercept + sum([ALL_SIGNALS[name](scored) * w for name, w in weights.items()])


def log1pexp(value: float) -> float:
    """Return ln(1 + e^value) without overflow."""
    return max(value, 0.0) + log(1 + exp(-abs(value)))
