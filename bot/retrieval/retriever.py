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
from bot.language.words import word_spans, words
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.confidence import MIN_CONFIDENCE, confidence
from bot.retrieval.passages import Passages
from bot.retrieval.query import CONTEXT_WEIGHT, NO_CONTEXT, Context, build_query, content_terms
from bot.retrieval.query_parser import ParsedQuestion, parse_query
from bot.retrieval.ranking import ScoredCandidate, rank_candidates
from bot.storage.build import build_engine
from bot.storage.cache import default_cache, open_library
from bot.storage.update import OpenOptions

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
        self,
        library: Library,
        *,
        engine: Engine | None = None,
        min_confidence: float = MIN_CONFIDENCE,
    ) -> None:
        self.library = library
        self.engine = engine if engine is not None else build_engine(library)
        self.min_confidence = min_confidence
        self._passages = Passages(library)

    @classmethod
    def from_path(cls, *paths: str | PathLike[str]) -> "Retriever":
        """Return a retriever of the articles in files and folders; see ``Library.from_path``.

        What is read is saved under the user's cache folder, so that the next time only files
        that are new or changed are read. What is out of the ordinary there is a warning.
        """
        found = open_library(paths, default_cache(), OpenOptions(tell=warn)).require_articles(paths)
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
        understood = self.parse(text)
        answers = self.rank_answers(understood, limit, NO_CONTEXT)
        return tuple(answer for answer in answers if self.has_phrases(answer.number, understood))

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return at most ``limit`` answers, best first, or why there is none."""
        return self.reply(self.parse(text), limit)

    def reply(self, understood: ParsedQuestion, limit: int, earlier: Context = NO_CONTEXT) -> Reply:
        """Return the reply to a question that leans on what was asked and shown ``earlier``."""
        answers = self.rank_answers(understood, limit, earlier)
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

    def parse(self, text: str) -> ParsedQuestion:
        """Return how ``text`` is understood: spelt as the articles spell it, quotes apart."""
        return parse_query(text, self.engine, self._forms)

    def score_candidates(
        self,
        understood: ParsedQuestion,
        candidates: int = CANDIDATES,
        earlier: Context = NO_CONTEXT,
    ) -> list[ScoredCandidate]:
        """Return the engine's best ``candidates``, best first by the evidence for each."""
        asking = understood.question
        hits = self._hits(understood, candidates, earlier)
        if not hits:
            return []
        wanted = build_query(asking, self.idf([*asking.terms, *earlier.content]), earlier)
        return rank_candidates(wanted, hits, [self._passages.passage(hit.sentence) for hit in hits])

    def _hits(self, understood: ParsedQuestion, limit: int, earlier: Context) -> list[Hit]:
        # A term counts as often as it stands there: what is carried over, once in two.
        once = round(1 / CONTEXT_WEIGHT) if earlier.content else 1
        wanted = [*understood.question.terms * once, *earlier.content]
        choosy = bool(understood.phrases or earlier.about)
        hits = self.engine.search(wanted, max(LOOKED_AT, limit) if choosy else limit)
        if choosy:
            hits = [hit for hit in hits if self._fits(hit.sentence, understood, earlier)] or hits
        return [Hit(hit.sentence, hit.score / once, hit.paragraph / once) for hit in hits[:limit]]

    def _fits(self, number: int, understood: ParsedQuestion, earlier: Context) -> bool:
        """Return whether sentence ``number`` holds what an answer must hold."""
        # Read past what is kept: so many are looked at that they would push out all the rest.
        about = not earlier.about or not earlier.about.isdisjoint(
            terms(self.library.sentence_text(number))
        )
        return about and self.has_phrases(number, understood)

    def knows_any_word(self, question: Question) -> bool:
        """Return whether a sentence holds a word that ``question`` asks about."""
        return any(self.engine.document_frequencies(list(content_terms(question))))

    def has_phrases(self, number: int, understood: ParsedQuestion) -> bool:
        """Return whether sentence ``number`` holds the question's quoted phrases."""
        if not understood.phrases:
            return True
        found = " ".join(words(self.library.sentence_text(number)))
        return all(f" {' '.join(phrase)} " in f" {found} " for phrase in understood.phrases)

    def _silence(self, understood: ParsedQuestion, answers: Sequence[Answer]) -> Silence | None:
        """Return why ``answers`` are none to give, None where they are."""
        if not self.library.articles:
            return Silence.EMPTY
        if answers and not self.has_phrases(answers[0].number, understood):
            return Silence.WEAK
        if answers and answers[0].confidence >= self.min_confidence:
            return None
        return Silence.WEAK if self.knows_any_word(understood.question) else Silence.UNKNOWN

    def rank_answers(
        self, understood: ParsedQuestion, limit: int, earlier: Context = NO_CONTEXT
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, however unsure."""
        ranked = self.score_candidates(understood, max(CANDIDATES, limit), earlier)
        shared = frozenset((*understood.question.terms, *earlier.content))
        return tuple(self._answer(weighed, shared) for weighed in ranked[: max(0, limit)])

    def _forms(self, term: str) -> Counter[str]:
        """Return the forms in which a few articles write ``term``, and how often."""
        hits = self.engine.search([term], CANDIDATES)
        return Counter(
            word
            for hit in hits
            for word in words(self.library.sentence_text(hit.sentence))
            if stem(word) == term
        )

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the idf of each term, as the engine's, from how many sentences hold it."""
        total = len(self.library)
        return {
            term: log1p((total - holding + 0.5) / (holding + 0.5))
            for term, holding in zip(terms, self.engine.document_frequencies(terms), strict=True)
        }

    def _answer(self, weighed: ScoredCandidate, shared: frozenset[str]) -> Answer:
        library, sentence = self.library, self.library.sentence(weighed.hit.sentence)
        article, text = library.articles[sentence.article], library.sentence_text(sentence.number)
        inside = library.sentence_numbers(sentence.article)
        matched = dict.fromkeys(
            text[word.start : word.end] for word in word_spans(text) if stem(word.text) in shared
        )
        last = sentence.number + 1 == inside.stop
        return Answer(
            text=text,
            article=article,
            start=sentence.start,
            end=sentence.end,
            line=article.line_number(sentence.start),
            score=weighed.evidence.score,
            confidence=confidence(weighed),
            matched=tuple(matched),
            before=library.sentence_text(sentence.number - 1)
            if sentence.number > inside.start
            else "",
            after="" if last else library.sentence_text(sentence.number + 1),
            evidence=weighed.evidence,
            number=sentence.number,
        )
