"""A question set, asked: what became of each question, and what was answered in place of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot.articles.library import Library
from bot.evaluation.metrics import Metrics, Outcome, compute_metrics
from bot.evaluation.peers import peers
from bot.evaluation.question_set import Case, QuestionSet, build_library, read_questions
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.conversation import Conversation
from bot.retrieval.retriever import Retriever

# Answers looked at for the reciprocal rank.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class EvaluatedCase:
    """A question of a set, what was answered, and what that comes to."""

    case: Case
    ranked: tuple[Answer, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A question set measured; ``peers`` are the shares that others answer right first."""

    questions: QuestionSet
    library: Library
    asked: tuple[EvaluatedCase, ...]
    figures: Metrics
    peers: Mapping[str, float]


def evaluate(file: Path, *, with_peers: bool = False) -> Evaluation:
    """Return what a question set comes to; ``BrokenQuestions`` where it is not in its format."""
    questions = read_questions(file)
    articles = build_library(questions)
    asked = tuple(run(questions, Retriever(articles)))
    others = peers(questions, articles) if with_peers else {}
    return Evaluation(
        questions, articles, asked, compute_metrics([one.outcome for one in asked]), others
    )


def run(questions: QuestionSet, retriever: Retriever) -> Iterator[EvaluatedCase]:
    """Ask ``retriever`` the questions that count, each follow-up in a conversation of its own."""
    library = retriever.library
    before = {case.identity: case for case in questions.cases}
    for case in questions.asked:
        ask = conversation_before(case, before, retriever).ask if case.follows else retriever.ask
        start = perf_counter()
        reply = ask(case.text, DEPTH)
        seconds = perf_counter() - start
        ranked = reply.answers or reply.nearest
        right = [
            rank
            for rank, answer in enumerate(ranked, 1)
            if is_right(case, library.sentence(answer.number).article, answer)
        ]
        yield EvaluatedCase(case, ranked, outcome(case, reply, min(right, default=0), seconds))


def conversation_before(
    case: Case, before: Mapping[str, Case], retriever: Retriever
) -> Conversation:
    """Return a conversation in which ``case`` comes next: after the questions that it follows."""
    earlier, follows = [], case.follows
    while follows:
        earlier.append(before[follows])
        follows = before[follows].follows
    talk = Conversation(retriever)
    for said in reversed(earlier):
        talk.ask(said.text)
    return talk


def is_right(case: Case, article: int, answer: Answer) -> bool:
    """Return whether ``answer`` holds the first character of an annotated one."""
    return any(
        article == number and answer.start <= place < answer.end for number, place in case.places
    )


def outcome(case: Case, reply: Reply, rank: int, seconds: float) -> Outcome:
    """Return what a reply comes to."""
    ranked = reply.answers or reply.nearest
    return Outcome(
        answerable=bool(case.places),
        rank=rank,
        confidence=ranked[0].confidence if ranked else 0.0,
        silent=reply.silence is not None,
        words=len(ranked[0].text.split()) if ranked else 0,
        seconds=seconds,
    )


def right_sentences(case: Case, library: Library) -> Iterator[str]:
    """Yield the sentences that answer ``case``, each once, in reading order."""
    for article in sorted({article for article, _ in case.places}):
        for number in library.sentence_numbers(article):
            sentence = library.sentence(number)
            if any(
                (article, place) in case.places for place in range(sentence.start, sentence.end)
            ):
                yield library.sentence_text(number)
