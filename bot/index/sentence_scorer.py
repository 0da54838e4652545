"""The scores of sentences and of their paragraphs, added term by term with NumPy."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.index.bm25 import saturation
from bot.index.maxscore import SEEK_FACTOR, find_sorted
from bot.index.outline import LOWER_HALF
from bot.index.postings import Floats, Ints
from bot.index.top_k import unique_sorted

if TYPE_CHECKING:  # an engine makes scorers
    from bot.index.memory import MemoryEngine


class QueryTerm(NamedTuple):
    """A term of a query, with its postings and how many sentences hold it.

    The weights are idf · (k1 + 1) · occurrences in the query: the limit of the term's share in the
    score of a sentence, and in that of a paragraph.
    """

    span: slice
    document_frequency: int
    sentence_weight: float
    paragraph_weight: float

    @property
    def max_contribution(self) -> float:
        """More than the term adds to any sentence and its paragraph together.

        The highest score among its postings prunes no more of them, and takes a first question
        about a million sentences 25 ms to find.
        """
        return self.sentence_weight + self.paragraph_weight


class Saturations(NamedTuple):
    """The saturations of terms in sentences and in the paragraphs of these.

    A sentence or paragraph occurs once for each of its terms; ``sizes`` has the number of
    paragraphs for each term.
    """

    keys: Ints
    in_sentences: Floats
    paragraphs: Ints
    in_paragraphs: Floats
    sizes: Ints


class SentenceScorer:
    """The terms of one query to an engine, rarest first, and their accumulators.

    The accumulators are ``float32[sentences]`` and ``float32[paragraphs]``. A row is a sentence's
    key, ``int64``: its paragraph, then in the last 32 bits its number.
    """

    def __init__(
        self,
        engine: "MemoryEngine",
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
        self._candidates: Ints | None = None  # once other rows are pruned

    def max_contribution(self, term: int) -> float:
        """Return the most that ``term`` adds to a sentence and its paragraph together."""
        return self.query[term].max_contribution

    def add(self, first: int, end: int) -> Ints:
        """Add the weights of some terms to sentences and paragraphs; return the sentences' keys.

        All at once, as NumPy's calls take longer than the few postings of a rare term.
        """
        terms = self.query[first:end]
        parts = [self._postings(term.span) for term in terms]
        # Of the type of an index at once, not in each use as one.
        rows = np.concatenate([rows for rows, _ in parts], dtype=np.intp)
        # Exact in single precision, and faster than with integers.
        term_freqs = np.concatenate([term_freqs for _, term_freqs in parts], dtype=np.float32)
        sizes = np.array([len(rows) for rows, _ in parts])
        found = self.engine.saturations(rows, term_freqs, sizes)
        weights = np.array([term.sentence_weight for term in terms], np.float32)
        np.add.at(self.sentence_accumulators, rows, found.in_sentences * weights.repeat(sizes))
        weights = np.array([term.paragraph_weight for term in terms], np.float32)
        np.add.at(
            self.paragraph_accumulators,
            found.paragraphs,
            found.in_paragraphs * weights.repeat(found.sizes),
        )
        self.added.append(rows)
        self.added_paragraphs.append(found.paragraphs)
        return found.keys

    def prune(self, rows: Ints) -> None:
        """Restrict what follows to the paragraphs of ``rows``.

        Another may not have any of the best: the one of its sentences with the highest score so
        far would be among ``rows``.
        """
        self._candidates = rows

    def scores(self, rows: Ints) -> Floats:
        """Return the score of each of ``rows`` with its paragraph so far, ``float32[rows]``."""
        sentence_scores, paragraph_scores = self.partial_scores(rows)
        return sentence_scores + paragraph_scores

    def partial_scores(self, rows: Ints) -> tuple[Floats, Floats]:
        """Return the scores of ``rows`` so far, and of their paragraphs, both ``float32[rows]``."""
        return (
            self.sentence_accumulators.take(rows & LOWER_HALF),
            self.paragraph_accumulators.take(rows >> 32),
        )

    def complete(self, rows: Ints, scores: Floats, first: int) -> None:
        """Add to the ``scores`` of ``rows`` a lower bound of what terms from ``first`` on add.

        A paragraph is taken to hold a term only as often as the sentence does.
        """
        engine, postings = self.engine, self.engine.index.postings
        paragraph_norms = engine.norms_of_paragraphs(rows >> 32)
        rows = rows & LOWER_HALF
        sentence_norms = engine.sentence_norms.take(engine.sentences.take(rows) & LOWER_HALF)
        for term in self.query[first:]:
            positions, is_match = find_sorted(rows, postings.doc_ids[term.span])
            freqs = postings.term_freqs[term.span].take(positions, mode="clip").astype(np.float32)
            freqs *= is_match
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

    def _postings(self, span: slice) -> tuple[Ints, Ints]:
        """Return the sentences that hold a term, and how often, less those that are pruned."""
        engine, postings, candidates = self.engine, self.engine.index.postings, self._candidates
        rows, term_freqs = postings.doc_ids[span], postings.term_freqs[span]
        if candidates is None:
            return rows, term_freqs
        if len(candidates) * SEEK_FACTOR < len(rows):
            paragraphs = unique_sorted([candidates >> 32])
            found = engine.paragraphs.take([paragraphs, paragraphs + 1]) >> 32
            # With another type than theirs, searchsorted would first copy all of ``rows``.
            positions = ranges(*rows.searchsorted(found.astype(rows.dtype)))
        else:
            is_candidate = np.zeros(engine.paragraph_count, np.bool_)
            is_candidate[candidates >> 32] = True
            paragraphs = engine.sentences.take(rows) >> 32
            positions = is_candidate.take(paragraphs).nonzero()[0]
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
