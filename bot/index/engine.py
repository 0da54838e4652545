"""What an engine is: anything that finds sentences by terms, and knows how rare a term is."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Hit(NamedTuple):
    """A sentence that holds a term; its score alone never says so.

    ``score`` is the BM25 score of the sentence plus that of its paragraph, and
    ``paragraph`` the paragraph's share of it.
    """

    sentence: int
    score: float
    paragraph_score: float = 0.0


class Engine(Protocol):
    """Finds sentences by terms: in memory, on disk, or on a cluster of machines.

    Any engine gives the same hits and the same scores, on any machine, and may be asked
    from many threads at once. ``bot.index.memory`` says which formulas they are.
    """

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order.

        A hit holds one of ``terms`` itself; that its paragraph does is not enough. A term
        counts as often as it stands in ``terms``, whose order does not matter.
        """
        ...

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        ...
