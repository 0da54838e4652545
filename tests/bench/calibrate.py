"""Fit the confidence to question sets, and check it on held-out articles.

    python tests/bench/calibrate.py SET.json …

A set whose questions all have an answer is also asked with every other article taken away. Sets of
follow-ups are asked so as they are, because no set has follow-ups without an answer; any other in
small libraries, where idf varies less. All sets weigh the same.

Prints the constants of ``bot.retrieval.confidence``. Then, for each fifth of the articles by the
constants of the other four: which share of the first answers in each tenth of confidence is right,
how well confidence separates the answerable from the impossible questions (AUROC), and the share
that each threshold silences. Deterministic to the digit.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.articles.article import Article
from bot.evaluation.metrics import auroc
from bot.evaluation.question_set import QuestionSet, build_library, read_questions
from bot.evaluation.run import conversation_before, is_hit
from bot.index.postings import Floats, Ints
from bot.retrieval.confidence import SIGNALS
from bot.retrieval.retriever import CANDIDATES, Retriever

FOLDS = 5
NEWTON_STEPS = 60
# The characters of a small library, some 700 sentences.
SMALL_LIBRARY = 90_000
THRESHOLDS = (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """The first answers of a set: ``signals`` is ``float64[questions, signals]``.

    ``right`` and ``answerable`` are ``bool[questions]``, ``fold`` ``int[questions]``, by article.
    """

    signals: Floats
    right: Flags
    answerable: Flags
    fold: Ints


def first_answers_by_variant(path: Path) -> dict[str, FirstAnswers]:
    """Return the first answers of a set, and those with half of its articles taken away."""
    questions = read_questions(path)
    variants = {str(path): first_answers(questions, questions)}
    everything = range(len(questions.articles))
    if any(case.follows for case in questions.cases):
        halved = take_half_away(questions, everything)
        variants[f"{path}, half taken away"] = first_answers(questions, halved)
    elif all(case.answers for case in questions.cases):
        parts = [
            first_answers(questions, take_half_away(questions, part))
            for part in small_libraries(questions)
        ]
        variants[f"{path}, small, half taken away"] = FirstAnswers(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in FirstAnswers.__slots__
            )
        )
    return variants


def small_libraries(questions: QuestionSet) -> Iterator[range]:
    """Yield ranges of article numbers that have the length of two small libraries."""
    start, length = 0, 0
    for number, article in enumerate(questions.articles):
        length += len(article.text)
        if length > 2 * SMALL_LIBRARY or number + 1 == len(questions.articles):
            yield range(start, number + 1)
            start, length = number + 1, 0


def take_half_away(questions: QuestionSet, part: range) -> QuestionSet:
    """Return the questions about a part of the articles, with every other article empty."""
    remaining = frozenset(part[::2])
    articles = tuple(
        article if number in remaining else Article(article.title, article.source, "")
        for number, article in enumerate(questions.articles)
    )
    cases = tuple(
        replace(
            case, answers=frozenset(answer for answer in case.answers if answer[0] in remaining)
        )
        for case in questions.cases
        if any(article in part for article, _ in case.answers)
    )
    return replace(questions, articles=articles, cases=cases)


def first_answers(whole: QuestionSet, questions: QuestionSet) -> FirstAnswers:
    """Return the first answers of a set; questions without an answer at all are left out.

    ``whole`` is the set with all of its questions, which follow-ups follow.
    """
    retriever = Retriever(build_library(questions))
    cases_by_id = {case.identity: case for case in whole.cases}
    rows: list[list[float]] = []
    right, answerable, fold = [], [], []
    for case in questions.counted_cases:
        question, context = conversation_before(case, cases_by_id, retriever).parse(case.text)
        for scored in retriever.score_candidates(question, CANDIDATES, context)[:1]:
            rows.append([signal(scored) for signal in SIGNALS.values()])
            right.append(is_hit(case, retriever.library, scored.hit.sentence))
            answerable.append(bool(case.answers))
            fold.append(retriever.library.sentence(scored.hit.sentence).article % FOLDS)
    return FirstAnswers(np.array(rows), np.array(right), np.array(answerable), np.array(fold))


def fit_logistic(values: Floats, right: Flags, shares: Floats) -> Floats:
    """Return intercept and weights of a logistic regression, by Newton's method."""
    rows = np.c_[np.ones(len(values)), values]
    weights = np.zeros(rows.shape[1])
    for _ in range(NEWTON_STEPS):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ ((chances - right) * shares)
        curvature = (rows * (shares * chances * (1 - chances))[:, None]).T @ rows
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def beta_inputs(values: Floats, weights: Floats) -> Floats:
    """Return ln p and -ln(1 - p) of the logistic's probabilities, ``float64[questions, 2]``."""
    odds = weights[0] + values @ weights[1:]
    inputs: Floats = np.stack([-np.logaddexp(0, -odds), np.logaddexp(0, odds)], axis=1)
    return inputs


def fit_confidence(sets: Sequence[FirstAnswers], chosen: Sequence[Flags]) -> tuple[Floats, Floats]:
    """Return the logistic and the beta calibration of the ``chosen`` rows of each set."""
    pairs = [*zip(sets, chosen, strict=True)]
    values = np.concatenate([each.signals[rows] for each, rows in pairs])
    right = np.concatenate([each.right[rows] for each, rows in pairs])
    shares = np.concatenate([np.full(int(rows.sum()), 1 / int(rows.sum())) for rows in chosen])
    weights = fit_logistic(values, right, shares)
    return weights, fit_logistic(beta_inputs(values, weights), right, shares)


def confidences(values: Floats, weights: Floats, beta: Floats) -> Floats:
    """Return the confidence of rows of signals."""
    odds = beta[0] + beta_inputs(values, weights) @ beta[1:]
    result: Floats = 1 / (1 + np.exp(-odds))
    return result


def main(paths: Sequence[str]) -> None:
    """Fit, check and print."""
    variants = {
        name: first
        for path in paths
        for name, first in first_answers_by_variant(Path(path)).items()
    }
    sets = [*variants.values()]
    weights, beta = fit_confidence(sets, [np.ones(len(each.right), np.bool_) for each in sets])
    print(f"INTERCEPT {weights[0]:.3f}")
    for name, weight in zip(SIGNALS, weights[1:], strict=True):
        print(f"{name:>14} {weight:.3f}")
    print(f"BETA {beta[1]:.3f}, {beta[2]:.3f}, {beta[0]:.3f}")
    held_out = [np.zeros(len(each.right)) for each in sets]
    for fold in range(FOLDS):
        constants = fit_confidence(sets, [np.not_equal(each.fold, fold) for each in sets])
        for each, result in zip(sets, held_out, strict=True):
            rows = np.equal(each.fold, fold)
            result[rows] = confidences(each.signals[rows], *constants)
    for name, each, result in zip(variants, sets, held_out, strict=True):
        print_reliability(name, each, result)
    right = np.concatenate([each.right for each in sets])
    print("all:", format_tenths(right, np.concatenate(held_out)))


def print_reliability(name: str, first: FirstAnswers, confidence: Floats) -> None:
    """Print how well the confidence of a set's first answers predicts that they are right."""
    inside = confidence[first.answerable].tolist()
    outside = confidence[~first.answerable].tolist()
    print(f"{name}: {format_tenths(first.right, confidence)}")
    if outside:
        print(f"  AUROC {auroc(inside, outside):.3f}")
    for threshold in THRESHOLDS:
        false = np.mean(np.less(inside, threshold))
        kept = f", kept {np.mean(np.less(outside, threshold)):.3f}" if outside else ""
        print(f"  below {threshold}: false {false:.3f}{kept}")


def format_tenths(right: Flags, confidence: Floats) -> str:
    """Return the mean confidence and the share that is right, in each tenth of confidence."""
    tenth = np.minimum((confidence * 10).astype(np.int64), 9)
    rows = [np.equal(tenth, number) for number in range(10)]
    return " ".join(f"{confidence[r].mean():.2f}→{right[r].mean():.2f}" for r in rows if r.any())


if __name__ == "__main__":
    main(sys.argv[1:])
