"""The fitted constants of silence and confidence: by words alone, and with a model's reading."""

from collections.abc import Mapping
from typing import NamedTuple


class Calibration(NamedTuple):
    """The two logistic regressions: a weight for each signal, and the intercepts.

    ``beta`` are the parameters a, b and c of the beta calibration of ``right`` (Kull, Silva Filho
    & Flach, 2017).
    """

    answerability: Mapping[str, float]
    answerability_intercept: float
    right: Mapping[str, float]
    right_intercept: float
    beta: tuple[float, float, float]


# Fitted by tests/bench/calibrate.py, whose docstring has the command; change all together.
BY_WORDS = Calibration(
    answerability={
        "score": 0.318,
        "pairs": 1.436,
        "letters": 1.755,
        "coverage": 1.073,
        "exact": 0.578,
        "title": -0.780,
        "with_context": 1.477,
        "best_paragraph": 1.895,
        "near_time": -1.043,
        "missing_names": -2.292,
        "missing_kind": -0.317,
        "missing_unit": -0.874,
        "question_length": 1.037,
        "is_page": 0.249,
        "is_follow_up": -5.455,
        "context_around": 7.382,
        "same_article": 2.179,
    },
    answerability_intercept=-6.720,
    right={
        "score": -0.001,
        "pairs": 0.500,
        "letters": 1.373,
        "coverage": -0.080,
        "exact": 0.150,
        "title": 0.006,
        "with_context": 1.485,
        "best_paragraph": 0.659,
        "near_time": 0.290,
        "missing_names": -1.315,
        "missing_kind": -0.801,
        "missing_unit": -0.342,
        "question_length": 0.459,
        "is_page": -0.140,
        "is_follow_up": -2.763,
        "context_around": 1.343,
        "same_article": 2.000,
        "share": 2.791,
        "title_precision": 0.142,
        "early": -0.487,
        "length": -0.047,
        "title_mention": -0.354,
    },
    right_intercept=-0.277,
    beta=(0.256, 1.553, -1.106),
)
# The same where a model has read the sentence, by tests/bench/rerank.py. Follow-ups are not read.
WITH_MEANING = Calibration(
    answerability={
        "score": 0.237,
        "pairs": 0.450,
        "letters": -0.726,
        "coverage": 0.397,
        "exact": -0.268,
        "title": -1.865,
        "with_context": -0.200,
        "best_paragraph": 1.263,
        "near_time": -1.705,
        "missing_names": -1.543,
        "missing_kind": 0.050,
        "missing_unit": -0.760,
        "question_length": 0.724,
        "logit": 0.033,
        "lead": 0.149,
        "best_logit": 0.334,
    },
    answerability_intercept=-4.039,
    right={
        "score": -0.001,
        "pairs": 0.212,
        "letters": 0.961,
        "coverage": -0.997,
        "exact": -0.892,
        "title": -0.240,
        "with_context": 1.386,
        "best_paragraph": 2.644,
        "near_time": -0.172,
        "missing_names": -1.021,
        "missing_kind": -0.590,
        "missing_unit": -0.365,
        "question_length": 0.024,
        "share": 2.126,
        "title_precision": 0.218,
        "early": -0.007,
        "length": -0.040,
        "title_mention": -0.593,
        "logit": 0.030,
        "lead": 0.215,
        "best_logit": 0.235,
    },
    right_intercept=-3.032,
    beta=(0.445, 1.302, -0.680),
)
# The beta calibration of answers by words in other languages, before the shift of each: fitted on
# half of XQuAD's questions in nine languages, and in Chinese and Thai, whose words are in pieces.
BETA_ELSEWHERE = (0.106, 1.425, -1.106)
BETA_IN_PIECES = (0.0, 1.163, -1.106)
