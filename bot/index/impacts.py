"""Postings with the score that each adds to its document, for sums as rank-bm25 computes them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.index import maxscore
from bot.index.maxscore import NO_ROWS, find_sorted
from bot.index.postings import Flags, Floats, Ints, Postings
from bot.index.top_k import unique_sorted


class TermImpacts(NamedTuple):
    """The documents that hold a term, ascending, and its weight in each, with their maximum."""

    doc_ids: Ints
    weights: Floats
    max_contribution: float


class Impacts:
    """Postings, and the weight of each, ``float64[postings]``."""

    def __init__(self, postings: Postings, weights: Floats) -> None:
        self.postings: Postings = postings
        self.weights: Floats = weights
        starts = postings.starts[:-1]
        self.max_contributions: Floats = (
            np.maximum.reduceat(weights, starts) if len(starts) else weights
        )
        min_contributions = np.minimum.reduceat(weights, starts) if len(starts) else weights
        self.is_positive: Flags = min_contributions > 0
        self._accumulators = maxscore.Accumulators(len(postings.lengths))

    def scores(self, term_ids: Sequence[int]) -> Floats:
        """Return the score of every document, ``float64[documents]``.

        Weights are added in the order of ``term_ids``, which decides the last bit.
        """
        scores = np.zeros(len(self.postings.lengths))
        for doc_ids, weights, _ in map(self.term, term_ids):
            np.add.at(scores, doc_ids, weights)
        return scores

    def scores_of(self, doc_ids: Ints, term_ids: Sequence[int]) -> Floats:
        """Return the scores of ``doc_ids``, the same to the bit as in :meth:`scores`."""
        scores = np.zeros(len(doc_ids))
        for term in map(self.term, term_ids):
            scores += weights_in(term, doc_ids)
        return scores

    def candidates(
        self, term_ids: Sequence[int], limit: int, min_pruned: int = maxscore.MIN_PRUNED
    ) -> Ints:
        """Return the documents that can be among the ``limit`` best, ascending.

        All score above 0. There are fewer than ``limit`` where a document without any of the terms
        may be among the best. :data:`bot.index.maxscore.MIN_PRUNED` explains ``min_pruned``.
        """
        if limit < 1 or not len(term_ids) or not self.is_positive[term_ids].all():
            return NO_ROWS
        terms = sorted(map(self.term, term_ids), key=lambda term: len(term.doc_ids))
        scorer = DocumentScorer(terms, self._accumulators.arrays[0])
        try:
            return maxscore.find_candidates(scorer, limit, min_pruned)
        finally:
            scorer.reset()

    def term(self, term_id: int) -> TermImpacts:
        """Return the documents and weights of a term."""
        span = self.postings.span(term_id)
        return TermImpacts(
            self.postings.doc_ids[span],
            self.weights[span],
            float(self.max_contributions[term_id]),
        )


class SmoothedImpacts(Impacts):
    """Impacts where a term adds to the documents without it, too: ``absent``, ``float64[terms]``.

    Every document gets a score, so none can be left out: :meth:`candidates` are none.
    """

    def __init__(self, postings: Postings, weights: Floats, absent: Floats) -> None:
        super().__init__(postings, weights)
        self.absent = absent

    def scores(self, term_ids: Sequence[int]) -> Floats:
        """Return the score of every document, ``float64[documents]``."""
        scores = np.zeros(len(self.postings.lengths))
        for term_id in term_ids:
            impacts = self.term(term_id)
            added = np.full(len(scores), self.absent[term_id])
            added[impacts.doc_ids] = impacts.weights
            scores += added
        return scores

    def scores_of(self, doc_ids: Ints, term_ids: Sequence[int]) -> Floats:
        """Return the scores of ``doc_ids``, the same to the bit as in :meth:`scores`."""
        scores = np.zeros(len(doc_ids))
        for term_id in term_ids:
            impacts = self.term(term_id)
            positions, is_match = find_sorted(doc_ids, impacts.doc_ids)
            weights = impacts.weights.take(positions, mode="clip")
            scores += np.where(is_match, weights, self.absent[term_id])
        return scores

    def candidates(
        self, term_ids: Sequence[int], limit: int, min_pruned: int = maxscore.MIN_PRUNED
    ) -> Ints:
        """Return no document: one without any of the terms may be among the best."""
        del term_ids, limit, min_pruned
        return NO_ROWS


class DocumentScorer:
    """The terms of one query, rarest first, added to ``accumulators``, ``float32[documents]``."""

    def __init__(self, terms: Sequence[TermImpacts], accumulators: Floats) -> None:
        self.terms: Sequence[TermImpacts] = terms
        self.accumulators: Floats = accumulators
        self.document_frequencies: Sequence[int] = [len(term.doc_ids) for term in terms]
        self.added: list[Ints] = []  # the documents whose accumulators are no longer 0
        self._candidates: Ints | None = None

    def max_contribution(self, term: int) -> float:
        """Return the highest weight of ``term``."""
        return self.terms[term].max_contribution

    def add(self, first: int, end: int) -> Ints:
        """Add the weights of some terms; return the documents, none once others are pruned.

        Long lists are searched for the candidates. Adding all of a shorter one is faster than
        picking the candidates out of it.
        """
        terms, candidates = self.terms[first:end], self._candidates
        size = sum(self.document_frequencies[first:end])
        if candidates is not None and len(candidates) * maxscore.SEEK_FACTOR < size:
            candidates = unique_sorted([candidates])
            for term in terms:
                self.accumulators[candidates] += weights_in(term, candidates)
            return NO_ROWS
        # Of the type of an index at once, not in each use as one.
        doc_ids = np.concatenate([term.doc_ids for term in terms], dtype=np.intp)
        weights = np.concatenate([term.weights for term in terms], dtype=np.float32)
        np.add.at(self.accumulators, doc_ids, weights)
        self.added.append(doc_ids)
        return doc_ids if candidates is None else NO_ROWS

    def prune(self, rows: Ints) -> None:
        """Restrict what follows to ``rows``: another document shares no term so far, and has 0."""
        self._candidates = rows

    def scores(self, rows: Ints) -> Floats:
        """Return the score of each of ``rows`` so far, ``float32[rows]``."""
        return self.accumulators.take(rows)

    def complete(self, rows: Ints, scores: Floats, first: int) -> None:
        """Add to the ``scores`` of ``rows`` the weights of the terms from ``first`` on."""
        for term in self.terms[first:]:
            scores += weights_in(term, rows)

    def reset(self) -> None:
        """Set the accumulators to 0 for the next query."""
        for doc_ids in self.added:
            self.accumulators[doc_ids] = 0


def weights_in(term: TermImpacts, doc_ids: Ints) -> Floats:
    """Return the weight of ``term`` in each of ``doc_ids``, 0 where it is missing."""
    positions, is_match = find_sorted(doc_ids, term.doc_ids)
    weights: Floats = term.weights.take(positions, mode="clip") * is_match
    return weights
