"""The protocol of an engine: it finds sentences by terms and counts the sentences of each term."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable


class Hit(NamedTuple):
    """A sentence that holds at least one term of the query.

    ``score`` is the BM25 score of the sentence plus that of its paragraph; ``paragraph_score`` is
    the paragraph's part of it.

    >>> Hit(sentence=7, score=5.25, paragraph_score=2.0)
    Hit(sentence=7, score=5.25, paragraph_score=2.0)
    """

    sentence: int
    score: float
    paragraph_score: float = 0.0


class Engine(Protocol):
    """An object that finds sentences by terms: in memory, on disk, or on a cluster.

    All engines return the same hits with the same scores, those of :mod:`bot.index.memory`, on any
    machine. Their methods may be called from many threads at once.

    >>> class FirstSentence:
    ...     def search(self, terms, limit):
    ...         return [Hit(0, 1.0)][:limit]
    ...
    ...     def document_frequencies(self, terms):
    ...         return [1] * len(terms)
    >>> engine: Engine = FirstSentence()
    >>> engine.search(["bridge"], limit=3)
    [Hit(sentence=0, score=1.0, paragraph_score=0.0)]
    """

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order.

        A sentence is no hit if only its paragraph holds a term. A term counts as often as it
        occurs in ``terms``, whose order does not matter.
        """
        ...

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        ...


@runtime_checkable
class TermFinder(Protocol):
    """An object that tells which terms some sentences hold; an engine may be one, too.

    Of another engine's hits, the text around each is analyzed for it.
    """

    def find_terms(self, terms: Sequence[str], ranges: Sequence[range]) -> list[int]:
        """Return for each range of sentences which of ``terms`` they hold: bit i is of terms[i]."""
        ...
