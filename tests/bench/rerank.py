r"""Fit the weight of a reranker's logit, and silence and confidence with it, to question sets.

    python tests/bench/rerank.py FOLDER LOGITS SET.json[:WEIGHT] …

FOLDER has the model. LOGITS is a file that keeps what it says of some 130,000 sentences for the
sets below: the first fit takes half an hour of processor time, the next two minutes. WEIGHT is that
of the set in what silence is fitted to; confidence is fitted to all sets alike, where questions are
not met with silence.

Prints Hit@1 of each set for weights of the logit, and the constants of
``bot.retrieval.calibration.WITH_MEANING``. The intercept of silence has the threshold of all
questions, ``MIN_ANSWERABILITY``, silence as it should with this model: in no set more answerable
questions than words alone do, and in each five points more of the others; if both cannot be, the
one that misses it by the least. Then it prints what the constants do on each fifth of the articles
by those of the other four. Follow-ups, and questions that the model does not read, are left out.
The constants there are by

    python tests/bench/rerank.py FOLDER logits.sqlite silence-article.json:1.3 \
        silence-paragraph.json:4 tydi-gone-dev.json:1.6 wiki.json:.5 news.json:1.3 \
        tydi-dev.json:.6 selqa-para-dev.json:.5 selqa-plain-dev.json:.5 \
        noise-keyboard-dev.json:.5 noise-asr-dev.json:1
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from calibrate import FOLDS, Flags, betas, chances, logistic, tenths
from logits import StoredLogits

from bot.evaluation.metrics import auroc
from bot.evaluation.question_set import build_library, read_questions
from bot.evaluation.run import is_hit
from bot.index.postings import Floats, Ints
from bot.reranking.onnx import OnnxReranker
from bot.reranking.reranker import Reranker
from bot.retrieval.calibration import WITH_MEANING
from bot.retrieval.confidence import (
    MEANING_SIGNALS,
    MIN_ANSWERABILITY,
    RIGHT_SIGNALS,
    answerability,
)
from bot.retrieval.meaning import MEANING_WEIGHT, READ_SENTENCES
from bot.retrieval.ranking import Reading, ScoredCandidate
from bot.retrieval.retriever import Retriever

WEIGHTS = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5)
THRESHOLDS = np.arange(0.2, 0.8, 0.005)
# By how much more questions without an answer are to be met with silence than by words.
MORE_KEPT = 0.05
SILENCE, RIGHT = [*WITH_MEANING.answerability], [*WITH_MEANING.right]


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions of a set, each with the sentences that the model read, the best by words first.

    The score of a sentence that does not exist is −inf. ``scores``, those of words, ``logits`` and
    ``leads`` are ``float64[questions, 10]``, ``right`` is ``bool[questions, 10]``; ``signals`` is
    ``float64[questions, 10, signals]``, in the order of ``RIGHT_SIGNALS``. ``answerable`` and
    ``silent``, by words alone, are ``bool[questions]``, ``fold``, by article, ``int[questions]``.
    """

    scores: Floats
    logits: Floats
    leads: Floats
    right: Flags
    signals: Floats
    answerable: Flags
    silent: Flags
    fold: Ints

    def first(self, weight: float = MEANING_WEIGHT) -> Ints:
        """Return the column of the first answer of each question, ``int[questions]``."""
        columns: Ints = (self.scores + weight * self.logits).argmax(axis=1)
        return columns

    def first_right(self, weight: float = MEANING_WEIGHT) -> Flags:
        """Return whether each first answer is right, ``bool[questions]``."""
        found: Flags = self.right[np.arange(len(self.right)), self.first(weight)]
        return found

    def rows(self, names: Sequence[str]) -> Floats:
        """Return the signals ``names`` of the first answers, ``float64[questions, names]``."""
        every, first = np.arange(len(self.scores)), self.first()
        by_name = dict(zip(RIGHT_SIGNALS, self.signals[every, first].T, strict=True))
        by_name["share"] = np.log(np.maximum(self.shares(), 1e-4))
        best = np.where(np.isfinite(self.scores), self.logits, -np.inf).max(axis=1)
        leads = self.leads[every, first]
        readings = [*map(Reading, self.logits[every, first], leads, best)]
        for name, signal in MEANING_SIGNALS.items():
            by_name[name] = np.array([*map(signal, readings)])
        return np.stack([by_name[name] for name in names], axis=1)

    def shares(self) -> Floats:
        """Return the share of each first answer in the softmax, ``float64[questions]``."""
        totals = self.scores + MEANING_WEIGHT * self.logits
        highest: Floats = totals.max(axis=1)
        shares: Floats = 1 / np.exp(totals - highest[:, None]).sum(axis=1)
        return shares


def read_set(file: Path, reranker: Reranker) -> ReadQuestions:
    """Ask the questions of a set; have the ten best sentences of each read."""
    questions = read_questions(file)
    retriever = Retriever(build_library(questions)).with_reranker(reranker)
    parts: list[ReadQuestions] = []
    for case in questions.counted_cases:
        ranked = retriever.pipeline.score_candidates(retriever.pipeline.parse(case.text))
        read = sorted((each for each in ranked if each.reading), key=score_by_words, reverse=True)
        if read:
            right = [is_hit(case, retriever.library, each.hit.sentence) for each in read]
            by_words = read[0]._replace(reading=None)
            is_silent = answerability(by_words) < MIN_ANSWERABILITY
            article = retriever.library.article_number(read[0].hit.sentence)
            parts.append(gather(read, right, bool(case.answers), is_silent, article % FOLDS))
    return ReadQuestions(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in parts[0].__slots__)
    )


def score_by_words(scored: ScoredCandidate) -> float:
    """Return the score without the part of the model."""
    return scored.evidence.score - scored.evidence.meaning


def gather(
    read: Sequence[ScoredCandidate],
    right: Sequence[bool],
    answerable: bool,
    silent: bool,
    fold: int,
) -> ReadQuestions:
    """Return a question as a set of one."""
    shape, count = (1, READ_SENTENCES), len(read)
    readings = [each.reading for each in read if each.reading]
    scores, logits, leads = np.full(shape, -np.inf), np.zeros(shape), np.zeros(shape)
    rights, signals = np.zeros(shape, np.bool_), np.zeros((*shape, len(RIGHT_SIGNALS)))
    scores[0, :count] = [*map(score_by_words, read)]
    logits[0, :count] = [reading.logit for reading in readings]
    leads[0, :count] = [reading.lead for reading in readings]
    rights[0, :count] = right
    signals[0, :count] = [[signal(each) for signal in RIGHT_SIGNALS.values()] for each in read]
    one = (np.array([value]) for value in (answerable, silent, fold))
    return ReadQuestions(scores, logits, leads, rights, signals, *one)


Sets = Sequence[tuple[ReadQuestions, float]]


def fit_silence(sets: Sets, chosen: Sequence[Flags]) -> Floats:
    """Return silence's logistic of the ``chosen`` questions of each set, the intercept first."""
    parts = [*zip(sets, chosen, strict=True)]
    values = np.concatenate([one.rows(SILENCE)[rows] for (one, _), rows in parts])
    answerable = np.concatenate([one.answerable[rows] for (one, _), rows in parts])
    weights = [np.full(rows.sum(), weight / rows.sum()) for (_, weight), rows in parts]
    return logistic(values, answerable, np.concatenate(weights))


def fit_confidence(sets: Sets, chosen: Sequence[Flags]) -> tuple[Floats, Floats]:
    """Return confidence's logistic, and its beta calibration, of the ``chosen`` questions."""
    parts = [*zip((one for one, _ in sets), chosen, strict=True)]
    values = np.concatenate([one.rows(RIGHT)[rows] for one, rows in parts])
    right = np.concatenate([one.first_right()[rows] for one, rows in parts])
    weights = np.concatenate([np.full(rows.sum(), 1 / rows.sum()) for _, rows in parts])
    model = logistic(values, right, weights)
    return model, logistic(betas(values, model), right, weights)


def margin(one: ReadQuestions, found: Floats, threshold: float) -> float:
    """Return by how much silence below ``threshold`` is better than asked for; negative: worse."""
    silent = np.less(found, threshold)
    false = (one.silent[one.answerable].mean() - silent[one.answerable].mean()).item()
    if one.answerable.all():
        return float(false)
    kept = silent[~one.answerable].mean() - one.silent[~one.answerable].mean()
    return float(min(false, kept - MORE_KEPT))


def choose_threshold(sets: Sets, found: Sequence[Floats]) -> float:
    """Return the threshold whose smallest margin, of all sets, is the largest."""
    parts = [*zip((one for one, _ in sets), found, strict=True)]
    return max(THRESHOLDS, key=lambda t: min(margin(one, each, t) for one, each in parts)).item()


def answerability_in_folds(sets: Sets) -> list[Floats]:
    """Return the answerability of each question by a fit to the articles of the other folds."""
    found: list[Floats] = [np.zeros(len(one.fold)) for one, _ in sets]
    for fold in range(FOLDS):
        model = fit_silence(sets, [np.not_equal(one.fold, fold) for one, _ in sets])
        for (one, _), each in zip(sets, found, strict=True):
            rows = np.equal(one.fold, fold)
            each[rows] = chances(one.rows(SILENCE), model)[rows]
    return found


def confidence_in_folds(sets: Sets, shown: Sequence[Flags]) -> list[Floats]:
    """Return the confidence of each first answer by a fit to the articles of the other folds."""
    found: list[Floats] = [np.zeros(len(one.fold)) for one, _ in sets]
    for fold in range(FOLDS):
        chosen = [
            each & np.not_equal(one.fold, fold) for (one, _), each in zip(sets, shown, strict=True)
        ]
        right, beta = fit_confidence(sets, chosen)
        for (one, _), each in zip(sets, found, strict=True):
            rows = np.equal(one.fold, fold)
            each[rows] = chances(betas(one.rows(RIGHT), right), beta)[rows]
    return found


def main(folder: str, logits: str, arguments: Sequence[str]) -> None:
    """Read, fit, check and print."""
    reranker, named = (
        StoredLogits(OnnxReranker(folder), Path(logits)),
        dict[str, tuple[ReadQuestions, float]](),
    )
    for argument in arguments:
        path, _, weight = argument.partition(":")
        named[path] = one, _ = read_set(Path(path), reranker), float(weight or 1)
        reranker.save()
        hits = [one.first_right(each)[one.answerable].mean() for each in WEIGHTS]
        print(path, *(f"{w}: {hit:.3f}" for w, hit in zip(WEIGHTS, hits, strict=True)), flush=True)
    sets = [*named.values()]
    held_out = answerability_in_folds(sets)
    threshold = choose_threshold(sets, held_out)
    shown = [np.greater_equal(each, threshold) for each in held_out]
    silence = fit_silence(sets, [np.ones(len(one.fold), np.bool_) for one, _ in sets])
    silence[0] += log(MIN_ANSWERABILITY / (1 - MIN_ANSWERABILITY)) - log(
        threshold / (1 - threshold)
    )
    right, beta = fit_confidence(sets, shown)
    print_weights("answerability", SILENCE, silence)
    print_weights("right", RIGHT, right)
    print(f"beta ({beta[1]:.3f}, {beta[2]:.3f}, {beta[0]:.3f})")
    confidence = confidence_in_folds(sets, shown)
    for (path, (one, _)), chance, silent, found in zip(
        named.items(), held_out, shown, confidence, strict=True
    ):
        report(path, one, chance, ~silent, found)


def print_weights(label: str, names: Sequence[str], weights: Floats) -> None:
    """Print a logistic as it stands in ``bot.retrieval.calibration``."""
    print(f"{label}_intercept={weights[0]:.3f}")
    for name, weight in zip(names, weights[1:], strict=True):
        print(f'        "{name}": {weight:.3f},')


def report(path: str, one: ReadQuestions, found: Floats, silent: Flags, confidence: Floats) -> None:
    """Print what silence and confidence do on articles that they were not fitted to."""
    print(f"{path}: {tenths(one.first_right()[~silent], confidence[~silent])}")
    rows = {"false": one.answerable, "kept": ~one.answerable}
    for name, chosen in rows.items():
        if chosen.any():
            print(f"  {name} {one.silent[chosen].mean():.3f} → {silent[chosen].mean():.3f}")
    if not one.answerable.all():
        inside, outside = found[one.answerable].tolist(), found[~one.answerable].tolist()
        print(f"  AUROC {auroc(inside, outside):.3f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
