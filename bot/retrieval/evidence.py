"""Why a sentence was chosen, in numbers."""

from dataclasses import dataclass, fields
from math import fsum


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a sentence was chosen: the parts of a sum, which is its score.

    ``words`` of the question in the sentence, by idf; ``exactness`` of the match (same form, same
    order); ``paragraph`` and title; ``neighbours``: the sentence before and, in a conversation,
    the previous answer; the ``kind`` of answer asked for; ``place`` in the article; ``length``;
    ``meaning``, where a reranker read the sentence.

    >>> evidence = Evidence(words=5.0, kind=2.5, length=-1.25)
    >>> evidence.score
    6.25
    >>> {name: value for name, value in evidence.parts().items() if value}
    {'words': 5.0, 'kind': 2.5, 'length': -1.25}
    """

    words: float = 0.0
    exactness: float = 0.0
    paragraph: float = 0.0
    neighbours: float = 0.0
    kind: float = 0.0
    place: float = 0.0
    length: float = 0.0
    meaning: float = 0.0

    @property
    def score(self) -> float:
        """The sum of the parts, by which sentences are ranked."""
        lexical = (self.words, self.exactness, self.paragraph, self.neighbours)
        return fsum((*lexical, self.kind, self.place, self.length, self.meaning))

    def parts(self) -> dict[str, float]:
        """Return each part by its name, in the order of their definition."""
        return {part.name: getattr(self, part.name) for part in fields(self)}
