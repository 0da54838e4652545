"""The engine in memory: a sentence's own score, and that of the paragraph around it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.index.engine import Hit
from bot.index.postings import Document, Floats, Ints, Postings, best, read
from bot.index.weights import rarities, weights

# Of (k1, b), the pairs that ranked best on questions about Wikipedia and news: a sentence is
# short, so that a word's second occurrence in it tells little.
SENTENCE = (0.6, 0.4)
PARAGRAPH = (0.9, 0.4)


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of a query: its number in the vocabulary, and how often it stands there."""

    term: int
    times: int


class Weighed:
    """Postings with what each adds to the score of its row, ``float32[postings]``.

    Single precision takes half the room and two thirds of the time. Each row gets at most
    one posting of a term, so that its sum depends on the order of the terms alone.
    """

    def __init__(self, postings: Postings, parameters: tuple[float, float]) -> None:
        idf = rarities(postings.holding(), len(postings.lengths))
        self.size = len(postings.lengths)
        self.starts = postings.starts
        self.rows = postings.rows
        self.weights = weights(postings, idf, *parameters, np.float32)

    def holding(self, term: int) -> int:
        """Return how many rows hold ``term``."""
        return int(self.starts[term + 1] - self.starts[term])

    def add(self, asked: Asked, scores: Floats) -> None:
        """Add the weights of a term to ``scores``, ``float32[size]``."""
        span = slice(self.starts[asked.term], self.starts[asked.term + 1])
        np.add.at(scores, self.rows[span], self.weights[span] * np.float32(asked.times))


class MemoryEngine:
    """Finds sentences by terms, all in memory; it never changes, so any thread may read it."""

    def __init__(self, vocabulary: Mapping[str, int], postings: Postings, groups: Ints) -> None:
        self.vocabulary = vocabulary
        self.groups = groups
        self.sentences = Weighed(postings, SENTENCE)
        self.paragraphs = Weighed(postings.grouped(groups), PARAGRAPH)

    @classmethod
    def build(cls, documents: Iterable[Document[str]], paragraphs: Sequence[int]) -> "MemoryEngine":
        """Return the engine of ``documents``: the terms of each sentence, in reading order.

        ``paragraphs[i]`` is the number of the paragraph of sentence ``i``: 0 for the first,
        and each the same as the one before it or the next. ``documents`` may be a stream.
        """
        vocabulary, postings = read(documents)
        groups = np.asarray(paragraphs, np.int32)
        if len(groups) != len(postings.lengths):
            raise ValueError(
                f"{len(groups)} paragraph numbers for {len(postings.lengths)} sentences"
            )
        steps = np.diff(groups, prepend=np.int32(0))
        if steps.size and (groups[0] != 0 or steps.min() < 0 or steps.max() > 1):
            raise ValueError("paragraphs must be numbered 0, 1, 2 … in reading order")
        return cls(vocabulary, postings, groups)

    def __len__(self) -> int:
        """How many sentences there are."""
        return self.sentences.size

    def holding(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        known = self.vocabulary
        return [self.sentences.holding(known[term]) if term in known else 0 for term in terms]

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order.

        A term counts as often as it stands in ``terms``. Weights are added rarest term first.
        """
        own = np.zeros(self.sentences.size, np.float32)
        around = np.zeros(self.paragraphs.size, np.float32)
        for asked in self._asked(terms):
            self.sentences.add(asked, own)
            self.paragraphs.add(asked, around)
        rows = np.flatnonzero(own)
        shares = around[self.groups[rows]].astype(np.float64)
        scores = own[rows] + shares
        order = best(scores, limit)
        return list(map(Hit, rows[order].tolist(), scores[order].tolist(), shares[order].tolist()))

    def _asked(self, terms: Sequence[str]) -> list[Asked]:
        times = Counter(term for term in terms if term in self.vocabulary)
        order = sorted(times, key=lambda term: (self.holding([term]), term))
        return [Asked(self.vocabulary[term], times[term]) for term in order]
