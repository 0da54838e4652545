"""Follow-ups: what was said, and a question → the whole question."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.language.questions import AnswerKind, Question, parse_question
from bot.language.terms import QUESTION_WORDS, STOP_WORDS
from bot.language.words import words
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.query import NO_CONTEXT, Context, content_as_typed, content_terms
from bot.retrieval.query_parser import ParsedQuestion
from bot.retrieval.retriever import Retriever
from bot.retrieval.smalltalk import find_remark

PRONOUNS = "he|she|it|they|him|her|his|hers|its|them|their|theirs|this|these|those"
JOINS = "and|but|so|also|or|then"
# What is not asked anything itself: "how about the toll?" asks in no manner.
ABOUT_RE = re.compile(rf"(?i)^\W*(?:(?:{JOINS})\W+)?(?:what|how) about\b")
# What tells a question that leans on the one before it, wherever it stands in a library.
LEANS = (
    re.compile(rf"(?i)^\W*(?:{JOINS})\b"),
    ABOUT_RE,
    re.compile(rf"^.?[^A-Z]*?\b(?i:{PRONOUNS})\b"),  # no name stands before it
    re.compile(rf"(?i)\b(?:{PRONOUNS}|there|that|then)\W*$"),
)
MORE_RE = re.compile(
    r"(?i)^\W*(?:(?:tell|show|give) (?:me|us) )?(?:some |any )?(?:more|(?:what|anything) else|"
    r"the next(?: one)?|next|go on|continue)(?: about (?:it|that|this))?(?:,? please)?\W*$"
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
ORDINAL_RE = re.compile(rf"(?i)^\W*(?:the )?({'|'.join(ORDINALS)})(?: one| answer)?\W*$")
# "the toll", "Ada Thorne": so few words, and none that asks, may lean on the question before.
FEW = 2
# A few words that are answered as surely as that are a question of their own.
SURE = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked and shown last: the question, what it leaned on, and all its answers.

    ``subject`` is what the last whole question asked about, term → word as typed.
    """

    parsed: ParsedQuestion
    context: Context
    subject: Mapping[str, str]
    shown: tuple[Answer, ...]


class Conversation:
    """The same ``ask``, with a memory of what was asked and shown."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever
        self.last: Turn | None = None

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return the reply to ``text``: an answer, a follow-up's answer, or a remark."""
        said = find_remark(text, self.retriever.library)
        if said:
            return Reply(parse_question(text), (), remark=said)
        if not words(text):
            return self.retriever.ask(text, limit)
        last = self.last
        if last and MORE_RE.match(text):
            return self._more(last, limit)
        if last and last.shown and (ordinal := ORDINAL_RE.match(text)):
            return self._again(last, ORDINALS[ordinal[1].lower()])
        understood, earlier = self.parse(text)
        subject = (
            last.subject
            if last and earlier is not NO_CONTEXT
            else content_as_typed(understood.question)
        )
        reply = self.retriever.reply(understood, limit, earlier)
        self.last = Turn(understood, earlier, subject, reply.answers or reply.nearest)
        return reply

    def parse(self, text: str) -> tuple[ParsedQuestion, Context]:
        """Return how ``text`` is understood here, and what it leans on."""
        understood = self.retriever.parse(text)
        if (
            understood.unknown
            and is_bare(text)
            and not self.retriever.knows_any_word(understood.question)
        ):
            return understood, NO_CONTEXT
        if self.last and (is_follow_up(text) or self._leans_perhaps(understood)):
            return complete_follow_up(understood, self.last)
        return understood, NO_CONTEXT

    def _leans_perhaps(self, understood: ParsedQuestion) -> bool:
        """Return whether a few words that ask nothing are answered ill by themselves."""
        if understood.phrases:
            return False
        found = [word for word in words(understood.question.text) if word not in STOP_WORDS]
        if len(found) > FEW or not is_bare(understood.question.text):
            return not found
        answers = self.retriever.rank_answers(understood, 1)
        return not answers or answers[0].confidence < SURE

    def _more(self, last: Turn, limit: int) -> Reply:
        """Return the next best answers to the same question."""
        found = self.retriever.rank_answers(last.parsed, len(last.shown) + limit, last.context)
        shown = {answer.number for answer in last.shown}
        answers = tuple(
            answer
            for answer in found
            if answer.number not in shown and self.retriever.has_phrases(answer.number, last.parsed)
        )[:limit]
        self.last = replace(last, shown=last.shown + answers)
        silence = None if answers else Silence.WEAK
        return Reply(last.parsed.asked, answers, silence, carried=carried_words(last))

    def _again(self, last: Turn, number: int) -> Reply:
        """Return one of the answers that were shown."""
        answers = last.shown[number : number + 1 or None]
        said = "" if answers else f"There {counted(len(last.shown))}."
        return Reply(last.parsed.asked, answers, remark=said, carried=carried_words(last))


def is_follow_up(text: str) -> bool:
    """Return whether ``text`` needs what was said before to be understood."""
    return any(pattern.search(text) for pattern in LEANS)


def is_bare(text: str) -> bool:
    """Return whether ``text`` names something and asks no more: "what about the toll?"."""
    return QUESTION_WORDS.isdisjoint(words(ABOUT_RE.sub("", text)))


def carried_words(last: Turn) -> tuple[str, ...]:
    """Return the words of the question before that are asked again."""
    return tuple({**last.context.content, **content_as_typed(last.parsed.question)}.values())


def counted(answers: int) -> str:
    """Return how many answers there were."""
    return "was one answer" if answers == 1 else f"were {answers} answers"


def complete_follow_up(understood: ParsedQuestion, last: Turn) -> tuple[ParsedQuestion, Context]:
    """Return a follow-up and what it leans on.

    One that has no words of its own ("why?") asks with those of the question before; one that
    asks for nothing of its own ("and the tower?") asks for the same kind of answer, about that.
    """
    before = {**last.subject, **content_as_typed(last.parsed.question)}
    shown = tuple(answer.number for answer in last.shown)
    asking = understood.question
    asks = asking.kind is not AnswerKind.ANY and not ABOUT_RE.match(asking.text)
    kind = asking.kind if asks else last.parsed.question.kind
    if any(word not in STOP_WORDS for word in words(asking.text)):
        own = content_terms(asking)
        kept = {term: word for term, word in before.items() if term not in own}
        about = frozenset() if asks else frozenset(own)
        return replace(understood, question=replace(asking, kind=kind)), Context(kept, shown, about)
    previous = last.parsed.question
    both = Question(f"{previous.text} {asking.text}", previous.terms, kind)
    return replace(understood, question=both), replace(last.context, shown=shown)
