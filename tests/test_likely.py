"""The likely answer inside of an answer."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.questions import parse_question
from bot.retrieval.answer_span import find_answer_span

FILE = Path(__file__).parent / "data" / "likely.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_likely(case: dict[str, str]) -> None:
    """Of what is of the kind asked for, that which stands nearest to the words shared."""
    found = find_answer_span(case["text"], case["matched"], parse_question(case["question"]))

    assert case["text"][found.start : found.stop] == case["likely"]


words = st.lists(st.sampled_from("in Lima on 4 June 2015 , Ada Thorne ½ 12 because 猫".split()))


@given(words.map(" ".join), words, st.sampled_from(["when", "where", "who", "how many", "why"]))
def test_likely_lies_in_the_text(text: str, matched: list[str], asking: str) -> None:
    """Whatever the text, it is a part of it, and none of the words that were asked."""
    found = find_answer_span(text, matched, parse_question(f"{asking} did Ada meet in 2015?"))

    part = text[found.start : found.stop]
    assert part == part.strip()
    assert not {"Ada", "2015"} & set(part.split())
