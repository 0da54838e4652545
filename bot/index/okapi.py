"""rank-bm25's ``BM25Okapi`` over postings: its scores to the bit, without a look at every row."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from rank_bm25 import BM25Okapi

from bot.index.bm25 import posting_weights
from bot.index.impacts import Impacts
from bot.index.postings import Document, Floats, build_postings
from bot.index.top_k import top_k

Item = TypeVar("Item")


class Okapi(BM25Okapi):  # type: ignore[misc]  # rank_bm25 carries no types
    """A faster ``rank_bm25.BM25Okapi`` (0.2.2), with its constructor and its attributes.

    Robertson's idf, with ε times the mean idf for a term in more than half of the documents;
    see :func:`bot.index.bm25.weights` for the rest of the formula. It differs where the
    parent divides by zero (no documents, or empty ones only: all scores are 0), where it
    leaves ties to the processor (they stay in the order of the documents), and where it
    takes a string for a query letter by letter. Weights are worked out once: setting ``k1``, ``b``
    or ``idf`` afterwards changes nothing.
    """

    def _initialize(self, corpus: Iterable[Document[Hashable]]) -> dict[Hashable, int]:
        self.vocabulary, self.postings = build_postings(corpus)
        self.doc_len = self.postings.lengths.tolist()
        self.corpus_size = len(self.doc_len)
        self.avgdl = sum(self.doc_len) / max(1, self.corpus_size)
        del self.doc_freqs  # the parent's empty list, which would hide the property
        # The parent sums the idf in this order, first seen first.
        return dict(
            zip(self.vocabulary, self.postings.document_frequencies().tolist(), strict=True)
        )

    def _calc_idf(self, nd: dict[Hashable, int]) -> None:
        self.average_idf = 0.0
        if nd:
            super()._calc_idf(nd)
        idf = np.fromiter(self.idf.values(), np.float64, len(nd))
        each = posting_weights(self.postings, idf, self.k1, self.b, np.float64)
        self.impacts = Impacts(self.postings, each)

    def _tokenize_corpus(self, corpus: Iterable[Any]) -> Iterable[Document[Hashable]]:
        # The parent starts a process for each processor and never ends them; sending texts
        # there and tokens back takes longer than most tokenizers, and lambdas can't be sent.
        return map(self.tokenizer, corpus)

    @cached_property
    def doc_freqs(self) -> list[dict[Hashable, int]]:
        """Each document's terms and their counts: the parent's largest attribute, made if read."""
        frequencies: list[dict[Hashable, int]] = [{} for _ in range(self.corpus_size)]
        for term, number in self.vocabulary.items():
            span = self.postings.span(number)
            rows, counts = self.postings.doc_ids[span], self.postings.term_freqs[span]
            for row, count in zip(rows.tolist(), counts.tolist(), strict=True):
                frequencies[row][term] = count
        return frequencies

    def get_scores(self, query: Iterable[Hashable]) -> Floats:
        """Return the score of every document, ``float64[corpus_size]``.

        A term counts as often as it stands in ``query``. A string is split by the tokenizer.
        """
        return self.impacts.scores(self._asked(query))

    def get_batch_scores(self, query: Iterable[Hashable], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of the documents in the rows ``doc_ids``, in that order."""
        assert all(row < self.corpus_size for row in doc_ids)
        rows = np.arange(self.corpus_size, dtype=np.int32)[np.asarray(doc_ids, np.int64)]
        scores: list[float] = self.impacts.scores_of(rows, self._asked(query)).tolist()
        return scores

    def get_top_n(
        self, query: Iterable[Hashable], documents: Sequence[Item], n: int = 5
    ) -> list[Item]:
        """Return the ``n`` best of ``documents``, best first, those that score 0 included."""
        assert self.corpus_size == len(documents), (
            "The documents given don't match the index corpus!"
        )
        wanted = len(range(self.corpus_size)[:n])  # a negative n leaves out as many, as there
        asked = self._asked(query)
        rows = self.impacts.candidates(asked, wanted)
        if len(rows) < wanted:
            order = top_k(self.impacts.scores(asked), wanted)
        else:
            order = rows[top_k(self.impacts.scores_of(rows, asked), wanted)]
        return [documents[row] for row in order.tolist()]

    def _asked(self, query: Iterable[Hashable]) -> list[int]:
        """Return the numbers of the terms of ``query`` that there are, in its order."""
        if isinstance(query, str):
            if self.tokenizer is None:
                raise TypeError(f"the query {query!r} is a string; split it into terms")
            query = self.tokenizer(query)
        return [self.vocabulary[term] for term in query if term in self.vocabulary]
