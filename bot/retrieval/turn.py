"""The last question of a conversation, and the follow-ups that are completed by it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.language.questions import AnswerKind
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.follow_ups import ABOUT_RE, is_elliptical
from bot.retrieval.query import Context
from bot.retrieval.query_parser import ParsedQuestion, join_questions


@dataclass(frozen=True, slots=True)
class Turn:
    """The last question of a conversation, its context, and every answer shown for it.

    ``content`` has its words that are of use to a follow-up, term → word as typed; ``subject``
    those of the last question that was no follow-up.
    ``is_silent`` says that no answer was given; ``shown`` are then those that came closest.
    ``rows`` are the articles that were searched, None for all.
    """

    question: ParsedQuestion
    context: Context
    subject: Mapping[str, str]
    content: Mapping[str, str]
    shown: tuple[Answer, ...]
    is_silent: bool = False
    rows: tuple[int, ...] | None = None


def carried_words(last: Turn) -> tuple[str, ...]:
    """Return the words, as typed, that "more" asks again."""
    return tuple({**last.context.content, **last.content}.values())


def known_content(reply: Reply) -> dict[str, str]:
    """Return the content of a question, term → word as typed, without unknown words.

    After a silence, corrected words are left out as well: they may have been right as typed.
    """
    question = reply.question
    doubtful = {*question.unknown, *(question.corrected.values() if reply.silence else ())}
    content = question.content_as_typed
    return {t: word for t, word in content.items() if doubtful.isdisjoint((word, word.lower()))}


def complete_follow_up(question: ParsedQuestion, last: Turn) -> tuple[ParsedQuestion, Context]:
    """Return a follow-up as it is to be searched, and the context that it refers to.

    Without content words ("why?") it is searched with those of the last question. Without a kind
    of answer ("and the tower?") it asks for the same kind. Without one or without a verb ("how
    many tonnes?"), answers must mention the tower or the tonnes.
    """
    has_kind = question.kind is not AnswerKind.ANY and not ABOUT_RE.match(question.search_text)
    kind = question.kind if has_kind else last.question.kind
    if not question.content_tokens():
        # Nothing else is asked about: the sentence just shown may well say why.
        return join_questions(last.question, question, kind), replace(last.context, shown=())
    content, is_whole = question.content, has_kind and not is_elliptical(question)
    carried = {**last.subject, **last.content}
    context = Context(
        content={term: word for term, word in carried.items() if term not in content},
        shown=tuple(answer.number for answer in last.shown),
        required=frozenset() if is_whole else frozenset(content),
    )
    return replace(question, kind=kind), context
