"""The engine in memory: a sentence's own score, and that of the paragraph around it.

Most of a question's postings are those of its frequent words, which can move no sentence far. So
the rarest words are looked up first, for all sentences. Before a frequent one, those that lead are
looked up among all that are left, which shows how high the best reach at least; once no sentence
without one of the words so far can reach that, the rest are looked up for the few that still can
(:mod:`bot.index.maxscore`). The hits and their scores are those that a look at every posting gives,
to the bit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import local

import numpy as np

from bot.index import maxscore
from bot.index.bm25 import idf, length_norms, saturation
from bot.index.engine import Hit
from bot.index.inverted_index import InvertedIndex, paragraph_starts
from bot.index.maxscore import find_sorted, rounding_slack
from bot.index.postings import Document, Floats, Ints, build_postings, run_starts
from bot.index.top_k import top_k, top_k_unordered, unique_sorted
from bot.index.vocabulary import Vocabulary

# Of (k1, b), the pairs that ranked best on questions about Wikipedia and news: a sentence is
# short, so that a word's second occurrence in it tells little.
SENTENCE = (0.6, 0.4)
PARAGRAPH = (0.9, 0.4)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of a query: its number, how many sentences hold it, and what it weighs.

    That is idf · (k1 + 1) in a sentence's ``own`` score and in that of the paragraph ``around``, as
    often as the term stands in the query: more than it can add.
    """

    term: int
    holding: int
    own: float
    around: float


NONE: Ints = np.zeros(0, np.int32)


class Accumulators(local):
    """A thread's sums for every sentence and paragraph; all are 0 between two questions."""

    def __init__(self, sentences: int, paragraphs: int) -> None:
        self.own = np.zeros(sentences, np.float32)
        self.around = np.zeros(paragraphs, np.float32)


class MemoryEngine:
    """Finds sentences by terms, in arrays that never change, so that any thread may read them."""

    def __init__(self, vocabulary: Vocabulary, arrays: InvertedIndex) -> None:
        self.vocabulary = vocabulary
        self.index = arrays
        self.postings = arrays.postings
        self.groups, self.firsts = arrays.paragraphs, arrays.first_sentences
        self.own_norms = length_norms(self.postings.lengths, *SENTENCE)
        self.around_norms = length_norms(arrays.paragraph_lengths, *PARAGRAPH)
        # The largest shares of frequent terms that were asked for.
        self._largest: dict[int, tuple[float, float]] = {}
        self._sums = Accumulators(len(self.own_norms), len(self.around_norms))

    @classmethod
    def build(cls, documents: Iterable[Document[str]], paragraphs: Sequence[int]) -> "MemoryEngine":
        """Return the engine of ``documents``: the terms of each sentence, in reading order.

        ``paragraphs[i]`` is the number of the paragraph of sentence ``i``: 0 for the first,
        and each the same as the one before it or the next. ``documents`` may be a stream.
        """
        terms, postings = build_postings(documents)
        opens = paragraph_starts(paragraphs)
        if len(opens) != len(postings.lengths):
            raise ValueError(
                f"{len(opens)} paragraph numbers for {len(postings.lengths)} sentences"
            )
        return cls(Vocabulary.from_terms(terms), InvertedIndex.from_postings(postings, opens))

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self.own_norms)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        known = self.vocabulary.lookup(terms)
        starts = self.postings.starts
        return [
            int(starts[known[term] + 1] - starts[known[term]]) if term in known else 0
            for term in terms
        ]

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order.

        A term counts as often as it stands in ``terms``. Weights are added rarest term first.
        """
        asked = self._asked(terms)
        if not asked or limit < 1:
            return []
        rows, own, around = Search(self, asked, limit).found(self._sums)
        shares = around.astype(np.float64)
        scores = own + shares
        order = top_k(scores, limit)
        return list(map(Hit, rows[order].tolist(), scores[order].tolist(), shares[order].tolist()))

    def shares(self, rows: Ints, counts: Ints) -> tuple[Floats, Ints, Floats]:
        """Return a term's shares in ``rows`` that hold it, their paragraphs, the shares in those.

        ``rows`` are ascending, the paragraphs are, too, each once.
        """
        own = saturation(counts, self.own_norms.take(rows))
        groups = self.groups.take(rows)
        lasts = np.flatnonzero(run_starts(groups[::-1])[::-1])
        if len(lasts) < len(groups):
            groups = groups[lasts]
            counts = np.diff(np.cumsum(counts, dtype=np.int32)[lasts], prepend=np.int32(0))
        return own, groups, saturation(counts, self.around_norms.take(groups))

    def max_contribution(self, one: QueryTerm) -> float:
        """Return the most that a term adds to a sentence and its paragraph."""
        if one.term not in self._largest:
            span = self.postings.span(one.term)
            own, _, around = self.shares(
                self.postings.doc_ids[span], self.postings.term_freqs[span]
            )
            self._largest[one.term] = float(own.max()), float(around.max())
        own_share, around_share = self._largest[one.term]
        return one.own * own_share + one.around * around_share

    def _asked(self, terms: Sequence[str]) -> list[QueryTerm]:
        """Return the terms that there are, rarest first."""
        times = Counter(terms)
        known = self.vocabulary.lookup([*times])
        starts, around = self.postings.starts, self.index.paragraph_frequencies
        ordered = sorted(
            (int(starts[number + 1] - starts[number]), term) for term, number in known.items()
        )
        paragraphs, (own, _), (paragraph, _) = len(self.around_norms), SENTENCE, PARAGRAPH
        return [
            QueryTerm(
                known[term],
                holding,
                times[term] * idf(holding, len(self)) * (own + 1),
                times[term] * idf(int(around[known[term]]), paragraphs) * (paragraph + 1),
            )
            for holding, term in ordered
            if holding
        ]


class Search:
    """One question to an engine: its terms ``asked``, rarest first, and how many hits it wants."""

    def __init__(self, engine: MemoryEngine, asked: Sequence[QueryTerm], limit: int) -> None:
        self.engine, self.asked, self.limit = engine, asked, limit
        self.slack = rounding_slack(len(asked))
        # The sentences and paragraphs that have a sum, some more than once, and those of them that
        # still matter.
        self.touched: list[Ints] = []
        self.touched_groups: list[Ints] = []
        self.rows: list[Ints] = []
        self.groups: list[Ints] = []
        # The sentences that nobody looked at yet, and those that lead among the others.
        self.fresh: list[Ints] = []
        self.leading = NONE

    def found(self, sums: Accumulators) -> tuple[Ints, Floats, Floats]:
        """Return the sentences that can be among the best, ascending, and both their sums."""
        kept: Ints | None = None
        bar = 0.0
        try:
            for place, one in enumerate(self.asked):
                if place and one.holding > maxscore.MIN_PRUNED:
                    most = sum(map(self.engine.max_contribution, self.asked[place:])) * (
                        1 + self.slack
                    )
                    if bar <= most:
                        bar = max(bar, self._reached(self.asked[place:], sums))
                    if bar > most:
                        kept = self._kept(bar - most, sums)
                self._add(one, *self._postings(one, kept), sums)
            rows = unique_sorted(self.rows)
            return rows, sums.own[rows], sums.around[self.engine.groups[rows]]
        finally:
            for rows in self.touched:
                sums.own[rows] = 0
            for groups in self.touched_groups:
                sums.around[groups] = 0

    def _postings(self, one: QueryTerm, kept: Ints | None) -> tuple[Ints, Ints]:
        """Return the sentences that hold a term, and how often.

        Only those in the paragraphs that are ``kept``, once some do not matter.
        """
        engine, span = self.engine, self.engine.postings.span(one.term)
        rows, counts = engine.postings.doc_ids[span], engine.postings.term_freqs[span]
        if kept is None:
            return rows, counts
        if len(kept) * maxscore.SEEK_FACTOR < len(rows):
            firsts = np.searchsorted(rows, engine.firsts[kept])
            lasts = np.searchsorted(rows, engine.firsts[kept + 1])
            inside = ranges(firsts, lasts)
        else:
            matters = np.zeros(len(engine.around_norms), np.bool_)
            matters[kept] = True
            inside = np.flatnonzero(matters.take(engine.groups.take(rows)))
        return rows[inside], counts[inside]

    def _add(self, one: QueryTerm, rows: Ints, counts: Ints, sums: Accumulators) -> None:
        """Add the weights of a term for the sentences that hold it, and their paragraphs."""
        own, groups, around = self.engine.shares(rows, counts)
        own *= np.float32(one.own)
        around *= np.float32(one.around)
        np.add.at(sums.own, rows, own)
        np.add.at(sums.around, groups, around)
        for those in (self.touched, self.rows, self.fresh):
            those.append(rows)
        for those in (self.touched_groups, self.groups):
            those.append(groups)

    def _reached(self, left: Sequence[QueryTerm], sums: Accumulators) -> float:
        """Return a score that as many sentences as are wanted will reach; 0 if unknown.

        Those that lead so far are looked up among the terms that are ``left`` to be added. Their
        paragraphs hold a term as often as they do, or more.
        """
        engine = self.engine
        rows = np.concatenate([self.leading, *self.fresh])
        self.fresh.clear()
        # Each may be here as often as it holds a term that was added.
        wanted = maxscore.TRIAL_FACTOR * self.limit
        rows = unique_sorted(
            [rows[top_k_unordered(self._scores(rows, sums), wanted * len(self.asked))]]
        )
        scores = self._scores(rows, sums)
        first = top_k_unordered(scores, wanted)
        self.leading = rows = rows[first]
        if len(rows) < self.limit:
            return 0.0
        scores = scores[first]
        own, around = (
            engine.own_norms.take(rows),
            engine.around_norms.take(engine.groups.take(rows)),
        )
        for one in left:
            span = engine.postings.span(one.term)
            places, there = find_sorted(rows, engine.postings.doc_ids[span])
            counts = engine.postings.term_freqs[span].take(places, mode="clip") * there
            scores += np.float32(one.own) * saturation(counts, own.copy())
            scores += np.float32(one.around) * saturation(counts, around.copy())
        return float(scores[top_k_unordered(scores, self.limit)].min()) * (1 - self.slack)

    def _kept(self, bar: float, sums: Accumulators) -> Ints:
        """Return the paragraphs with a sentence that has ``bar``, or may once it holds a term."""
        rows, groups = np.concatenate(self.rows), np.concatenate(self.groups)
        self.rows = [rows.compress(self._scores(rows, sums) >= bar)]
        within = self.engine.groups.take(self.rows[0])
        self.groups = [unique_sorted([within, groups.compress(sums.around.take(groups) >= bar)])]
        return self.groups[0]

    def _scores(self, rows: Ints, sums: Accumulators) -> Floats:
        """Return what each of ``rows`` has so far, ``float32[rows]``."""
        return sums.own.take(rows) + sums.around.take(self.engine.groups.take(rows))


def ranges(firsts: Ints, lasts: Ints) -> Ints:
    """Return the numbers from each of ``firsts`` up to its last, one range after the other."""
    sizes = (lasts - firsts).astype(np.int64)
    ends = np.cumsum(sizes)
    steps = np.repeat(firsts - (ends - sizes), sizes)
    return (steps + np.arange(len(steps))).astype(np.int32)
