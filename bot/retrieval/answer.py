"""What a question gets: ranked answers with their evidence, or the reason for silence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from math import fsum
from types import MappingProxyType

from bot.articles.article import Article
from bot.language.questions import Question

UNCHANGED: Mapping[str, str] = MappingProxyType({})


class Silence(Enum):
    """Why there is no answer; the value is what the user is told."""

    EMPTY = "There are no articles to answer from."
    UNKNOWN = "Nothing in the articles mentions that."
    WEAK = "Nothing in the articles answers that well enough."


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a sentence was chosen: the parts of a sum, which is its score.

    ``words`` asked that the sentence holds, by rarity; ``exactness`` of the match (same
    form, same order); ``paragraph`` and title; ``neighbours``, the sentence before and, in a
    conversation, the one shown before; the ``kind`` of answer asked for; ``place`` in the
    article; ``length``.
    """

    words: float = 0.0
    exactness: float = 0.0
    paragraph: float = 0.0
    neighbours: float = 0.0
    kind: float = 0.0
    place: float = 0.0
    length: float = 0.0

    @property
    def score(self) -> float:
        """The sum of the parts; nothing else moves an answer."""
        own = (self.words, self.exactness, self.paragraph, self.neighbours, self.kind, self.place)
        return fsum((*own, self.length))

    def parts(self) -> dict[str, float]:
        """Return each part by its name, in the order of the definition."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of an article, to the letter: ``article.text[start:end]``.

    ``confidence`` is the chance, 0 to 1, that it answers the question. ``matched`` are
    its words that the question shares, as the article writes them, each once, in reading
    order. ``before`` and ``after`` are the neighbouring sentences of its article; "" at an end.
    ``number`` is its sentence's in the library.
    """

    text: str
    article: Article
    start: int
    end: int
    line: int | None
    score: float
    confidence: float
    matched: tuple[str, ...]
    before: str
    after: str
    evidence: Evidence
    number: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers, best first, or a silence: one or the other, or in a conversation a ``remark``.

    ``question`` is as it was understood. ``unknown`` are its words, as typed, that no
    article holds; ``corrected`` maps a word as typed to the word searched for. With
    a silence, ``nearest`` holds what came closest. ``carried`` are the words, as typed, that a
    follow-up took over from what was asked before it. A ``remark`` is what the bot says of
    itself, to a greeting for one.
    """

    question: Question
    answers: tuple[Answer, ...]
    silence: Silence | None = None
    unknown: tuple[str, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=lambda: UNCHANGED)
    nearest: tuple[Answer, ...] = ()
    carried: tuple[str, ...] = ()
    remark: str = ""
