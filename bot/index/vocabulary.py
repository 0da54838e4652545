"""Terms and their ids in arrays, so that a mapped file serves lookups without being read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from bot.index.postings import Flags, Ints

# Terms whose ids are remembered: the terms of a question are looked up four times.
MAX_RECENT = 1_000
UNKNOWN, NOT_RECENT = -1, -2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms numbered from 0, with a hash index over them.

    ``letters``, ``uint8[bytes]``, has the terms in UTF-8, one after the other; term ``t`` ends at
    ``ends[t]``, ``int64[terms]``. ``hashes``, ``uint32[terms]``, are the CRC-32 of the terms,
    ascending, and ``term_ids``, ``int32[terms]``, the term of each hash.

    >>> Vocabulary.from_terms(["bridge", "tower"]).lookup(["tower", "river"])
    {'tower': 1}
    """

    letters: Ints
    ends: Ints
    hashes: Ints
    term_ids: Ints
    # The ids of the terms that were looked up last.
    _recent: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_terms(cls, terms: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary of distinct ``terms``, numbered in their order."""
        return cls.from_bytes([encode_term(term) for term in terms])

    @classmethod
    def from_bytes(cls, terms: Sequence[bytes]) -> "Vocabulary":
        """Return the vocabulary of distinct ``terms`` in UTF-8."""
        ends = np.cumsum(np.fromiter(map(len, terms), np.int64, len(terms)))
        hashes = np.fromiter(map(crc32, terms), np.uint32, len(terms))
        order = np.argsort(hashes, kind="stable").astype(np.int32)
        letters = np.frombuffer(b"".join(terms), np.uint8)
        return cls(letters, ends, hashes[order], order)

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self.ends)

    def extend(self, terms: Sequence[bytes]) -> "Vocabulary":
        """Return the vocabulary with new ``terms`` in UTF-8 added at its end."""
        if not terms:
            return self
        new, size = Vocabulary.from_bytes(terms), np.int32(len(self))
        positions = np.searchsorted(self.hashes, new.hashes, "right")
        offset = int(self.ends[-1]) if size else 0
        return Vocabulary(
            np.concatenate([self.letters, new.letters]),
            np.concatenate([self.ends, new.ends + offset]),
            np.insert(self.hashes, positions, new.hashes),
            np.insert(self.term_ids, positions, new.term_ids + size),
        )

    def select(self, is_kept: Flags) -> "Vocabulary":
        """Return the vocabulary of the terms that are kept, numbered in the same order.

        ``is_kept`` is ``bool[terms]``.

        >>> vocabulary = Vocabulary.from_terms(["old", "bridge"])
        >>> vocabulary.select(np.array([False, True])).lookup(["old", "bridge"])
        {'bridge': 0}
        """
        sizes = np.diff(self.ends, prepend=0)
        numbers, is_kept_hash = np.cumsum(is_kept, dtype=np.int32) - 1, is_kept[self.term_ids]
        return Vocabulary(
            self.letters[np.repeat(is_kept, sizes)],
            np.cumsum(sizes[is_kept]),
            self.hashes[is_kept_hash],
            numbers[self.term_ids[is_kept_hash]],
        )

    def lookup(self, terms: Sequence[str]) -> dict[str, int]:
        """Return the id of each known term among ``terms``; unknown ones are left out."""
        recent = self._recent
        found = {term: recent.get(term, NOT_RECENT) for term in terms}
        if missing := [term for term, term_id in found.items() if term_id == NOT_RECENT]:
            searched = dict.fromkeys(missing, UNKNOWN) | self._search(missing)
            found |= searched
            if len(recent) + len(searched) > MAX_RECENT:
                recent.clear()
            if len(searched) <= MAX_RECENT:
                recent.update(searched)
        return {term: term_id for term, term_id in found.items() if term_id != UNKNOWN}

    def _search(self, terms: Sequence[str]) -> dict[str, int]:
        """Return the id of each known term among ``terms``, by their hashes."""
        term_ids: dict[str, int] = {}
        if not len(self):
            return term_ids
        encoded = [encode_term(term) for term in terms]
        hashes = np.fromiter(map(crc32, encoded), np.uint32, len(encoded))
        positions = self.hashes.searchsorted(hashes)
        is_known_hash = self.hashes.take(positions, mode="clip") == hashes
        for i in is_known_hash.nonzero()[0].tolist():
            term_id = self._find(encoded[i], int(positions[i]))
            if term_id is not None:
                term_ids[terms[i]] = term_id
        return term_ids

    def _find(self, term: bytes, position: int) -> int | None:
        """Return the id of ``term`` among the equal hashes that begin at ``position``."""
        first = position
        while position == first or self._has_equal_hash(first, position):
            term_id = int(self.term_ids[position])
            start = int(self.ends[term_id - 1]) if term_id else 0
            if self.letters[start : int(self.ends[term_id])].tobytes() == term:
                return term_id
            position += 1
        return None

    def _has_equal_hash(self, first: int, position: int) -> bool:
        return position < len(self) and bool(self.hashes[position] == self.hashes[first])


def encode_term(term: str) -> bytes:
    """Return ``term`` in UTF-8; a lone surrogate is encoded too, which UTF-8 does not allow."""
    return term.encode("utf-8", "surrogatepass")


def decode_term(encoded: bytes) -> str:
    """Return the term that :func:`encode_term` encoded."""
    return encoded.decode("utf-8", "surrogatepass")
