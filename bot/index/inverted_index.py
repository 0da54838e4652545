"""The postings of a library's sentences, and the paragraphs that the sentences form."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bot.index.outline import Outline
from bot.index.postings import Flags, Ints, Postings, run_starts


class InvertedIndex(NamedTuple):
    """The postings of sentences, numbered in reading order, and the outline of their paragraphs.

    ``paragraph_frequencies``, ``int32[terms]``, says how many paragraphs hold each term.
    """

    postings: Postings
    outline: Outline
    paragraph_frequencies: Ints

    @classmethod
    def from_postings(cls, postings: Postings, starts_paragraph: Flags) -> "InvertedIndex":
        """Return the index of ``postings``; counts the paragraphs of each term."""
        outline = Outline.from_lengths(postings.lengths, starts_paragraph)
        groups = outline.paragraph_numbers[postings.doc_ids]
        frequencies = count_groups(groups, postings.starts)
        return cls(postings._replace(lengths=outline.lengths), outline, frequencies)

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
