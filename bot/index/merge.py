"""Merge the indexes of parts of a library into one, a block of terms at a time."""

import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.index.inverted_index import InvertedIndex, count_groups
from bot.index.outline import Outline
from bot.index.postings import BLOCK_POSTINGS, Ints, Postings

# The number of a sentence that is left out of the merged index.
DROPPED = -1


@dataclass(frozen=True, slots=True)
class IndexPart:
    """The index of some sentences of a library, and their numbers in the merged index.

    ``numbers`` is ``int32[sentences]``, ascending except for ``DROPPED`` ones. All parts number
    terms alike; a part may lack the last terms.
    """

    index: InvertedIndex
    numbers: Ints


@dataclass(frozen=True, slots=True)
class PostingsBlock:
    """The merged postings of some consecutive terms, and two frequencies for each term.

    ``doc_ids`` and ``term_freqs`` are as in :class:`~bot.index.postings.Postings`, the frequencies
    count the sentences and paragraphs that hold a term.
    """

    doc_ids: Ints
    term_freqs: Ints
    document_frequencies: Ints
    paragraph_frequencies: Ints


class Merge:
    """A merge of ``parts`` with ``term_count`` terms in all.

    The ``outline`` is computed at once, the postings block by block.
    """

    def __init__(
        self, parts: Sequence[IndexPart], term_count: int, block_postings: int = BLOCK_POSTINGS
    ) -> None:
        self.parts = parts
        self.term_count = term_count
        self.block_postings = block_postings
        self.outline: Outline = merge_outlines(parts)
        self._paragraphs = self.outline.paragraph_numbers
        self._starts = [pad_starts(part.index.postings.starts, term_count) for part in parts]

    def frequency_dtype(self) -> npt.DTypeLike:
        """Return the smallest unsigned type that can hold every term frequency."""
        arrays = (part.index.postings.term_freqs for part in self.parts)
        return np.min_scalar_type(max((int(array.max(initial=0)) for array in arrays), default=0))

    def blocks(self) -> Iterator[PostingsBlock]:
        """Yield the postings of all terms in order, some terms at a time."""
        starts = sum(self._starts, np.zeros(self.term_count + 1, np.int64))
        first = 0
        while first < self.term_count:
            end = int(np.searchsorted(starts, starts[first] + self.block_postings, "right")) - 1
            end = min(max(end, first + 1), self.term_count)
            yield self._block(first, end)
            first = end
            for part in self.parts:
                release_pages(part.index.postings.doc_ids)

    def _block(self, first: int, end: int) -> PostingsBlock:
        """Return the postings of the terms from ``first`` up to before ``end``."""
        # A posting's key: its term, counted from ``first``, in the upper half, its sentence below.
        keys, term_freqs = [], []
        terms = np.arange(end - first + 1) << 32
        for part, starts in zip(self.parts, self._starts, strict=True):
            span = slice(int(starts[first]), int(starts[end]))
            postings = part.index.postings
            numbers = part.numbers[postings.doc_ids[span]]
            part_keys = np.repeat(terms[:-1], np.diff(starts[first : end + 1]))
            part_keys |= numbers
            is_merged = numbers != DROPPED
            keys.append(part_keys[is_merged])
            term_freqs.append(postings.term_freqs[span][is_merged])
        merged_keys, merged_freqs = np.concatenate(keys), np.concatenate(term_freqs)
        if sum(map(bool, map(len, keys))) > 1:
            # A stable sort is fast on these keys: those of each part are in order already.
            order = np.argsort(merged_keys, kind="stable")
            merged_keys, merged_freqs = merged_keys[order], merged_freqs[order]
        doc_ids = (merged_keys & 0xFFFFFFFF).astype(np.int32)
        starts = np.searchsorted(merged_keys, terms)
        return PostingsBlock(
            doc_ids,
            merged_freqs,
            np.diff(starts),
            count_groups(self._paragraphs[doc_ids], starts),
        )

    def to_index(self) -> InvertedIndex:
        """Return the merged index, in memory."""
        blocks = [*self.blocks()]
        document_frequencies = join([block.document_frequencies for block in blocks], np.int64)
        starts = np.concatenate([[0], np.cumsum(document_frequencies)])
        doc_ids = join([block.doc_ids for block in blocks], np.int32)
        term_freqs = join([block.term_freqs for block in blocks], self.frequency_dtype())
        paragraph_frequencies = join([block.paragraph_frequencies for block in blocks], np.int32)
        postings = Postings(starts, doc_ids, term_freqs, self.outline.lengths)
        return InvertedIndex(postings, self.outline, paragraph_frequencies)


def merge_outlines(parts: Sequence[IndexPart]) -> Outline:
    """Return the outline of the sentences of all ``parts`` but dropped ones."""
    size = sum(int(np.count_nonzero(part.numbers != DROPPED)) for part in parts)
    lengths, starts_paragraph = np.zeros(size, np.uint32), np.zeros(size, np.bool_)
    for part in parts:
        is_merged = part.numbers != DROPPED
        numbers, outline = part.numbers[is_merged], part.index.outline
        lengths[numbers] = outline.lengths[is_merged]
        starts_paragraph[numbers] = outline.starts_paragraph[is_merged]
    return Outline.from_lengths(lengths, starts_paragraph)


def join(arrays: Sequence[Ints], dtype: npt.DTypeLike) -> Ints:
    """Return ``arrays`` as one array of ``dtype``, also if there is none."""
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype, copy=False)


def pad_starts(starts: Ints, term_count: int) -> Ints:
    """Return ``starts`` for ``term_count`` terms; those that a part lacks have no postings."""
    return np.concatenate([starts, np.full(term_count + 1 - len(starts), starts[-1])])


def check_all(postings: Postings) -> None:
    """Check all ``postings``, for who reads the arrays as a whole; memory has a block at a time."""
    for start in range(0, len(postings.doc_ids), BLOCK_POSTINGS):
        postings.check(start, min(start + BLOCK_POSTINGS, len(postings.doc_ids)))
        release_pages(postings.doc_ids)


def release_pages(array: npt.NDArray[Any]) -> None:
    """Remove the pages of the mapped file behind ``array`` from this process's memory.

    They are read again on the next access. An array in memory is not affected.
    """
    owner: object = array
    while isinstance(owner, np.ndarray | memoryview):
        owner = owner.base if isinstance(owner, np.ndarray) else owner.obj
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)


def renumber_sentences(counts: Ints, starts: Ints) -> Ints:
    """Return the number in the merged index of each sentence of a part, ``int32[sentences]``.

    ``counts``, ``int64[articles]``, has the number of sentences of each article of the part, in
    order; ``starts``, ``int64[articles]``, the number of its first sentence in the merged index.
    The sentences of an article whose start is ``DROPPED`` are ``DROPPED``.

    >>> renumber_sentences(np.array([2, 1, 2]), np.array([5, DROPPED, 0]))
    array([ 5,  6, -1,  0,  1], dtype=int32)
    """
    part_starts = np.cumsum(counts) - counts
    numbers: Ints = np.arange(int(counts.sum()), dtype=np.int32)
    numbers += np.repeat(starts - part_starts, counts).astype(np.int32)
    numbers[np.repeat(starts == DROPPED, counts)] = DROPPED
    return numbers
