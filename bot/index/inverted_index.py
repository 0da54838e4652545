"""What an engine keeps of a library: its postings, and where its paragraphs begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bot.index.postings import Ints, Postings, changes

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Arrays:
    """The postings of sentences, in reading order, and of the paragraphs that they form.

    ``opens``, ``bool[sentences]``, says which sentences begin a paragraph; ``around``,
    ``int32[terms]``, how many paragraphs hold each term.
    """

    postings: Postings
    opens: Flags
    around: Ints

    @classmethod
    def of(cls, postings: Postings, opens: Flags) -> "Arrays":
        """Return the arrays of ``postings``, with the paragraphs counted."""
        groups = np.cumsum(opens, dtype=np.int32)
        return cls(postings, opens, spread(groups[postings.rows], postings.starts))

    @cached_property
    def groups(self) -> Ints:
        """The paragraph of each sentence, ``int32[sentences]``, counted from 0."""
        groups = np.cumsum(self.opens, dtype=np.int32)
        groups -= 1
        return groups

    @cached_property
    def firsts(self) -> Ints:
        """Each paragraph's first sentence, one past the last: ``int32[paragraphs + 1]``."""
        firsts = np.flatnonzero(self.opens).astype(np.int32)
        return np.append(firsts, np.int32(len(self.opens)))

    @cached_property
    def paragraph_lengths(self) -> Ints:
        """How many terms each paragraph has, ``int32[paragraphs]``."""
        if not len(self.opens):
            return np.zeros(0, np.int32)
        return np.add.reduceat(self.postings.lengths, self.firsts[:-1], dtype=np.int32)


def spread(groups: Ints, starts: Ints) -> Ints:
    """Return over how many groups the postings of each term are spread, ``int32[terms]``.

    ``groups[p]`` is that of posting ``p``, ascending within a term.
    """
    fresh = changes(groups)
    fresh[starts[:-1][starts[:-1] < len(fresh)]] = True
    return np.diff(np.searchsorted(np.flatnonzero(fresh), starts)).astype(np.int32)


def opening(paragraphs: Sequence[int]) -> Flags:
    """Return which sentences begin a paragraph; ``paragraphs[i]`` is the one of sentence ``i``."""
    groups = np.asarray(paragraphs, np.int32)
    steps = np.diff(groups, prepend=np.int32(-1))
    if steps.size and (groups[0] != 0 or steps.min() < 0 or steps.max() > 1):
        raise ValueError("paragraphs must be numbered 0, 1, 2 … in reading order")
    return steps > 0
