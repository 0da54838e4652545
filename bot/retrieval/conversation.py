"""A conversation: questions that refer to the previous one, and remarks to the bot itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.language.questions import AnswerKind
from bot.language.terms import QUESTION_WORDS
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.query import NO_CONTEXT, Context
from bot.retrieval.query_parser import ParsedQuestion, join_questions, parse_question
from bot.retrieval.retriever import Retriever
from bot.retrieval.smalltalk import find_remark

PRONOUNS = "he|she|it|they|him|her|his|hers|its|them|their|theirs|this|these|those"
CONJUNCTIONS = "and|but|so|also|or|then"
# "how about the toll?" asks for no kind of answer by itself.
ABOUT_RE = re.compile(rf"(?i)^\W*(?:(?:{CONJUNCTIONS})\W+)?(?:what|how) about\b")
# A question that matches one of these refers to the previous one, whatever the library contains.
FOLLOW_UP_RES = (
    re.compile(rf"(?i)^\W*(?:{CONJUNCTIONS})\b"),
    ABOUT_RE,
    re.compile(rf"^.?[^A-Z]*?\b(?i:{PRONOUNS})\b"),  # a pronoun with no name before it
    re.compile(rf"(?i)\b(?:{PRONOUNS}|there|that|then)\W*$"),
)
MORE_RE = re.compile(
    r"(?i)^\W*(?:(?:tell|show|give) (?:me|us) )?(?:some |any )?(?:more|(?:what|anything) else|"
    r"the next(?: one)?|next|go on|continue)(?: about (?:it|that|this))?(?:,? please)?\W*$"
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
ORDINAL_RE = re.compile(rf"(?i)^\W*(?:the )?({'|'.join(ORDINALS)})(?: one| answer)?\W*$")
# "the toll", "Ada Thorne": without a question word, up to so many words may be a follow-up…
MAX_BARE_WORDS = 2
# …unless they are answered with this confidence by themselves.
MIN_BARE_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """The last question of a conversation, its context, and every answer shown for it.

    ``subject`` is the content of the last question that was no follow-up, term → word as typed.
    """

    question: ParsedQuestion
    context: Context
    subject: Mapping[str, str]
    shown: tuple[Answer, ...]


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
        self.retriever = retriever
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
            shown = self.last.shown if is_same_library else ()
            conversation.last = replace(self.last, shown=shown)
        return conversation

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return the reply to ``text``: answers, a silence, or a remark.

        >>> import bot
        >>> conversation = bot.Conversation(bot.Retriever.from_texts(["The bridge opened."]))
        >>> conversation.ask("hello").remark
        'Hello. Ask me something about the articles.'
        """
        question = parse_question(text)
        if remark := find_remark(text, self.retriever.library):
            return Reply(question, (), remark=remark)
        if not question.tokens:
            return self.retriever.reply(question, limit)
        last = self.last
        if last and MORE_RE.match(text):
            return self._next_answers(last, limit)
        if last and last.shown and (ordinal := ORDINAL_RE.match(text)):
            return self._repeat_answer(last, ORDINALS[ordinal[1].lower()])
        question, context = self._resolve(question)
        subject = last.subject if last and context is not NO_CONTEXT else question.content_as_typed
        reply = self.retriever.reply(question, limit, context)
        self.last = Turn(question, context, subject, reply.answers or reply.nearest)
        return reply

    def parse(self, text: str) -> tuple[ParsedQuestion, Context]:
        """Return ``text`` parsed as the next question, and the context that it refers to.

        >>> import bot
        >>> talk = bot.Conversation(bot.Retriever.from_texts(["Ada Thorne built the bridge."]))
        >>> _ = talk.ask("Who built the bridge?")
        >>> question, context = talk.parse("When was it built?")
        >>> question.terms, context.content
        (('was', 'build'), {'bridg': 'bridge'})
        """
        return self._resolve(parse_question(text))

    def _resolve(self, typed: ParsedQuestion) -> tuple[ParsedQuestion, Context]:
        question = self.retriever.correct(typed)
        if question.unknown and is_bare(typed) and not self.retriever.knows_any_word(question):
            return question, NO_CONTEXT
        if self.last and (is_follow_up(typed.text) or self._may_be_follow_up(question)):
            return complete_follow_up(question, self.last)
        return question, NO_CONTEXT

    def _may_be_follow_up(self, question: ParsedQuestion) -> bool:
        """Return whether a few words without a question word are answered badly by themselves."""
        if question.phrases:
            return False
        content = question.content_tokens()
        if len(content) > MAX_BARE_WORDS or not is_bare(question):
            return not content
        answers = self.retriever.rank_answers(question, 1)
        return not answers or answers[0].confidence < MIN_BARE_CONFIDENCE

    def _next_answers(self, last: Turn, limit: int) -> Reply:
        """Return the next best answers to the last question."""
        ranked = self.retriever.rank_answers(last.question, len(last.shown) + limit, last.context)
        shown = {answer.number for answer in last.shown}
        answers = tuple(
            answer
            for answer in ranked
            if answer.number not in shown and last.question.has_phrases(answer.text)
        )[:limit]
        self.last = replace(last, shown=last.shown + answers)
        silence = None if answers else Silence.WEAK
        return Reply(last.question, answers, silence, carried=carried_words(last))

    def _repeat_answer(self, last: Turn, index: int) -> Reply:
        """Return one of the answers that were shown; -1 is the last."""
        answers = last.shown[index : index + 1 or None]
        count = len(last.shown)
        were = "was one answer" if count == 1 else f"were {count} answers"
        remark = "" if answers else f"There {were}."
        return Reply(last.question, answers, remark=remark, carried=carried_words(last))


def is_follow_up(text: str) -> bool:
    """Return whether ``text`` has a word that refers to the previous question.

    >>> is_follow_up("When did it open?"), is_follow_up("When did the bridge open?")
    (True, False)
    """
    return any(pattern.search(text) for pattern in FOLLOW_UP_RES)


def is_bare(question: ParsedQuestion) -> bool:
    """Return whether ``question`` has no question word, "what about" in front left aside.

    >>> is_bare(parse_question("and what about the toll?")), is_bare(parse_question("Who paid?"))
    (True, False)
    """
    about = ABOUT_RE.match(question.search_text)
    start = about.end() if about else 0
    forms = (token.form for token in question.tokens if token.start >= start)
    return QUESTION_WORDS.isdisjoint(forms)


def carried_words(last: Turn) -> tuple[str, ...]:
    """Return the words, as typed, that "more" asks again."""
    return tuple({**last.context.content, **last.question.content_as_typed}.values())


def complete_follow_up(question: ParsedQuestion, last: Turn) -> tuple[ParsedQuestion, Context]:
    """Return a follow-up as it is to be searched, and the context that it refers to.

    Without content words ("why?") it is searched with those of the last question. Without a kind
    of answer ("and the tower?") it asks for the same kind, and answers must mention the tower.
    """
    shown = tuple(answer.number for answer in last.shown)
    has_kind = question.kind is not AnswerKind.ANY and not ABOUT_RE.match(question.search_text)
    kind = question.kind if has_kind else last.question.kind
    if not question.content_tokens():
        return join_questions(last.question, question, kind), replace(last.context, shown=shown)
    content = question.content
    carried = {**last.subject, **last.question.content_as_typed}
    context = Context(
        content={term: word for term, word in carried.items() if term not in content},
        shown=shown,
        required=frozenset() if has_kind else frozenset(content),
    )
    return replace(question, kind=kind), context
