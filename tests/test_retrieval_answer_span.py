"""The likely answer inside an answer."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.answer_span import find_answer_span
from bot.retrieval.query_parser import parse_question

DATA = Path(__file__).parent / "data"
CASES = tomllib.loads((DATA / "answer_spans.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_answer_span(case: dict[str, str]) -> None:
    """Of the mentions of the kind asked for, it is the one nearest to the matched words."""
    span = find_answer_span(case["text"], case["matched"], parse_question(case["question"]))

    assert case["text"][span.start : span.stop] == case["span"]


words = st.lists(st.sampled_from("in Lima on 4 June 2015 , Ada Thorne ½ 12 because 猫".split()))


@given(words.map(" ".join), words, st.sampled_from(["when", "where", "who", "how many", "why"]))
def test_answer_span_is_within_the_text(text: str, matched: list[str], kind: str) -> None:
    """It starts and ends with words, and has no word of the question."""
    span = find_answer_span(text, matched, parse_question(f"{kind} did Ada meet in 2015?"))

    part = text[span.start : span.stop]
    assert part == part.strip()
    assert not {"Ada", "2015"} & set(part.split())
