r"""Fit silence and confidence to question sets, and check both on articles held out.

    python tests/bench/calibrate.py SET.json[:WEIGHT[:pages|small|half]] …

``small`` makes of a set libraries of some 700 sentences, and ``half`` one library, with every
other article taken away, so that half of the questions have no answer there; ``pages`` makes of
each article a library of its own, which is asked the next article's questions, too. WEIGHT is that
of the set in what silence is fitted to; a set of weight 0 is used for the confidence alone. There
all sets weigh the same, and only questions are used that are not met with silence.

Prints the constants of ``bot.retrieval.confidence``; then, each fifth of the articles by the
constants of the other four, what each threshold silences, how well the two are parted (AUROC),
and what share of the first answers shown in each tenth of confidence was right. Deterministic to
the digit. The constants there are by

    python tests/bench/calibrate.py silence-article.json:1 silence-paragraph.json:3 \
        tydi-gone-dev.json:1.6 wiki.json:.5 news.json:.9 followups.json:.5 tydi-dev.json:.7 \
        selqa-para-dev.json:.5 selqa-plain-dev.json:.5 noise-keyboard-dev.json:.5 \
        noise-asr-dev.json:1 followups.json:.5:half wiki.json:0:small news.json:0:small \
        wiki.json:.15:pages tydi-dev.json:.15:pages selqa-para-dev.json:.15:pages \
        silence-paragraph.json:.15:pages
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.articles.article import Article
from bot.evaluation.metrics import auroc
from bot.evaluation.question_set import (
    QuestionSet,
    build_library,
    read_questions,
    split_by_article,
)
from bot.evaluation.run import conversation_before, is_hit
from bot.index.postings import Floats, Ints
from bot.retrieval.confidence import MIN_ANSWERABILITY, RIGHT_SIGNALS, SIGNALS
from bot.retrieval.pipeline import CANDIDATES
from bot.retrieval.retriever import Retriever

FOLDS = 5
# A small library has so many characters, some 700 sentences.
SMALL = 90_000
THRESHOLDS = (0.45, 0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.6)
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FirstAnswers:
    """The first answers of a set: ``signals`` is ``float64[questions, signals]``.

    The signals are those of ``RIGHT_SIGNALS``, of which ``SIGNALS`` come first. ``right`` and
    ``answerable`` are ``bool[questions]``, ``fold`` ``int[questions]``, by article.
    """

    signals: Floats
    right: Flags
    answerable: Flags
    fold: Ints


def gather(path: Path, mode: str) -> FirstAnswers:
    """Return the first answers of a set, asked in one of the ways above."""
    questions = read_questions(path)
    parts: list[QuestionSet]
    if mode == "pages":
        parts = [*single_pages(questions)]
    elif mode == "small":
        parts = [halve(questions, part) for part in neighbours(questions)]
    elif mode == "half":
        parts = [halve(questions, range(len(questions.articles)))]
    else:
        parts = [questions]
    found = [first_answers(questions, part, number) for number, part in enumerate(parts)]
    return FirstAnswers(
        *(np.concatenate([getattr(one, name) for one in found]) for name in FirstAnswers.__slots__)
    )


def single_pages(questions: QuestionSet) -> Iterator[QuestionSet]:
    """Yield a set for each article: the article alone, its questions, and those of the next."""
    pages = [*split_by_article(questions)]
    for page, other in zip(pages, [*pages[1:], *pages[:1]], strict=True):
        foreign = (replace(case, answers=frozenset()) for case in other.cases)
        yield replace(page, cases=(*page.cases, *foreign))


def neighbours(questions: QuestionSet) -> Iterator[range]:
    """Yield the numbers of neighbouring articles that together are of some length."""
    start, length = 0, 0
    for number, article in enumerate(questions.articles):
        length += len(article.text)
        if length > 2 * SMALL or number + 1 == len(questions.articles):
            yield range(start, number + 1)
            start, length = number + 1, 0


def halve(questions: QuestionSet, part: range) -> QuestionSet:
    """Return what is asked of a part of the articles, every other one's text taken away."""
    kept = frozenset(part[::2])
    articles = tuple(
        article if number in kept else Article(article.title, article.source, "")
        for number, article in enumerate(questions.articles)
    )
    cases = tuple(
        replace(case, answers=frozenset(answer for answer in case.answers if answer[0] in kept))
        for case in questions.cases
        if any(article in part for article, _ in case.answers)
    )
    return replace(questions, articles=articles, cases=cases)


def first_answers(whole: QuestionSet, questions: QuestionSet, number: int) -> FirstAnswers:
    """Return the first answers of a set; a question that shares no word is left out.

    ``number`` is the fold of the set's only article, where there is but one.
    """
    retriever = Retriever(build_library(questions))
    cases_by_id = {case.identity: case for case in whole.cases}
    rows: list[list[float]] = []
    right, answerable, fold = [], [], []
    for case in questions.counted_cases:
        question, context = conversation_before(case, cases_by_id, retriever).parse(case.text)
        for scored in retriever.pipeline.score_candidates(question, CANDIDATES, context)[:1]:
            sentence = retriever.library.sentence(scored.hit.sentence)
            rows.append([signal(scored) for signal in RIGHT_SIGNALS.values()])
            right.append(is_hit(case, retriever.library, sentence.number))
            answerable.append(bool(case.answers))
            article = sentence.article if len(questions.articles) > 1 else number
            fold.append(article % FOLDS)
    shape = (len(rows), len(RIGHT_SIGNALS))
    return FirstAnswers(
        np.array(rows).reshape(shape),
        np.array(right, np.bool_),
        np.array(answerable, np.bool_),
        np.array(fold, np.int64),
    )


def logistic(values: Floats, right: Flags, shares: Floats) -> Floats:
    """Return intercept and weights of a logistic regression, by Newton's method.

    A penalty of 1e-6 keeps the weight of a signal that is always 0 at 0.
    """
    rows = np.c_[np.ones(len(values)), values]
    weights = np.zeros(rows.shape[1])
    for _ in range(60):
        chances = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ ((chances - right) * shares) + 2e-6 * weights
        curvature = (rows * (shares * chances * (1 - chances))[:, None]).T @ rows
        curvature += 2e-6 * np.eye(len(weights))
        weights = weights - np.linalg.solve(curvature, slope)
    return weights


def betas(values: Floats, weights: Floats) -> Floats:
    """Return ln p and -ln(1 - p) of the logistic's chances, ``float64[questions, 2]``."""
    odds = weights[0] + values @ weights[1:]
    both: Floats = np.stack([-np.logaddexp(0, -odds), np.logaddexp(0, odds)], axis=1)
    return both


def chances(values: Floats, weights: Floats) -> Floats:
    """Return the chances of a logistic for rows of signals."""
    found: Floats = 1 / (1 + np.exp(-weights[0] - values @ weights[1:]))
    return found


@dataclass(frozen=True, slots=True)
class Models:
    """The weights of both logistics, each with its intercept first, and the beta calibration."""

    silence: Floats
    right: Floats
    beta: Floats

    def answerability(self, one: FirstAnswers) -> Floats:
        """Return the chance of each question to be answerable."""
        return chances(one.signals[:, : len(SIGNALS)], self.silence)

    def confidence(self, one: FirstAnswers) -> Floats:
        """Return the chance of each first answer to be right."""
        return chances(betas(one.signals, self.right), self.beta)


def fit(sets: Sequence[tuple[FirstAnswers, float]], chosen: Sequence[Flags]) -> Models:
    """Return the models of the ``chosen`` rows of each set."""
    values = np.concatenate(
        [one.signals[rows] for (one, _), rows in zip(sets, chosen, strict=True)]
    )
    right = np.concatenate([one.right[rows] for (one, _), rows in zip(sets, chosen, strict=True)])
    answerable = np.concatenate(
        [one.answerable[rows] for (one, _), rows in zip(sets, chosen, strict=True)]
    )
    of_set = np.repeat(np.arange(len(sets)), [int(rows.sum()) for rows in chosen])
    weights = np.array([weight for _, weight in sets])
    own = values[:, : len(SIGNALS)]
    silence = logistic(own, answerable, weights[of_set] / np.bincount(of_set)[of_set])
    shown = np.greater_equal(chances(own, silence), MIN_ANSWERABILITY)
    of_set = of_set[shown]
    shares = 1 / np.bincount(of_set, minlength=len(sets))[of_set]
    model = logistic(values[shown], right[shown], shares)
    beta = logistic(betas(values[shown], model), right[shown], shares)
    return Models(silence, model, beta)


def main(arguments: Sequence[str]) -> None:
    """Fit, check and print."""
    named: dict[str, tuple[FirstAnswers, float]] = {}
    for argument in arguments:
        path, *how = argument.split(":")
        weight, mode = (*how, *("1", "")[len(how) :])
        named[f"{path}, {mode}" if mode else path] = gather(Path(path), mode), float(weight)
    sets = [*named.values()]
    models = fit(sets, [np.ones(len(one.right), np.bool_) for one, _ in sets])
    print_weights("ANSWERABILITY", SIGNALS, models.silence)
    print_weights("RIGHT", RIGHT_SIGNALS, models.right)
    print(f"BETA {models.beta[1]:.3f}, {models.beta[2]:.3f}, {models.beta[0]:.3f}")
    answerable = [np.zeros(len(one.right)) for one, _ in sets]
    confident = [np.zeros(len(one.right)) for one, _ in sets]
    for fold in range(FOLDS):
        model = fit(sets, [np.not_equal(one.fold, fold) for one, _ in sets])
        for (one, _), first, second in zip(sets, answerable, confident, strict=True):
            rows = np.equal(one.fold, fold)
            first[rows] = model.answerability(one)[rows]
            second[rows] = model.confidence(one)[rows]
    for (name, (one, _)), first, second in zip(named.items(), answerable, confident, strict=True):
        report(name, one, first, second)
    shown = [np.greater_equal(one, MIN_ANSWERABILITY) for one in answerable]
    right = [one.right[rows] for (one, _), rows in zip(sets, shown, strict=True)]
    sure = [one[rows] for one, rows in zip(confident, shown, strict=True)]
    print("all:", tenths(np.concatenate(right), np.concatenate(sure)))


def print_weights(label: str, signals: Mapping[str, object], weights: Floats) -> None:
    """Print a logistic as it stands in ``bot.retrieval.confidence``."""
    print(f"{label}_INTERCEPT {weights[0]:.3f}")
    for name, weight in zip(signals, weights[1:], strict=True):
        print(f"{name:>17} {weight:.3f}")


def report(name: str, one: FirstAnswers, answerable: Floats, confidence: Floats) -> None:
    """Print how far silence and confidence of a set can be trusted."""
    inside, outside = answerable[one.answerable], answerable[~one.answerable]
    shown = np.greater_equal(answerable, MIN_ANSWERABILITY)
    print(f"{name}: {tenths(one.right[shown], confidence[shown])}")
    if outside.size:
        print(f"  AUROC {auroc(inside.tolist(), outside.tolist()):.3f}")
    for threshold in THRESHOLDS:
        lost = np.mean(np.less(inside, threshold))
        kept = f", kept {np.mean(np.less(outside, threshold)):.3f}" if outside.size else ""
        print(f"  below {threshold}: false {lost:.3f}{kept}")


def tenths(right: Flags, found: Floats) -> str:
    """Return the mean confidence and the share that was right, in each tenth of confidence."""
    tenth = np.minimum((found * 10).astype(np.int64), 9)
    rows = [np.equal(tenth, number) for number in range(10)]
    return " ".join(
        f"{found[r].mean():.2f}→{right[r].mean():.2f} ({r.sum()})" for r in rows if r.any()
    )


if __name__ == "__main__":
    main(sys.argv[1:])
