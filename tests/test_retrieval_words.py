"""Words of questions that no sentence has: unknown, in a title only, or misspelt."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.articles.formats import parse_articles
from bot.language.dictionary import is_dictionary_word
from bot.language.words import words
from bot.retrieval.answer import SURE

DATA = Path(__file__).parent / "data"
CASES = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))

LINES = [
    "# Bridge of Leith", "## Toll", "Related stories:", "By Ada Thorne", "Photo: Reuters",
    "The bridge opened. It fell in 1932.", "* granite", "| ferry | 12 |", "    x = quokka",
    "<b>hi</b>", "---", "title: Lima", "```", "Café’s élan!", "猫の缶詰", "", "",
]  # fmt: skip
LINE = st.sampled_from(LINES) | st.text(st.characters(exclude_categories=["C"]), max_size=8)
TEXTS = st.lists(LINE, max_size=8).map("\n".join).map("The ferry.\n{}".format)


def build_library(texts: dict[str, str]) -> bot.Library:
    """Return the library of files with these names and texts."""
    parts = (parse_articles(name, name, text.encode()) for name, text in texts.items())
    return bot.Library(part for each in parts for part in each if isinstance(part, bot.Article))


@pytest.fixture(scope="module")
def asked() -> bot.Retriever:
    texts = {name: text.removeprefix("\n") for name, text in CASES["articles"].items()}
    return bot.Retriever(build_library(texts))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["question"])
def test_words_in_no_sentence(asked: bot.Retriever, case: dict[str, Any]) -> None:
    """A word is unknown if it stands nowhere; of one that stands elsewhere, a notice says where."""
    reply = asked.ask(case["question"], limit=1)

    assert "".join(answer.text for answer in reply.answers) == case.get("answer", "")
    assert list(reply.unknown) == case.get("unknown", [])
    assert list(reply.notices) == case.get("notices", [])


@settings(deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_word_of_an_article_is_never_unknown(
    plain: str, markdown: str, data: st.DataObject
) -> None:
    """Wherever it stands: in a sentence, title, heading, table, caption, code."""
    library = build_library({"a.txt": plain, "b.md": markdown})
    retriever = bot.Retriever(library)
    texts = [text for article in library.articles for text in (article.text, article.title)]
    chosen = data.draw(st.lists(st.sampled_from(words("\n".join(texts))), max_size=3))

    for each in (retriever, retriever.select_rows((0, 1))):
        assert not each.ask(" ".join(["the", *chosen])).unknown


def test_word_of_another_article_is_unknown_to_a_subset(asked: bot.Retriever) -> None:
    """A subset answers as if the other articles were not there."""
    subset = asked.select_rows((1, 2))

    assert subset.ask("Zurbaco").unknown == ("Zurbaco",)
    assert subset.ask("latam").notices == ('"latam" stands only in the title of latam.txt.',)


def test_word_in_titles_of_several_articles(asked: bot.Retriever) -> None:
    """The first is named, the others are counted."""
    assert asked.ask("latam").notices == (
        '"latam" stands only in the title of conf.md, and in 1 other article.',
    )


def test_poor_correction_is_offered() -> None:
    """Silence, and the correction as a question; what came closest is at hand."""
    retriever = bot.Retriever.from_texts(["The titanic struggle of whales bored the keeper."])

    reply = retriever.with_threshold(0.999).ask("Which keeper sank the titanc?")

    assert (dict(reply.corrected), dict(reply.suggested)) == ({}, {"titanc": "titanic"})
    assert reply.notices[-1] == "Did you mean titanic?"
    assert not reply.answers
    assert reply.nearest


@pytest.mark.parametrize("question", ["What was the Titanc?", "titanc", "Did the Titanc sink?"])
def test_correction_of_the_subject_needs_a_sure_reply(question: str) -> None:
    """A slip in the only word that a question is about is corrected where the answer is sure."""
    texts = ["The Titanic was a liner of Belfast.", *(f"Ship {number}." for number in range(99))]
    retriever = bot.Retriever.from_texts(texts).with_threshold(0)
    (best,) = retriever.search(question, limit=1)

    reply = retriever.ask(question)

    assert bool(reply.corrected) == (best.confidence >= SURE)
    assert bool(reply.suggested) == (best.confidence < SURE)


@pytest.mark.parametrize(
    "word",
    (
        "peru tall summarise Summarised Quién colour harbours analysed centre kilometres defence "
        "paediatric labelled programmes Brücke été"
    ).split(),
)
def test_dictionary_word(word: str) -> None:
    """American and British spelling, other languages, capital letters."""
    assert is_dictionary_word(word, ["es", "de", "fr", "zh"])


@pytest.mark.parametrize("word", ["titanc", "lighthose", "numbre", "callled", "", '"', "br1dge"])
def test_no_dictionary_word(word: str) -> None:
    """Slips, and strings that are no words."""
    assert not is_dictionary_word(word, ["es", "de", "fr", "zh"])
