"""Search, weigh, keep or stay silent."""

from collections.abc import Iterable, Iterator, Sequence
from math import log1p
from os import PathLike

from bot.articles.library import Library
from bot.index.engine import Engine
from bot.index.memory import MemoryEngine
from bot.language.questions import Question, question
from bot.language.terms import stem, terms
from bot.language.words import placed
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.asked import asked
from bot.retrieval.confidence import chance
from bot.retrieval.evidence import Weighed, rank
from bot.retrieval.passages import Passages

# The right sentence is among so many of the engine's hits for 96 % of questions about
# Wikipedia and 82 % about news; a hundred add next to nothing to the first answer.
CANDIDATES = 30


class Retriever:
    """Answers questions from a library; many threads may ask at once.

    ``ask`` is silent where the first answer's confidence is below ``min_confidence``.
    """

    def __init__(
        self, library: Library, *, engine: Engine | None = None, min_confidence: float = 0.0
    ) -> None:
        self.library = library
        self.engine = engine if engine is not None else index(library)
        self.min_confidence = min_confidence
        self._passages = Passages(library)

    @classmethod
    def from_path(cls, *paths: str | PathLike[str]) -> "Retriever":
        """Return a retriever of the articles in files and folders; see ``Library.from_path``."""
        return cls(Library.from_path(*paths))

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> "Retriever":
        """Return a retriever of articles that you hold; see ``Library.from_texts``."""
        return cls(Library.from_texts(texts, titles))

    def with_threshold(self, min_confidence: float) -> "Retriever":
        """Return a retriever of the same articles that is silent below ``min_confidence``."""
        return Retriever(self.library, engine=self.engine, min_confidence=min_confidence)

    def search(self, text: str, limit: int = 5) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first; none only where no word is shared."""
        return self._answers(question(text), limit)

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return at most ``limit`` answers, best first, or why there is none."""
        understood = question(text)
        if not self.library.articles:
            return Reply(understood, (), Silence.EMPTY)
        answers = self._answers(understood, limit)
        unknown = tuple(self._unknown(text))
        if not answers:
            return Reply(understood, (), Silence.UNKNOWN, unknown)
        if answers[0].confidence < self.min_confidence:
            return Reply(understood, (), Silence.WEAK, unknown, nearest=answers)
        return Reply(understood, answers, None, unknown)

    def ask_many(self, texts: Iterable[str], limit: int = 3) -> tuple[Reply, ...]:
        """Return the reply to each question, in order."""
        return tuple(self.ask(text, limit) for text in texts)

    def _answers(self, understood: Question, limit: int) -> tuple[Answer, ...]:
        ranked = self.weighed(understood, max(CANDIDATES, limit))[: max(0, limit)]
        return tuple(self._answer(understood, weighed) for weighed in ranked)

    def weighed(self, understood: Question, candidates: int = CANDIDATES) -> list[Weighed]:
        """Return the engine's best ``candidates``, best first by the evidence for each."""
        hits = self.engine.search(understood.terms, candidates)
        if not hits:
            return []
        wanted = asked(understood, self._rarity(understood.terms))
        return rank(wanted, hits, [self._passages.passage(hit.sentence) for hit in hits])

    def _rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the idf of each term, as the engine's, from how many sentences hold it."""
        total = len(self.library)
        return {
            term: log1p((total - holding + 0.5) / (holding + 0.5))
            for term, holding in zip(terms, self.engine.holding(terms), strict=True)
        }

    def _unknown(self, text: str) -> Iterator[str]:
        """Yield the words of ``text``, as typed and each once, that no article holds."""
        typed = {stem(word.text): text[word.start : word.end] for word in placed(text)}
        typed.pop("", None)
        for word, holding in zip(typed.values(), self.engine.holding(list(typed)), strict=True):
            if not holding:
                yield word

    def _answer(self, understood: Question, weighed: Weighed) -> Answer:
        library, sentence = self.library, self.library.sentence(weighed.hit.sentence)
        article, text = library.articles[sentence.article], library.text(sentence.number)
        inside = library.numbers(sentence.article)
        shared = frozenset(understood.terms)
        matched = dict.fromkeys(
            text[word.start : word.end] for word in placed(text) if stem(word.text) in shared
        )
        last = sentence.number + 1 == inside.stop
        return Answer(
            text=text,
            article=article,
            start=sentence.start,
            end=sentence.end,
            line=article.line(sentence.start),
            score=weighed.evidence.score,
            confidence=chance(weighed),
            matched=tuple(matched),
            before=library.text(sentence.number - 1) if sentence.number > inside.start else "",
            after="" if last else library.text(sentence.number + 1),
            evidence=weighed.evidence,
        )


def index(library: Library) -> Engine:
    """Return an engine in memory over the sentences of ``library``."""
    return MemoryEngine.build(map(terms, library.texts()), list(library.paragraphs()))
