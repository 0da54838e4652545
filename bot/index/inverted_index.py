"""The postings of a library's sentences, and the paragraphs that the sentences form."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.index.postings import Flags, Ints, Postings, run_starts


@dataclass(frozen=True)
class InvertedIndex:
    """The postings of sentences, numbered in reading order, and of their paragraphs.

    ``starts_paragraph``, ``bool[sentences]``, says which sentences begin a paragraph;
    ``paragraph_frequencies``, ``int32[terms]``, how many paragraphs hold each term.
    """

    postings: Postings
    starts_paragraph: Flags
    paragraph_frequencies: Ints

    @classmethod
    def from_postings(cls, postings: Postings, starts_paragraph: Flags) -> "InvertedIndex":
        """Return the index of ``postings``; counts the paragraphs of each term."""
        groups = np.cumsum(starts_paragraph, dtype=np.int32)
        frequencies = count_groups(groups[postings.doc_ids], postings.starts)
        return cls(postings, starts_paragraph, frequencies)

    def paragraphs(self) -> Ints:
        """Return the paragraph of each sentence, from 0, ``int32[sentences]``."""
        numbers = np.cumsum(self.starts_paragraph, dtype=np.int32)
        numbers -= 1
        return numbers

    @cached_property
    def first_sentences(self) -> Ints:
        """Each paragraph's first sentence, then the sentence count, ``int32[paragraphs + 1]``."""
        return np.flatnonzero(np.append(self.starts_paragraph, True)).astype(np.int32)

    @cached_property
    def paragraph_lengths(self) -> Ints:
        """The number of terms in each paragraph, ``int32[paragraphs]``."""
        if not len(self.starts_paragraph):
            return np.zeros(0, np.int32)
        return np.add.reduceat(self.postings.lengths, self.first_sentences[:-1], dtype=np.int32)

    def find_terms(self, term_ids: Sequence[int | None], ranges: Sequence[range]) -> list[int]:
        """Return for each range of sentences which terms they hold: bit i is of ``term_ids[i]``.

        No sentence holds a term without an id.
        """
        starts = np.array([each.start for each in ranges], np.int32)
        stops = np.array([each.stop for each in ranges], np.int32)
        is_held = np.zeros((len(term_ids), len(ranges)), np.bool_)
        for row, term_id in enumerate(term_ids):
            if term_id is not None:
                rows = self.postings.doc_ids[self.postings.span(term_id)]
                is_held[row] = rows.searchsorted(starts) < rows.searchsorted(stops)
        found = [0] * len(ranges)
        for place, byte in enumerate(np.packbits(is_held, axis=0, bitorder="little").tolist()):
            found = [bits | more << 8 * place for bits, more in zip(found, byte, strict=True)]
        return found


def count_groups(groups: Ints, starts: Ints) -> Ints:
    """Return the number of distinct groups among the postings of each term, ``int32[terms]``.

    ``groups[p]`` is the group of posting ``p``, ascending within a term; ``starts`` is as in
    :class:`Postings`.
    """
    is_first = run_starts(groups)
    is_first[starts[:-1][starts[:-1] < len(is_first)]] = True
    return np.diff(np.searchsorted(np.flatnonzero(is_first), starts)).astype(np.int32)


def paragraph_starts(paragraphs: Sequence[int]) -> Flags:
    """Return which sentences begin a paragraph; ``paragraphs[i]`` is that of sentence ``i``.

    >>> paragraph_starts([0, 0, 1])
    array([ True, False,  True])
    """
    numbers = np.asarray(paragraphs, np.int32)
    steps = np.diff(numbers, prepend=np.int32(-1))
    if steps.size and (numbers[0] != 0 or steps.min() < 0 or steps.max() > 1):
        raise ValueError("paragraphs must be numbered 0, 1, 2 … in reading order")
    return steps > 0
