"""The measured floor: what the bot answers, and where it is silent, on its own corpus.

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

# What was measured: first answers right (of 160), silences kept (of 40), false silences (of 160).
RIGHT, KEPT, FALSE = 150, 32, 5


@dataclass(frozen=True)
class Quality:
    """Which questions were met how."""

    wrong: tuple[str, ...]
    silent: tuple[str, ...]
    answered: tuple[str, ...]


def is_right(case: Mapping[str, object], answer: bot.Answer) -> bool:
    """Return whether ``answer`` is a sentence of the right article with the right words."""
    allowed = case.get("any") or [case["holds"]]
    assert isinstance(allowed, list)
    text = " ".join(answer.text.split())
    inside = answer.article.source == case["article"]
    return inside and any(all(words in text for words in each) for each in allowed)


@pytest.fixture(scope="module")
def retriever() -> bot.Retriever:
    return bot.Retriever.from_path(ROOT / "corpus")


@pytest.fixture(scope="module")
def quality(retriever: bot.Retriever) -> Quality:
    return measured(retriever)


def measured(retriever: bot.Retriever) -> Quality:
    """Ask all the questions."""
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


def test_there_are_so_many_questions() -> None:
    """160 that the corpus answers, 40 that it does not, no two the same."""
    texts = [str(case["text"]) for case in QUESTIONS]

    assert len(texts) == len(set(texts)) == 160
    assert len(UNANSWERABLE) == len(set(UNANSWERABLE)) == 40


def test_every_question_has_its_sentence(retriever: bot.Retriever) -> None:
    """The words that the right sentence holds stand in a sentence of the article named."""
    library = retriever.library
    sources = {article.source: number for number, article in enumerate(library.articles)}
    for case in QUESTIONS:
        texts = [
            " ".join(library.sentence_text(number).split())
            for number in library.sentence_numbers(sources[str(case["article"])])
        ]
        allowed = case.get("any") or [case["holds"]]
        assert isinstance(allowed, list)
        for each in allowed:
            assert any(all(words in text for words in each) for text in texts), (case, each)


def test_first_answers(quality: Quality) -> None:
    """Where the corpus answers, the first sentence shown is the right one."""
    assert len(QUESTIONS) - len(quality.wrong) >= RIGHT, quality.wrong


def test_silences(quality: Quality) -> None:
    """Where it does not, the bot says so."""
    assert len(UNANSWERABLE) - len(quality.answered) >= KEPT, quality.answered


def test_false_silences(quality: Quality) -> None:
    """Where it does, the bot seldom stays silent."""
    assert len(quality.silent) <= FALSE, quality.silent


def main() -> None:
    """Print the figures."""
    found = measured(bot.Retriever.from_path(ROOT / "corpus"))
    right, kept = len(QUESTIONS) - len(found.wrong), len(UNANSWERABLE) - len(found.answered)
    for label, count, total in (
        ("first answer right", right, len(QUESTIONS)),
        ("met with silence all the same", len(found.silent), len(QUESTIONS)),
        ("no answer in the articles, silence kept", kept, len(UNANSWERABLE)),
    ):
        sys.stdout.write(f"{label:40} {count:3} of {total} ({100 * count / total:.1f} %)\n")


if __name__ == "__main__":
    main()
