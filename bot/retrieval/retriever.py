"""Answer questions from a library: search, rank by evidence, reply or stay silent."""

from collections.abc import Iterable, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from warnings import warn

from bot.articles.library import Library
from bot.index.bm25 import idf
from bot.index.engine import Engine, Hit
from bot.language.requests import Request
from bot.language.terms import terms
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.candidates import select_by_title
from bot.retrieval.confidence import is_confident
from bot.retrieval.correction import SpellingCorrector
from bot.retrieval.notices import unsearched_notices
from bot.retrieval.passages import Passages
from bot.retrieval.query import CONTEXT_WEIGHT, NO_CONTEXT, Context, Query, build_query
from bot.retrieval.query_parser import ParsedQuestion, parse_question
from bot.retrieval.ranking import ScoredCandidate, rank_candidates
from bot.retrieval.selection import group_copies, put_code_last, select_answers
from bot.retrieval.summary import quote_opening
from bot.storage.build import build_engine
from bot.storage.cache import open_library
from bot.storage.folders import USER_CACHE, CacheLocation, default_cache
from bot.storage.options import OpenOptions

# The right sentence is among so many of the engine's hits for 96 % of questions about
# Wikipedia and 82 % about news; a hundred add next to nothing to the first answer.
CANDIDATES = 30
# Hits of which the candidates are selected by title. Of questions asked out of curiosity, the right
# sentence is then among the 30 for 90.3 %, without for 87.5 %.
MAX_TITLED_HITS = 100
# Hits that are filtered where an answer must contain a quoted phrase or one of certain terms.
MAX_FILTERED_HITS = 1_000


class Retriever:
    """Answers questions from a library; many threads may ask at once.

    ``ask`` stays silent if the articles probably do not answer the question, by a measured
    threshold; with ``min_confidence``, if the confidence of the first answer is below it.
    ``engine`` searches the library's sentences; without one, an index is built in memory.

    >>> import bot
    >>> library = bot.Library.from_texts(["Ada Thorne designed the bridge.", "It rained."])
    >>> bot.Retriever(library).ask("Who designed the bridge?").answers[0].text
    'Ada Thorne designed the bridge.'
    """

    def __init__(
        self,
        library: Library,
        *,
        engine: Engine | None = None,
        min_confidence: float | None = None,
    ) -> None:
        self.library = library
        self.engine = engine if engine is not None else build_engine(library)
        self.min_confidence = min_confidence
        self._passages = Passages(library)
        self._corrector = SpellingCorrector(library, self.engine)

    @classmethod
    def from_path(
        cls,
        *paths: str | PathLike[str],
        cache: str | PathLike[str] | CacheLocation | None = USER_CACHE,
    ) -> "Retriever":
        """Return a retriever of the articles in files and folders; see ``Library.from_path``.

        The library and its index are saved in the folder ``cache``, by default the user's cache
        folder, so that next time only files that are new or changed are read. With
        ``cache=None`` nothing is read from a cache or written. A cache that cannot be used is a
        warning.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "bridge.txt").write_text("Ada Thorne designed the bridge.")
        ...     retriever = Retriever.from_path(folder, cache=None)
        >>> retriever.search("Who designed the bridge?")[0].article.source
        'bridge.txt'
        """
        if isinstance(cache, CacheLocation):
            cache = default_cache()
        folder = None if cache is None else Path(cache)
        opened = open_library(paths, folder, OpenOptions(notify=warn)).require_articles(paths)
        return cls(opened.library, engine=opened.engine)

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> "Retriever":
        """Return a retriever of texts in memory, an article each; see ``Library.from_texts``.

        >>> retriever = Retriever.from_texts(["It opened in 1932."], titles=["The bridge"])
        >>> retriever.library.articles[0].title
        'The bridge'
        """
        return cls(Library.from_texts(texts, titles))

    def with_threshold(self, min_confidence: float) -> "Retriever":
        """Return a retriever of the same library that is silent below ``min_confidence``.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.with_threshold(0.999).ask("Who designed the bridge?").silence.name
        'WEAK'
        """
        return Retriever(self.library, engine=self.engine, min_confidence=min_confidence)

    def search(self, text: str, limit: int = 5) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, whatever their confidence.

        Each shares a word with the question, as corrected, and contains its quoted phrases.

        >>> retriever = Retriever.from_texts(["The bridge opened.", "A ferry left the bridge."])
        >>> [answer.text for answer in retriever.search("ferry at the bridge")]
        ['A ferry left the bridge.', 'The bridge opened.']
        """
        question = self.parse(text)
        answers = self.rank_answers(question, limit)
        return tuple(answer for answer in answers if question.has_phrases(answer.text))

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return at most ``limit`` answers, best first, or the reason for silence.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.ask("Who designed the bridge?").answers[0].text
        'Ada Thorne designed the bridge.'
        >>> retriever.ask("Where is the lighthouse?").silence.value
        'Nothing in the articles mentions that.'
        """
        return self.reply(self.parse(text), limit)

    def ask_many(self, texts: Iterable[str], limit: int = 3) -> tuple[Reply, ...]:
        """Return the reply to each question, in order.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> replies = retriever.ask_many(["Who designed the bridge?", "Where is Lima?"])
        >>> [len(reply.answers) for reply in replies]
        [1, 0]
        """
        return tuple(self.ask(text, limit) for text in texts)

    def reply(self, question: ParsedQuestion, limit: int, context: Context = NO_CONTEXT) -> Reply:
        """Return the reply to a parsed question; a follow-up refers to ``context``.

        Where the reply to the corrected question is not good, it is to the question as typed.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.reply(retriever.parse("Who designed the bridge?"), 1).answers[0].line
        1
        """
        reply_to = partial(self._reply_once, limit=limit, context=context)
        return self._corrector.choose_reply(question, reply_to)

    def _reply_once(self, question: ParsedQuestion, limit: int, context: Context) -> Reply:
        answers = self.rank_answers(question, limit, context)
        silence = self._silence(question, answers)
        if question.request is Request.SUMMARISE:
            best = answers[0] if answers else None
            if best and silence and not self._has_title(best, question):
                best = None
            if opening := quote_opening(self.library, best, limit):
                answers, silence = opening, None
        return Reply(
            question=question,
            answers=() if silence else answers,
            silence=silence,
            unknown=question.unknown,
            unsearched=unsearched_notices(question, self.library, () if silence else answers),
            corrected=question.corrected,
            nearest=answers if silence else (),
            carried=tuple(context.content.values()),
        )

    def _has_title(self, answer: Answer, question: ParsedQuestion) -> bool:
        """Return whether the title of the article of ``answer`` has a word of the question."""
        article = self.library.sentence(answer.number).article
        return not self._passages.title(article).isdisjoint(question.content)

    def parse(self, text: str) -> ParsedQuestion:
        """Return ``text`` parsed, its spelling corrected to the words of the articles.

        >>> retriever = Retriever.from_texts(["The bridge opened."])
        >>> question = retriever.parse("When did the brige open?")
        >>> question.search_text, question.kind.name
        ('When did the bridge open?', 'TIME')
        """
        return self.correct(parse_question(text))

    def correct(self, question: ParsedQuestion) -> ParsedQuestion:
        """Return ``question`` with its spelling corrected to the words of the articles.

        >>> from bot.retrieval.query_parser import parse_question
        >>> retriever = Retriever.from_texts(["The bridge opened."])
        >>> retriever.correct(parse_question("the brige of Lima")).unknown
        ('Lima',)
        """
        return self._corrector.correct(question)

    def score_candidates(
        self,
        question: ParsedQuestion,
        candidates: int = CANDIDATES,
        context: Context = NO_CONTEXT,
    ) -> list[ScoredCandidate]:
        """Return the engine's best ``candidates``, ordered by their evidence, best first.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> [best] = retriever.score_candidates(retriever.parse("Who designed the bridge?"))
        >>> best.hit.sentence, sorted(best.candidate.matched)
        (0, ['bridg', 'design'])
        """
        query = build_query(question, self.engine, len(self.library), context)
        hits = self._search_hits(query, max(candidates, MAX_TITLED_HITS))
        articles = [self.library.article_number(hit.sentence) for hit in hits]
        hits = select_by_title(query, hits, map(self._passages.title, articles), candidates)
        return rank_candidates(query, hits, [self._passages.passage(hit.sentence) for hit in hits])

    def rank_answers(
        self, question: ParsedQuestion, limit: int, context: Context = NO_CONTEXT
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, whatever their confidence.

        They need not contain the question's quoted phrases if no sentence does. Equal sentences
        are one answer with copies.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> [answer.text for answer in retriever.rank_answers(retriever.parse('"bridge of"'), 3)]
        ['Ada Thorne designed the bridge.']
        """
        count = max(CANDIDATES, limit)
        ranked = self.score_candidates(question, count, context)
        groups = group_copies(self.library, ranked)
        while len(groups) < limit and len(ranked) == count:  # most of them are copies
            count *= 4
            ranked = self.score_candidates(question, count, context)
            groups = group_copies(self.library, ranked)
        groups = put_code_last(self.library, ranked, groups, max(0, limit), self.min_confidence)
        return select_answers(self.library, ranked, groups)

    def knows_any_word(self, question: ParsedQuestion) -> bool:
        """Return whether any content word of ``question`` is in a sentence.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.knows_any_word(retriever.parse("Where is the bridge?"))
        True
        """
        return any(self.engine.document_frequencies(list(question.content)))

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the idf of each term among the library's sentences.

        >>> retriever = Retriever.from_texts(["The bridge opened.", "The ferry left."])
        >>> {term: round(value, 2) for term, value in retriever.idf(["the", "ferri"]).items()}
        {'the': 0.18, 'ferri': 0.69}
        """
        total = len(self.library)
        frequencies = self.engine.document_frequencies(terms)
        return {term: idf(count, total) for term, count in zip(terms, frequencies, strict=True)}

    def _search_hits(self, query: Query, limit: int) -> list[Hit]:
        question, context = query.question, query.context
        # The engine weighs a term by how often it is given: CONTEXT_WEIGHT, in whole numbers.
        times = round(1 / CONTEXT_WEIGHT) if context.content else 1
        searched = [*question.terms * times, *context.content, *query.replacements]
        is_filtered = bool(question.phrases or context.required)
        hits = self.engine.search(searched, max(MAX_FILTERED_HITS, limit) if is_filtered else limit)
        if is_filtered:
            hits = [hit for hit in hits if self._is_allowed(hit, question, context)] or hits
        return [
            Hit(hit.sentence, hit.score / times, hit.paragraph_score / times)
            for hit in hits[:limit]
        ]

    def _is_allowed(self, hit: Hit, question: ParsedQuestion, context: Context) -> bool:
        """Return whether a sentence contains the required terms and the quoted phrases."""
        # Not by the cache of passages: a thousand sentences would push out all that is in it.
        text = self.library.sentence_text(hit.sentence)
        has_required = not context.required or not context.required.isdisjoint(terms(text))
        return has_required and question.has_phrases(text)

    def _silence(self, question: ParsedQuestion, answers: Sequence[Answer]) -> Silence | None:
        """Return why ``answers`` should not be given, None if they should."""
        if not self.library.articles:
            return Silence.EMPTY
        if answers and question.is_quote and not question.has_phrases(answers[0].text):
            return Silence.WEAK
        if answers and question.is_of_another_day(answers[0].text):
            return Silence.WEAK
        if answers and is_confident(answers[0], self.min_confidence):
            return None
        return Silence.WEAK if self.knows_any_word(question) else Silence.UNKNOWN
