r"""Fit the weight of a reranker's logit, and silence and confidence with it, to question sets.

    python tests/bench/rerank.py FOLDER SET.json[:WEIGHT[:QUESTIONS]] …

FOLDER has the model, QUESTIONS is the size of a sample, by default all. Prints Hit@1 of each set
for weights of the logit, the constants of ``bot.retrieval.calibration.WITH_MEANING``, and what they
do on each fifth of the articles by those of the other four: how well answerable questions are told
from others, and what each threshold silences. Follow-ups are left out; they are not read. The
constants there are by

    python tests/bench/rerank.py FOLDER silence-article.json:1:600 silence-paragraph.json:3:600 \
        tydi-gone-dev.json:1.6:600 wiki.json:.5:500 news.json:.9:600 tydi-dev.json:.7:600 \
        selqa-para-dev.json:.5 noise-asr-dev.json:1:400
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from random import Random

import numpy as np
from calibrate import FOLDS, Flags, betas, chances, logistic, tenths

from bot.evaluation.metrics import auroc
from bot.evaluation.question_set import build_library, read_questions
from bot.evaluation.run import is_hit
from bot.index.postings import Floats, Ints
from bot.reranking.onnx import OnnxReranker
from bot.retrieval.calibration import WITH_MEANING
from bot.retrieval.confidence import RIGHT_SIGNALS
from bot.retrieval.meaning import MEANING_WEIGHT, READ_SENTENCES, readable_text
from bot.retrieval.retriever import Retriever

WEIGHTS = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5)
THRESHOLDS = (0.43, 0.47, 0.51, 0.55)
# Below it, questions are silent when confidence is fitted; see WITH_MEANING.
THRESHOLD = 0.47
SILENCE = [name for name in WITH_MEANING.answerability if name != "logit"]
RIGHT = [name for name in WITH_MEANING.right if name != "logit"]


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions of a set; the last row of each sentence that does not exist is −inf.

    ``scores`` and ``logits`` are ``float64[questions, 10]``, ``right`` is ``bool[questions, 10]``;
    ``signals`` is ``float64[questions, 10, signals]``, in the order of ``RIGHT_SIGNALS``.
    ``answerable`` is ``bool[questions]``, ``fold`` ``int[questions]``, by article.
    """

    scores: Floats
    logits: Floats
    right: Flags
    signals: Floats
    answerable: Flags
    fold: Ints

    def first(self, weight: float) -> Ints:
        """Return the column of the first answer of each question, ``int[questions]``."""
        columns: Ints = (self.scores + weight * self.logits).argmax(axis=1)
        return columns

    def rows(self, names: Sequence[str]) -> Floats:
        """Return the signals of the first answers, the logit last."""
        first, all_rows = self.first(MEANING_WEIGHT), np.arange(len(self.scores))
        totals = self.scores + MEANING_WEIGHT * self.logits
        shares = np.exp(totals - totals.max(axis=1, keepdims=True))
        shares = shares[all_rows, first] / shares.sum(axis=1)
        columns = [*RIGHT_SIGNALS]
        values = self.signals[all_rows, first].copy()
        values[:, columns.index("share")] = [log(max(share, 1e-4)) for share in shares]
        chosen = values[:, [columns.index(name) for name in names]]
        found: Floats = np.c_[chosen, self.logits[all_rows, first]]
        return found

    def first_right(self, weight: float = MEANING_WEIGHT) -> Flags:
        """Return whether each first answer is right, ``bool[questions]``."""
        found: Flags = self.right[np.arange(len(self.right)), self.first(weight)]
        return found


def read_set(file: Path, count: int, reranker: OnnxReranker) -> ReadQuestions:
    """Ask ``count`` questions of a set, 0 for all; have the ten best sentences read."""
    questions = read_questions(file)
    retriever = Retriever(build_library(questions))
    cases = [*questions.counted_cases]
    if count and len(cases) > count:
        cases = Random(1).sample(cases, count)
    shape = (len(cases), READ_SENTENCES)
    scores, logits = np.full(shape, -np.inf), np.zeros(shape)
    right, signals = np.zeros(shape, np.bool_), np.zeros((*shape, len(RIGHT_SIGNALS)))
    fold, is_read = np.zeros(len(cases), np.int64), np.zeros(len(cases), np.bool_)
    for row, case in enumerate(cases):
        question = retriever.pipeline.parse(case.text)
        ranked = retriever.pipeline.score_candidates(question)[:READ_SENTENCES]
        texts = [readable_text(scored, retriever.library) for scored in ranked]
        for column, logit in enumerate(reranker.logits(question.search_text, texts)):
            scored = ranked[column]
            scores[row, column], logits[row, column] = scored.evidence.score, logit
            right[row, column] = is_hit(case, retriever.library, scored.hit.sentence)
            signals[row, column] = [signal(scored) for signal in RIGHT_SIGNALS.values()]
        if ranked:
            is_read[row] = True
            fold[row] = retriever.library.article_number(ranked[0].hit.sentence) % FOLDS
    answerable = np.array([bool(case.answers) for case in cases])
    return ReadQuestions(
        scores[is_read],
        logits[is_read],
        right[is_read],
        signals[is_read],
        answerable[is_read],
        fold[is_read],
    )


def fit(sets: Sequence[tuple[ReadQuestions, float]], chosen: Sequence[Flags]) -> list[Floats]:
    """Return silence's and confidence's logistic, and the beta calibration, of ``chosen`` rows."""
    parts = [*zip((one for one, _ in sets), chosen, strict=True)]
    of_set = np.repeat(np.arange(len(sets)), [int(rows.sum()) for rows in chosen])
    weights = np.array([weight for _, weight in sets])[of_set] / np.bincount(of_set)[of_set]
    own = np.concatenate([one.rows(SILENCE)[rows] for one, rows in parts])
    answerable = np.concatenate([one.answerable[rows] for one, rows in parts])
    silence = logistic(own, answerable, weights)
    shown = np.greater_equal(chances(own, silence), THRESHOLD)
    values = np.concatenate([one.rows(RIGHT)[rows] for one, rows in parts])[shown]
    right = np.concatenate([one.first_right()[rows] for one, rows in parts])[shown]
    of_set = of_set[shown]
    shares = 1 / np.bincount(of_set, minlength=len(sets))[of_set]
    model = logistic(values, right, shares)
    return [silence, model, logistic(betas(values, model), right, shares)]


def main(folder: str, arguments: Sequence[str]) -> None:
    """Read, fit, check and print."""
    reranker, named = OnnxReranker(folder), dict[str, tuple[ReadQuestions, float]]()
    for argument in arguments:
        path, *how = argument.split(":")
        weight, count = (*how, *("1", "0")[len(how) :])
        named[path] = read_set(Path(path), int(count), reranker), float(weight)
        one = named[path][0]
        hits = [one.first_right(each)[one.answerable].mean() for each in WEIGHTS]
        print(path, *(f"{w}: {hit:.3f}" for w, hit in zip(WEIGHTS, hits, strict=True)))
    sets = [*named.values()]
    models = fit(sets, [np.ones(len(one.fold), np.bool_) for one, _ in sets])
    for label, names, found in zip(("silence", "right"), (SILENCE, RIGHT), models, strict=False):
        print(f"{label}: intercept {found[0]:.3f}")
        for name, value in zip([*names, "logit"], found[1:], strict=True):
            print(f"{name:>17} {value:.3f}")
    print("beta", models[2].round(3))
    check(named, sets)


def check(
    named: dict[str, tuple[ReadQuestions, float]], sets: Sequence[tuple[ReadQuestions, float]]
) -> None:
    """Print what the constants do on articles that they were not fitted to."""
    chance = [np.zeros(len(one.fold)) for one, _ in sets]
    confidence = [np.zeros(len(one.fold)) for one, _ in sets]
    for fold in range(FOLDS):
        silence, right, beta = fit(sets, [np.not_equal(one.fold, fold) for one, _ in sets])
        for (one, _), first, second in zip(sets, chance, confidence, strict=True):
            rows = np.equal(one.fold, fold)
            first[rows] = chances(one.rows(SILENCE), silence)[rows]
            second[rows] = chances(betas(one.rows(RIGHT), right), beta)[rows]
    for (path, (one, _)), first, second in zip(named.items(), chance, confidence, strict=True):
        inside, outside = first[one.answerable], first[~one.answerable]
        shown = np.greater_equal(first, THRESHOLD)
        print(f"{path}: {tenths(one.first_right()[shown], second[shown])}")
        if outside.size:
            print(f"  AUROC {auroc(inside.tolist(), outside.tolist()):.3f}")
        for threshold in THRESHOLDS:
            kept = f", kept {np.less(outside, threshold).mean():.3f}" if outside.size else ""
            print(f"  below {threshold}: false {np.less(inside, threshold).mean():.3f}{kept}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
