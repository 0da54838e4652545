"""Fit the weights of the evidence to question sets, and check them on articles kept aside.

    python tests/bench/fit.py SET.json[:WEIGHT] …

All questions are asked of one library, that of all sets' articles, so that nothing is learnt
that holds only where all articles are alike, of one paragraph each for one. Prints Hit@1 of
each set, in sample and on each seventh of the articles by the weights of the other six, then
the weights, as they stand in ``bot.retrieval.ranking.FEATURES``. Repeatable to the digit: no
random number is drawn.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.articles.article import Article
from bot.evaluation.question_set import Case, QuestionSet, build_library, read_questions
from bot.evaluation.run import conversation_before
from bot.index.postings import Floats, Ints
from bot.retrieval.ranking import FEATURES
from bot.retrieval.retriever import CANDIDATES, Retriever

Flags = npt.NDArray[np.bool_]

# The penalty on a squared weight, beside a mean loss a question of about 1.
PENALTY = 1e-4
FOLDS = 7


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions with their candidates, and the weight of each question in the loss.

    ``values`` is ``float64[questions, candidates, features]``, ``right`` and ``there``
    ``bool[questions, candidates]``: whether a candidate answers, and whether there is one.
    ``fold`` is ``int[questions]``, by article.
    """

    values: Floats
    right: Flags
    there: Flags
    fold: Ints

    def of(self, chosen: Flags) -> "Examples":
        """Return the examples that are ``chosen``."""
        return Examples(
            self.values[chosen], self.right[chosen], self.there[chosen], self.fold[chosen]
        )


def together(sets: Sequence[QuestionSet]) -> list[QuestionSet]:
    """Return the sets with the articles of all, each distinct text once."""
    distinct = [*{article.text: article for one in sets for article in one.articles}.values()]
    numbers = {article.text: number for number, article in enumerate(distinct)}

    def moved(case: Case, own: Sequence[Article]) -> Case:
        places = ((numbers[own[article].text], place) for article, place in case.places)
        return replace(case, places=frozenset(places))

    return [
        replace(
            one,
            articles=tuple(distinct),
            cases=tuple(moved(case, one.articles) for case in one.cases),
        )
        for one in sets
    ]


def examples(questions: QuestionSet, retriever: Retriever) -> Examples:
    """Return the answerable questions of a set; those without a right candidate stay in."""
    before = {case.identity: case for case in questions.cases}
    cases = [case for case in questions.asked if case.places]
    shape = (len(cases), CANDIDATES)
    values = np.zeros((*shape, len(FEATURES)))
    right, there = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for row, case in enumerate(cases):
        understood, earlier = conversation_before(case, before, retriever).parse(case.text)
        for column, weighed in enumerate(
            retriever.score_candidates(understood, CANDIDATES, earlier)
        ):
            values[row, column] = [*weighed.values.values()]
            there[row, column] = True
            right[row, column] = is_right(case, retriever, weighed.hit.sentence)
    fold = np.array([next(iter(sorted(case.places)))[0] % FOLDS for case in cases])
    return Examples(values, right, there, fold)


def is_right(case: Case, retriever: Retriever, number: int) -> bool:
    """Return whether the sentence holds the first character of an annotated answer."""
    sentence = retriever.library.sentence(number)
    return any(
        article == sentence.article and sentence.start <= place < sentence.end
        for article, place in case.places
    )


def fitted(sets: Sequence[tuple[Examples, float]]) -> Floats:
    """Return the weights that make the right candidates likeliest, ``float64[features]``.

    A softmax over each question's candidates, by Newton's method with halved steps; the
    losses of each set are averaged, and the averages summed by the sets' weights.
    """
    usable = [(one.of(np.asarray(one.right.any(axis=1))), weight) for one, weight in sets]
    weights = np.zeros(len(FEATURES))
    loss, gradient, curvature = slope(usable, weights)
    for _ in range(50):
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (after := slope(usable, weights - size * step))[0] > loss and size > 1e-6:
            size /= 2
        weights = weights - size * step
        gain, (loss, gradient, curvature) = loss - after[0], after
        if gain < 1e-9:
            break
    return weights


def slope(sets: Sequence[tuple[Examples, float]], weights: Floats) -> tuple[float, Floats, Floats]:
    """Return the loss of ``weights``, its gradient, and a bound on its curvature."""
    size = len(weights)
    loss = PENALTY * float(weights @ weights)
    gradient, curvature = 2 * PENALTY * weights, 2 * PENALTY * np.eye(size)
    for one, share in sets:
        scores = np.where(one.there, one.values @ weights, -np.inf)
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        chances = odds / odds.sum(axis=1, keepdims=True)
        hits = (chances * one.right).sum(axis=1)
        goal = chances * one.right / hits[:, None]
        each = share / len(hits)
        loss -= each * float(np.log(hits).sum())
        gradient = gradient - each * np.einsum("qc,qcf->f", goal - chances, one.values)
        means = np.einsum("qc,qcf->qf", chances, one.values)
        flat = one.values.reshape(-1, size)
        spread = (flat * chances.reshape(-1, 1)).T @ flat - means.T @ means
        curvature = curvature + each * spread
    return loss, gradient, curvature


def hits(one: Examples, weights: Floats) -> Floats:
    """Return whether the first answer of each question is right, ``float64[questions]``."""
    scores = np.where(one.there, one.values @ weights, -np.inf)
    first = scores.argmax(axis=1)
    found: Floats = one.right[np.arange(len(first)), first].astype(np.float64)
    return found


def main(arguments: Sequence[str]) -> None:
    """Fit, check and print."""
    named = [argument.rpartition(":") for argument in arguments]
    names = [path or weight for path, _, weight in named]
    questions = together([read_questions(Path(name)) for name in names])
    retriever = Retriever(build_library(questions[0]))
    shares = [float(weight) if path else 1.0 for path, _, weight in named]
    sets = [(examples(one, retriever), share) for one, share in zip(questions, shares, strict=True)]
    weights = fitted(sets)
    aside: list[list[Floats]] = [[] for _ in sets]
    for fold in range(FOLDS):
        rest = fitted([(one.of(np.not_equal(one.fold, fold)), weight) for one, weight in sets])
        for (one, _), found in zip(sets, aside, strict=True):
            found.append(hits(one.of(np.equal(one.fold, fold)), rest))
    for name, (one, _), found in zip(names, sets, aside, strict=True):
        inside, outside = hits(one, weights).mean(), np.concatenate(found).mean()
        reach = one.right.any(axis=1).mean()
        print(f"{name}: in sample {inside:.3f}, kept aside {outside:.3f}, reachable {reach:.3f}")
    for feature, weight in zip(FEATURES, weights, strict=True):
        print(f"{feature:>16} {weight:7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
