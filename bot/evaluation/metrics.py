"""What a run of questions comes to: shares, their intervals, and how well confidence parts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

# The quantile of the normal distribution that leaves 2.5 % on each side.
TWO_SIDED_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    ``rank`` is that of the first right answer, 0 where none of the ten best is right;
    ``confidence`` the first answer's, 0 where there is none; ``words`` its length.
    """

    answerable: bool
    rank: int
    confidence: float
    silent: bool
    words: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of one question set; shares are 0 to 1, None where nothing was to be had."""

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


def compute_metrics(outcomes: Sequence[Outcome]) -> Metrics:
    """Return what ``outcomes`` come to."""
    inside = [one for one in outcomes if one.answerable]
    outside = [one for one in outcomes if not one.answerable]
    milliseconds = sorted(1000 * one.seconds for one in outcomes)
    return Metrics(
        questions=len(outcomes),
        answerable=len(inside),
        hit_1=mean([one.rank == 1 for one in inside]),
        hit_3=mean([1 <= one.rank <= 3 for one in inside]),
        mrr_10=mean([1 / one.rank if one.rank else 0.0 for one in inside]),
        silence_auroc=auroc(
            [one.confidence for one in inside], [one.confidence for one in outside]
        ),
        false_silences=mean([one.silent for one in inside]),
        kept_silences=mean([one.silent for one in outside]),
        words_per_answer=mean([one.words for one in outcomes if one.words]),
        p50_ms=quantile(milliseconds, 0.5),
        p95_ms=quantile(milliseconds, 0.95),
    )


def mean(values: Sequence[float]) -> float | None:
    """Return the mean of ``values``, None of none."""
    return sum(values) / len(values) if values else None


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Return the least of ``ordered`` that ``share`` of them do not exceed, None of none."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the chance that one of ``positive`` exceeds one of ``negative``, ties by half.

    The area under the receiver's operating curve, by ranks (Mann & Whitney, 1947); None
    where one of the two is empty.
    """
    if not positive or not negative:
        return None
    ordered = sorted([(value, 1) for value in positive] + [(value, 0) for value in negative])
    above, below, start = 0.0, 0, 0
    while start < len(ordered):
        stop = start
        while stop < len(ordered) and ordered[stop][0] == ordered[start][0]:
            stop += 1
        ups = sum(is_positive for _, is_positive in ordered[start:stop])
        downs = stop - start - ups
        above += ups * (below + downs / 2)
        below, start = below + downs, stop
    return above / (len(positive) * len(negative))


def interval(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share seen in ``count`` ≥ 1 cases (Wilson, 1927)."""
    z = TWO_SIDED_95
    middle = share + z * z / (2 * count)
    reach = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    widened = 1 + z * z / count
    return max(0.0, (middle - reach) / widened), min(1.0, (middle + reach) / widened)
