"""Evidence → the chance that the answer is right, and below what chance to stay silent."""

from collections.abc import Callable, Mapping
from math import exp, log

from bot.retrieval.evidence import Weighed

# What tells a right answer from a wrong one, whatever the question: how much of the score that
# it could have an answer has, and how much of the question stands there and around it. The
# margin over the second answer adds nothing.
SIGNALS: Mapping[str, Callable[[Weighed], float]] = {
    "attained": lambda one: (1.6 * one.values["words"] + one.values["paragraph"]) / 3.5,
    "paragraph": lambda one: one.evidence.paragraph,
    "pairs": lambda one: one.values["pairs"],
    "held": lambda one: float(len(one.candidate.held)),
    "covered": lambda one: one.values["covered"],
}
# Fitted by tests/bench/calibrate.py; move these and the threshold together. On articles kept
# aside, the share of right answers in each tenth of confidence is within .03 of it, over two
# sets whose questions all have an answer and two where half of them have none.
WEIGHTS = {"attained": 2.403, "paragraph": 0.199, "pairs": 1.64, "held": 0.379, "covered": 1.924}
INTERCEPT = -4.098
# Beta calibration of the logistic's chance (Kull, Silva Filho & Flach, 2017): a, b and c.
BETA = (1.564, 0.516, 0.901)

# Below this, a reply is silent: by the same script, that meets 4.0 % of questions about
# Wikipedia that have an answer, and keeps 78 % of those whose article was taken away. On news,
# where every other first answer is wrong, it meets 17 %.
WEAKEST = 0.18


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
