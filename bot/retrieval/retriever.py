"""Search, weigh, keep or stay silent."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log1p
from os import PathLike
from warnings import warn

from bot.articles.library import Library
from bot.index.engine import Engine, Hit
from bot.language.questions import Question
from bot.language.terms import stem, terms
from bot.language.words import placed, words
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.confidence import WEAKEST, chance
from bot.retrieval.passages import Passages
from bot.retrieval.query import CARRIED, NOTHING, Earlier, asked, content
from bot.retrieval.query_parser import Understood, understand
from bot.retrieval.ranking import Weighed, rank
from bot.storage.build import index
from bot.storage.cache import cache_folder, opened
from bot.storage.update import Ways

# The right sentence is among so many of the engine's hits for 96 % of questions about
# Wikipedia and 82 % about news; a hundred add next to nothing to the first answer.
CANDIDATES = 30
# Where a phrase or word must occur, it is looked for in so many hits.
LOOKED_AT = 1_000


class Retriever:
    """Answers questions from a library; many threads may ask at once.

    ``ask`` is silent where the first answer's confidence is below ``min_confidence``.
    """

    def __init__(
        self, library: Library, *, engine: Engine | None = None, min_confidence: float = WEAKEST
    ) -> None:
        self.library = library
        self.engine = engine if engine is not None else index(library)
        self.min_confidence = min_confidence
        self._passages = Passages(library)

    @classmethod
    def from_path(cls, *paths: str | PathLike[str]) -> "Retriever":
        """Return a retriever of the articles in files and folders; see ``Library.from_path``.

        What is read is saved under the user's cache folder, so that the next time only files
        that are new or changed are read. What is out of the ordinary there is a warning.
        """
        found = opened(paths, cache_folder(), Ways(tell=warn)).something(paths)
        return cls(found.library, engine=found.engine)

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> "Retriever":
        """Return a retriever of articles that you hold; see ``Library.from_texts``."""
        return cls(Library.from_texts(texts, titles))

    def with_threshold(self, min_confidence: float) -> "Retriever":
        """Return a retriever of the same articles that is silent below ``min_confidence``."""
        return Retriever(self.library, engine=self.engine, min_confidence=min_confidence)

    def search(self, text: str, limit: int = 5) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first.

        There is none only where no word is shared, or no sentence holds what ``text`` quotes.
        """
        understood = self.understood(text)
        answers = self.ranked(understood, limit, NOTHING)
        return tuple(answer for answer in answers if self.quotes(answer.number, understood))

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return at most ``limit`` answers, best first, or why there is none."""
        return self.reply(self.understood(text), limit)

    def reply(self, understood: Understood, limit: int, earlier: Earlier = NOTHING) -> Reply:
        """Return the reply to a question that leans on what was asked and shown ``earlier``."""
        answers = self.ranked(understood, limit, earlier)
        silence = self._silence(understood, answers)
        return Reply(
            question=understood.asked,
            answers=() if silence else answers,
            silence=silence,
            unknown=understood.unknown,
            corrected=understood.corrected,
            nearest=answers if silence else (),
            carried=tuple(earlier.content.values()),
        )

    def ask_many(self, texts: Iterable[str], limit: int = 3) -> tuple[Reply, ...]:
        """Return the reply to each question, in order."""
        return tuple(self.ask(text, limit) for text in texts)

    def understood(self, text: str) -> Understood:
        """Return how ``text`` is understood: spelt as the articles spell it, quotes apart."""
        return understand(text, self.engine, self._forms)

    def weighed(
        self, understood: Understood, candidates: int = CANDIDATES, earlier: Earlier = NOTHING
    ) -> list[Weighed]:
        """Return the engine's best ``candidates``, best first by the evidence for each."""
        asking = understood.question
        hits = self._hits(understood, candidates, earlier)
        if not hits:
            return []
        wanted = asked(asking, self.rarity([*asking.terms, *earlier.content]), earlier)
        return rank(wanted, hits, [self._passages.passage(hit.sentence) for hit in hits])

    def _hits(self, understood: Understood, limit: int, earlier: Earlier) -> list[Hit]:
        # A term counts as often as it stands there: what is carried over, once in two.
        once = round(1 / CARRIED) if earlier.content else 1
        wanted = [*understood.question.terms * once, *earlier.content]
        choosy = bool(understood.phrases or earlier.about)
        hits = self.engine.search(wanted, max(LOOKED_AT, limit) if choosy else limit)
        if choosy:
            hits = [hit for hit in hits if self._fits(hit.sentence, understood, earlier)] or hits
        return [Hit(hit.sentence, hit.score / once, hit.paragraph / once) for hit in hits[:limit]]

    def _fits(self, number: int, understood: Understood, earlier: Earlier) -> bool:
        """Return whether sentence ``number`` holds what an answer must hold."""
        # Read past what is kept: so many are looked at that they would push out all the rest.
        about = not earlier.about or not earlier.about.isdisjoint(terms(self.library.text(number)))
        return about and self.quotes(number, understood)

    def knows(self, question: Question) -> bool:
        """Return whether a sentence holds a word that ``question`` asks about."""
        return any(self.engine.holding(list(content(question))))

    def quotes(self, number: int, understood: Understood) -> bool:
        """Return whether sentence ``number`` holds the question's quoted phrases."""
        if not understood.phrases:
            return True
        found = " ".join(words(self.library.text(number)))
        return all(f" {' '.join(phrase)} " in f" {found} " for phrase in understood.phrases)

    def _silence(self, understood: Understood, answers: Sequence[Answer]) -> Silence | None:
        """Return why ``answers`` are none to give, None where they are."""
        if not self.library.articles:
            return Silence.EMPTY
        if answers and not self.quotes(answers[0].number, understood):
            return Silence.WEAK
        if answers and answers[0].confidence >= self.min_confidence:
            return None
        return Silence.WEAK if self.knows(understood.question) else Silence.UNKNOWN

    def ranked(
        self, understood: Understood, limit: int, earlier: Earlier = NOTHING
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, however unsure."""
        ranked = self.weighed(understood, max(CANDIDATES, limit), earlier)
        shared = frozenset((*understood.question.terms, *earlier.content))
        return tuple(self._answer(weighed, shared) for weighed in ranked[: max(0, limit)])

    def _forms(self, term: str) -> Counter[str]:
        """Return the forms in which a few articles write ``term``, and how often."""
        hits = self.engine.search([term], CANDIDATES)
        return Counter(
            word
            for hit in hits
            for word in words(self.library.text(hit.sentence))
            if stem(word) == term
        )

    def rarity(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the idf of each term, as the engine's, from how many sentences hold it."""
        total = len(self.library)
        return {
            term: log1p((total - holding + 0.5) / (holding + 0.5))
            for term, holding in zip(terms, self.engine.holding(terms), strict=True)
        }

    def _answer(self, weighed: Weighed, shared: frozenset[str]) -> Answer:
        library, sentence = self.library, self.library.sentence(weighed.hit.sentence)
        article, text = library.articles[sentence.article], library.text(sentence.number)
        inside = library.numbers(sentence.article)
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
            number=sentence.number,
        )
