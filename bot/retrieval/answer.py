"""The reply to a question: ranked answers with their evidence, or the reason for silence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from bot.articles.article import Article, FilePlace
from bot.language.requests import Request
from bot.retrieval.evidence import Evidence
from bot.retrieval.query_parser import NO_CORRECTIONS, ParsedQuestion


class Silence(Enum):
    """Why there is no answer; the value is the message for the user.

    >>> import bot
    >>> bot.Retriever.from_texts([]).ask("Who built the bridge?").silence.value
    'There are no articles to answer from.'
    """

    EMPTY = "There are no articles to answer from."
    UNKNOWN = "Nothing in the articles mentions that."
    WEAK = "Nothing in the articles answers that well enough."


# The line that says what a reply does for a request that it cannot fulfil.
REQUEST_NOTICES: Mapping[Request, str] = {
    Request.SUMMARISE: "No summary, but quotations: the opening sentences of the article.",
    Request.LIST: "No list can be made; the sentences that fit best are shown.",
    Request.COUNT: "Nothing is counted; the sentences that fit best are shown.",
    Request.COMPARE: "Nothing is compared; the sentences that fit best are shown.",
}

# The least confidence of an answer that is called sure, and of one that is called likely.
SURE, LIKELY = 0.8, 0.5
# Articles with the same sentence that are named.
MAX_COPIES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of an article: ``article.text[start:end]``.

    ``number`` is the number in the library of the sentence there.

    >>> excerpt = Excerpt(Article("Rain", "rain.txt", "It rained. It poured."), 11, 21, 1)
    >>> excerpt.text, excerpt.line
    ('It poured.', 1)
    """

    article: Article
    start: int
    end: int
    number: int

    @property
    def text(self) -> str:
        """The text there, to the letter."""
        return self.article.text[self.start : self.end]

    @property
    def line(self) -> int:
        """The line of the article in which it starts, from 1."""
        return self.article.line_number(self.start)

    def as_dict(self) -> dict[str, Any]:
        """Return where it is, as JSON has it."""
        article = self.article
        return {
            "id": article.id,
            "source": article.source,
            "line": self.line,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """A sentence of an article, to the letter: ``article.text[start:end]``.

    ``confidence`` is the probability, 0 to 1, that it answers the question. ``matched`` are the
    words of the sentence that the question shares, as written there, each once, in reading order.
    ``before`` and ``after`` are the neighbouring sentences of the article, "" at its ends.
    ``number`` is the sentence's number in the library. ``copies`` are the other places of the same
    sentence, which are no answers by themselves. Of a sentence too long to read, a part is the
    answer: ``omits_start`` and ``omits_end`` say whether the sentence goes on before and after it.
    ``answerability`` is the probability that the articles answer the question at all, the same for
    all of its answers.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge. It fell in 1932."])
    >>> answer = retriever.search("Who designed the bridge?")[0]
    >>> answer.text, answer.line, answer.matched
    ('Ada Thorne designed the bridge.', 1, ('designed', 'the', 'bridge'))
    >>> answer.text == answer.article.text[answer.start : answer.end]
    True
    >>> answer.score == answer.evidence.score
    True
    """

    article: Article
    start: int
    end: int
    confidence: float
    matched: tuple[str, ...]
    before: str
    after: str
    evidence: Evidence
    number: int
    copies: tuple[Excerpt, ...] = ()
    omits_start: bool = False
    omits_end: bool = False
    answerability: float = 0.0

    @property
    def text(self) -> str:
        """The sentence as the article has it."""
        return self.article.text[self.start : self.end]

    @property
    def line(self) -> int | None:
        """The line of the article in which the sentence starts, from 1; None without lines."""
        return self.article.line_number(self.start) if self.article.has_lines else None

    @property
    def place(self) -> FilePlace:
        """The page, slide, row, time … where the sentence starts, in files that have those."""
        return self.article.place_at(self.start)

    @property
    def score(self) -> float:
        """The sum of the evidence, by which answers are ranked."""
        return self.evidence.score

    @property
    def copy_notice(self) -> str:
        """The line that names the articles with the same sentence, "" if there are none."""
        names = [copy.article.source or copy.article.title for copy in self.copies]
        if not names:
            return ""
        if more := len(names[MAX_COPIES_NAMED:]):
            names[MAX_COPIES_NAMED:] = [f"{more:,} more"]
        *others, last = names
        return f"Also in {', '.join(others)} and {last}" if others else f"Also in {last}"

    def as_dict(self) -> dict[str, Any]:
        """Return the answer as JSON has it.

        >>> import bot
        >>> retriever = bot.Retriever.from_records([("n-1", "The bridge fell.")])
        >>> answer = retriever.search("bridge")[0].as_dict()
        >>> answer["id"], answer["start"], answer["matched"]
        ('n-1', 0, ['bridge'])
        """
        article = self.article
        return {
            "text": self.text,
            "score": self.score,
            "confidence": self.confidence,
            "id": article.id,
            "title": article.title,
            "date": article.date.isoformat() if article.date else None,
            "source": article.source,
            "line": self.line,
            "place": self.place.as_dict(),
            "link": article.link or None,
            "start": self.start,
            "end": self.end,
            "before": self.before,
            "after": self.after,
            "matched": list(self.matched),
            "evidence": self.evidence.parts(),
            "copies": [copy.as_dict() for copy in self.copies],
            "metadata": dict(article.metadata),
        }

    def __repr__(self) -> str:
        return (
            f"Answer({self.text!r}, source={self.article.source!r}, line={self.line}, "
            f"score={self.score:.2f}, confidence={self.confidence:.2f})"
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers, best first, or a silence, or in a conversation a ``remark`` instead of either.

    ``question`` is the question as it was understood: its ``text`` as typed, the ``terms``
    searched for, and the ``kind`` of answer. ``unknown`` are its words, as typed, that no text of
    any article contains; ``unsearched`` are lines that say where those stand that are in no
    sentence. ``corrected`` maps a word as typed to the word searched for, ``suggested`` to one
    that was not searched for. With a silence, ``nearest`` has the answers that came closest.
    ``carried`` are the words that a follow-up took over from the previous question. A ``remark``
    is the bot's own text, in reply to a greeting. The answers of a reply that ``is_continued`` are
    further ones, or were withheld before.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
    >>> reply = retriever.with_threshold(0).ask("Who desinged the bridge?")
    >>> reply.answers[0].text, reply.corrected
    ('Ada Thorne designed the bridge.', {'desinged': 'designed'})
    """

    question: ParsedQuestion
    answers: tuple[Answer, ...]
    silence: Silence | None = None
    unknown: tuple[str, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=lambda: NO_CORRECTIONS)
    nearest: tuple[Answer, ...] = ()
    carried: tuple[str, ...] = ()
    remark: str = ""
    unsearched: tuple[str, ...] = ()
    suggested: Mapping[str, str] = field(default_factory=lambda: NO_CORRECTIONS)
    is_continued: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether the first answer is called sure."""
        return bool(self.answers) and self.answers[0].confidence >= SURE

    @property
    def notices(self) -> tuple[str, ...]:
        """The lines that a person is shown beside the answers or the silence.

        That no article has a word is noise beside a sure answer ("how many", "move").

        >>> import bot
        >>> bot.Retriever.from_texts(["The bridge fell."]).ask("the quokka").notices
        ('No article has the word: quokka',)
        """
        noun = "word" if len(self.unknown) == 1 else "words"
        carried = "" if self.is_continued else self.question.language.join(self.carried)
        unknown = ", ".join(self.unknown)
        suggested = " and ".join(self.suggested.values())
        limits = REQUEST_NOTICES.get(self.question.request, "") if self.answers else ""
        return (
            *([limits] if limits else []),
            *(f"Searched for {word} instead of {typed}." for typed, word in self.corrected.items()),
            *(synonym.notice for synonym in self.question.synonyms),
            *([f"Understood as a follow-up, with the words: {carried}"] if carried else []),
            *self.unsearched,
            *([f"No article has the {noun}: {unknown}"] if unknown and not self.is_sure else []),
            *([f"Did you mean {suggested}?"] if suggested else []),
        )

    @property
    def copy_notices(self) -> tuple[str, ...]:
        """The line on the copies of each answer, after its number if there are several."""
        is_numbered = len(self.answers) > 1
        return tuple(
            f"{number}: {answer.copy_notice}" if is_numbered else answer.copy_notice
            for number, answer in enumerate(self.answers, 1)
            if answer.copies
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the reply as JSON has it: what ``bot ask --json`` prints.

        >>> import bot
        >>> reply = bot.Retriever.from_texts(["The bridge fell."]).ask("Where is the quokka?")
        >>> reply.as_dict()["silence"]["reason"], reply.as_dict()["unknown"]
        ('unknown', ['quokka'])
        """
        silence = self.silence
        reason = {"reason": silence.name.lower(), "message": silence.value} if silence else None
        return {
            "question": self.question.text,
            "answers": [
                {"rank": rank, **answer.as_dict()} for rank, answer in enumerate(self.answers, 1)
            ],
            "silence": reason,
            "unknown": list(self.unknown),
            "corrected": dict(self.corrected),
            "notices": [*self.notices, *self.copy_notices],
        }

    @property
    def answerability(self) -> float:
        """The probability that the articles answer the question, 0 without any answer."""
        answers = self.answers or self.nearest
        return answers[0].answerability if answers else 0.0
