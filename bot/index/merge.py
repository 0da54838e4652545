"""Arrays of several parts of a library → those of the whole, a block of terms at a time."""

import mmap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.index.inverted_index import Flags, InvertedIndex, count_groups
from bot.index.postings import Ints, Postings

# Postings merged at a time. One takes some 40 bytes meanwhile, which stay in the processor's cache:
# a million sentences take .21 s, and no less with 60,000; with 2,000,000 they take .34.
BLOCK_POSTINGS = 250_000
# A sentence that is left out has this number.
DROPPED = -1


@dataclass(frozen=True, slots=True)
class IndexPart:
    """Some of a library's sentences; ``numbers[i]`` is what the ``i``-th is to be in the whole.

    ``int32[sentences]``, ascending but for those that are ``DROPPED``. Parts number the same terms
    alike; a part may know fewer of them.
    """

    index: InvertedIndex
    numbers: Ints


@dataclass(frozen=True, slots=True)
class PostingsBlock:
    """The postings of the next terms: ``holding`` and ``around``, a row a term, as in Arrays."""

    doc_ids: Ints
    term_freqs: Ints
    document_frequencies: Ints
    paragraph_frequencies: Ints


class Merge:
    """The whole of ``parts``: how many ``terms``, and where in it a paragraph opens."""

    def __init__(
        self, parts: Sequence[IndexPart], terms: int, block_size: int = BLOCK_POSTINGS
    ) -> None:
        self.parts = parts
        self.terms = terms
        self.block_size = block_size
        size = sum(int(np.count_nonzero(part.numbers != DROPPED)) for part in parts)
        self.lengths = np.zeros(size, np.int32)
        self.starts_paragraph: Flags = np.zeros(size, np.bool_)
        for part in parts:
            kept = part.numbers != DROPPED
            self.lengths[part.numbers[kept]] = part.index.postings.lengths[kept]
            self.starts_paragraph[part.numbers[kept]] = part.index.starts_paragraph[kept]
        self._groups = np.cumsum(self.starts_paragraph, dtype=np.int32)
        self._starts = [pad_starts(part.index.postings.starts, terms) for part in parts]

    def frequency_dtype(self) -> npt.DTypeLike:
        """Return the smallest type that holds every count."""
        counts = (part.index.postings.term_freqs for part in self.parts)
        return np.min_scalar_type(max((int(each.max(initial=0)) for each in counts), default=0))

    def blocks(self) -> Iterator[PostingsBlock]:
        """Yield the postings, some terms at a time, in order."""
        total = sum(self._starts, np.zeros(self.terms + 1, np.int64))
        first = 0
        while first < self.terms:
            last = int(np.searchsorted(total, total[first] + self.block_size, "right")) - 1
            last = min(max(last, first + 1), self.terms)
            yield self._block(first, last)
            first = last
            for part in self.parts:
                release_pages(part.index.postings.doc_ids)

    def _block(self, first: int, last: int) -> PostingsBlock:
        keys, counts = [], []
        terms = np.arange(last - first + 1) << 32
        for part, starts in zip(self.parts, self._starts, strict=True):
            span = slice(int(starts[first]), int(starts[last]))
            postings = part.index.postings
            rows = part.numbers[postings.doc_ids[span]]
            key = np.repeat(terms[:-1], np.diff(starts[first : last + 1]))
            key |= rows
            kept = rows != DROPPED
            keys.append(key[kept])
            counts.append(postings.term_freqs[span][kept])
        key, count = np.concatenate(keys), np.concatenate(counts)
        if sum(map(bool, map(len, keys))) > 1:
            # Each part is in order already, which this sort makes use of.
            order = np.argsort(key, kind="stable")
            key, count = key[order], count[order]
        rows = (key & 0xFFFFFFFF).astype(np.int32)
        starts = np.searchsorted(key, terms)
        return PostingsBlock(rows, count, np.diff(starts), count_groups(self._groups[rows], starts))

    def to_index(self) -> InvertedIndex:
        """Return the arrays of the whole, in memory."""
        blocks = [*self.blocks()]
        holding = concatenate([block.document_frequencies for block in blocks], np.int64)
        starts = np.concatenate([[0], np.cumsum(holding)])
        rows = concatenate([block.doc_ids for block in blocks], np.int32)
        counts = concatenate([block.term_freqs for block in blocks], self.frequency_dtype())
        around = concatenate([block.paragraph_frequencies for block in blocks], np.int32)
        return InvertedIndex(
            Postings(starts, rows, counts, self.lengths), self.starts_paragraph, around
        )


def concatenate(blocks: Sequence[Ints], kind: npt.DTypeLike) -> Ints:
    """Return ``blocks`` as one array of ``kind``, empty where there is none."""
    return np.concatenate([np.zeros(0, kind), *blocks]).astype(kind, copy=False)


def pad_starts(starts: Ints, terms: int) -> Ints:
    """Return ``starts`` with the terms that a part does not know, which hold nothing there."""
    return np.concatenate([starts, np.full(terms + 1 - len(starts), starts[-1])])


def release_pages(array: npt.NDArray[Any]) -> None:
    """Have no page of the mapped file that ``array`` lies in count as this process's memory.

    What is wanted again is fetched again. An array in memory stays as it is.
    """
    owner: object = array
    while isinstance(owner, np.ndarray | memoryview):
        owner = owner.base if isinstance(owner, np.ndarray) else owner.obj
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)


def renumber_sentences(sizes: Mapping[int, int], places: Mapping[int, int]) -> Ints:
    """Return what number each sentence gets, ``int32``, DROPPED for those of no place.

    ``sizes`` says how many sentences their articles have, ``places`` where those begin.
    """
    lengths = [*sizes.values()]
    starts = np.array([places.get(number, DROPPED) for number in sizes], np.int64)
    own = np.cumsum([0, *lengths])[:-1] if lengths else np.zeros(0, np.int64)
    whole = np.arange(sum(lengths)) + np.repeat(starts - own, lengths)
    whole[np.repeat(starts == DROPPED, lengths)] = DROPPED
    return whole.astype(np.int32)
