"""Conversations: follow-ups, more answers, and remarks to the bot."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.retrieval.answer import Reply, Silence

DATA = Path(__file__).parent / "data"
REMARKS = tomllib.loads((DATA / "remarks.toml").read_text(encoding="utf-8"))
FOLLOW_UPS = tomllib.loads((DATA / "followups.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", FOLLOW_UPS, ids=lambda case: case["label"])
def test_follow_ups(retriever: bot.Retriever, case: dict[str, Any]) -> None:
    """Each turn is answered in the context of the previous ones."""
    conversation = bot.Conversation(retriever)
    reply = Reply(retriever.ask("").question, ())
    for text, expected in case["turns"]:
        reply = conversation.ask(text)
        if expected == "-":
            assert reply.silence, text
        else:
            assert reply.answers, text
            assert expected in reply.answers[0].text, text

    assert sorted(reply.carried) == sorted(case.get("carried", reply.carried))


@pytest.mark.parametrize("follow_up", ["and the lighthouse?", "how about the lighthouse?"])
def test_follow_up_without_a_kind_keeps_the_kind(retriever: bot.Retriever, follow_up: str) -> None:
    """It asks for the same kind of answer as the previous question."""
    conversation = bot.Conversation(retriever)
    kind = conversation.ask("Who designed the Thornwick Bridge?").question.kind

    reply = conversation.ask(follow_up)

    assert reply.carried
    assert reply.question.kind is kind
    assert reply.question.text == follow_up


SUBJECTS = ["bridge", "lighthouse", "fish market", "keeper of Skerry Rock", "old tram depot"]


@given(st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS))
@settings(max_examples=30)
def test_complete_question_drops_the_context(
    retriever: bot.Retriever, first: str, second: str
) -> None:
    """It gets the reply that it gets outside a conversation."""
    conversation = bot.Conversation(retriever)
    conversation.ask(f"Where was the {first}?")

    reply = conversation.ask(f"When was the {second} opened?")

    assert reply == retriever.ask(f"When was the {second} opened?")


@pytest.mark.parametrize(
    "question", ["When did it open?", "And granite?", "granite", "the first one"]
)
def test_first_question_has_no_context(retriever: bot.Retriever, question: str) -> None:
    """Whatever its words, it is asked as it is."""
    assert bot.Conversation(retriever).ask(question) == retriever.ask(question)


def test_more_gives_the_next_answers(retriever: bot.Retriever) -> None:
    """Each answer comes once, in the order of a search, and then a silence."""
    conversation = bot.Conversation(retriever)
    shown = list(conversation.ask("bridge of granite", limit=1).answers)

    while answers := conversation.ask("tell me more", limit=1).answers:
        shown += answers

    assert shown == [*retriever.search("bridge of granite", limit=20)]
    assert conversation.ask("anything else?").silence is Silence.WEAK
    assert conversation.ask("the last one").answers == tuple(shown[-1:])


def test_more_requires_the_quoted_phrase(library: bot.Library) -> None:
    """Where no sentence has the phrase, "more" does not show another sentence."""
    conversation = bot.Conversation(bot.Retriever(library))

    reply = conversation.ask('Who saw the "granite ferry" of the river?')

    assert reply.silence is Silence.WEAK
    assert reply.nearest
    assert conversation.ask("more").answers == ()


def test_ordinal_beyond_the_answers(retriever: bot.Retriever) -> None:
    """The reply says how many answers there were."""
    conversation = bot.Conversation(retriever)
    conversation.ask("Who designed the bridge?", limit=1)

    assert conversation.ask("the third one").remark == "There was one answer."


def test_another_retriever_keeps_the_subject(retriever: bot.Retriever) -> None:
    """A question to another library still refers to the previous one."""
    conversation = bot.Conversation(retriever)
    conversation.ask("Who designed the Thornwick Bridge?")

    other = conversation.with_retriever(bot.Retriever.from_texts(["The bridge fell in 1999."]))

    assert "Bridge" in other.ask("When did it fall?").carried


QUESTIONS = [
    "Who designed the Thornwick Bridge?",
    "When did it open?",
    "and the lighthouse?",
    "How many steps did he climb?",
    "and what did it replace?",
    "Did they sell herring?",
    "and where did the fish market go?",
    "what leaked?",
    "solar panel",
]


@given(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=4), st.sampled_from(QUESTIONS))
@settings(max_examples=50)
def test_follow_up_is_never_worse_than_alone(
    library: bot.Library, before: list[str], question: str
) -> None:
    """Where the same words by themselves have an answer, they have one in any conversation."""
    retriever = bot.Retriever(library)
    conversation = bot.Conversation(retriever)
    for each in before:
        conversation.ask(each)

    reply = conversation.ask(question)

    assert reply.answers or not retriever.ask(question).answers


@pytest.mark.parametrize("text", REMARKS["remarks"])
@pytest.mark.parametrize("is_first", [False, True])
def test_remark_leaves_nothing_behind(
    retriever: bot.Retriever, text: str, *, is_first: bool
) -> None:
    """It has a short reply, is not searched, and is forgotten."""
    conversation = bot.Conversation(retriever)
    if not is_first:
        conversation.ask("Who designed the Thornwick Bridge?")
    last = conversation.last

    reply = conversation.ask(text)

    assert reply.remark
    assert (reply.answers, reply.silence) == ((), None)
    assert conversation.last is last


@pytest.mark.parametrize("text", REMARKS["questions"])
def test_question_is_no_remark(retriever: bot.Retriever, text: str) -> None:
    """A line that only begins like small talk is searched."""
    assert not bot.Conversation(retriever).ask(text).remark


@pytest.mark.parametrize("text", ["why?", "Who?", "and when?"])
def test_bare_question_word_needs_a_question_before(retriever: bot.Retriever, text: str) -> None:
    """At first there is nothing to refer to."""
    conversation = bot.Conversation(retriever)

    assert conversation.ask(text).remark
    conversation.ask("Did the fish market leave the harbour?")
    assert not conversation.ask(text).remark


def test_after_a_silence_in_a_single_article() -> None:
    """The words of the silent question do not pull the next one to them."""
    conversation = bot.Conversation(
        bot.Retriever.from_texts(["Ann met Bo in Lima. They discussed trade. It rained in May."])
    )
    conversation.retriever = conversation.retriever.with_threshold(0.999)
    assert conversation.ask("What trade was discussed?").silence

    assert conversation.last is None


@pytest.mark.parametrize("articles", [1, 6, 7, 50])
def test_subjects_are_spread_over_the_library(articles: int) -> None:
    """At most six titles are named, from the first to near the last; the others are counted."""
    titles = [f"The mill number {number}" for number in range(articles)]
    conversation = bot.Conversation(bot.Retriever.from_texts(["It stands."] * articles, titles))

    remark = conversation.ask("What can I ask?").remark

    listed = remark.removeprefix("Ask about: ").removesuffix(".").split(" and ")[0].split("; ")
    assert listed == [title for title in titles if title in listed]
    assert len(listed) == min(6, articles)
    assert remark.endswith(f" and {articles - 6} more." if articles > 6 else ".")
    assert titles.index(listed[-1]) >= articles * 2 // 3


def test_subjects_of_an_empty_library() -> None:
    """The bot says that there are no articles."""
    conversation = bot.Conversation(bot.Retriever(bot.Library()))

    assert conversation.ask("what can I ask about").remark == "There are no articles to ask about."
