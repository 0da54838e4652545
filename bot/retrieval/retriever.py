"""Search, weigh, keep or stay silent."""

from collections.abc import Iterable, Iterator, Sequence
from os import PathLike

from bot.articles.library import Library
from bot.index.engine import Engine, Hit
from bot.index.memory import MemoryEngine
from bot.language.questions import Question, question
from bot.language.terms import terms
from bot.retrieval.answer import Answer, Evidence, Reply, Silence
from bot.language.words import placed, words
from bot.language.terms import stem


class Retriever:
    """Answers questions from a library; reads may come from many threads at once."""

    def __init__(
        self, library: Library, *, engine: Engine | None = None, min_confidence: float = 0.0
    ) -> None:
        self.library = library
        self.engine = engine if engine is not None else index(library)
        self.min_confidence = min_confidence

    @classmethod
    def from_path(cls, *paths: str | PathLike[str]) -> "Retriever":
        return cls(Library.from_path(*paths))

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> "Retriever":
        return cls(Library.from_texts(texts, titles))

    def with_threshold(self, min_confidence: float) -> "Retriever":
        return Retriever(self.library, engine=self.engine, min_confidence=min_confidence)

    def search(self, text: str, limit: int = 5) -> tuple[Answer, ...]:
        asked = question(text)
        return tuple(self._answer(asked, hit) for hit in self.engine.search(asked.terms, limit))

    def ask(self, text: str, limit: int = 3) -> Reply:
        asked = question(text)
        if not self.library.articles:
            return Reply(asked, (), Silence.EMPTY)
        answers = self.search(text, limit)
        unknown = tuple(
            dict.fromkeys(
                text[w.start : w.end]
                for w in placed(text)
                if stem(w.text) and not self.engine.holding([stem(w.text)])[0]
            )
        )
        if not answers:
            return Reply(asked, (), Silence.UNKNOWN, unknown)
        if answers[0].confidence < self.min_confidence:
            return Reply(asked, (), Silence.WEAK, unknown, nearest=answers)
        return Reply(asked, answers, None, unknown)

    def ask_many(self, texts: Iterable[str], limit: int = 3) -> tuple[Reply, ...]:
        return tuple(self.ask(text, limit) for text in texts)

    def _answer(self, asked: Question, hit: Hit) -> Answer:
        library, sentence = self.library, self.library.sentence(hit.sentence)
        article = library.articles[sentence.article]
        text = library.text(hit.sentence)
        wanted = set(asked.terms)
        matched = dict.fromkeys(
            text[w.start : w.end] for w in placed(text) if stem(w.text) in wanted
        )
        row = library.numbers(sentence.article)
        share = len({stem(w) for w in words(text)} & wanted) / max(1, len(wanted))
        return Answer(
            text=text,
            article=article,
            start=sentence.start,
            end=sentence.end,
            line=article.line(sentence.start),
            score=hit.score,
            confidence=share,
            matched=tuple(matched),
            before=library.text(hit.sentence - 1) if hit.sentence > row.start else "",
            after=library.text(hit.sentence + 1) if hit.sentence + 1 < row.stop else "",
            evidence=Evidence(words=hit.score - hit.paragraph, paragraph=hit.paragraph),
        )


def index(library: Library) -> Engine:
    return MemoryEngine.build(map(terms, library.texts()), list(paragraphs(library)))


def paragraphs(library: Library) -> Iterator[int]:
    number, last = -1, (-1, -1)
    for i in range(len(library)):
        s = library.sentence(i)
        if (s.article, s.block) != last:
            number, last = number + 1, (s.article, s.block)
        yield number
