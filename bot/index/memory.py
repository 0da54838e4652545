"""The engine in memory: a sentence's own score, and that of the paragraph around it.

Most of a question's postings are those of its frequent words, which can move no sentence far. So
the rarest words are looked up first, for all sentences; once no sentence without one of them
can be among the best, the frequent ones are looked up for the few that still can (MaxScore:
Turtle & Flood, *Query evaluation: strategies and optimizations*, 1995). The hits and their
scores are those that a look at every posting gives, to the bit.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import local

import numpy as np

from bot.index.arrays import Arrays, opening
from bot.index.engine import Hit
from bot.index.postings import Document, Floats, Ints, best, changes, read
from bot.index.vocabulary import Vocabulary
from bot.index.weights import rarity

# Of (k1, b), the pairs that ranked best on questions about Wikipedia and news: a sentence is
# short, so that a word's second occurrence in it tells little.
SENTENCE = (0.6, 0.4)
PARAGRAPH = (0.9, 0.4)

# Sums in single precision may differ from their bound by so much of it.
SLACK = 1e-5
# A list of postings so many times as long as the paragraphs of interest is not read through, but
# searched for them.
LONG = 16


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of a query: its number, and the most that it adds to a sentence and a paragraph.

    That is idf · (k1 + 1), as often as the term stands in the query.
    """

    term: int
    own: float
    around: float


# Paragraphs, all of which matter.
EVERY: Ints = np.zeros(0, np.int32)


class Sums(local):
    """A thread's sums for every sentence and paragraph; all are 0 between two questions."""

    def __init__(self, sentences: int, paragraphs: int) -> None:
        self.own = np.zeros(sentences, np.float32)
        self.around = np.zeros(paragraphs, np.float32)


class MemoryEngine:
    """Finds sentences by terms, in arrays that never change, so that any thread may read them."""

    def __init__(self, vocabulary: Vocabulary, arrays: Arrays) -> None:
        self.vocabulary = vocabulary
        self.arrays = arrays
        self.postings = arrays.postings
        self.groups, self.firsts = arrays.groups, arrays.firsts
        self.own_norms = norms(self.postings.lengths, *SENTENCE)
        self.around_norms = norms(arrays.paragraph_lengths, *PARAGRAPH)
        self._sums = Sums(len(self.own_norms), len(self.around_norms))

    @classmethod
    def build(cls, documents: Iterable[Document[str]], paragraphs: Sequence[int]) -> "MemoryEngine":
        """Return the engine of ``documents``: the terms of each sentence, in reading order.

        ``paragraphs[i]`` is the number of the paragraph of sentence ``i``: 0 for the first,
        and each the same as the one before it or the next. ``documents`` may be a stream.
        """
        terms, postings = read(documents)
        opens = opening(paragraphs)
        if len(opens) != len(postings.lengths):
            raise ValueError(
                f"{len(opens)} paragraph numbers for {len(postings.lengths)} sentences"
            )
        return cls(Vocabulary.of(terms), Arrays.of(postings, opens))

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self.own_norms)

    def holding(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        known = self.vocabulary.known(terms)
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
        order = best(scores, limit)
        return list(map(Hit, rows[order].tolist(), scores[order].tolist(), shares[order].tolist()))

    def _asked(self, terms: Sequence[str]) -> list[Asked]:
        """Return the terms that there are, rarest first."""
        times = Counter(terms)
        known = self.vocabulary.known([*times])
        starts, around = self.postings.starts, self.arrays.around
        ordered = sorted(
            (int(starts[number + 1] - starts[number]), term) for term, number in known.items()
        )
        paragraphs, (own, _), (paragraph, _) = len(self.around_norms), SENTENCE, PARAGRAPH
        return [
            Asked(
                known[term],
                times[term] * rarity(holding, len(self)) * (own + 1),
                times[term] * rarity(int(around[known[term]]), paragraphs) * (paragraph + 1),
            )
            for holding, term in ordered
            if holding
        ]


class Search:
    """One question to an engine: its terms ``asked``, rarest first, and how many hits it wants."""

    def __init__(self, engine: MemoryEngine, asked: Sequence[Asked], limit: int) -> None:
        self.engine, self.asked, self.limit = engine, asked, limit
        # The sentences and paragraphs that have a sum, each once; and those that still matter.
        self.touched: list[Ints] = []
        self.touched_groups: list[Ints] = []
        self.rows: list[Ints] = []
        self.groups: list[Ints] = []

    def found(self, sums: Sums) -> tuple[Ints, Floats, Floats]:
        """Return the sentences that can be among the best, ascending, and both their sums."""
        kept = EVERY
        try:
            for place, one in enumerate(self.asked):
                if place:
                    kept = self._kept(place, kept, sums)
                self._add(one, *self._postings(one, kept), sums)
            rows = np.sort(np.concatenate(self.rows))
            return rows, sums.own[rows], sums.around[self.engine.groups[rows]]
        finally:
            for rows in self.touched:
                sums.own[rows] = 0
            for groups in self.touched_groups:
                sums.around[groups] = 0

    def _postings(self, one: Asked, kept: Ints) -> tuple[Ints, Ints]:
        """Return the sentences that hold a term, and how often, of the paragraphs that matter."""
        engine, span = self.engine, self.engine.postings.span(one.term)
        rows, counts = engine.postings.rows[span], engine.postings.counts[span]
        if kept is EVERY:
            return rows, counts
        if len(kept) * LONG < len(rows):
            firsts = np.searchsorted(rows, engine.firsts[kept])
            lasts = np.searchsorted(rows, engine.firsts[kept + 1])
            inside = ranges(firsts, lasts)
        else:
            matters = np.zeros(len(engine.around_norms), np.bool_)
            matters[kept] = True
            inside = np.flatnonzero(matters.take(engine.groups.take(rows)))
        return rows[inside], counts[inside]

    def _add(self, one: Asked, rows: Ints, counts: Ints, sums: Sums) -> None:
        """Add the weights of a term for the sentences that hold it, and their paragraphs."""
        engine = self.engine
        fresh = rows[sums.own.take(rows) == 0]
        np.add.at(sums.own, rows, weighed(counts, engine.own_norms.take(rows), one.own))
        groups = engine.groups.take(rows)
        lasts = np.flatnonzero(changes(groups[::-1])[::-1])
        if len(lasts) < len(groups):
            groups = groups[lasts]
            counts = np.diff(np.cumsum(counts, dtype=np.int32)[lasts], prepend=np.int32(0))
        fresh_groups = groups[sums.around.take(groups) == 0]
        norms = engine.around_norms.take(groups)
        np.add.at(sums.around, groups, weighed(counts, norms, one.around))
        self.rows.append(fresh)
        self.touched.append(fresh)
        self.groups.append(fresh_groups)
        self.touched_groups.append(fresh_groups)

    def _kept(self, place: int, kept: Ints, sums: Sums) -> Ints:
        """Return the paragraphs whose sentences can be among the best, with the terms left to add.

        The terms from ``place`` on lift no sentence by more than ``most``, so that one that lacks
        more to as many as are wanted is out, and is not looked at again.
        """
        starts, one = self.engine.postings.starts, self.asked[place]
        size = sum(map(len, self.rows))
        if size < self.limit or size > 2 * int(starts[one.term + 1] - starts[one.term]):
            return kept
        most = sum(one.own + one.around for one in self.asked[place:]) * (1 + SLACK)
        rows, groups = np.concatenate(self.rows), np.concatenate(self.groups)
        within = self.engine.groups.take(rows)
        scores = sums.own.take(rows) + sums.around.take(within)
        reached = float(np.partition(scores, size - self.limit)[size - self.limit])
        bar = reached * (1 - SLACK) - most
        if bar <= 0:
            return kept
        there = scores >= bar
        beside = groups[sums.around.take(groups) >= bar]
        self.rows = [rows[there]]
        whole = np.sort(np.concatenate([within[there], beside]))
        self.groups = [whole[changes(whole)]]
        return self.groups[0]


def norms(lengths: Ints, k1: float, b: float) -> Floats:
    """Return k1 · (1 - b + b · length / mean length) of each row, ``float32[rows]``."""
    mean = int(lengths.sum(dtype=np.int64)) / max(1, len(lengths))
    return (k1 * (1 - b + b * lengths / (mean or 1.0))).astype(np.float32)


def weighed(counts: Ints, norms: Floats, most: float) -> Floats:
    """Return what a term adds to rows that hold it ``counts`` times, ``float32[rows]``.

    ``most`` is idf · (k1 + 1), and the formula that of :func:`bot.index.weights.weights`.
    ``norms`` are overwritten.
    """
    held = counts.astype(np.float32)
    norms += held
    held /= norms
    held *= np.float32(most)
    return held


def ranges(firsts: Ints, lasts: Ints) -> Ints:
    """Return the numbers from each of ``firsts`` up to its last, one range after the other."""
    sizes = (lasts - firsts).astype(np.int64)
    ends = np.cumsum(sizes)
    steps = np.repeat(firsts - (ends - sizes), sizes)
    return (steps + np.arange(len(steps))).astype(np.int32)
