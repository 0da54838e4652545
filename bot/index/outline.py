"""The sentences of an index and their paragraphs: which belong together, and how long they are."""

from sys import byteorder
from typing import NamedTuple

import numpy as np

from bot.index.postings import Flags, Ints

# The lower half of a pair of numbers that are packed into one, so that one access to the memory
# reads both.
LOWER_HALF = (1 << 32) - 1


class Outline(NamedTuple):
    """The sentences, numbered in reading order, and the paragraphs that they form.

    ``sentences``, ``int64[sentences]``, has the paragraph of each, from 0, in the upper half and
    its length in the lower: how many terms it has, repetitions included. ``paragraphs``,
    ``int64[paragraphs + 1]``, has the first sentence of each and its length; the last is empty and
    begins behind all sentences.
    """

    sentences: Ints
    paragraphs: Ints

    @classmethod
    def from_lengths(cls, lengths: Ints, starts_paragraph: Flags) -> "Outline":
        """Return the outline of sentences with ``lengths``, given which begin a paragraph."""
        sentences = np.cumsum(starts_paragraph, dtype=np.int64) - 1
        sentences <<= 32
        sentences |= lengths
        paragraphs = np.flatnonzero(np.append(starts_paragraph, True))
        ends = np.append(0, np.cumsum(lengths, dtype=np.int64))[paragraphs]
        paragraphs <<= 32
        paragraphs[:-1] |= np.diff(ends)
        return cls(sentences, paragraphs)

    @property
    def lengths(self) -> Ints:
        """The number of terms in each sentence, ``uint32[sentences]``, without a copy."""
        return lower_halves(self.sentences)

    @property
    def paragraph_numbers(self) -> Ints:
        """The paragraph of each sentence, ``int64[sentences]``."""
        return self.sentences >> 32

    @property
    def starts_paragraph(self) -> Flags:
        """Which sentences begin a paragraph, ``bool[sentences]``."""
        starts = np.zeros(len(self.sentences), np.bool_)
        starts[self.paragraphs[:-1] >> 32] = True
        return starts


def lower_halves(pairs: Ints) -> Ints:
    """Return the lower half of each of ``pairs``, ``uint32[pairs]``, without a copy."""
    return pairs.view(np.uint32)[byteorder == "big" :: 2]
