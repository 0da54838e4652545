"""The quality on the bundled corpus does not fall below the figures measured once.

Run as a program, ``python tests/test_quality.py``, it prints the figures.
"""

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests/data/questions.toml").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, object]] = CASES["question"]
UNANSWERABLE: list[str] = [case["text"] for case in CASES["unanswerable"]]

# Measured: right first answers of 160, silences of 40 unanswerable questions, and of the 160.
MIN_RIGHT, MIN_SILENT, MAX_FALSE_SILENCES = 150, 32, 5


@dataclass(frozen=True)
class Quality:
    """Questions with a wrong first answer, those met with silence, unanswerable ones answered."""

    wrong: tuple[str, ...]
    silent: tuple[str, ...]
    answered: tuple[str, ...]


def right_words(case: Mapping[str, object]) -> list[list[str]]:
    """Return lists of words; a right sentence has all words of one of them."""
    alternatives = case.get("any") or [case["words"]]
    assert isinstance(alternatives, list)
    return alternatives


def has_right_words(case: Mapping[str, object], sentence: str) -> bool:
    """Return whether ``sentence`` has the words of a right one."""
    text = " ".join(sentence.split())
    return any(all(words in text for words in each) for each in right_words(case))


def is_right(case: Mapping[str, object], answer: bot.Answer) -> bool:
    """Return whether ``answer`` is a sentence of the right article with the right words."""
    return answer.article.source == case["article"] and has_right_words(case, answer.text)


def measure_quality(retriever: bot.Retriever) -> Quality:
    """Ask all questions."""
    wrong, silent = [], []
    for case in QUESTIONS:
        text = str(case["text"])
        reply = retriever.ask(text)
        if reply.silence:
            silent.append(text)
        if not is_right(case, (reply.answers or reply.nearest)[0]):
            wrong.append(text)
    answered = [text for text in UNANSWERABLE if retriever.ask(text).silence is None]
    return Quality(tuple(wrong), tuple(silent), tuple(answered))


@pytest.fixture(scope="module")
def retriever() -> bot.Retriever:
    return bot.Retriever.from_path(ROOT / "corpus", cache=None)


@pytest.fixture(scope="module")
def quality(retriever: bot.Retriever) -> Quality:
    return measure_quality(retriever)


def test_number_of_questions() -> None:
    """There are 160 answerable and 40 unanswerable questions, all different."""
    texts = [str(case["text"]) for case in QUESTIONS]

    assert len(texts) == len(set(texts)) == 160
    assert len(UNANSWERABLE) == len(set(UNANSWERABLE)) == 40


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: str(case["text"]))
def test_question_has_a_right_sentence(retriever: bot.Retriever, case: dict[str, object]) -> None:
    """The article named has a sentence with the right words, for each alternative."""
    library = retriever.library
    sources = [article.source for article in library.articles]
    numbers = library.sentence_numbers(sources.index(str(case["article"])))
    sentences = [" ".join(library.sentence_text(number).split()) for number in numbers]

    for alternative in right_words(case):
        assert any(all(words in text for words in alternative) for text in sentences)


def test_first_answers(quality: Quality) -> None:
    """The first answer to a question is right."""
    assert len(QUESTIONS) - len(quality.wrong) >= MIN_RIGHT, quality.wrong


def test_silences(quality: Quality) -> None:
    """An unanswerable question is met with silence."""
    assert len(UNANSWERABLE) - len(quality.answered) >= MIN_SILENT, quality.answered


def test_false_silences(quality: Quality) -> None:
    """An answerable question is rarely met with silence."""
    assert len(quality.silent) <= MAX_FALSE_SILENCES, quality.silent


def main() -> None:
    """Print the figures."""
    quality = measure_quality(bot.Retriever.from_path(ROOT / "corpus", cache=None))
    right = len(QUESTIONS) - len(quality.wrong)
    silent = len(UNANSWERABLE) - len(quality.answered)
    for label, count, total in (
        ("first answer right", right, len(QUESTIONS)),
        ("answerable, but silent", len(quality.silent), len(QUESTIONS)),
        ("unanswerable, and silent", silent, len(UNANSWERABLE)),
    ):
        sys.stdout.write(f"{label:26} {count:3} of {total} ({100 * count / total:.1f} %)\n")


if __name__ == "__main__":
    main()
