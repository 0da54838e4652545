"""The view of a reply on the page: answers with their evidence, silences, and ways to go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.integrations.http.page_urls import ask_url, join_known, make_url
from bot.integrations.http.parameters import MAX_TURNS, AskRequest
from bot.render.explanation import ChartRow, chart_rows
from bot.render.reply import (
    add_ellipses,
    add_style,
    confidence_word,
    format_place,
    is_rated,
    mark_matches,
    silence_message,
    unsure_notice,
)
from bot.render.text import Fragments, format_date, pluralize, sanitize
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.answer_context import find_lead_in, find_list
from bot.retrieval.answer_span import find_answer_span
from bot.retrieval.retriever import Retriever

# Answers of one more look at the same question.
MORE_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class EvidenceBar:
    """A part of a score, with the place of its bar among a hundred columns."""

    name: str
    figure: str
    start: float
    width: float
    is_loss: bool
    depth: int


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as the page shows it."""

    segments: Fragments
    lead_in: str
    items: Sequence[str]
    title: str
    facts: str
    url: str
    copies: str
    rating: str
    rows: Sequence[EvidenceBar]
    score: str
    confidence: str


@dataclass(frozen=True, slots=True)
class ReplyView:
    """The reply to a question, with those before it and ways to go on."""

    title: str
    twin: str
    typed: str
    where: str
    message: str
    notices: Sequence[str]
    choices: Sequence[Link]
    earlier: Sequence[Link]
    answers: Sequence[AnswerView]
    nearest: Sequence[AnswerView]
    more: str
    carried: Sequence[tuple[str, str]]
    kind: str = "answers"


def view_reply(
    reply: Reply, request: AskRequest, retriever: Retriever, default_limit: int
) -> ReplyView:
    """Return the view of a reply."""
    questions, where = request.questions, str(request.where or "")
    limit = 0 if request.limit == default_limit else request.limit
    kept = questions[1 - MAX_TURNS :]
    return ReplyView(
        title=f"{summarize(reply)}: {questions[-1]} — bot",
        twin=ask_url(questions, where, request.limit, "/ask"),
        typed=questions[-1],
        where=where,
        message=silence_message(reply),
        notices=[*reply.notices, *unsure_notice(reply)],
        choices=[*as_typed_links(reply, request), *suggestion_links(reply, request)],
        earlier=[
            Link(text, ask_url(questions[: row + 1], where, limit))
            for row, text in enumerate(questions[:-1])
        ],
        answers=[view_answer(answer, reply, retriever, request) for answer in reply.answers],
        nearest=[view_answer(answer, reply, retriever, request) for answer in reply.nearest],
        more=ask_url(questions, where, MORE_ANSWERS)
        if len(reply.answers) == request.limit < MORE_ANSWERS
        else "",
        carried=[("q", text) for text in kept] + ([("where", where)] if where else []),
    )


def summarize(reply: Reply) -> str:
    """Return in a few words how a question was answered, for the title of the page."""
    return pluralize(len(reply.answers), "answer") if reply.answers else "No answer"


def as_typed_links(reply: Reply, request: AskRequest) -> list[Link]:
    """Return links that search for a corrected word as it was typed, in quotation marks."""
    *before, last = request.questions
    where = str(request.where or "")
    return [
        Link(
            f"Search for {typed} as typed",
            ask_url([*before, last.replace(typed, f'"{typed}"')], where),
        )
        for typed in reply.corrected
    ]


def suggestion_links(reply: Reply, request: AskRequest) -> list[Link]:
    """Return links that search for a word which is suggested in place of a typed one."""
    *before, last = request.questions
    where = str(request.where or "")
    return [
        Link(f"Search for {word}", ask_url([*before, last.replace(typed, word)], where))
        for typed, word in reply.suggested.items()
    ]


def view_answer(
    answer: Answer, reply: Reply, retriever: Retriever, request: AskRequest
) -> AnswerView:
    """Return the view of an answer."""
    text, article = sanitize(answer.text), answer.article
    span = find_answer_span(text, answer.matched, reply.question)
    segments = add_ellipses(add_style(mark_matches(text, answer.matched), span, "likely"), answer)
    is_first = bool(reply.answers) and answer is reply.answers[0]
    return AnswerView(
        segments=segments,
        lead_in=find_lead_in(answer),
        items=find_list(answer),
        title=article.title or article.source,
        facts=join_known(format_date(article.date), article.source, format_place(answer)),
        url=article_url(answer, request),
        copies=answer.copy_notice,
        rating=confidence_word(answer.confidence) if is_first and is_rated(reply) else "",
        rows=evidence_bars(chart_rows(answer, reply, retriever)),
        score=f"{answer.score:.2f}",
        confidence=f"{answer.confidence:.2f}",
    )


def article_url(answer: Answer, request: AskRequest) -> str:
    """Return the address of the article of an answer, at the answer."""
    asked = [("q", question) for question in request.questions]
    place = [("open", answer.article.id), ("start", answer.start), ("end", answer.end)]
    return make_url("/", *place, *asked, ("where", request.where)) + "#answer"


def evidence_bars(rows: Sequence[ChartRow]) -> list[EvidenceBar]:
    """Return the bars of a score's parts, on one scale on which zero has one place."""
    least = min([0, *(row.hundredths for row in rows)])
    span = max([0, *(row.hundredths for row in rows)]) - least or 1
    return [
        EvidenceBar(
            row.name,
            f"{row.hundredths / 100:.2f}",
            round(100 * (min(0, row.hundredths) - least) / span, 2),
            round(100 * abs(row.hundredths) / span, 2),
            row.hundredths < 0,
            row.depth,
        )
        for row in rows
    ]
