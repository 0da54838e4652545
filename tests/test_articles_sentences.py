"""Sentence splitting: cases by rule, and invariants of any text."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Article, Block
from bot.articles.library import Library
from bot.articles.sentences import find_sentences
from bot.language.detect import detect_language

Case = dict[str, Any]  # a table of the file

CASES: list[Case] = tomllib.loads(
    (Path(__file__).parent / "data" / "sentences.toml").read_text(encoding="utf-8")
)["case"]
LANGUAGES = ["en", "de", "fr", "es", "ru", "zh", "ja"]

# Fragments that the rules treat specially, so that random text triggers them often.
FRAGMENTS = st.sampled_from(
    "Mr. a.m. J.D. U.S. May. No. 5 1. 2) • LIMA, (Wire) - [1] :33 . ! ? … 。 」と “ ” \" ' ( ) "
    "He left them. Monday n. iPhone é 橋".split(" ")
)
SPACES = st.sampled_from([" ", "", "\n", "\r\n", "\t", "\u00a0", "\u2028"])
PROSE = st.lists(st.tuples(FRAGMENTS, SPACES), max_size=20).map(
    lambda pairs: "".join(fragment + space for fragment, space in pairs)
)


def split(text: str, language: str = "en") -> list[str]:
    """Return the sentences of a text of one block, each on one line."""
    spans = find_sentences(text, 0, len(text), language)
    return [" ".join(text[start:end].splitlines()) for start, end in spans]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case['group']}: {case['label']}",
            marks=[pytest.mark.xfail] if case["expect"] == "fail" else [],
        )
        for case in CASES
    ],
)
def test_sentence_case(case: Case) -> None:
    """A text is split as its case says; a known shortcoming fails."""
    expected = [" ".join(piece.splitlines()) for piece in case["pieces"]]

    assert split(case["text"], case["language"]) == expected


@pytest.mark.parametrize(
    ("group", "minimum", "share"),
    [("golden", 48, 45 / 48), ("news", 80, 0.98), ("citation", 70, 0.98)],
)
def test_share_of_passing_cases(group: str, minimum: int, share: float) -> None:
    """45 of the 48 golden rules pass, and 98 % of 80 cases from news and 70 with citations."""
    cases = [case for case in CASES if case["group"] == group]

    passing = [case for case in cases if case["expect"] == "pass"]

    assert len(cases) >= minimum
    assert len(passing) >= share * len(cases)


@pytest.mark.parametrize("case", [case for case in CASES if case["group"] == "language"])
def test_detect_language_of_paragraph(case: Case) -> None:
    """A few sentences are enough to detect a language."""
    assert detect_language(case["text"]) == case["language"]


@pytest.mark.parametrize("text", ["", "…", "Zürich", "Tokyo (東京) is a city", "Guten Tag, Vienna"])
def test_detect_english_when_in_doubt(text: str) -> None:
    """A foreign word or two do not change the language of a text."""
    assert detect_language(text) == "en"


@given(st.one_of(PROSE, st.text()), st.sampled_from(LANGUAGES))
def test_sentences_cover_block(text: str, language: str) -> None:
    """Sentences are trimmed, in order, do not overlap, and omit only white space."""
    spans = find_sentences(text, 0, len(text), language)

    last = 0
    for start, end in spans:
        assert text[start:end] == text[start:end].strip() != ""
        assert not text[last:start].strip()
        assert last <= start < end <= len(text)
        last = end
    assert not text[last:].strip()


@given(PROSE, PROSE, PROSE)
def test_sentences_independent_of_context(before: str, block: str, after: str) -> None:
    """A block is split alike wherever it is; its offsets are those of the whole text."""
    alone = find_sentences(block, 0, len(block))

    within = find_sentences(before + block + after, len(before), len(before) + len(block))

    assert within == [(len(before) + start, len(before) + end) for start, end in alone]


@given(PROSE)
def test_line_break_is_space(text: str) -> None:
    """Unwrapping lines does not move a sentence's end."""
    unwrapped = text.replace("\n", " ").replace("\r", " ")

    assert find_sentences(text, 0, len(text)) == find_sentences(unwrapped, 0, len(unwrapped))


@pytest.mark.parametrize(
    "text",
    ['"' + "He left them. " * 3000, "He." + ":1" * 9000 + "x", "B.)" * 9000, "a. " * 9000],
    ids=["unclosed quotation", "closing marks", "closing brackets", "letters"],
)
def test_pathological_input_in_linear_time(text: str) -> None:
    """All of the text is in some sentence; quadratic time would take minutes."""
    spans = find_sentences(text, 0, len(text))

    sentences = "".join("".join(text[start:end].split()) for start, end in spans)
    assert sentences == "".join(text.split())


@pytest.mark.parametrize("space", ["\x85", "\xa0", "\u2009", "\u3000"])
def test_wide_space_before_full_stop(space: str) -> None:
    """A wide space after a capital, on which sentencex fails, is a space like any other."""
    text = f"Seen by A{space}. B. Cole left."

    spans = find_sentences(text, 0, len(text))

    assert "".join(text[start:end] for start, end in spans).split() == text.split()


def test_lone_surrogates_are_kept() -> None:
    """Half of a surrogate pair, as JSON may have it, neither fails nor is lost."""
    assert split("The \ud83cbridge opened. It \udf09held.") == [
        "The \ud83cbridge opened.",
        "It \udf09held.",
    ]


def test_stray_quotation_mark_ends() -> None:
    """An opening mark that never closes does not make one sentence of the rest."""
    text = "He had the miners' (and owners " + "trust. He kept it. " * 400

    assert max(end - start for start, end in find_sentences(text, 0, len(text))) < 4000


def test_language_rules_by_article() -> None:
    """A library splits a French article by the rules of French."""
    french = "M. Dupont est arrivé dans la ville. Il a vu le pont et les bateaux."
    article = Article("Le pont", "pont.txt", french, blocks=(Block(0, len(french)),))

    assert list(Library([article]).sentence_texts()) == french.replace(". Il", ".\nIl").split("\n")
