"""The explanation of a score."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.render.explanation import (
    MAX_BAR,
    ChartRow,
    chart_rows,
    format_chart,
    format_explained_reply,
    format_explanation,
    round_to_hundredths,
    word_shares,
)
from bot.render.reply import format_plain_reply
from bot.render.text import sanitize, to_plain
from bot.retrieval.evidence import Evidence

QUESTION = "What did Ada Thorne design?"
ROW_RE = re.compile(r"^( *)(\S+) +(-?\d+\.\d\d)(?:  [█░]+)?$", re.M)


@given(st.lists(st.floats(-1e6, 1e6), max_size=9))
def test_rounded_values_add_up(values: list[float]) -> None:
    """Their sum is the rounded sum, and each is off by a hundredth at most."""
    total = round(sum(values) * 100)

    parts = round_to_hundredths(values, total)

    assert sum(parts) == total
    assert all(abs(part - value * 100) <= 1.001 for part, value in zip(parts, values, strict=True))


def test_largest_remainder_is_rounded_up() -> None:
    """Of equal remainders, the first is."""
    assert round_to_hundredths([0.004, 0.006, -0.5], -49) == [0, 1, -50]
    assert round_to_hundredths([0.005, 0.005], 1) == [1, 0]


@pytest.mark.parametrize("width", [20, 80, None])
@pytest.mark.parametrize("question", [QUESTION, "When did the lamp burn whale oil?", "fish market"])
def test_figures_add_up(retriever: bot.Retriever, question: str, width: int | None) -> None:
    """The words add up to their part, and the parts to the score, as printed."""
    reply = retriever.ask(question)
    for answer in reply.answers:
        rows = ROW_RE.findall(to_plain(format_explanation(answer, reply, retriever, width)))
        figures = {name: round(float(figure) * 100) for indent, name, figure in rows if not indent}
        words = [round(float(figure) * 100) for indent, _, figure in rows if indent]

        assert figures.pop("confidence") == round(answer.confidence * 100)
        assert figures.pop("score") == round(answer.score * 100)
        assert sum(figures.values()) == round(answer.score * 100)
        assert sum(words) == figures["words"]


def test_pipe_has_no_width_limit(retriever: bot.Retriever) -> None:
    """Without a width, the sentence stands on one line and the chart has its longest bars."""
    reply = retriever.ask(QUESTION, 1)

    lines = to_plain(format_explained_reply(reply, retriever)).splitlines()

    assert lines[0] == sanitize(reply.answers[0].text)
    assert max(line.count("█") for line in lines) == MAX_BAR


def test_explained_silence(retriever: bot.Retriever) -> None:
    """A reply without answers is its message alone."""
    reply = retriever.ask("quokka?")

    assert reply.silence
    assert format_explained_reply(reply, retriever) == format_plain_reply(reply)


def test_carried_word_counts_half(retriever: bot.Retriever) -> None:
    """A word carried over by a follow-up has half the share of one that is typed."""
    conversation = bot.Conversation(retriever)
    conversation.ask("Ada Thorne")
    reply = conversation.ask("and what did she design?")
    answer = next(answer for answer in reply.answers if answer.text.startswith("Ada"))

    shares = word_shares(answer, reply, retriever)

    assert shares["Ada"] == pytest.approx(shares["designed"] / 2)


def test_bars_are_proportional() -> None:
    """The longest bar fills the room, and a loss has another pattern."""
    rows = [ChartRow("words", 200), ChartRow("length", -100)]

    chart = to_plain(format_chart(rows, 200))

    assert chart.count("█") == MAX_BAR
    assert chart.count("░") == MAX_BAR // 2


def test_narrow_chart_has_no_bars() -> None:
    """In a narrow window the figures alone are shown."""
    rows = [ChartRow("words", 200), ChartRow("length", -100)]

    lines = to_plain(format_chart(rows, 20)).splitlines()

    assert [line.split() for line in lines] == [
        ["words", "2.00"],
        ["length", "-1.00"],
        ["score", "1.00"],
    ]
    assert max(map(len, lines)) <= 20


def test_score_of_zero(retriever: bot.Retriever) -> None:
    """Evidence of zero is charted without bars, and without a division by zero."""
    reply = retriever.ask(QUESTION)
    answer = replace(reply.answers[0], evidence=Evidence())

    rows = chart_rows(answer, reply, retriever)

    assert "█" not in to_plain(format_chart(rows, 80))
