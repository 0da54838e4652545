"""Select the highest of many scores without sorting all of them."""

from collections.abc import Sequence

import numpy as np

from bot.index.postings import Floats, Ints, run_starts

# Scores are split into about so many groups to bound the k-th best. For a million scores, of 500,
# 1,000, 2,000 and 4,000 groups, 1,000 were fastest (.1 ms).
GROUPS = 1_000


def top_k(scores: Floats, limit: int) -> Ints:
    """Return the positions of the ``limit`` highest scores, best first; equal ones in order.

    Only the few scores that can be among them are sorted: to sort a million, most of them equal,
    takes 160 to 260 ms on some processors.

    >>> top_k(np.array([1.0, 3.0, 2.0, 3.0]), limit=3)
    array([1, 3, 2])
    """
    if limit < 1:
        return np.zeros(0, np.int64)
    bound = kth_score_bound(scores, limit)
    above = np.flatnonzero(scores > bound)
    best = above[np.lexsort((above, -scores[above]))][:limit]
    if len(best) < limit:  # the rest equal the bound, and are in order already
        best = np.concatenate([best, np.flatnonzero(scores == bound)[: limit - len(best)]])
    return best


def kth_score_bound(scores: Floats, limit: int) -> float:
    """Return a lower bound of the ``limit``-th highest score; the lowest, if there are fewer.

    Scores are split into groups. The ``limit``-th highest of the groups' maxima is such a bound.
    """
    if limit >= len(scores):
        return float(scores.min(initial=np.inf))
    height = max(1, len(scores) // max(GROUPS, 8 * limit))
    width = len(scores) // height
    maxima = scores[: height * width].reshape(height, width).max(axis=0)
    return float(np.partition(maxima, width - limit)[width - limit])


def top_k_unordered(scores: Floats, limit: int) -> Ints:
    """Return the positions of the ``limit`` highest scores, or of all, in no order."""
    if limit >= len(scores):
        return np.arange(len(scores))
    positions = np.flatnonzero(scores >= kth_score_bound(scores, limit))
    excess = len(positions) - limit
    if excess > 0:
        positions = positions[np.argpartition(scores[positions], excess)[excess:]]
    return positions


def unique_sorted(parts: Sequence[Ints]) -> Ints:
    """Return each number in ``parts`` once, ascending.

    >>> unique_sorted([np.array([5, 2]), np.array([2, 3])])
    array([2, 3, 5])
    """
    ordered = np.sort(np.concatenate(parts))
    return ordered[run_starts(ordered)]
