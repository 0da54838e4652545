"""Where sentences end: cases by rule, and what holds of any text."""

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

# What sentences end in and begin with, so that chance meets the rules often.
bits = st.sampled_from(
    "Mr. a.m. J.D. U.S. May. No. 5 1. 2) • LIMA, (Wire) - [1] :33 . ! ? … 。 」と “ ” \" ' ( ) "
    "He left them. Monday n. iPhone é 橋".split(" ")
)
spaces = st.sampled_from([" ", "", "\n", "\r\n", "\t", "\u00a0", "\u2028"])
prose = st.lists(st.tuples(bits, spaces), max_size=20).map(
    lambda pairs: "".join(bit + space for bit, space in pairs)
)


def pieces(text: str, language: str = "en") -> list[str]:
    """Return the sentences of a text that is one block, each with its lines joined."""
    return [
        " ".join(text[a:b].splitlines()) for a, b in find_sentences(text, 0, len(text), language)
    ]


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
def test_case(case: Case) -> None:
    """A text parts where its case says; a known shortcoming does not."""
    expected = [" ".join(piece.splitlines()) for piece in case["pieces"]]

    assert pieces(case["text"], case["language"]) == expected


@pytest.mark.parametrize(("group", "least", "share"), [("golden", 48, 45 / 48), ("news", 80, 0.95)])
def test_share_of_rules_kept(group: str, least: int, share: float) -> None:
    """At least 45 of the 48 rules hold, and 95 % of at least 80 cases from news."""
    cases = [case for case in CASES if case["group"] == group]
    kept = [case for case in cases if case["expect"] == "pass"]

    assert len(cases) >= least
    assert len(kept) >= share * len(cases)


@pytest.mark.parametrize("case", [case for case in CASES if case["group"] == "language"])
def test_language_is_told_from_a_paragraph(case: Case) -> None:
    """A few sentences are enough to tell a language."""
    assert detect_language(case["text"]) == case["language"]


@pytest.mark.parametrize("text", ["", "…", "Zürich", "Tokyo (東京) is a city", "Guten Tag, Vienna"])
def test_language_is_english_where_in_doubt(text: str) -> None:
    """A foreign word or two in a text make no other language of it."""
    assert detect_language(text) == "en"


@given(st.one_of(prose, st.text()), st.sampled_from(LANGUAGES))
def test_pieces_rejoin_to_their_block(text: str, language: str) -> None:
    """Sentences are trimmed, in order, apart, and leave nothing out but white space."""
    found = find_sentences(text, 0, len(text), language)

    last = 0
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
        assert not text[last:start].strip()
        assert last <= start < end <= len(text)
        last = end
    assert not text[last:].strip()


@given(prose, prose, prose)
def test_what_stands_around_a_block_is_not_seen(before: str, block: str, after: str) -> None:
    """A block parts alike wherever it lies, at places counted in the whole text."""
    alone = find_sentences(block, 0, len(block))

    within = find_sentences(before + block + after, len(before), len(before) + len(block))

    assert within == [(len(before) + start, len(before) + end) for start, end in alone]


@given(prose)
def test_a_line_end_is_a_space(text: str) -> None:
    """Where prose was wrapped does not move a single end."""
    unwrapped = text.replace("\n", " ").replace("\r", " ")

    assert find_sentences(text, 0, len(text)) == find_sentences(unwrapped, 0, len(unwrapped))


@pytest.mark.parametrize(
    "text",
    ['"' + "He left them. " * 3000, "He." + ":1" * 9000 + "x", "B.)" * 9000, "a. " * 9000],
    ids=["an open quotation", "marks without end", "closing brackets", "letters"],
)
def test_odd_input_is_read_to_its_end(text: str) -> None:
    """Nothing is lost, and nothing takes the square of its length."""
    found = find_sentences(text, 0, len(text))

    assert "".join("".join(text[start:end].split()) for start, end in found) == "".join(
        text.split()
    )


@pytest.mark.parametrize("space", ["\x85", "\xa0", "\u2009", "\u3000"])
def test_a_wide_space_before_a_stop(space: str) -> None:
    """Sentencex fails on it after a capital letter; here it is a space like any other."""
    text = f"Seen by A{space}. B. Cole left."

    found = find_sentences(text, 0, len(text))

    assert "".join(text[start:end] for start, end in found).split() == text.split()


def test_half_a_pair_is_a_character() -> None:
    """What no UTF-8 can write, as JSON may bring it, does not fail and is not lost."""
    assert pieces("The \ud83cbridge opened. It \udf09held.") == [
        "The \ud83cbridge opened.",
        "It \udf09held.",
    ]


def test_a_quotation_that_never_closes_is_no_quotation() -> None:
    """A stray mark does not make one sentence of all that follows."""
    text = "He had the miners' (and owners " + "trust. He kept it. " * 400

    assert max(end - start for start, end in find_sentences(text, 0, len(text))) < 4000


def test_a_library_parts_each_article_in_its_language() -> None:
    """Rules of French apply to the French article alone."""
    french = "M. Dupont est arrivé dans la ville. Il a vu le pont et les bateaux."
    article = Article("Le pont", "pont.txt", french, blocks=(Block(0, len(french)),))

    assert list(Library([article]).sentence_texts()) == french.replace(". Il", ".\nIl").split("\n")
