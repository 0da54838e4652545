"""Evidence → the chance that the answer is right, and below what chance to stay silent."""

from collections.abc import Callable, Mapping
from math import exp, log

from bot.retrieval import features as f
from bot.retrieval.evidence import Weighed


def attained(one: Weighed) -> float:
    """Return the engine's score over the most that sentence and paragraph could get."""
    return (1.6 * one.values["words"] + one.values["paragraph"]) / 3.5


def held(one: Weighed) -> float:
    """Return how many of the content words asked the sentence holds."""
    return float(len(one.candidate.held))


def names_lacked(one: Weighed) -> float:
    """Return the share of what is asked that are names found neither there nor around it."""
    passage, asked = one.candidate.passage, one.asked
    return asked.share(asked.names - passage.paragraph - passage.title)


def kind_lacked(one: Weighed) -> float:
    """Return 1 where the sentence mentions nothing of the kind asked for."""
    sought = one.asked.question.kind in f.SOUGHT
    return float(sought and not f.found(one.asked, one.candidate))


def unit_lacked(one: Weighed) -> float:
    """Return 1 where "how many ships" is asked and no number of ships is told."""
    return float(bool(one.asked.unit) and not one.values["unit"])


# What tells a right answer from a wrong one, whatever the question. The margin over the second
# answer adds nothing.
SIGNALS: Mapping[str, Callable[[Weighed], float]] = {
    "attained": attained,
    "pairs": lambda one: one.values["pairs"],
    "letters": lambda one: one.values["letters"],
    "held": held,
    "covered": lambda one: one.values["covered"],
    "names_lacked": names_lacked,
    "kind_lacked": kind_lacked,
    "unit_lacked": unit_lacked,
    "leans": lambda one: float(bool(one.asked.earlier.shown)),
    "earlier_around": lambda one: one.values["earlier_around"],
    "same_article": lambda one: one.values["same_article"],
}
# Fitted by tests/bench/calibrate.py; move these and the threshold together. On articles kept
# aside, the share of right answers in each tenth of confidence is within .05 of it, over sets
# whose questions all have an answer (Wikipedia, news, follow-ups) and such where half have none.
WEIGHTS = {
    "attained": 3.865,
    "pairs": 1.788,
    "letters": 3.909,
    "held": 0.408,
    "covered": 0.398,
    "names_lacked": -2.053,
    "kind_lacked": -0.597,
    "unit_lacked": -0.420,
    "leans": -2.589,
    "earlier_around": 2.541,
    "same_article": 2.354,
}
INTERCEPT = -3.083
# Beta calibration of the logistic's chance (Kull, Silva Filho & Flach, 2017): a, b and c.
BETA = (1.623, 0.516, 0.942)

# Below this, a reply is silent: by the same script, that meets 4 % of the questions about
# Wikipedia that have an answer, and keeps 78 % of those whose article was taken away. On news,
# where every other first answer is wrong, it meets 17 %.
WEAKEST = 0.19


def chance(weighed: Weighed) -> float:
    """Return the chance, 0 to 1, that the sentence answers the question."""
    odds = INTERCEPT + sum(WEIGHTS[name] * signal(weighed) for name, signal in SIGNALS.items())
    # ln p and -ln(1 - p) of p = 1 / (1 + e^-odds), without the overflow.
    right, wrong = -log1pexp(-odds), log1pexp(odds)
    first, second, shift = BETA
    return exp(-log1pexp(-(first * right + second * wrong + shift)))


def log1pexp(value: float) -> float:
    """Return ln(1 + e^value)."""
    return max(value, 0.0) + log(1 + exp(-abs(value)))
