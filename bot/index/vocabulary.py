"""The terms and their numbers, found without a dictionary, so that a mapped file serves at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from bot.index.postings import Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms in UTF-8, one after the other in ``letters``, ``uint8[bytes]``, by their number.

    Term ``t`` ends at ``ends[t]``, ``int64[terms]``. ``hashes``, ``uint32[terms]``, are the terms'
    CRC-32, ascending, and ``numbers``, ``int32[terms]``, whose each of them is.
    """

    letters: Ints
    ends: Ints
    hashes: Ints
    term_ids: Ints

    @classmethod
    def from_terms(cls, terms: Iterable[str]) -> "Vocabulary":
        """Return the vocabulary of distinct ``terms``, numbered from 0 in their order."""
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
        """How many terms there are."""
        return len(self.ends)

    def extend(self, terms: Sequence[bytes]) -> "Vocabulary":
        """Return the vocabulary with new ``terms`` in UTF-8, numbered from its end on."""
        if not terms:
            return self
        more, size = Vocabulary.from_bytes(terms), np.int32(len(self))
        places = np.searchsorted(self.hashes, more.hashes, "right")
        room = int(self.ends[-1]) if size else 0
        return Vocabulary(
            np.concatenate([self.letters, more.letters]),
            np.concatenate([self.ends, more.ends + room]),
            np.insert(self.hashes, places, more.hashes),
            np.insert(self.term_ids, places, more.term_ids + size),
        )

    def lookup(self, terms: Sequence[str]) -> dict[str, int]:
        """Return the number of each of ``terms`` that there is; the others are left out."""
        sought = [encode_term(term) for term in terms]
        hashes = np.fromiter(map(crc32, sought), np.uint32, len(sought))
        places = np.searchsorted(self.hashes, hashes)
        inside = np.minimum(places, len(self) - 1)
        found: dict[str, int] = {}
        if not len(self):
            return found
        for row in np.flatnonzero(self.hashes[inside] == hashes).tolist():
            self._find(terms[row], sought[row], int(places[row]), found)
        return found

    def _find(self, term: str, letters: bytes, place: int, found: dict[str, int]) -> None:
        """Put the number of ``term`` into ``found``: of those with its hash, the one that it is."""
        wanted = self.hashes[place]
        while place < len(self) and self.hashes[place] == wanted:
            number = int(self.term_ids[place])
            start = int(self.ends[number - 1]) if number else 0
            if self.letters[start : int(self.ends[number])].tobytes() == letters:
                found[term] = number
                return
            place += 1


def encode_term(term: str) -> bytes:
    """Return ``term`` in UTF-8, half a pair of UTF-16 as it is."""
    return term.encode("utf-8", "surrogatepass")


def decode_term(term: bytes) -> str:
    """Return the term that ``encoded`` gave."""
    return term.decode("utf-8", "surrogatepass")
