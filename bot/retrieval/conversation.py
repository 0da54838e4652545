"""A conversation: questions that refer to the previous one, and remarks to the bot itself."""

from dataclasses import replace

from bot.language.language import ENGLISH
from bot.retrieval.answer import Reply, Silence
from bot.retrieval.arguments import Where, check_limit, check_question
from bot.retrieval.follow_ups import (
    MORE_RE,
    ORDINAL_RE,
    ORDINALS,
    Line,
    drop_opening,
    is_bare,
    is_elliptical,
    is_follow_up,
)
from bot.retrieval.given_synonyms import Synonyms
from bot.retrieval.query import NO_CONTEXT, Context
from bot.retrieval.query_parser import ParsedQuestion
from bot.retrieval.retriever import Retriever
from bot.retrieval.smalltalk import find_remark
from bot.retrieval.turn import Turn, carried_words, complete_follow_up, known_content

# "the toll", "how much per share?": up to so many content words, without a question word or a verb,
# may be a follow-up…
MAX_BARE_WORDS = 2
# …unless they are answered with this confidence by themselves.
MIN_BARE_CONFIDENCE = 0.5
# Where a follow-up is answered both ways, it stands alone if that adds so much confidence. On the
# sets of follow-ups, 0 costs .2 points of first answers, and .4 gains nothing more.
MIN_GAIN = 0.2


class Conversation:
    """Asks a retriever, and understands follow-ups to the previous question.

    >>> import bot
    >>> text = "Ada Thorne designed the bridge. It opened in March 1932."
    >>> conversation = bot.Conversation(bot.Retriever.from_texts([text]))
    >>> conversation.ask("Who designed the bridge?").answers[0].text
    'Ada Thorne designed the bridge.'
    >>> reply = conversation.ask("When did it open?")
    >>> reply.answers[0].text, reply.carried
    ('It opened in March 1932.', ('designed', 'bridge'))
    """

    def __init__(self, retriever: Retriever) -> None:
        self.retriever: Retriever = retriever
        self.last: Turn | None = None

    def with_retriever(self, retriever: Retriever) -> "Conversation":
        """Return a conversation with the same memory that asks ``retriever`` from now on.

        The answers shown are forgotten if it has another library, where their numbers differ.

        >>> import bot
        >>> talk = bot.Conversation(bot.Retriever.from_texts(["Ada Thorne built the bridge."]))
        >>> _ = talk.ask("Who built the bridge?")
        >>> later = talk.with_retriever(bot.Retriever.from_texts(["The bridge opened in 1932."]))
        >>> later.ask("When did it open?").carried
        ('built', 'bridge')
        """
        conversation = Conversation(retriever)
        if self.last:
            is_same_library = self.retriever.library is retriever.library
            conversation.last = self.last if is_same_library else replace(self.last, shown=())
        return conversation

    def ask(
        self,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return the reply to ``text``: answers, a silence, or a remark.

        With ``where``, it is of the articles that ``Retriever.select`` chooses. The answers shown
        are forgotten when these are others than before. ``synonyms`` are those of this question.
        Raises the errors of ``Retriever.ask``; a question that does is no part of the conversation.

        >>> import bot
        >>> conversation = bot.Conversation(bot.Retriever.from_texts(["The bridge opened."]))
        >>> conversation.ask("hello").remark
        'Hello. Ask me something about the articles.'
        """
        check_question(text), check_limit(limit)
        return self.retriever.on_snapshot(lambda now: self._ask(now, text, limit, where, synonyms))

    def _ask(
        self,
        retriever: Retriever,
        text: str,
        limit: int,
        where: Where | None,
        synonyms: Synonyms | None,
    ) -> Reply:
        rows = None if where is None else retriever.subsets.find_rows(where)
        asked = Conversation(retriever if rows is None else retriever.select_rows(rows))
        last = self.last
        asked.last = last if not last or last.rows == rows else replace(last, shown=(), rows=rows)
        reply = asked._reply(text, limit, synonyms)
        last = asked.last
        self.last = last if not last or last.rows == rows else replace(last, rows=rows)
        return reply

    async def aask(
        self,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return the reply of ``ask``, computed in a thread while the event loop runs on.

        A question that is cancelled while it waits is no part of the conversation. Raises the
        errors of ``ask``.

        >>> import asyncio, bot
        >>> talk = bot.Conversation(bot.Retriever.from_texts(["Ada Thorne built the bridge."]))
        >>> asyncio.run(talk.aask("Who built the bridge?")).answers[0].text
        'Ada Thorne built the bridge.'
        """
        return await self.retriever.worker.run(self.ask, text, limit, where, synonyms)

    def _reply(self, text: str, limit: int, synonyms: Synonyms | None) -> Reply:
        line, last = drop_opening(text), self.last
        question = self.retriever.pipeline.parse_as_typed(line.text, synonyms)
        if remark := find_remark(text, self.retriever.library, is_first=last is None):
            return Reply(replace(question, text=text), (), remark=remark)
        if not question.tokens:
            return self.retriever.pipeline.reply(question, limit)
        if last and MORE_RE.match(text):
            return self._next_answers(last, limit)
        if last and last.shown and (ordinal := ORDINAL_RE.match(text)):
            return self._repeat_answer(last, ORDINALS[ordinal[1].lower()])
        turn, reply = self._take_turn(line, question, limit)
        if not self._is_refused(turn, reply):
            self.last = turn
        return replace(reply, question=replace(reply.question, text=text))

    def parse(self, text: str) -> tuple[ParsedQuestion, Context]:
        """Return ``text`` parsed as the next question, and the context that it refers to.

        >>> import bot
        >>> talk = bot.Conversation(bot.Retriever.from_texts(["Ada Thorne built the bridge."]))
        >>> _ = talk.ask("Who built the bridge?")
        >>> question, context = talk.parse("When was it built?")
        >>> question.terms, context.content
        (('was', 'build'), {'bridg': 'bridge'})
        """
        line = drop_opening(text)
        return self._add_context(line, self.retriever.pipeline.parse(line.text))

    def _add_context(self, line: Line, question: ParsedQuestion) -> tuple[ParsedQuestion, Context]:
        """Return the question of a line, completed if it is a follow-up, and its context."""
        is_missing = question.unknown or question.unsearched
        if (
            is_missing
            and is_bare(question)
            and not self.retriever.pipeline.knows_any_word(question)
        ):
            return question, NO_CONTEXT
        if self.last and (
            line.is_correction
            or is_follow_up(line.text, question.language)
            or self._may_be_follow_up(question)
        ):
            return complete_follow_up(question, self.last)
        return question, NO_CONTEXT

    def _take_turn(self, line: Line, typed: ParsedQuestion, limit: int) -> tuple[Turn, Reply]:
        """Return the turn of a question and its reply.

        A follow-up stands alone where that is surer, and its context silences it, or answers
        little: it was silent, or it speaks of the only article. On the follow-ups of the question
        sets, this halves the silences and costs .3 points of first answers.
        """
        alone = self.retriever.pipeline.correct(typed)
        question, context = self._add_context(line, alone)
        turn, reply = self._ask_question(question, context, limit)
        if not self.last or context is NO_CONTEXT:
            return turn, reply
        if reply.silence or self.last.is_silent or self._has_one_article():
            alone_turn, alone_reply = self._ask_question(alone, NO_CONTEXT, limit)
            if is_surer(alone_reply, reply):
                return alone_turn, alone_reply
        return turn, reply

    def _has_one_article(self) -> bool:
        return len(self.retriever.library.articles) == 1

    def _is_refused(self, turn: Turn, reply: Reply) -> bool:
        """Return whether a turn is forgotten, for no question may refer to it.

        A silent question has a subject only if it was no follow-up and its words are known. Its
        follow-up is right in 77 %, and without its words in 50; in a single article in 77 and 75.
        """
        has_subject = reply.silence is not Silence.UNKNOWN and turn.context is NO_CONTEXT
        return turn.is_silent and (self._has_one_article() or not has_subject)

    def _ask_question(
        self, question: ParsedQuestion, context: Context, limit: int
    ) -> tuple[Turn, Reply]:
        """Return the turn of a question asked in ``context``, and its reply."""
        reply = self.retriever.pipeline.reply(question, limit, context)
        question = reply.question
        shown, is_silent = reply.answers or reply.nearest, reply.silence is not None
        is_leaning = self.last is not None and context is not NO_CONTEXT
        subject = self.last.subject if self.last and is_leaning else known_content(reply)
        return Turn(question, context, subject, known_content(reply), shown, is_silent), reply

    def _may_be_follow_up(self, question: ParsedQuestion) -> bool:
        """Return whether a few words without question or verb are answered badly by themselves."""
        if question.phrases:
            return False
        content = question.content_tokens()
        is_short = len(content) <= MAX_BARE_WORDS
        # Other languages than English leave out pronouns: "¿Cuándo murió?".
        may_lack_subject = question.language is not ENGLISH and len(content) < MAX_BARE_WORDS
        if not (is_short and (may_lack_subject or is_bare(question) or is_elliptical(question))):
            return not content
        answers = self.retriever.pipeline.rank_answers(question, 1)
        return not answers or answers[0].confidence < MIN_BARE_CONFIDENCE

    def _next_answers(self, last: Turn, limit: int) -> Reply:
        """Return the next best answers to the last question."""
        ranked = self.retriever.pipeline.rank_answers(
            last.question, len(last.shown) + max(1, limit), last.context
        )
        shown, library = {answer.number for answer in last.shown}, self.retriever.library
        answers = tuple(
            answer
            for answer in ranked
            if answer.number not in shown
            and last.question.has_phrases(answer.text, library.analysis_at(answer.number))
        )
        silence = None if answers else Silence.WEAK
        answers = answers[:limit]
        self.last = replace(last, shown=last.shown + answers)
        return Reply(
            last.question, answers, silence, carried=carried_words(last), is_continued=True
        )

    def _repeat_answer(self, last: Turn, index: int) -> Reply:
        """Return one of the answers that were shown; -1 is the last."""
        answers = last.shown[index : index + 1 or None]
        count = len(last.shown)
        were = "was one answer" if count == 1 else f"were {count} answers"
        remark = "" if answers else f"There {were}."
        return Reply(
            last.question, answers, remark=remark, carried=carried_words(last), is_continued=True
        )


def is_surer(reply: Reply, other: Reply) -> bool:
    """Return whether ``reply`` has an answer, and ``other`` none or one that is far less sure."""
    if reply.silence or not reply.answers:
        return False
    is_silent = bool(other.silence) or not other.answers
    return is_silent or reply.answers[0].confidence > other.answers[0].confidence + MIN_GAIN
