"""Measure what a library of many languages costs each of them.

    python tests/bench/mixed.py [EVERY] ar.xquad.json de.xquad.json …

Each set's articles are a library, and then those of all sets together. Prints for each set Hit@1
and false silences in both, and the share of questions that were read in another language than
alone. With EVERY, a number, only each so many-th question is asked.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.evaluation.metrics import Metrics, compute_metrics
from bot.evaluation.question_set import Case, QuestionSet, build_library, read_questions
from bot.evaluation.run import evaluate_cases
from bot.retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a set's questions in one library, and the language in which each was read."""

    metrics: Metrics
    languages: tuple[str, ...]


def sample_questions(questions: QuestionSet, every: int) -> QuestionSet:
    """Return ``questions`` with each so many-th of its cases."""
    return replace(questions, cases=questions.counted_cases[::every])


def join_sets(sets: Sequence[QuestionSet]) -> Iterator[QuestionSet]:
    """Yield each set with the articles of all."""
    articles = tuple(article for questions in sets for article in questions.articles)
    first = 0
    for questions in sets:
        cases = tuple(shift_case(case, first) for case in questions.cases)
        yield replace(questions, articles=articles, cases=cases)
        first += len(questions.articles)


def shift_case(case: Case, first: int) -> Case:
    """Return ``case``, of whose articles ``first`` is the number of the first."""
    answers = frozenset((article + first, position) for article, position in case.answers)
    return replace(case, answers=answers, article=case.article + first)


def measure(questions: QuestionSet, retriever: Retriever) -> Measured:
    """Return the figures of the questions of a set that ``retriever`` answers."""
    cases = [*evaluate_cases(questions, retriever)]
    languages = (retriever.pipeline.parse(case.case.text).language.code for case in cases)
    return Measured(compute_metrics([case.outcome for case in cases]), tuple(languages))


def main(arguments: Sequence[str]) -> None:
    """Print a row for each set."""
    every = int(arguments[0]) if arguments[0].isdecimal() else 1
    files = arguments[1:] if arguments[0].isdecimal() else arguments
    sets = [sample_questions(read_questions(Path(file)), every) for file in files]
    joined = [*join_sets(sets)]
    together = Retriever(build_library(joined[0]))
    print(f"{'':16}Hit@1 alone  together   silences alone  together   other language")
    for questions, case in zip(sets, joined, strict=True):
        alone = measure(questions, Retriever(build_library(questions)))
        mixed = measure(case, together)
        mistaken = sum(map(str.__ne__, alone.languages, mixed.languages)) / len(mixed.languages)
        print(
            f"{Path(questions.file).name:16}{alone.metrics.hit_1:10.1%}{mixed.metrics.hit_1:10.1%}"
            f"{alone.metrics.false_silences:17.1%}{mixed.metrics.false_silences:10.1%}"
            f"{mistaken:15.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
