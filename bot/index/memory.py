"""The engine in memory: BM25 of a sentence plus BM25 of the paragraph around it.

Only sentences that can be among the best are scored (:mod:`bot.index.maxscore`); the hits and
their scores are those of a full scan, to the bit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.index.bm25 import idf, length_norms, saturation
from bot.index.engine import Hit
from bot.index.inverted_index import InvertedIndex, paragraph_starts
from bot.index.maxscore import MIN_PRUNED, SEEK_FACTOR, Accumulators, find_candidates, find_sorted
from bot.index.postings import Document, Floats, Ints, build_postings, run_starts
from bot.index.top_k import top_k, unique_sorted
from bot.index.vocabulary import Vocabulary

# (k1, b) of the two scores: the pairs that ranked best on questions about Wikipedia and news. A
# sentence is short, so that a second occurrence of a term says little: hence the low k1.
SENTENCE_K1, SENTENCE_B = 0.6, 0.4
PARAGRAPH_K1, PARAGRAPH_B = 0.9, 0.4


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query, with how many sentences hold it.

    The weights are idf · (k1 + 1) · occurrences in the query: the limit of the term's share in the
    score of a sentence, and in that of a paragraph.
    """

    term_id: int
    document_frequency: int
    sentence_weight: float
    paragraph_weight: float


class MemoryEngine:
    """Finds sentences by terms, in arrays that never change, so that any thread may search.

    ``min_pruned`` is explained at :data:`bot.index.maxscore.MIN_PRUNED`.
    """

    def __init__(
        self, vocabulary: Vocabulary, index: InvertedIndex, min_pruned: int = MIN_PRUNED
    ) -> None:
        self.vocabulary = vocabulary
        self.index = index
        self.min_pruned = min_pruned
        self.paragraphs: Ints = index.paragraphs
        self.first_sentences: Ints = index.first_sentences
        self.sentence_norms: Floats = length_norms(index.postings.lengths, SENTENCE_K1, SENTENCE_B)
        self.paragraph_norms: Floats = length_norms(
            index.paragraph_lengths, PARAGRAPH_K1, PARAGRAPH_B
        )
        # Frequent term → its highest saturation in a sentence, and in a paragraph.
        self._max_saturations: dict[int, tuple[float, float]] = {}
        self._accumulators = Accumulators(len(self.sentence_norms), len(self.paragraph_norms))

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
        return len(self.sentence_norms)

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
        scorer = SentenceScorer(self, query, *self._accumulators.arrays)
        try:
            rows = unique_sorted(find_candidates(scorer, limit, self.min_pruned))
            sentence_scores, paragraph_scores = scorer.partial_scores(rows)
        finally:
            scorer.reset()
        paragraph_scores = paragraph_scores.astype(np.float64)
        scores = sentence_scores + paragraph_scores
        best = top_k(scores, limit)
        return list(
            map(Hit, rows[best].tolist(), scores[best].tolist(), paragraph_scores[best].tolist())
        )

    def saturations(self, rows: Ints, term_freqs: Ints) -> tuple[Floats, Ints, Floats]:
        """Return a term's saturation in ``rows``, their paragraphs, and its saturation in those.

        ``rows``, ascending, hold the term ``term_freqs`` times. Each paragraph is returned once.
        """
        in_sentences = saturation(term_freqs, self.sentence_norms.take(rows))
        paragraphs = self.paragraphs.take(rows)
        lasts = np.flatnonzero(run_starts(paragraphs[::-1])[::-1])
        if len(lasts) < len(paragraphs):
            paragraphs = paragraphs[lasts]
            sums = np.cumsum(term_freqs, dtype=np.int32)[lasts]
            term_freqs = np.diff(sums, prepend=np.int32(0))
        in_paragraphs = saturation(term_freqs, self.paragraph_norms.take(paragraphs))
        return in_sentences, paragraphs, in_paragraphs

    def max_contribution(self, term: QueryTerm) -> float:
        """Return the most that ``term`` adds to a sentence and its paragraph together."""
        if term.term_id not in self._max_saturations:
            postings, span = self.index.postings, self.index.postings.span(term.term_id)
            sentence, _, paragraph = self.saturations(
                postings.doc_ids[span], postings.term_freqs[span]
            )
            self._max_saturations[term.term_id] = float(sentence.max()), float(paragraph.max())
        in_sentence, in_paragraph = self._max_saturations[term.term_id]
        return term.sentence_weight * in_sentence + term.paragraph_weight * in_paragraph

    def _query_terms(self, terms: Sequence[str]) -> list[QueryTerm]:
        """Return the terms that a sentence holds, each once, rarest first."""
        occurrences = Counter(terms)
        term_ids = self.vocabulary.lookup([*occurrences])
        starts = self.index.postings.starts
        ordered = sorted(
            (int(starts[term_id + 1] - starts[term_id]), term) for term, term_id in term_ids.items()
        )
        return [
            self._query_term(term_ids[term], document_frequency, occurrences[term])
            for document_frequency, term in ordered
            if document_frequency
        ]

    def _query_term(self, term_id: int, document_frequency: int, occurrences: int) -> QueryTerm:
        paragraph_frequency = int(self.index.paragraph_frequencies[term_id])
        return QueryTerm(
            term_id,
            document_frequency,
            occurrences * idf(document_frequency, len(self)) * (SENTENCE_K1 + 1),
            occurrences * idf(paragraph_frequency, len(self.paragraph_norms)) * (PARAGRAPH_K1 + 1),
        )


class SentenceScorer:
    """The terms of one query to an engine, rarest first, and their accumulators.

    The accumulators are ``float32[sentences]`` and ``float32[paragraphs]``.
    """

    def __init__(
        self,
        engine: MemoryEngine,
        query: Sequence[QueryTerm],
        sentence_accumulators: Floats,
        paragraph_accumulators: Floats,
    ) -> None:
        self.engine: MemoryEngine = engine
        self.query: Sequence[QueryTerm] = query
        self.sentence_accumulators = sentence_accumulators
        self.paragraph_accumulators = paragraph_accumulators
        self.document_frequencies: Sequence[int] = [term.document_frequency for term in query]
        # The sentences and paragraphs whose accumulators are no longer 0, an array for each term.
        self.added: list[Ints] = []
        self.added_paragraphs: list[Ints] = []
        self._candidates: Ints | None = None  # paragraphs, once others are pruned

    def max_contribution(self, term: int) -> float:
        """Return the most that ``term`` adds to a sentence and its paragraph together."""
        return self.engine.max_contribution(self.query[term])

    def add(self, term: int) -> Ints:
        """Add the weights of ``term`` to sentences and paragraphs; return the sentences."""
        weights = self.query[term]
        rows, term_freqs = self._postings(weights.term_id)
        in_sentences, paragraphs, in_paragraphs = self.engine.saturations(rows, term_freqs)
        in_sentences *= np.float32(weights.sentence_weight)
        in_paragraphs *= np.float32(weights.paragraph_weight)
        np.add.at(self.sentence_accumulators, rows, in_sentences)
        np.add.at(self.paragraph_accumulators, paragraphs, in_paragraphs)
        self.added.append(rows)
        self.added_paragraphs.append(paragraphs)
        return rows

    def prune(self, rows: Ints, bound: float) -> None:
        """Restrict what follows to the paragraphs of ``rows``, and those that alone have ``bound``.

        In the latter, a sentence without any term so far may still become one of the best.
        """
        if self._candidates is None:
            paragraphs = np.concatenate(self.added_paragraphs)
        else:
            paragraphs = self._candidates
        paragraphs = paragraphs.compress(self.paragraph_accumulators.take(paragraphs) >= bound)
        self._candidates = unique_sorted([self.engine.paragraphs.take(rows), paragraphs])

    def scores(self, rows: Ints) -> Floats:
        """Return the score of each of ``rows`` with its paragraph so far, ``float32[rows]``."""
        sentence_scores, paragraph_scores = self.partial_scores(rows)
        return sentence_scores + paragraph_scores

    def partial_scores(self, rows: Ints) -> tuple[Floats, Floats]:
        """Return the scores of ``rows`` so far, and of their paragraphs, both ``float32[rows]``."""
        paragraphs = self.engine.paragraphs.take(rows)
        return self.sentence_accumulators.take(rows), self.paragraph_accumulators.take(paragraphs)

    def complete(self, rows: Ints, scores: Floats, first: int) -> None:
        """Add to the ``scores`` of ``rows`` a lower bound of what terms from ``first`` on add.

        A paragraph is taken to hold a term only as often as the sentence does.
        """
        engine, postings = self.engine, self.engine.index.postings
        sentence_norms = engine.sentence_norms.take(rows)
        paragraph_norms = engine.paragraph_norms.take(engine.paragraphs.take(rows))
        for term in self.query[first:]:
            span = postings.span(term.term_id)
            positions, is_match = find_sorted(rows, postings.doc_ids[span])
            freqs = postings.term_freqs[span].take(positions, mode="clip") * is_match
            in_sentences = saturation(freqs, sentence_norms.copy())
            in_paragraphs = saturation(freqs, paragraph_norms.copy())
            scores += np.float32(term.sentence_weight) * in_sentences
            scores += np.float32(term.paragraph_weight) * in_paragraphs

    def reset(self) -> None:
        """Set the accumulators to 0 for the next query."""
        for rows in self.added:
            self.sentence_accumulators[rows] = 0
        for paragraphs in self.added_paragraphs:
            self.paragraph_accumulators[paragraphs] = 0

    def _postings(self, term_id: int) -> tuple[Ints, Ints]:
        """Return the sentences that hold a term, and how often, less those that are pruned."""
        engine, candidates = self.engine, self._candidates
        postings, span = engine.index.postings, engine.index.postings.span(term_id)
        rows, term_freqs = postings.doc_ids[span], postings.term_freqs[span]
        if candidates is None:
            return rows, term_freqs
        if len(candidates) * SEEK_FACTOR < len(rows):
            firsts = np.searchsorted(rows, engine.first_sentences[candidates])
            ends = np.searchsorted(rows, engine.first_sentences[candidates + 1])
            positions = ranges(firsts, ends)
        else:
            is_candidate = np.zeros(len(engine.paragraph_norms), np.bool_)
            is_candidate[candidates] = True
            positions = np.flatnonzero(is_candidate.take(engine.paragraphs.take(rows)))
        return rows[positions], term_freqs[positions]


def ranges(firsts: Ints, ends: Ints) -> Ints:
    """Return the numbers from each of ``firsts`` up to before its end, one range after the other.

    >>> ranges(np.array([3, 10]), np.array([5, 13]))
    array([ 3,  4, 10, 11, 12], dtype=int32)
    """
    sizes = (ends - firsts).astype(np.int64)
    offsets = np.cumsum(sizes) - sizes
    steps = np.repeat(firsts - offsets, sizes)
    return (steps + np.arange(len(steps))).astype(np.int32)
