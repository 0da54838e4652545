"""The metrics of a question set: shares with their intervals, AUROC of answerability, times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import NamedTuple

# The quantile of the normal distribution that leaves 2.5 % on each side.
TWO_SIDED_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question.

    ``rank`` is that of the first right answer, 0 if none of the ten best is right. ``confidence``
    is the first answer's, 0 without an answer, and ``words`` is its length. ``answerability`` is
    the probability that decides on silence, and ``kind`` is the kind of answer asked for.
    """

    answerable: bool
    rank: int
    confidence: float
    silent: bool
    words: int
    seconds: float
    answerability: float = 0.0
    kind: str = ""


class CalibrationBin(NamedTuple):
    """The first answers shown with a confidence in one tenth, such as .8 to .9."""

    answers: int
    mean_confidence: float
    right: float


class KindSilences(NamedTuple):
    """The answerable questions of one kind, and the share of them met with silence."""

    questions: int
    false_silences: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one question set; shares are 0 to 1, None if there is nothing to measure."""

    questions: int
    answerable: int
    hit_1: float | None
    hit_3: float | None
    mrr_10: float | None
    silence_auroc: float | None
    false_silences: float | None
    kept_silences: float | None
    words_per_answer: float | None
    p50_ms: float | None
    p95_ms: float | None
    calibration: Mapping[int, CalibrationBin] = field(default_factory=dict, kw_only=True)
    kinds: Mapping[str, KindSilences] = field(default_factory=dict, kw_only=True)


def compute_metrics(outcomes: Sequence[Outcome]) -> Metrics:
    """Return the metrics of ``outcomes``; ``silence_auroc`` is that of answerability."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    impossible = [outcome for outcome in outcomes if not outcome.answerable]
    milliseconds = sorted(1000 * outcome.seconds for outcome in outcomes)
    return Metrics(
        questions=len(outcomes),
        answerable=len(answerable),
        hit_1=mean([outcome.rank == 1 for outcome in answerable]),
        hit_3=mean([1 <= outcome.rank <= 3 for outcome in answerable]),
        mrr_10=mean([1 / outcome.rank if outcome.rank else 0.0 for outcome in answerable]),
        silence_auroc=auroc(
            [outcome.answerability for outcome in answerable],
            [outcome.answerability for outcome in impossible],
        ),
        false_silences=mean([outcome.silent for outcome in answerable]),
        kept_silences=mean([outcome.silent for outcome in impossible]),
        words_per_answer=mean([outcome.words for outcome in outcomes if outcome.words]),
        p50_ms=quantile(milliseconds, 0.5),
        p95_ms=quantile(milliseconds, 0.95),
        calibration=calibration_bins(outcomes),
        kinds=silences_by_kind(answerable),
    )


def calibration_bins(outcomes: Sequence[Outcome]) -> dict[int, CalibrationBin]:
    """Return by tenth of confidence, 0 to 9, what share of the first answers shown is right."""
    tenths: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        if not outcome.silent:
            tenths.setdefault(min(9, int(10 * outcome.confidence)), []).append(outcome)
    return {
        tenth: CalibrationBin(
            answers=len(shown),
            mean_confidence=sum(outcome.confidence for outcome in shown) / len(shown),
            right=sum(outcome.rank == 1 for outcome in shown) / len(shown),
        )
        for tenth, shown in sorted(tenths.items())
    }


def silences_by_kind(answerable: Sequence[Outcome]) -> dict[str, KindSilences]:
    """Return the share of silences by kind of question, the most frequent kind first."""
    kinds: dict[str, list[bool]] = {}
    for outcome in answerable:
        kinds.setdefault(outcome.kind, []).append(outcome.silent)
    return {
        kind: KindSilences(len(silent), sum(silent) / len(silent))
        for kind, silent in sorted(kinds.items(), key=lambda item: (-len(item[1]), item[0]))
    }


def mean(values: Sequence[float]) -> float | None:
    """Return the mean of ``values``, None if there are none."""
    return sum(values) / len(values) if values else None


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest of ``ordered`` that at least ``share`` of them do not exceed.

    None if there are none.
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the probability that a positive value exceeds a negative one, ties counted by half.

    This is the area under the receiver operating characteristic, by ranks (Mann & Whitney, 1947);
    None if there are no positive or no negative values.
    """
    if not positive or not negative:
        return None
    ordered = sorted([(value, 1) for value in positive] + [(value, 0) for value in negative])
    wins, below, start = 0.0, 0, 0  # `below` counts the smaller negative values
    while start < len(ordered):
        stop = start
        while stop < len(ordered) and ordered[stop][0] == ordered[start][0]:
            stop += 1
        positives = sum(is_positive for _, is_positive in ordered[start:stop])
        negatives = stop - start - positives
        wins += positives * (below + negatives / 2)
        below, start = below + negatives, stop
    return wins / (len(positive) * len(negative))


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share of ``count`` ≥ 1 cases (Wilson, 1927)."""
    z = TWO_SIDED_95
    center = share + z * z / (2 * count)
    margin = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (center - margin) / scale), min(1.0, (center + margin) / scale)
