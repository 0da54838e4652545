"""Questions to some of the articles only: answered as if the others were not there."""

import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot

CASES = tomllib.loads((Path(__file__).parent / "data/wheres.toml").read_text(encoding="utf-8"))
RECORDS = [
    {"id": 1, "text": "Ada Thorne designed the bridge.", "section": "a", "year": 1930},
    {"id": 2, "text": "The bridge opened in March 1932. It is of steel.", "section": "a"},
    {"id": 3, "text": "The brigde fell in 1999.", "title": "Lima summit", "section": "b"},
    {"id": 4, "text": "Ada Thorne designed the bridge.", "section": "c", "year": 2001},
    {"id": 5, "text": "A ferry left.\n\nNobody saw the quokka.", "section": "c"},
]
WHOLE = bot.Retriever.from_records(RECORDS)
QUESTIONS = st.sampled_from(
    [
        "Who designed the bridge?",
        "When did the brigde open?",
        "the quokka",
        "Where was the Lima summit?",
        "What is it of?",
        "more",
        "and the ferry?",
        "the second one",
        "",
    ]
)


@pytest.fixture(scope="module")
def records() -> bot.Retriever:
    return bot.Retriever.from_records(CASES["record"])


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: str(case["where"]))
def test_where_chooses_articles(records: bot.Retriever, case: dict[str, Any]) -> None:
    """Each filter chooses the records that its case names, or is an error that helps."""
    if "error" in case:
        with pytest.raises(ValueError, match=case["error"]):
            records.ask("bridge", where=case["where"])
        return

    chosen = records.select(case["where"]).library.articles

    assert [article.id for article in chosen] == case["ids"]


def choose(ids: set[int]) -> Callable[[bot.Article], bool]:
    return lambda article: article.id in ids


@given(ids=st.sets(st.integers(1, 5)), question=QUESTIONS)
def test_answers_are_those_of_a_library_of_the_chosen_articles(
    ids: set[int], question: str
) -> None:
    """Answers, scores, silence and notices equal those of a library without the others."""
    fresh = bot.Retriever.from_records([r for r in RECORDS if r["id"] in ids])

    for where in (choose(ids), {"id": sorted(ids)}):
        assert WHOLE.ask(question, where=where) == fresh.ask(question)
        assert WHOLE.search(question, where=where) == fresh.search(question)
        assert WHOLE.ask_many([question], where=where) == fresh.ask_many([question])


@given(ids=st.sets(st.integers(1, 5)), questions=st.lists(QUESTIONS, min_size=1, max_size=4))
def test_a_conversation_about_chosen_articles(ids: set[int], questions: list[str]) -> None:
    """A conversation goes on as one with a library of the chosen articles alone."""
    fresh = bot.Conversation(bot.Retriever.from_records([r for r in RECORDS if r["id"] in ids]))
    conversation = bot.Conversation(WHOLE)

    for question in questions:
        assert conversation.ask(question, where=choose(ids)) == fresh.ask(question)


@given(turns=st.lists(st.tuples(st.sets(st.integers(1, 5)), QUESTIONS), min_size=1, max_size=5))
def test_articles_that_are_not_chosen_never_appear(turns: list[tuple[set[int], str]]) -> None:
    """Whatever was asked before, answers, copies and notices are of the chosen articles."""
    conversation = bot.Conversation(WHOLE)

    for ids, question in turns:
        reply = conversation.ask(question, where={"id": sorted(ids)})

        shown = [*reply.answers, *reply.nearest]
        copies = [copy for answer in shown for copy in answer.copies]
        assert {answer.article.id for answer in shown} <= ids
        assert {copy.article.id for copy in copies} <= ids
        assert 3 in ids or "Lima" not in " ".join([*reply.unsearched, reply.remark])


def test_where_that_chooses_nothing_is_silent() -> None:
    """There is nothing to answer from, and that is no error."""
    reply = WHOLE.ask("Who designed the bridge?", where={"section": "z"})

    assert (reply.answers, reply.silence) == ((), bot.Silence.EMPTY)
    assert WHOLE.search("bridge", where="since 2020") == ()


def test_a_subset_is_kept() -> None:
    """The same articles are the same retriever, however they are chosen."""
    assert WHOLE.select({"section": "a"}) is WHOLE.select(choose({1, 2}))


def test_fields_of_metadata_come_before_those_of_the_article() -> None:
    """A record with a source of its own is found by that."""
    retriever = bot.Retriever.from_records([{"id": 1, "text": "It rained.", "source": "Reuters"}])

    assert retriever.ask("rained", where={"source": "Reuters"}).answers


def test_any_field_of_an_empty_library_is_unknown_without_error() -> None:
    """A program need not know that there are no articles yet."""
    reply = bot.Retriever.from_texts([]).ask("x", where={"section": "a"})

    assert reply.silence is bot.Silence.EMPTY


def test_threshold_holds_for_the_chosen_articles() -> None:
    """A retriever that is silent below a confidence is so with ``where``, too."""
    strict = WHOLE.with_threshold(1.0)

    assert strict.ask("Who designed the bridge?", where="section:a").silence


def test_threads_ask_different_articles_at_once() -> None:
    """More filters than are kept, from many threads: each question has its own articles."""
    wanted = [{1 + n % 5, 1 + n // 5 % 5} for n in range(25)] * 4
    retriever = bot.Retriever.from_records(RECORDS)

    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda ids: retriever.search("bridge", where={"id": sorted(ids)}), wanted)

        for ids, answers in zip(wanted, found, strict=True):
            assert answers == WHOLE.search("bridge", where=choose(ids))
