"""The rows of the highest scores."""

from collections.abc import Sequence

import numpy as np

from bot.index.postings import Floats, Ints, run_starts

# Rows are looked at in about this many groups to find how high the best ones reach: of 500,
# 1,000, 2,000 and 4,000 groups of a million scores, 1,000 took least time (.1 ms).
GROUPS = 1_000


def top_k(scores: Floats, limit: int) -> Ints:
    """Return the rows of the ``limit`` highest scores, best first; equal ones in reading order.

    No sort sees more than the few rows that can be among them: sorting a million scores,
    most of them equal, takes 160 to 260 ms on some processors.
    """
    if limit < 1:
        return np.zeros(0, np.int64)
    bound = kth_score_bound(scores, limit)
    above = np.flatnonzero(scores > bound)
    rows = above[np.lexsort((above, -scores[above]))][:limit]
    if len(rows) < limit:  # those at the bound are equal, and already in reading order
        rows = np.concatenate([rows, np.flatnonzero(scores == bound)[: limit - len(rows)]])
    return rows


def kth_score_bound(scores: Floats, limit: int) -> float:
    """Return a bound that at least ``limit`` of the scores reach, or all, if there are fewer.

    Each of ``limit`` groups of rows has a best score that reaches the least of these bests.
    """
    if limit >= len(scores):
        return float(scores.min(initial=np.inf))
    height = max(1, len(scores) // max(GROUPS, 8 * limit))
    width = len(scores) // height
    highest = scores[: height * width].reshape(height, width).max(axis=0)
    return float(np.partition(highest, width - limit)[width - limit])


def top_k_unordered(scores: Floats, wanted: int) -> Ints:
    """Return where the highest ``wanted`` of ``scores`` stand, or all, in no order."""
    if wanted >= len(scores):
        return np.arange(len(scores))
    places = np.flatnonzero(scores >= kth_score_bound(scores, wanted))
    out = len(places) - wanted
    return places[np.argpartition(scores[places], out)[out:]] if out > 0 else places


def unique_sorted(parts: Sequence[Ints]) -> Ints:
    """Return each number in ``parts`` once, ascending."""
    ordered = np.sort(np.concatenate(parts))
    return ordered[run_starts(ordered)]
