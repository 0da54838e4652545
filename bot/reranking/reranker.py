"""The protocol of a reranker: a model that reads a question and a sentence together."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable


class Reranker(Protocol):
    """Tells how well sentences answer a question, by more than the words that they share."""

    @property
    def name(self) -> str:
        """The name of the model, for people."""

    def logits(self, question: str, sentences: Sequence[str]) -> Sequence[float]:
        """Return the log odds, a number for each sentence, that it answers ``question``.

        A logit depends on the question and its sentence alone, not on the other sentences, and is
        the same each time; many threads may ask at once.
        """


@runtime_checkable
class LanguageReader(Protocol):
    """An object that tells which languages it reads; a reranker may be one, too.

    Another reranker is asked about English questions alone.
    """

    def reads(self, language: str) -> bool:
        """Return whether the model was made for a language, given by its code: "en"."""
