"""From a parsed question to its reply: search, rank by evidence, reply or stay silent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from bot.articles.searched_library import SearchedLibrary
from bot.index.bm25 import idf
from bot.index.engine import Engine, Hit, TermFinder
from bot.language.requests import Request
from bot.reranking.reranker import Reranker
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.candidates import select_by_title
from bot.retrieval.confidence import is_confident
from bot.retrieval.correction import SpellingCorrector
from bot.retrieval.echoes import rank_echoes_last
from bot.retrieval.given_synonyms import Synonyms, read_synonyms
from bot.retrieval.meaning import is_readable, rerank
from bot.retrieval.notices import unsearched_notices
from bot.retrieval.passages import Passages
from bot.retrieval.query import CONTEXT_WEIGHT, NO_CONTEXT, Context, Query, build_query
from bot.retrieval.query_parser import ParsedQuestion
from bot.retrieval.question_language import QuestionLanguages
from bot.retrieval.ranking import ScoredCandidate
from bot.retrieval.selection import group_copies, put_code_last, select_answers
from bot.retrieval.summary import quote_opening
from bot.retrieval.surroundings import TextTerms, find_surroundings

# The right sentence is among so many of the engine's hits for 96 % of questions about
# Wikipedia and 82 % about news; a hundred add next to nothing to the first answer.
CANDIDATES = 30
# Hits of which the candidates are selected by title. Of questions asked out of curiosity, the right
# sentence is then among the 30 for 90.3 %, without for 87.5 %.
MAX_TITLED_HITS = 100
# Hits that are filtered where an answer must contain a quoted phrase or one of certain terms.
MAX_FILTERED_HITS = 1_000


class Pipeline:
    """The steps from a question to its reply, over one library and its engine.

    >>> import bot
    >>> pipeline = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).pipeline
    >>> question = pipeline.parse("Who desinged the bridge?")
    >>> [scored.hit.sentence for scored in pipeline.score_candidates(question)]
    [0]
    >>> pipeline.reply(question, limit=1).answers[0].text
    'Ada Thorne designed the bridge.'
    """

    def __init__(
        self,
        library: SearchedLibrary,
        engine: Engine,
        min_confidence: float | None,
        reranker: Reranker | None = None,
        language: str | None = None,
    ) -> None:
        self.library = library
        self.engine = engine
        self.min_confidence = min_confidence
        self.reranker = reranker
        self._passages = Passages(library)
        self._finder = engine if isinstance(engine, TermFinder) else TextTerms(library)
        self._corrector = SpellingCorrector(library, engine)
        self.languages: QuestionLanguages = QuestionLanguages(library, engine, language)

    def reply(self, question: ParsedQuestion, limit: int, context: Context = NO_CONTEXT) -> Reply:
        """Return the reply to a parsed question; a follow-up refers to ``context``.

        Where the reply to the corrected question is not good, it is to the question as typed.
        Whether it is silent does not depend on ``limit``, which may be 0.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).pipeline
        >>> pipeline.reply(pipeline.parse("Who designed the bridge?"), 1).answers[0].line
        1
        """
        reply_to = partial(self._reply_once, limit=max(1, limit), context=context)
        reply = self._corrector.choose_reply(question, reply_to)
        return replace(reply, answers=reply.answers[:limit], nearest=reply.nearest[:limit])

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
        return not self._passages.titles([article])[0].isdisjoint(question.content)

    def parse(self, text: str, synonyms: Synonyms | None = None) -> ParsedQuestion:
        """Return ``text`` parsed, its spelling corrected to the words of the articles.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["The bridge opened."]).pipeline
        >>> question = pipeline.parse("When did the brige open?")
        >>> question.search_text, question.kind.name
        ('When did the bridge open?', 'TIME')
        """
        return self.correct(self.parse_as_typed(text, synonyms))

    def parse_as_typed(self, text: str, synonyms: Synonyms | None = None) -> ParsedQuestion:
        """Return ``text`` parsed, in its language, with those of ``synonyms`` that it has.

        Raises ValueError for a synonym without a word.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["The bridge opened."]).pipeline
        >>> pipeline.parse_as_typed("When did the brige open?").search_text
        'When did the brige open?'
        """
        question = self.languages.parse(text)
        if synonyms is None:
            return question
        analysis = self.library.analysis.in_language(question.language.code)
        return replace(question, synonyms=read_synonyms(synonyms, question.terms, analysis))

    def correct(self, question: ParsedQuestion) -> ParsedQuestion:
        """Return ``question`` with its spelling corrected to the words of the articles.

        >>> from bot.retrieval.query_parser import parse_question
        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["The bridge opened."]).pipeline
        >>> pipeline.correct(parse_question("the brige of Lima")).unknown
        ('Lima',)
        """
        return self._corrector.correct(self.languages.borrow_terms(question))

    def score_candidates(
        self,
        question: ParsedQuestion,
        candidates: int = CANDIDATES,
        context: Context = NO_CONTEXT,
    ) -> list[ScoredCandidate]:
        """Return the engine's best ``candidates``, ordered by their evidence, best first.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).pipeline
        >>> [best] = pipeline.score_candidates(pipeline.parse("Who designed the bridge?"))
        >>> best.hit.sentence, best.values["exact"]
        (0, 1.0)
        """
        synonyms = self.library.analysis.in_language(question.language.code).synonyms()
        counts = self.languages.count_sentences(question.language.code)
        query = build_query(question, self.engine, counts, context, synonyms)
        hits = self._search_hits(query, max(candidates, MAX_TITLED_HITS))
        articles = self.library.article_numbers([hit.sentence for hit in hits])
        hits = select_by_title(query, hits, self._passages.titles(articles), candidates)
        passages = self._passages.passages([hit.sentence for hit in hits])
        sentences = find_surroundings(query, hits, passages, self._finder)
        ranked = rank_echoes_last(query, sentences, self.min_confidence)
        if self.reranker and ranked and is_readable(self.reranker, query):
            return rerank(self.reranker, query, ranked, self.library)
        return ranked

    def rank_answers(
        self, question: ParsedQuestion, limit: int, context: Context = NO_CONTEXT
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, whatever their confidence.

        They need not contain the question's quoted phrases if no sentence does. Equal sentences
        are one answer with copies.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).pipeline
        >>> [answer.text for answer in pipeline.rank_answers(pipeline.parse('"bridge of"'), 3)]
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

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["Ada Thorne designed the bridge."]).pipeline
        >>> pipeline.knows_any_word(pipeline.parse("Where is the bridge?"))
        True
        """
        return any(self.engine.document_frequencies(list(question.content)))

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the idf of each term among the library's sentences.

        >>> import bot
        >>> pipeline = bot.Retriever.from_texts(["The bridge opened.", "The ferry left."]).pipeline
        >>> {term: round(value, 2) for term, value in pipeline.idf(["the", "ferri"]).items()}
        {'the': 0.18, 'ferri': 0.69}
        """
        total = self.library.sentence_count
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
            hits = [*islice(self._filter(hits, question, context), limit)] or hits[:limit]
        if times == 1:
            return hits
        return [Hit(hit.sentence, hit.score / times, hit.paragraph_score / times) for hit in hits]

    def _filter(
        self, hits: Sequence[Hit], question: ParsedQuestion, context: Context
    ) -> Iterator[Hit]:
        """Yield the hits with the required terms and quoted phrases, of articles read together."""
        for start in range(0, len(hits), MAX_TITLED_HITS):
            some = hits[start : start + MAX_TITLED_HITS]
            self.library.prefetch(self.library.article_numbers([hit.sentence for hit in some]))
            yield from (hit for hit in some if self._is_allowed(hit, question, context))

    def _is_allowed(self, hit: Hit, question: ParsedQuestion, context: Context) -> bool:
        """Return whether a sentence contains the required terms and the quoted phrases."""
        # Not by the cache of passages: a thousand sentences would push out all that is in it.
        text, analysis = (
            self.library.sentence_text(hit.sentence),
            self.library.analysis_at(hit.sentence),
        )
        has_required = not context.required or not context.required.isdisjoint(analysis.terms(text))
        return has_required and question.has_phrases(text, analysis)

    def _silence(self, question: ParsedQuestion, answers: Sequence[Answer]) -> Silence | None:
        """Return why ``answers`` should not be given, None if they should."""
        if not self.library.articles:
            return Silence.EMPTY
        if answers:
            text, analysis = answers[0].text, self.library.analysis_at(answers[0].number)
            if question.is_quote and not question.has_phrases(text, analysis):
                return Silence.WEAK
            if question.is_of_another_day(text, analysis):
                return Silence.WEAK
        if answers and is_confident(answers[0], self.min_confidence):
            return None
        return Silence.WEAK if self.knows_any_word(question) else Silence.UNKNOWN
