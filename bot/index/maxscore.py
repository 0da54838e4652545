"""MaxScore: find the rows that can be among the best without adding every posting.

Turtle & Flood, *Query evaluation: strategies and optimizations*, 1995. A row is a unit that gets a
score: a sentence, a document.

Most of a query's postings belong to its frequent terms, which add little to any row. So the terms
are added rarest first. Before a frequent term, the rows that lead so far are completed with all
remaining terms: the k-th highest of these scores is the *threshold* that the k best rows are sure
to reach. Once the remaining terms can add less than that, a row without any term so far is out;
the other rows are pruned by the same test, and the remaining terms are added only for the
candidates. A full scan would give the same rows and scores, to the bit.
"""

from bisect import bisect_right
from collections.abc import Sequence
from threading import local
from typing import Protocol

import numpy as np

from bot.index.postings import Flags, Floats, Ints
from bot.index.top_k import kth_score_bound, top_k_unordered, unique_sorted

# Posting lists up to this length are added without a test whether they matter. With a million
# sentences, limits from 2,000 to 16,000 take the same time; with 100,000, one of 32,000 takes half
# as much again.
MIN_PRUNED = 8192
# Rows completed to find the threshold, as a multiple of the rows wanted. Of 1, 2 and 4, the last
# was fastest by a hair.
LEADERS_PER_RESULT = 4
# A posting list at least this many times as long as the candidates is searched, not read through.
SEEK_FACTOR = 16
# In single precision each weight and each addition may be off by 2^-24 of the sum, in the sum and
# in the bound it is compared with.
ROUNDING = 2.0**-21

NO_ROWS: Ints = np.zeros(0, np.int32)


class Accumulators(local):
    """The running scores of rows, for each thread its own: a ``float32`` array of each size.

    All are 0 between two queries. Single precision suffices to tell which rows matter. With a
    million rows it halves the memory that is read at random, and saves a tenth of the time.
    """

    def __init__(self, *sizes: int) -> None:
        self.sizes = sizes
        # Written at once: pages of np.zeros are made when they are first used, each for itself, and
        # take a first question about a million sentences 8 ms.
        zeros = np.full(sum(sizes), 0, np.float32)
        self.arrays: tuple[Floats, ...] = tuple(np.split(zeros, np.cumsum(sizes[:-1])))

    def __reduce__(self) -> tuple[type["Accumulators"], tuple[int, ...]]:
        return Accumulators, self.sizes


class Scorer(Protocol):
    """The terms of one query, numbered from 0, rarest first, and their accumulators."""

    document_frequencies: Sequence[int]

    def max_contribution(self, term: int) -> float:
        """Return the most that ``term`` adds to any row."""
        ...

    def add(self, first: int, end: int) -> Ints:
        """Add the weights of the terms from ``first`` up to before ``end``, in that order.

        Return the rows that may be new, each once for each term. After :meth:`prune`, rows that
        were pruned may be left out.
        """
        ...

    def prune(self, rows: Ints) -> None:
        """Restrict later terms to ``rows``, in no order and with repetitions."""
        ...

    def scores(self, rows: Ints) -> Floats:
        """Return the score of each of ``rows`` so far, ``float32[rows]``."""
        ...

    def complete(self, rows: Ints, scores: Floats, first: int) -> None:
        """Add to the ``scores`` of ``rows`` the weights of the terms from ``first`` on.

        A lower bound of the weights will do.
        """
        ...


def find_candidates(scorer: Scorer, limit: int, min_pruned: int = MIN_PRUNED) -> Ints:
    """Return the rows that can be among the ``limit`` best, ascending.

    Posting lists up to ``min_pruned`` long are added at once, without a test whether they matter.
    """
    count = len(scorer.document_frequencies)
    first = max(1, bisect_right(scorer.document_frequencies, min_pruned))
    slack = rounding_slack(count)
    threshold = 0.0
    rows = scorer.add(0, first)
    for term in range(first, count):
        remaining = sum(map(scorer.max_contribution, range(term, count))) * (1 + slack)
        scores = scorer.scores(rows)
        if threshold <= remaining:
            # A row is repeated at most once for each term.
            leaders = find_leaders(scorer, rows, scores, limit, term)
            threshold = max(threshold, guaranteed_threshold(scorer, leaders, term, limit))
        if threshold > remaining:
            rows = rows.compress(scores >= threshold - remaining)
            scorer.prune(rows)
        rows = np.concatenate([rows, scorer.add(term, term + 1)])
    scores = scorer.scores(rows)
    threshold = max(threshold, kth_score_bound(scores, limit * count) * (1 - slack))
    return unique_sorted([rows.compress(scores >= threshold)])


def find_leaders(scorer: Scorer, rows: Ints, scores: Floats, limit: int, repetitions: int) -> Ints:
    """Return some of ``rows`` that have the highest scores so far, each once.

    ``limit`` of them differ, if there are so many and each is repeated at most ``repetitions``
    times.
    """
    wanted = LEADERS_PER_RESULT * limit
    repeated = top_k_unordered(scores, max(2 * wanted, limit * repetitions))
    leaders = unique_sorted([rows[repeated]])
    return leaders[top_k_unordered(scorer.scores(leaders), wanted)]


def guaranteed_threshold(scorer: Scorer, rows: Ints, first: int, limit: int) -> float:
    """Return a score that ``limit`` of ``rows`` reach with the terms from ``first`` on, or 0.

    It is a lower bound also for sums that were rounded in another way.
    """
    if len(rows) < limit:
        return 0.0
    scores = scorer.scores(rows)
    scorer.complete(rows, scores, first)
    slack = rounding_slack(len(scorer.document_frequencies))
    return float(scores[top_k_unordered(scores, limit)].min()) * (1 - slack)


def rounding_slack(terms: int) -> float:
    """Return by which share of it a sum of so many terms may miss its exact value."""
    return terms * ROUNDING


def find_sorted(needles: Ints, values: Ints) -> tuple[Ints, Flags]:
    """Return the position of each of ``needles`` in ``values``, ascending, and whether it is there.

    The position of a missing one is that of the next larger value, or the length of ``values``.
    """
    # With another type than theirs, searchsorted would first copy all of ``values``.
    needles = needles.astype(values.dtype, copy=False)
    positions = values.searchsorted(needles)
    return positions, values.take(positions, mode="clip") == needles
