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

# With fewer postings left than that, they are added before one could look what can be left out.
FEW = 5_000
# Sums in single precision may differ from their bound by so much of it.
SLACK = 1e-5


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of a query: its number, how often it stands there, and its weight in either kind."""

    term: int
    times: int
    own: float
    around: float

    @property
    def most(self) -> float:
        """More than which the term adds to no sentence and its paragraph."""
        return self.times * (self.own * (SENTENCE[0] + 1) + self.around * (PARAGRAPH[0] + 1))


@dataclass(frozen=True, slots=True)
class Found:
    """Sentences, ascending, the sums of their own weights, and of their paragraphs'."""

    rows: Ints
    own: Floats
    around: Floats


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
        found = Search(self, asked, limit).found(self._sums)
        shares = found.around.astype(np.float64)
        scores = found.own + shares
        order = best(scores, limit)
        rows = found.rows[order].tolist()
        return list(map(Hit, rows, scores[order].tolist(), shares[order].tolist()))

    def _asked(self, terms: Sequence[str]) -> list[Asked]:
        """Return the terms that there are, rarest first."""
        times = Counter(terms)
        known = self.vocabulary.known([*times])
        starts, around = self.postings.starts, self.arrays.around
        ordered = sorted(
            (int(starts[number + 1] - starts[number]), term) for term, number in known.items()
        )
        return [
            Asked(
                known[term],
                times[term],
                rarity(holding, len(self)),
                rarity(int(around[known[term]]), len(self.around_norms)),
            )
            for holding, term in ordered
            if holding
        ]


class Search:
    """One question to an engine: its terms ``asked``, rarest first, and how many hits it wants."""

    def __init__(self, engine: MemoryEngine, asked: Sequence[Asked], limit: int) -> None:
        self.engine, self.asked, self.limit = engine, asked, limit
        self.rows: list[Ints] = []
        self.groups: list[Ints] = []

    def found(self, sums: Sums) -> Found:
        """Return the sentences that can be among the best, with their sums."""
        try:
            for place, one in enumerate(self.asked):
                if place and (bar := self._bar(place, sums)):
                    return self._narrowed(place, bar, sums)
                self._add(one, sums)
            rows = np.sort(np.concatenate(self.rows))
            return Found(rows, sums.own[rows], sums.around[self.engine.groups[rows]])
        finally:
            for rows in self.rows:
                sums.own[rows] = 0
            for groups in self.groups:
                sums.around[groups] = 0

    def _add(self, one: Asked, sums: Sums) -> None:
        """Add the weights of a term for every sentence that holds it, and their paragraphs."""
        engine, span = self.engine, self.engine.postings.span(one.term)
        rows, counts = engine.postings.rows[span], engine.postings.counts[span]
        before = sums.own[rows]
        sums.own[rows] = before + weighed(
            counts, engine.own_norms[rows], one.own, one.times, SENTENCE
        )
        self.rows.append(rows[before == 0])
        within = engine.groups[rows]
        firsts = np.flatnonzero(changes(within))
        groups, counts = within[firsts], np.add.reduceat(counts, firsts, dtype=np.int32)
        before = sums.around[groups]
        norms = engine.around_norms[groups]
        sums.around[groups] = before + weighed(counts, norms, one.around, one.times, PARAGRAPH)
        self.groups.append(groups[before == 0])

    def _bar(self, place: int, sums: Sums) -> float:
        """Return what a sentence must have without the terms from ``place`` on; 0: go on adding.

        The terms from there on lift no sentence by more than the difference to what as many as
        are wanted already have.
        """
        starts = self.engine.postings.starts
        left = sum(int(starts[one.term + 1] - starts[one.term]) for one in self.asked[place:])
        touched = sum(map(len, self.rows))
        if left < max(FEW, touched) or touched < self.limit:
            return 0.0
        rows = np.concatenate(self.rows)
        scores = sums.own[rows] + sums.around[self.engine.groups[rows]]
        reached = float(np.partition(scores, touched - self.limit)[touched - self.limit])
        most = sum(one.most for one in self.asked[place:])
        bar = reached * (1 - SLACK) - most * (1 + SLACK)
        return bar if bar > 0 and np.count_nonzero(scores >= bar) * 16 < left else 0.0

    def _narrowed(self, place: int, bar: float, sums: Sums) -> Found:
        """Return the sentences that reach ``bar``, with the terms from ``place`` on added."""
        engine = self.engine
        rows = self._reaching(bar, sums)
        own = sums.own[rows]
        fresh = changes(engine.groups[rows])
        within = np.cumsum(fresh) - 1
        groups = engine.groups[rows[fresh]]
        around = sums.around[groups]
        for one in self.asked[place:]:
            span = engine.postings.span(one.term)
            holding, counts = engine.postings.rows[span], engine.postings.counts[span]
            places = np.minimum(np.searchsorted(holding, rows), len(holding) - 1)
            there = np.flatnonzero(holding[places] == rows)
            norms = engine.own_norms[rows[there]]
            own[there] += weighed(counts[places[there]], norms, one.own, one.times, SENTENCE)
            first = np.searchsorted(holding, engine.firsts[groups])
            last = np.searchsorted(holding, engine.firsts[groups + 1])
            there = np.flatnonzero(last > first)
            total = summed(counts, first[there], last[there])
            norms = engine.around_norms[groups[there]]
            around[there] += weighed(total, norms, one.around, one.times, PARAGRAPH)
        held = np.flatnonzero(own)
        return Found(rows[held], own[held], around[within[held]])

    def _reaching(self, bar: float, sums: Sums) -> Ints:
        """Return the sentences that reach ``bar``, ascending, with those whose paragraph does."""
        engine = self.engine
        rows = np.concatenate(self.rows)
        scores = sums.own[rows] + sums.around[engine.groups[rows]]
        groups = np.concatenate(self.groups)
        groups = groups[sums.around[groups] >= bar]
        beside = ranges(engine.firsts[groups], engine.firsts[groups + 1])
        whole = np.sort(np.concatenate([rows[scores >= bar], beside]))
        return whole[changes(whole)]


def norms(lengths: Ints, k1: float, b: float) -> Floats:
    """Return k1 · (1 - b + b · length / mean length) of each row, ``float64[rows]``."""
    mean = int(lengths.sum(dtype=np.int64)) / max(1, len(lengths))
    return k1 * (1 - b + b * lengths / (mean or 1.0))


def weighed(
    counts: Ints, norms: Floats, idf: float, times: int, parameters: tuple[float, float]
) -> Floats:
    """Return what a term adds to rows that hold it ``counts`` times, ``float32[rows]``.

    The formula is that of :func:`bot.index.weights.weights`.
    """
    shares = counts * (parameters[0] + 1) / (counts + norms)
    return (idf * shares).astype(np.float32) * np.float32(times)


def ranges(firsts: Ints, lasts: Ints) -> Ints:
    """Return the numbers from each of ``firsts`` up to its last, one range after the other."""
    sizes = (lasts - firsts).astype(np.int64)
    ends = np.cumsum(sizes)
    steps = np.repeat(firsts - (ends - sizes), sizes)
    return (steps + np.arange(len(steps))).astype(np.int32)


def summed(counts: Ints, firsts: Ints, lasts: Ints) -> Ints:
    """Return the sum of ``counts`` from each of ``firsts`` up to its last; no span is empty."""
    if not len(firsts):
        return np.zeros(0, np.int32)
    sizes = lasts - firsts
    return np.add.reduceat(counts[ranges(firsts, lasts)], np.cumsum(sizes) - sizes, dtype=np.int32)
