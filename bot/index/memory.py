"""The engine in memory: BM25 of a sentence plus BM25 of the paragraph around it.

Only sentences that can be among the best are scored (:mod:`bot.index.maxscore`); the hits and
their scores are those of a full scan, to the bit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from bot.index.bm25 import idf, length_norms, saturation
from bot.index.engine import Hit
from bot.index.inverted_index import InvertedIndex, paragraph_starts
from bot.index.kernel import MAX_LIMIT, FindHits, Kernel
from bot.index.maxscore import MIN_PRUNED, Accumulators, find_candidates, rounding_slack
from bot.index.outline import LOWER_HALF, lower_halves
from bot.index.postings import Document, Floats, Ints, build_postings, run_starts
from bot.index.sentence_scorer import QueryTerm, Saturations, SentenceScorer
from bot.index.top_k import top_k
from bot.index.vocabulary import Vocabulary

# (k1, b) of the two scores: the pairs that ranked best on questions about Wikipedia and news. A
# sentence is short, so that a second occurrence of a term says little: hence the low k1.
SENTENCE_K1, SENTENCE_B = 0.6, 0.4
PARAGRAPH_K1, PARAGRAPH_B = 0.9, 0.4


class MemoryEngine:
    """Finds sentences by terms, in arrays that never change, so that any thread may search.

    ``min_pruned`` is explained at :data:`bot.index.maxscore.MIN_PRUNED`. All engines of a process
    share a ``kernel``, which has the same hits as NumPy in a fraction of the time.
    """

    kernel: Kernel = Kernel()

    def __init__(
        self, vocabulary: Vocabulary, index: InvertedIndex, min_pruned: int = MIN_PRUNED
    ) -> None:
        self.vocabulary = vocabulary
        self.index = index
        self.min_pruned = min_pruned
        self.sentences: Ints = index.outline.sentences
        self.paragraphs: Ints = index.outline.paragraphs
        # The norm of each length: a million sentences have some hundred lengths.
        lengths = lower_halves(self.paragraphs)
        total, possible = int(lengths.sum(dtype=np.int64)), np.arange(lengths.max() + 1)
        self.paragraph_count: int = len(lengths) - 1
        self.sentence_norms: Floats = length_norms(
            possible, total / max(1, len(self)), SENTENCE_K1, SENTENCE_B
        )
        self.paragraph_norms: Floats = length_norms(
            possible, total / max(1, self.paragraph_count), PARAGRAPH_K1, PARAGRAPH_B
        )
        self._accumulators = Accumulators(len(self), self.paragraph_count)

    @classmethod
    def build(cls, documents: Iterable[Document[str]], paragraphs: Sequence[int]) -> "MemoryEngine":
        """Return the engine of ``documents``: the terms of each sentence, in reading order.

        ``paragraphs[i]`` is the number of the paragraph of sentence ``i``, from 0, ascending by
        steps of 1. ``documents`` may be a stream.

        >>> engine = MemoryEngine.build([["old", "bridge"], ["new", "tower"]], [0, 0])
        >>> engine.document_frequencies(["bridge", "river"])
        [1, 0]
        >>> [hit.sentence for hit in engine.search(["bridge"], limit=3)]
        [0]
        """
        terms, postings = build_postings(documents)
        starts_paragraph = paragraph_starts(paragraphs)
        if len(starts_paragraph) != len(postings.lengths):
            raise ValueError(
                f"{len(starts_paragraph)} paragraph numbers for {len(postings.lengths)} sentences"
            )
        index = InvertedIndex.from_postings(postings, starts_paragraph)
        return cls(Vocabulary.from_terms(terms), index)

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.sentences)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        term_ids = self.vocabulary.lookup(terms)
        starts = self.index.postings.starts
        return [
            int(starts[term_ids[term] + 1] - starts[term_ids[term]]) if term in term_ids else 0
            for term in terms
        ]

    def find_terms(self, terms: Sequence[str], ranges: Sequence[range]) -> list[int]:
        """Return for each range of sentences which of ``terms`` they hold: bit i is of terms[i].

        >>> engine = MemoryEngine.build([["old", "bridge"], ["new", "bridge"]], [0, 0])
        >>> engine.find_terms(["bridge", "new"], [range(0, 1), range(0, 2)])
        [1, 3]
        """
        term_ids = self.vocabulary.lookup(terms)
        return self.index.find_terms([term_ids.get(term) for term in terms], ranges)

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order.

        A term counts as often as it occurs in ``terms``, whose order does not matter: weights are
        added rarest term first.
        """
        query = self._query_terms(terms)
        if not query or limit < 1:
            return []
        find_hits = self.kernel.find_hits()
        if find_hits and limit <= MAX_LIMIT and self.index.postings.term_freqs.itemsize == 1:
            return self._search_compiled(find_hits, query, limit)
        scorer = SentenceScorer(self, query, *self._accumulators.arrays)
        try:
            rows = find_candidates(scorer, limit, self.min_pruned)
            sentence_scores, paragraph_scores = scorer.partial_scores(rows)
        finally:
            scorer.reset()
        paragraph_scores = paragraph_scores.astype(np.float64)
        scores = sentence_scores + paragraph_scores
        best = top_k(scores, limit)
        return list(
            map(
                Hit,
                (rows[best] & LOWER_HALF).tolist(),
                scores[best].tolist(),
                paragraph_scores[best].tolist(),
            )
        )

    def _search_compiled(
        self, find_hits: FindHits, query: Sequence[QueryTerm], limit: int
    ) -> list[Hit]:
        """Return the same hits as :meth:`search`, by the kernel.

        It moves through the postings of each term: the row of the next one, its position, another
        that lags behind, and the end. ``remaining`` is the most that the terms from each on add.
        """
        postings = self.index.postings
        doc_ids = postings.doc_ids.view(np.uint32)  # numba asks whether a signed index is negative
        arrays = (
            doc_ids,
            postings.term_freqs,
            self.sentences.view(np.uint64),
            self.paragraphs.view(np.uint64),
            self.sentence_norms,
            self.paragraph_norms,
        )
        bounds = [term.max_contribution for term in query]
        remaining = np.array([*accumulate(reversed(bounds), initial=0.0)][::-1])
        remaining *= 1 + rounding_slack(len(query))
        starts = np.array([term.span.start for term in query], np.uint32)
        ends = np.array([term.span.stop for term in query], np.uint32)
        weights = [(term.sentence_weight, term.paragraph_weight) for term in query]
        hits = np.zeros((limit + 1, len(Hit._fields)))  # the last is no hit
        terms = (doc_ids.take(starts), starts, starts.copy(), ends)
        find_hits(arrays, (*terms, np.array(weights, np.float32), remaining), hits)
        rows, scores, paragraph_scores = hits[:-1].compress(hits[:-1, 1] > 0, axis=0).T.tolist()
        return list(map(Hit, map(int, rows), scores, paragraph_scores))

    def saturations(self, rows: Ints, term_freqs: Floats, sizes: Ints) -> Saturations:
        """Return the saturations of terms in sentences, ``rows``, and in their paragraphs.

        ``rows``, ascending for each term, hold it ``term_freqs`` times, ``float32[rows]``;
        ``sizes`` has their number for each term.
        """
        keys = self.sentences.take(rows)
        lengths = keys & LOWER_HALF
        keys -= lengths
        keys |= rows
        in_sentences = saturation(term_freqs, self.sentence_norms.take(lengths))
        paragraphs = keys >> 32
        is_first = run_starts(paragraphs)
        ends = sizes.cumsum()
        is_first[ends[:-1]] = True
        starts = is_first.nonzero()[0]
        paragraphs = paragraphs[starts]
        term_freqs = np.add.reduceat(term_freqs, starts)
        in_paragraphs = saturation(term_freqs, self.norms_of_paragraphs(paragraphs))
        sizes = starts.searchsorted(ends)
        sizes[1:] -= sizes[:-1].copy()
        return Saturations(keys, in_sentences, paragraphs, in_paragraphs, sizes)

    def norms_of_paragraphs(self, numbers: Ints) -> Floats:
        """Return the norm of each of some paragraphs, ``float32[numbers]``."""
        return self.paragraph_norms.take(self.paragraphs.take(numbers) & LOWER_HALF)

    def _query_terms(self, terms: Sequence[str]) -> list[QueryTerm]:
        """Return the terms that a sentence holds, each once, rarest first."""
        occurrences = Counter(terms)
        found = self.vocabulary.lookup([*occurrences]).items()
        spans = {term: self.index.postings.span(term_id) for term, term_id in found}
        ordered = sorted(
            (spans[term].stop - spans[term].start, term, term_id) for term, term_id in found
        )
        return [
            self._query_term(term_id, spans[term], occurrences[term])
            for document_frequency, term, term_id in ordered
            if document_frequency
        ]

    def _query_term(self, term_id: int, span: slice, occurrences: int) -> QueryTerm:
        document_frequency = span.stop - span.start
        paragraph_frequency = int(self.index.paragraph_frequencies[term_id])
        return QueryTerm(
            span,
            document_frequency,
            occurrences * idf(document_frequency, len(self)) * (SENTENCE_K1 + 1),
            occurrences * idf(paragraph_frequency, self.paragraph_count) * (PARAGRAPH_K1 + 1),
        )
