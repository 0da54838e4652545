"""Ask the questions of a set, and compare each reply with the annotated answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from bot.articles.library import Library
from bot.articles.searched_library import SearchedLibrary
from bot.evaluation.metrics import Metrics, Outcome, compute_metrics
from bot.evaluation.question_set import (
    Case,
    QuestionSet,
    build_library,
    read_questions,
    split_by_article,
)
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.conversation import Conversation
from bot.retrieval.retriever import Retriever

# Answers that count for the reciprocal rank.
MAX_RANK = 10


@dataclass(frozen=True, slots=True)
class EvaluatedCase:
    """A question of a set with its answers, best first, and their outcome.

    ``right`` are the sentences that answer it, if the first answer does not.
    """

    case: Case
    answers: tuple[Answer, ...]
    outcome: Outcome
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A question set with its results; ``cases`` are the questions that count."""

    questions: QuestionSet
    cases: tuple[EvaluatedCase, ...]
    metrics: Metrics


def evaluate(
    file: Path, *, each: bool = False, retrieve: Callable[[Library], Retriever] = Retriever
) -> Evaluation:
    """Ask the questions of a file in SQuAD format. Raises QuestionSetError.

    With ``each``, every article is a library of its own, and is asked its own questions.
    ``retrieve`` makes the retriever of a library.

    >>> import json
    >>> from tempfile import TemporaryDirectory
    >>> context = "It rained. Ada Thorne designed the bridge."
    >>> question = {"id": "1", "question": "Who designed the bridge?"}
    >>> question["answers"] = [{"text": "Ada Thorne", "answer_start": 11}]
    >>> paragraph = {"context": context, "qas": [question]}
    >>> data = {"data": [{"title": "The bridge", "paragraphs": [paragraph]}]}
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "set.json")
    ...     _ = file.write_text(json.dumps(data))
    ...     evaluate(file).metrics.hit_1
    1.0
    """
    questions = read_questions(file)
    parts = split_by_article(questions) if each else iter([questions])
    cases = tuple(
        case for part in parts for case in evaluate_cases(part, retrieve(build_library(part)))
    )
    return Evaluation(questions, cases, compute_metrics([case.outcome for case in cases]))


def evaluate_cases(questions: QuestionSet, retriever: Retriever) -> Iterator[EvaluatedCase]:
    """Ask the questions that count, each follow-up in a conversation of its own."""
    cases_by_id = {case.identity: case for case in questions.cases}
    articles = [number for number, _ in retriever.library.numbered_listings()]
    for counted in questions.counted_cases:
        places = frozenset((articles[row], position) for row, position in counted.answers)
        case = replace(counted, answers=places)
        asker = conversation_before(case, cases_by_id, retriever) if case.follows else retriever
        start = perf_counter()
        reply = asker.ask(case.text, MAX_RANK)
        seconds = perf_counter() - start
        answers = reply.answers or reply.nearest
        # A copy of an answer is a sentence that ranks right behind it.
        numbers = [
            number
            for answer in answers
            for number in (answer.number, *(copy.number for copy in answer.copies))
        ]
        right_ranks = [
            rank
            for rank, number in enumerate(numbers[:MAX_RANK], 1)
            if is_hit(case, retriever.library, number)
        ]
        outcome = measure_reply(case, reply, min(right_ranks, default=0), seconds)
        right = () if outcome.rank == 1 else tuple(right_sentences(case, retriever.library))
        yield EvaluatedCase(case, answers, outcome, right)


def conversation_before(
    case: Case, cases_by_id: Mapping[str, Case], retriever: Retriever
) -> Conversation:
    """Return a conversation in which the questions that ``case`` follows have been asked."""
    previous, follows = [], case.follows
    while follows:
        previous.append(cases_by_id[follows])
        follows = cases_by_id[follows].follows
    conversation = Conversation(retriever)
    for each in reversed(previous):
        conversation.ask(each.text)
    return conversation


def is_hit(case: Case, library: SearchedLibrary, number: int) -> bool:
    """Return whether sentence ``number`` has the first character of an annotated answer."""
    sentence = library.sentence(number)
    return any(
        article == sentence.article and sentence.start <= position < sentence.end
        for article, position in case.answers
    )


def measure_reply(case: Case, reply: Reply, rank: int, seconds: float) -> Outcome:
    """Return the outcome of a reply whose first right answer has the given rank, 0 for none."""
    answers = reply.answers or reply.nearest
    return Outcome(
        answerable=bool(case.answers),
        rank=rank,
        confidence=answers[0].confidence if answers else 0.0,
        silent=reply.silence is not None,
        words=len(answers[0].text.split()) if answers else 0,
        seconds=seconds,
        answerability=reply.answerability,
        kind=reply.question.kind.value,
    )


def right_sentences(case: Case, library: SearchedLibrary) -> Iterator[str]:
    """Yield the sentences that answer ``case``, in reading order."""
    for article in sorted({article for article, _ in case.answers}):
        for number in library.sentence_numbers(article):
            if is_hit(case, library, number):
                yield library.sentence_text(number)
