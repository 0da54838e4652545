"""Weighed postings → the rows that can be among the best for a question."""

from collections.abc import Sequence
from threading import local
from typing import NamedTuple

import numpy as np

from bot.index import maxscore
from bot.index.maxscore import find_sorted
from bot.index.postings import Floats, Ints, Postings
from bot.index.top_k import top_k_unordered, unique_sorted

NONE: Ints = np.zeros(0, np.int32)


class RowAccumulators(local):
    """A thread's sums, ``float32[rows]``; all are 0 between two questions. A copy has its own.

    In single precision, which tells which rows matter: at a million, half of the memory that is
    met at random, and a tenth of the time.
    """

    def __init__(self, rows: int) -> None:
        self.each = np.zeros(rows, np.float32)

    def __reduce__(self) -> tuple[type["RowAccumulators"], tuple[int]]:
        return RowAccumulators, (len(self.each),)


class TermImpacts(NamedTuple):
    """The rows that hold a term, ascending, and what it weighs in each: at most ``largest``."""

    rows: Ints
    weights: Floats
    largest: float


class Impacts:
    """Postings, and what each adds to the score of its row: ``float64[postings]``."""

    def __init__(self, postings: Postings, weights: Floats) -> None:
        self.postings, self.weights = postings, weights
        starts = postings.starts[:-1]
        self.largest = np.maximum.reduceat(weights, starts) if len(starts) else weights
        self._sums = RowAccumulators(len(postings.lengths))

    def scores(self, asked: Sequence[int]) -> Floats:
        """Return the score of every row, ``float64[rows]``, added in the order of ``asked``."""
        scores = np.zeros(len(self.postings.lengths))
        for rows, weights, _ in map(self._held, asked):
            np.add.at(scores, rows, weights)
        return scores

    def scores_of(self, rows: Ints, asked: Sequence[int]) -> Floats:
        """Return the scores of ``rows`` as :meth:`scores` has them, to the bit."""
        scores = np.zeros(len(rows))
        for held in map(self._held, asked):
            add(held, rows, scores)
        return scores

    def candidates(self, asked: Sequence[int], limit: int) -> Ints:
        """Return the rows that can be among the best ``limit``, ascending; all score over 0.

        Fewer than ``limit`` where a row without any of the terms may be among them.
        """
        terms = sorted(map(self._held, asked), key=lambda held: len(held.rows))
        if limit < 1 or min((held.largest for held in terms), default=0) <= 0:
            return NONE
        sums = self._sums.each
        added = list[Ints]()
        try:
            return candidates(terms, limit, sums, added)
        finally:
            for rows in added:
                sums[rows] = 0

    def _held(self, term: int) -> TermImpacts:
        span = self.postings.span(term)
        return TermImpacts(
            self.postings.doc_ids[span], self.weights[span], float(self.largest[term])
        )


def candidates(terms: Sequence[TermImpacts], limit: int, sums: Floats, added: list[Ints]) -> Ints:
    """Return the rows that can be among the best, with ``terms`` rarest first.

    ``added`` gets the rows whose ``sums`` are no more 0.
    """
    ahead, seen, bar = NONE, 0, 0.0
    slack = maxscore.rounding_slack(len(terms))
    rows: Ints | None = None  # those that still matter, once some do not
    for place, (holding, weights, _) in enumerate(terms):
        if place and len(holding) > maxscore.MIN_PRUNED:
            left = max_contribution(terms[place:]) * (1 + slack)
            if bar <= left:
                ahead = leaders([ahead, *added[seen:]], limit, sums)
                seen = place
                bar = max(bar, reached(ahead, sums.take(ahead), terms[place:], limit) * (1 - slack))
            if bar > left:
                rows = np.concatenate(added) if rows is None else rows
                rows = rows.compress(sums.take(rows) >= bar - left)
                if len(rows) * maxscore.SEEK_FACTOR < len(holding):
                    rows = unique_sorted([rows])
                    return narrowed(rows, sums.take(rows), terms[place:], bar * (1 - slack))
        places = holding.astype(np.intp)  # once, and not each time that they are used
        np.add.at(sums, places, weights.astype(np.float32))
        added.append(places)
    rows = np.concatenate(added) if rows is None else rows
    ahead = leaders([ahead, rows], limit, sums)
    bar = max(bar, reached(ahead, sums.take(ahead), (), limit) * (1 - slack))
    return unique_sorted([rows.compress(sums.take(rows) >= bar)])


def leaders(parts: Sequence[Ints], limit: int, sums: Floats) -> Ints:
    """Return some rows of ``parts`` that have the highest sums, each once."""
    rows = np.concatenate(parts)
    # A row may be there as often as there are parts.
    rows = unique_sorted(
        [rows[top_k_unordered(sums.take(rows), maxscore.TRIAL_FACTOR * limit * len(parts))]]
    )
    return rows[top_k_unordered(sums.take(rows), maxscore.TRIAL_FACTOR * limit)]


def reached(rows: Ints, scores: Floats, left: Sequence[TermImpacts], limit: int) -> float:
    """Return what ``limit`` of ``rows`` reach once the terms that are ``left`` are added, or 0."""
    if len(rows) < limit:
        return 0.0
    for held in left:
        add(held, rows, scores)
    return float(scores[top_k_unordered(scores, limit)].min())


def narrowed(rows: Ints, scores: Floats, left: Sequence[TermImpacts], bar: float) -> Ints:
    """Return those of ``rows`` that have ``bar`` once the terms that are ``left`` are added."""
    for place, held in enumerate(left):
        add(held, rows, scores)
        there = scores >= bar - max_contribution(left[place + 1 :])
        rows, scores = rows.compress(there), scores.compress(there)
    return rows


def max_contribution(terms: Sequence[TermImpacts]) -> float:
    """Return the most that ``terms`` add to a row."""
    return sum(held.largest for held in terms)


def add(held: TermImpacts, rows: Ints, scores: Floats) -> None:
    """Add to the ``scores`` of ``rows`` what a term weighs in those that hold it."""
    places, there = find_sorted(rows, held.rows)
    scores += held.weights.take(places, mode="clip") * there
