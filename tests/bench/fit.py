r"""Fit the weights of the evidence to question sets, and check them on articles held out.

    python tests/bench/fit.py SET.json[:WEIGHT[:each]] …

The questions of a set are asked of a library of its articles; with ``each``, each of the one
article that answers it, as of a single page. Prints Hit@1 of each set, in sample and on each
seventh of the articles by the weights of the other six, then the weights, as they stand in
``bot.retrieval.ranking.FEATURES``. A set of weight 0 is only measured. Deterministic to the digit;
since a follow-up is asked after an answer, run it again with the new weights until they stay. The
weights there are by

    python tests/bench/fit.py wiki.json:1 wiki.json:.6:each \
        news.json:.8 followups.json:.5 tydi-dev.json:.4 selqa-para-dev.json:.5
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.evaluation.question_set import QuestionSet, build_library, read_questions, split_by_article
from bot.evaluation.run import conversation_before, is_hit
from bot.index.postings import Floats, Ints
from bot.retrieval.pipeline import CANDIDATES
from bot.retrieval.ranking import FEATURES
from bot.retrieval.retriever import Retriever

Flags = npt.NDArray[np.bool_]

# The penalty on a squared weight, beside a mean loss per question of about 1.
PENALTY = 3e-4
FOLDS = 7
MAX_STEPS = 50


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions with their candidates.

    ``values`` is ``float64[questions, candidates, features]``. ``right`` and ``exists`` are
    ``bool[questions, candidates]``: whether a candidate answers, and whether there is one. ``fold``
    is ``int[questions]``, by article.
    """

    values: Floats
    right: Flags
    exists: Flags
    fold: Ints

    def select(self, chosen: Flags) -> "Examples":
        """Return the questions that are ``chosen``, ``bool[questions]``."""
        return Examples(
            self.values[chosen], self.right[chosen], self.exists[chosen], self.fold[chosen]
        )


def read_examples(questions: QuestionSet, *, each: bool) -> Examples:
    """Return the answerable questions of a set, of all its articles or of ``each`` alone."""
    if not each:
        return build_examples(questions, Retriever(build_library(questions)))
    parts = []
    for part in split_by_article(questions):
        if any(case.answers for case in part.counted_cases):
            examples = build_examples(part, Retriever(build_library(part)))
            number = questions.articles.index(part.articles[0])
            parts.append(replace(examples, fold=np.full_like(examples.fold, number % FOLDS)))
    return Examples(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Examples.__slots__)
    )


def build_examples(questions: QuestionSet, retriever: Retriever) -> Examples:
    """Return the answerable questions of a set, also those without a right candidate."""
    cases_by_id = {case.identity: case for case in questions.cases}
    cases = [case for case in questions.counted_cases if case.answers]
    shape = (len(cases), CANDIDATES)
    values = np.zeros((*shape, len(FEATURES)))
    right, exists = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for row, case in enumerate(cases):
        question, context = conversation_before(case, cases_by_id, retriever).parse(case.text)
        candidates = retriever.pipeline.score_candidates(question, CANDIDATES, context)
        for column, scored in enumerate(candidates):
            values[row, column] = [*scored.values.values()]
            exists[row, column] = True
            right[row, column] = is_hit(case, retriever.library, scored.hit.sentence)
    fold = np.array([min(case.answers)[0] % FOLDS for case in cases])
    return Examples(values, right, exists, fold)


def fit_weights(sets: Sequence[tuple[Examples, float]]) -> Floats:
    """Return the weights that make the right candidates likeliest, ``float64[features]``.

    A softmax over each question's candidates, by Newton's method with halved steps; the
    losses of each set are averaged, and the averages summed by the sets' weights.
    """
    usable = [
        (each.select(np.asarray(each.right.any(axis=1))), share) for each, share in sets if share
    ]
    weights = np.zeros(len(FEATURES))
    loss, gradient, curvature = loss_derivatives(usable, weights)
    for _ in range(MAX_STEPS):
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (after := loss_derivatives(usable, weights - size * step))[0] > loss and size > 1e-6:
            size /= 2
        weights = weights - size * step
        gain, (loss, gradient, curvature) = loss - after[0], after
        if gain < 1e-9:
            break
    return weights


def loss_derivatives(
    sets: Sequence[tuple[Examples, float]], weights: Floats
) -> tuple[float, Floats, Floats]:
    """Return the loss of ``weights``, its gradient, and a bound on its curvature."""
    size = len(weights)
    loss = PENALTY * float(weights @ weights)
    gradient, curvature = 2 * PENALTY * weights, 2 * PENALTY * np.eye(size)
    for examples, share in sets:
        scores = np.where(examples.exists, examples.values @ weights, -np.inf)
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        chances = odds / odds.sum(axis=1, keepdims=True)
        hits = (chances * examples.right).sum(axis=1)
        target = chances * examples.right / hits[:, None]
        scale = share / len(hits)
        loss -= scale * float(np.log(hits).sum())
        gradient = gradient - scale * np.einsum("qc,qcf->f", target - chances, examples.values)
        means = np.einsum("qc,qcf->qf", chances, examples.values)
        flat = examples.values.reshape(-1, size)
        spread = (flat * chances.reshape(-1, 1)).T @ flat - means.T @ means
        curvature = curvature + scale * spread
    return loss, gradient, curvature


def first_hits(examples: Examples, weights: Floats) -> Floats:
    """Return whether the first answer of each question is right, ``float64[questions]``."""
    scores = np.where(examples.exists, examples.values @ weights, -np.inf)
    first = scores.argmax(axis=1)
    hits: Floats = examples.right[np.arange(len(first)), first].astype(np.float64)
    return hits


class Source(NamedTuple):
    """A set on the command line: its file, its weight, and whether each article is asked alone."""

    name: str
    weight: float
    each: bool


def parse_source(argument: str) -> Source:
    """Return the source ``SET.json[:WEIGHT[:each]]``."""
    name, *options = argument.split(":")
    return Source(name, float(options[0]) if options else 1.0, options[1:] == ["each"])


def main(arguments: Sequence[str]) -> None:
    """Fit, check and print."""
    sources = [*map(parse_source, arguments)]
    examples = [
        read_examples(read_questions(Path(source.name)), each=source.each) for source in sources
    ]
    sets = [(each, source.weight) for each, source in zip(examples, sources, strict=True)]
    weights = fit_weights(sets)
    held_out: list[list[Floats]] = [[] for _ in sets]
    for fold in range(FOLDS):
        rest = [(each.select(np.not_equal(each.fold, fold)), share) for each, share in sets]
        rest_weights = fit_weights(rest)
        for each, hits in zip(examples, held_out, strict=True):
            hits.append(first_hits(each.select(np.equal(each.fold, fold)), rest_weights))
    for source, each, hits in zip(sources, examples, held_out, strict=True):
        inside, outside = first_hits(each, weights).mean(), np.concatenate(hits).mean()
        reach = each.right.any(axis=1).mean()
        name = f"{source.name}, each" if source.each else source.name
        print(f"{name}: in sample {inside:.3f}, held out {outside:.3f}, reachable {reach:.3f}")
    for feature, weight in zip(FEATURES, weights, strict=True):
        print(f"{feature:>17} {weight:7.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
