"""Synonyms given with a question."""

import asyncio
import pickle
from typing import Any

import pytest

import bot

TEXTS = [
    "The gross domestic product rose by two per cent.",
    "The product was gross.",
    "Domestic flights were late.",
    "Her GDP badge was blue.",
    "The United Kingdom left. It rained in France.",
]
GDP = {"gdp": ["gross domestic product", "national income"]}


@pytest.fixture(scope="module")
def retriever() -> bot.Retriever:
    return bot.Retriever.from_texts(TEXTS)


def find_texts(answers: tuple[bot.Answer, ...]) -> list[str]:
    return [answer.text for answer in answers]


def test_answer_has_all_words_of_a_synonym(retriever: bot.Retriever) -> None:
    """It is found beside those with the word itself, and its words are those that matched."""
    [first, *others] = retriever.search("How much did the GDP rise?", synonyms=GDP)

    assert first.text == TEXTS[0]
    assert set(first.matched) >= {"gross", "domestic", "product"}
    assert TEXTS[3] in find_texts(tuple(others))


def test_synonym_counts_in_the_evidence(retriever: bot.Retriever) -> None:
    """As a synonym: in the part of the words, which it raises; half of one does not count."""
    where = {"id": ["text 1", "text 2"]}

    def words_of(synonyms: dict[str, list[str]] | None) -> dict[str, float]:
        answers = retriever.search("product of the gdp", where=where, synonyms=synonyms)
        return {answer.text: answer.evidence.words for answer in answers}

    with_synonym, without = words_of(GDP), words_of(None)
    assert with_synonym[TEXTS[0]] > without[TEXTS[0]]
    assert with_synonym[TEXTS[1]] < with_synonym[TEXTS[0]]


def test_reply_says_what_was_searched_for(retriever: bot.Retriever) -> None:
    """Each synonym of a word of the question is in a notice, and no other."""
    reply = retriever.ask("the gdp", synonyms={**GDP, "ferry": "boat"})

    assert reply.notices == (
        'Searched for "gross domestic product" as well as "gdp".',
        'Searched for "national income" as well as "gdp".',
    )
    assert pickle.loads(pickle.dumps(reply)) == reply


def test_words_with_synonyms_are_no_slips(retriever: bot.Retriever) -> None:
    """A word that no article has is searched by its synonym, not corrected to another word."""
    plain = retriever.ask("frence")
    reply = retriever.ask("frence", synonyms={"frence": "united kingdom"})

    assert plain.corrected == {"frence": "france"}
    assert (reply.corrected, reply.unknown) == ({}, ())
    assert find_texts(reply.answers or reply.nearest) == ["The United Kingdom left."]


def test_several_words_have_a_synonym(retriever: bot.Retriever) -> None:
    """The question must have all of them."""
    synonyms = {"two words here": ["France"]}

    assert find_texts(retriever.search("two words here", synonyms=synonyms))[0] == (
        "It rained in France."
    )
    assert "It rained in France." not in find_texts(
        retriever.search("two words", synonyms=synonyms)
    )


def test_event_loops_and_filters_take_synonyms(retriever: bot.Retriever) -> None:
    """The reply is the same."""
    where = {"id": "text 1"}
    expected = retriever.ask("gdp", where=where, synonyms=GDP)

    reply = asyncio.run(retriever.aask("gdp", where=where, synonyms=GDP))

    assert reply == expected
    assert find_texts(reply.answers or reply.nearest) == [TEXTS[0]]


def test_conversations_and_lists_take_synonyms(retriever: bot.Retriever) -> None:
    """They belong to the question, also where a word of it is written in two by the articles."""
    expected = retriever.ask("the gdp of domesticflights", synonyms=GDP)
    talk = bot.Conversation(retriever)

    assert expected.question.synonyms
    assert talk.ask("the gdp of domesticflights", synonyms=GDP) == expected
    assert asyncio.run(talk.aask("the gdp", synonyms=GDP)) == retriever.ask("the gdp", synonyms=GDP)
    assert talk.ask("What is a gdp badge?").notices == ()
    assert retriever.ask_many(["the gdp"], synonyms=GDP) == (
        retriever.ask("the gdp", synonyms=GDP),
    )


@pytest.mark.parametrize("synonyms", ["gdp", {"gdp": 5}, {5: "gdp"}, []])
def test_synonyms_of_another_type_are_an_error(retriever: bot.Retriever, synonyms: Any) -> None:
    """It says what is allowed, and the question is no part of a conversation."""
    talk = bot.Conversation(retriever)

    with pytest.raises(ValueError, match=r"synonyms.*; give "):
        talk.ask("the gdp", synonyms=synonyms)
    assert talk.last is None


@pytest.mark.parametrize("synonyms", [{"…": "word"}, {"word": [""]}])
def test_synonym_without_a_word_is_an_error(
    retriever: bot.Retriever, synonyms: dict[str, str]
) -> None:
    """It is named."""
    with pytest.raises(ValueError, match="has no word to search for; give words"):
        retriever.ask("word", synonyms=synonyms)
