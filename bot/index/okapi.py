"""Faster drop-ins for the three rankings of rank-bm25 with the same scores, to the bit."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import rank_bm25

from bot.index.bm25 import posting_weights
from bot.index.impacts import Impacts, SmoothedImpacts
from bot.index.maxscore import MIN_PRUNED
from bot.index.postings import Document, Floats, Ints, Postings, build_postings
from bot.index.top_k import top_k

Item = TypeVar("Item")


class PostingsRanking(rank_bm25.BM25):  # type: ignore[misc]  # rank_bm25 carries no types
    """The methods of rank-bm25's rankings over postings; a ranking adds the weights of these.

    There are three differences to ``rank_bm25`` (0.2.2): where it divides by zero (no documents,
    or only empty ones) all scores are 0; documents with equal scores stay in order; and a string
    without a tokenizer is no query, where rank-bm25 takes each letter for a term. Weights are
    computed once: to set ``k1``, ``b`` or ``idf`` afterwards has no effect.
    """

    min_pruned: int = MIN_PRUNED  # explained there
    vocabulary: dict[Hashable, int]
    postings: Postings
    impacts: Impacts
    doc_len: list[int]
    corpus_size: int
    avgdl: float

    def _initialize(self, corpus: Iterable[Document[Hashable]]) -> dict[Hashable, int]:
        self.vocabulary, self.postings = build_postings(corpus)
        self.doc_len = self.postings.lengths.tolist()
        self.corpus_size = len(self.doc_len)
        self.avgdl = sum(self.doc_len) / max(1, self.corpus_size)
        del self.doc_freqs  # the parent's empty list, which would hide the property
        # In order of first occurrence, in which the parent sums the idf.
        return dict(
            zip(self.vocabulary, self.postings.document_frequencies().tolist(), strict=True)
        )

    def _calc_idf(self, nd: dict[Hashable, int]) -> None:
        if nd:
            super()._calc_idf(nd)
        idf = np.fromiter(self.idf.values(), np.float64, len(nd))
        weights = posting_weights(self.postings, idf, self.b, self._weigh)
        self.impacts = self._build_impacts(idf, weights)

    def _weigh(self, idf: Floats, term_freqs: Ints, norms: Floats) -> Floats:
        """Return the weight of postings, with the operations of rank-bm25 in their order."""
        raise NotImplementedError

    def _build_impacts(self, idf: Floats, weights: Floats) -> Impacts:  # noqa: ARG002
        return Impacts(self.postings, weights)

    def _tokenize_corpus(self, corpus: Iterable[Any]) -> Iterable[Document[Hashable]]:
        # The parent starts a process for each processor and never ends them. Sending texts there
        # and tokens back takes longer than most tokenizers, and a lambda cannot be sent.
        return map(self.tokenizer, corpus)

    @cached_property
    def doc_freqs(self) -> list[dict[Hashable, int]]:
        """The term frequencies of each document, built on first access: they take most memory.

        >>> Okapi([["a", "rose", "is", "a", "rose"]]).doc_freqs
        [{'a': 2, 'rose': 2, 'is': 1}]
        """
        frequencies: list[dict[Hashable, int]] = [{} for _ in range(self.corpus_size)]
        for term, term_id in self.vocabulary.items():
            span = self.postings.span(term_id)
            doc_ids, term_freqs = self.postings.doc_ids[span], self.postings.term_freqs[span]
            for doc_id, term_freq in zip(doc_ids.tolist(), term_freqs.tolist(), strict=True):
                frequencies[doc_id][term] = term_freq
        return frequencies

    def get_scores(self, query: Iterable[Hashable]) -> Floats:
        """Return the score of every document, ``float64[corpus_size]``.

        A term counts as often as it occurs in ``query``. A string is split by the tokenizer.

        >>> Okapi([["old", "bridge"], ["new", "tower"], ["a", "river"]]).get_scores(["bridge"])
        array([0.51082562, 0.        , 0.        ])
        """
        return self.impacts.scores(self._term_ids(query))

    def get_batch_scores(self, query: Iterable[Hashable], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of the documents ``doc_ids``, in that order.

        >>> okapi = Okapi([["old", "bridge"], ["new", "tower"], ["a", "river"]])
        >>> [round(score, 3) for score in okapi.get_batch_scores(["bridge"], [2, 0])]
        [0.0, 0.511]
        """
        assert all(doc_id < self.corpus_size for doc_id in doc_ids)
        rows = np.arange(self.corpus_size, dtype=np.int32)[np.asarray(doc_ids, np.int64)]
        scores: list[float] = self.impacts.scores_of(rows, self._term_ids(query)).tolist()
        return scores

    def get_top_n(
        self, query: Iterable[Hashable], documents: Sequence[Item], n: int = 5
    ) -> list[Item]:
        """Return the ``n`` best of ``documents``, best first, those that score 0 included.

        >>> okapi = Okapi([["old", "bridge"], ["new", "tower"], ["a", "river"]])
        >>> okapi.get_top_n(["tower"], ["bridge.txt", "tower.txt", "river.txt"], n=1)
        ['tower.txt']
        """
        assert self.corpus_size == len(documents), (
            "The documents given don't match the index corpus!"
        )
        limit = len(range(self.corpus_size)[:n])  # a negative n leaves out the last, as a slice
        term_ids = self._term_ids(query)
        rows = self.impacts.candidates(term_ids, limit, self.min_pruned)
        if len(rows) < limit:
            best = top_k(self.impacts.scores(term_ids), limit)
        else:
            best = rows[top_k(self.impacts.scores_of(rows, term_ids), limit)]
        return [documents[row] for row in best.tolist()]

    def _term_ids(self, query: Iterable[Hashable]) -> list[int]:
        """Return the ids of the known terms of ``query``, in its order."""
        if isinstance(query, str):
            if self.tokenizer is None:
                raise TypeError(f"the query {query!r} is a string; split it into terms")
            query = self.tokenizer(query)
        return [self.vocabulary[term] for term in query if term in self.vocabulary]


class Okapi(PostingsRanking, rank_bm25.BM25Okapi):  # type: ignore[misc]
    """A faster ``rank_bm25.BM25Okapi`` (0.2.2) with its constructor, methods and attributes.

    >>> okapi = Okapi([["old", "bridge"], ["new", "tower"], ["steel", "tower"]])
    >>> okapi.get_top_n(["new", "tower"], ["the bridge", "the new tower", "the steel tower"], n=2)
    ['the new tower', 'the steel tower']

    The idf is Robertson's, with ε times the mean idf for a term in more than half of the documents.
    The differences are those of :class:`PostingsRanking`.
    """

    average_idf: float = 0.0  # of no terms

    def _weigh(self, idf: Floats, term_freqs: Ints, norms: Floats) -> Floats:
        weights: Floats = idf * (term_freqs * (self.k1 + 1) / (term_freqs + self.k1 * norms))
        return weights


class BM25L(PostingsRanking, rank_bm25.BM25L):  # type: ignore[misc]
    """A faster ``rank_bm25.BM25L`` (0.2.2), which favours long documents more than ``Okapi``.

    ``delta`` is added to each term frequency, once divided by the norm of the document's length
    (Lv & Zhai, *When Documents Are Very Long, BM25 Fails!*, 2011).

    >>> ranking = BM25L([["old", "bridge"], ["new", "tower"], ["steel", "tower"]], delta=0.5)
    >>> ranking.get_top_n(["new", "tower"], ["the bridge", "the new tower", "the steel tower"], n=2)
    ['the new tower', 'the steel tower']
    """

    def _weigh(self, idf: Floats, term_freqs: Ints, norms: Floats) -> Floats:
        ctd = term_freqs / norms
        weights: Floats = (
            idf * term_freqs * (self.k1 + 1) * (ctd + self.delta) / (self.k1 + ctd + self.delta)
        )
        return weights


class BM25Plus(PostingsRanking, rank_bm25.BM25Plus):  # type: ignore[misc]
    """A faster ``rank_bm25.BM25Plus`` (0.2.2): each document gets idf · ``delta`` for each term.

    That includes the documents without the term, as in rank-bm25, so that no score is 0
    (Lv & Zhai, *Lower-Bounding Term Frequency Normalization*, 2011, add it to the others only).

    >>> ranking = BM25Plus([["old", "bridge"], ["new", "tower"], ["steel", "tower"]], delta=1)
    >>> ranking.get_top_n(["new", "tower"], ["the bridge", "the new tower", "the steel tower"], n=2)
    ['the new tower', 'the steel tower']
    """

    def _weigh(self, idf: Floats, term_freqs: Ints, norms: Floats) -> Floats:
        saturations = (term_freqs * (self.k1 + 1)) / (self.k1 * norms + term_freqs)
        weights: Floats = idf * (self.delta + saturations)
        return weights

    def _build_impacts(self, idf: Floats, weights: Floats) -> Impacts:
        return SmoothedImpacts(self.postings, weights, idf * (self.delta + 0.0))
