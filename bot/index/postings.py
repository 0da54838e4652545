"""The arrays: which rows hold each term, and how often; the best of a row of scores.

A row is whatever was counted: a sentence, a document, a paragraph. Terms are numbered in the
order in which they were first seen.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sized
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]


Term = TypeVar("Term", bound=Hashable)
Seen = TypeVar("Seen", bound=Hashable, covariant=True)


class Document(Sized, Iterable[Seen], Protocol[Seen]):
    """The terms of one row, in reading order, repeated as they are in it."""


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term the rows that hold it, ascending, and how often each does.

    Term ``t`` has the postings ``starts[t]`` up to ``starts[t + 1]``: none, if only rows that were
    dropped held it. ``starts`` is ``int64[terms + 1]``, ``rows`` is ``int32[postings]``, and so is
    ``counts``, or of the least type that holds them; ``lengths``, ``int32[rows]``, is how many
    terms a row has, repeated ones included.
    """

    starts: Ints
    doc_ids: Ints
    term_freqs: Ints
    lengths: Ints

    def span(self, term: int) -> slice:
        """Return where in ``rows`` and ``counts`` the postings of ``term`` lie."""
        return slice(int(self.starts[term]), int(self.starts[term + 1]))

    def document_frequencies(self) -> Ints:
        """Return how many rows hold each term, ``int64[terms]``."""
        return np.diff(self.starts)


def build_postings(documents: Iterable[Document[Term]]) -> tuple[dict[Term, int], Postings]:
    """Return the vocabulary, term → number, and the postings of ``documents``, a row each.

    ``documents`` may be a stream; each is let go as soon as it has been read.
    """
    vocabulary: defaultdict[Term, int] = defaultdict()
    vocabulary.default_factory = vocabulary.__len__
    lengths: list[int] = []

    def terms() -> Iterator[Document[Term]]:
        for document in documents:
            lengths.append(len(document))
            yield document

    numbers = map(vocabulary.__getitem__, chain.from_iterable(terms()))
    tokens = np.fromiter(numbers, np.int32)
    return dict(vocabulary), invert(tokens, np.array(lengths, np.int32), len(vocabulary))


def invert(tokens: Ints, lengths: Ints, vocabulary: int) -> Postings:
    """Return the postings of ``tokens``, ``int32[tokens]``: the term numbers, row after row.

    ``vocabulary`` is how many terms there are.
    """
    # Term and row in one number, then one plain sort: on a million sentences .3 s with AVX2 and
    # 1.4 without, where an argsort by term takes 1.8 and a radix over two halves 1.4.
    bits = len(lengths).bit_length()
    keys = tokens.astype(np.int64)
    keys <<= bits
    keys |= np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    keys.sort()
    firsts = np.flatnonzero(run_starts(keys))
    counts = np.diff(firsts, append=len(keys)).astype(np.int32)
    keys = keys[firsts]
    rows = (keys & ((1 << bits) - 1)).astype(np.int32)
    keys >>= bits
    return Postings(np.searchsorted(keys, np.arange(vocabulary + 1)), rows, counts, lengths)


def run_starts(values: Ints) -> npt.NDArray[np.bool_]:
    """Return whether each value differs from the one before it; the first does."""
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return fresh
