"""Fit the confidence to question sets, and check it on articles kept aside.

    python tests/bench/calibrate.py SET.json …

A set whose questions all have an answer is also asked with every other article taken away: one
of follow-ups as it is, since no set has follow-ups without an answer; any other in small
libraries, where words are less rare beside each other. The sets weigh the same.

Prints the constants of ``bot.retrieval.confidence``; then, each fifth of the articles by the
constants of the other four, what share of the first answers in each tenth of confidence was
right, how well confidence parts the answerable from the impossible (AUROC), and what each
threshold silences. Repeatable to the digit.
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
from bot.evaluation.run import conversation_before
from bot.index.postings import Floats, Ints
from bot.retrieval.confidence import SIGNALS
from bot.retrieval.retriever import CANDIDATES, Retriever

FOLDS = 5
# A small library has so many characters, some 700 sentences.
SMALL = 90_000
THRESHOLDS = (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class First:
    """The first answers of a set: ``signals`` is ``float64[questions, signals]``.

    ``right`` and ``answerable`` are ``bool[questions]``, ``fold`` ``int[questions]``, by article.
    """

    signals: Floats
    right: Flags
    answerable: Flags
    fold: Ints


def firsts(path: Path) -> dict[str, First]:
    """Return the first answers of a set, and those with half of its articles gone."""
    questions = read_questions(path)
    found = {str(path): first(questions, questions)}
    whole = range(len(questions.articles))
    if any(case.follows for case in questions.cases):
        found[f"{path}, half taken away"] = first(questions, half(questions, whole))
    elif all(case.places for case in questions.cases):
        parts = [first(questions, half(questions, part)) for part in small(questions)]
        found[f"{path}, small, half taken away"] = First(
            *(np.concatenate([getattr(one, name) for one in parts]) for name in First.__slots__)
        )
    return found


def small(questions: QuestionSet) -> Iterator[range]:
    """Yield the numbers of neighbouring articles that together are of some length."""
    start, length = 0, 0
    for number, article in enumerate(questions.articles):
        length += len(article.text)
        if length > 2 * SMALL or number + 1 == len(questions.articles):
            yield range(start, number + 1)
            start, length = number + 1, 0


def half(questions: QuestionSet, part: range) -> QuestionSet:
    """Return what is asked of a part of the articles, every other one's text taken away."""
    kept = frozenset(part[::2])
    articles = tuple(
        article if number in kept else Article(article.title, article.source, "")
        for number, article in enumerate(questions.articles)
    )
    cases = tuple(
        replace(case, places=frozenset(place for place in case.places if place[0] in kept))
        for case in questions.cases
        if any(article in part for article, _ in case.places)
    )
    return replace(questions, articles=articles, cases=cases)


def first(whole: QuestionSet, questions: QuestionSet) -> First:
    """Return the first answers of a set; a question that shares no word is left out."""
    retriever = Retriever(build_library(questions))
    before = {case.identity: case for case in whole.cases}
    rows: list[list[float]] = []
    right, answerable, fold = [], [], []
    for case in questions.asked:
        understood, earlier = conversation_before(case, before, retriever).parse(case.text)
        for weighed in retriever.score_candidates(understood, CANDIDATES, earlier)[:1]:
            sentence = retriever.library.sentence(weighed.hit.sentence)
            rows.append([signal(weighed) for signal in SIGNALS.values()])
            right.append(
                any(
                    sentence.article == article and sentence.start <= place < sentence.end
                    for article, place in case.places
                )
            )
            answerable.append(bool(case.places))
            fold.append(sentence.article % FOLDS)
    return First(np.array(rows), np.array(right), np.array(answerable), np.array(fold))


def logistic(values: Floats, right: Flags, shares: Floats) -> Floats:
    """Return intercept and weights of a logistic regression, by Newton's method."""
    rows = np.c_[np.ones(len(values)), values]
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ ((chances - right) * shares)
        curvature = (rows * (shares * chances * (1 - chances))[:, None]).T @ rows
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def betas(values: Floats, weights: Floats) -> Floats:
    """Return ln p and -ln(1 - p) of the logistic's chances, ``float64[questions, 2]``."""
    odds = weights[0] + values @ weights[1:]
    both: Floats = np.stack([-np.logaddexp(0, -odds), np.logaddexp(0, odds)], axis=1)
    return both


def fitted(sets: Sequence[First], chosen: Sequence[Flags]) -> tuple[Floats, Floats]:
    """Return the logistic and the beta calibration of the ``chosen`` rows of each set."""
    values = np.concatenate([one.signals[rows] for one, rows in zip(sets, chosen, strict=True)])
    right = np.concatenate([one.right[rows] for one, rows in zip(sets, chosen, strict=True)])
    shares = np.concatenate([np.full(int(rows.sum()), 1 / int(rows.sum())) for rows in chosen])
    weights = logistic(values, right, shares)
    return weights, logistic(betas(values, weights), right, shares)


def chances(values: Floats, weights: Floats, beta: Floats) -> Floats:
    """Return the confidence of rows of signals."""
    odds = beta[0] + betas(values, weights) @ beta[1:]
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


def main(paths: Sequence[str]) -> None:
    """Fit, check and print."""
    named = {name: one for path in paths for name, one in firsts(Path(path)).items()}
    sets = [*named.values()]
    weights, beta = fitted(sets, [np.ones(len(one.right), np.bool_) for one in sets])
    print(f"INTERCEPT {weights[0]:.3f}")
    for name, weight in zip(SIGNALS, weights[1:], strict=True):
        print(f"{name:>10} {weight:.3f}")
    print(f"BETA {beta[1]:.3f}, {beta[2]:.3f}, {beta[0]:.3f}")
    aside = [np.zeros(len(one.right)) for one in sets]
    for fold in range(FOLDS):
        rest = fitted(sets, [np.not_equal(one.fold, fold) for one in sets])
        for one, found in zip(sets, aside, strict=True):
            rows = np.equal(one.fold, fold)
            found[rows] = chances(one.signals[rows], *rest)
    for name, one, found in zip(named, sets, aside, strict=True):
        report(name, one, found)
    print("all:", tenths(np.concatenate([one.right for one in sets]), np.concatenate(aside)))


def report(name: str, one: First, found: Floats) -> None:
    """Print how far the confidences ``found`` of a set can be trusted."""
    inside, outside = found[one.answerable].tolist(), found[~one.answerable].tolist()
    print(f"{name}: {tenths(one.right, found)}")
    if outside:
        print(f"  AUROC {auroc(inside, outside):.3f}")
    for threshold in THRESHOLDS:
        lost = np.mean(np.less(inside, threshold))
        kept = f", kept {np.mean(np.less(outside, threshold)):.3f}" if outside else ""
        print(f"  below {threshold}: false {lost:.3f}{kept}")


def tenths(right: Flags, found: Floats) -> str:
    """Return the mean confidence and the share that was right, in each tenth of confidence."""
    tenth = np.minimum((found * 10).astype(np.int64), 9)
    rows = [np.equal(tenth, number) for number in range(10)]
    return " ".join(f"{found[r].mean():.2f}→{right[r].mean():.2f}" for r in rows if r.any())


if __name__ == "__main__":
    main(sys.argv[1:])
