"""What an engine keeps of a library: its postings, and where its paragraphs begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.index.postings import Ints, Postings, run_starts

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class InvertedIndex:
    """The postings of sentences, in reading order, and of the paragraphs that they form.

    ``opens``, ``bool[sentences]``, says which sentences begin a paragraph; ``around``,
    ``int32[terms]``, how many paragraphs hold each term.
    """

    postings: Postings
    starts_paragraph: Flags
    paragraph_frequencies: Ints

    @classmethod
    def from_postings(cls, postings: Postings, opens: Flags) -> "InvertedIndex":
        """Return the arrays of ``postings``, with the paragraphs counted."""
        groups = np.cumsum(opens, dtype=np.int32)
        return cls(postings, opens, count_groups(groups[postings.doc_ids], postings.starts))

    @cached_property
    def paragraphs(self) -> Ints:
        """The paragraph of each sentence, ``int32[sentences]``, counted from 0."""
        groups = np.cumsum(self.starts_paragraph, dtype=np.int32)
        groups -= 1
        return groups

    @cached_property
    def first_sentences(self) -> Ints:
        """Each paragraph's first sentence, one past the last: ``int32[paragraphs + 1]``."""
        firsts = np.flatnonzero(self.starts_paragraph).astype(np.int32)
        return np.append(firsts, np.int32(len(self.starts_paragraph)))

    @cached_property
    def paragraph_lengths(self) -> Ints:
        """How many terms each paragraph has, ``int32[paragraphs]``."""
        if not len(self.starts_paragraph):
            return np.zeros(0, np.int32)
        return np.add.reduceat(self.postings.lengths, self.first_sentences[:-1], dtype=np.int32)


def count_groups(groups: Ints, starts: Ints) -> Ints:
    """Return over how many groups the postings of each term are spread, ``int32[terms]``.

    ``groups[p]`` is that of posting ``p``, ascending within a term.
    """
    fresh = run_starts(groups)
    fresh[starts[:-1][starts[:-1] < len(fresh)]] = True
    return np.diff(np.searchsorted(np.flatnonzero(fresh), starts)).astype(np.int32)


def paragraph_starts(paragraphs: Sequence[int]) -> Flags:
    """Return which sentences begin a paragraph; ``paragraphs[i]`` is the one of sentence ``i``."""
    groups = np.asarray(paragraphs, np.int32)
    steps = np.diff(groups, prepend=np.int32(-1))
    if steps.size and (groups[0] != 0 or steps.min() < 0 or steps.max() > 1):
        raise ValueError("paragraphs must be numbered 0, 1, 2 … in reading order")
    return steps > 0
