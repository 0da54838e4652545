"""Questions asked from an event loop: it runs on, and replies are those of ``ask``."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as running_threads
from typing import Any

import pytest

import bot

PROGRAM = Path(__file__).parent / "programs" / "ask_in_event_loops.py"
TEXTS = [
    "Ada Thorne designed the bridge. It opened in March 1932.",
    "A ferry crossed the river before. The ferry sank in 1931.",
]
QUESTIONS = ["Who designed the bridge?", "When did the ferry sink?", "quokka", "", "the brigde"]
PATIENCE = 60  # seconds until a test that waits in vain fails


class Gate:
    """An engine whose searches wait until the gate is opened; it counts them."""

    def __init__(self, engine: bot.Engine) -> None:
        self.engine = engine
        self.entered, self.opened = Event(), Event()
        self.searches = 0

    def search(self, terms: Sequence[str], limit: int) -> list[bot.Hit]:
        """Return the hits of the engine behind the gate."""
        self.searches += 1
        self.entered.set()
        assert self.opened.wait(PATIENCE)
        return self.engine.search(terms, limit)

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return the counts of the engine behind the gate."""
        return self.engine.document_frequencies(terms)


@pytest.fixture
def retriever() -> bot.Retriever:
    return bot.Retriever.from_texts(TEXTS)


@pytest.fixture
def gate(retriever: bot.Retriever) -> Gate:
    return Gate(retriever.engine)


@pytest.fixture
def gated(retriever: bot.Retriever, gate: Gate) -> bot.Retriever:
    return bot.Retriever(retriever.library, engine=gate)


async def reach(event: Event) -> int:
    """Wait in the event loop for ``event``; return how often the loop came round."""
    rounds = 0
    while not event.is_set():
        await asyncio.sleep(0)
        rounds += 1
    return rounds


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, PATIENCE))


def test_replies_are_those_of_ask(retriever: bot.Retriever) -> None:
    """In several event loops one after the other, one by one and all at once."""

    async def ask_all() -> None:
        assert [await retriever.aask(text) for text in QUESTIONS] == expected
        assert await asyncio.gather(*map(retriever.aask, QUESTIONS)) == expected
        assert await retriever.asearch("ferry", 1) == retriever.search("ferry", 1)
        reply = await retriever.aask("ferry", 1, lambda article: article.id == "text 1")
        assert reply == retriever.ask("ferry", 1, lambda article: article.id == "text 1")

    expected = [retriever.ask(text) for text in QUESTIONS]
    run(ask_all())
    run(ask_all())


def test_event_loop_runs_while_a_question_is_answered(gated: bot.Retriever, gate: Gate) -> None:
    """The gate is opened by the loop itself, in the middle of the search."""

    async def ask() -> None:
        question = asyncio.create_task(gated.aask(QUESTIONS[0]))
        assert await reach(gate.entered)
        assert not question.done()
        gate.opened.set()
        assert (await question).answers[0].text == "Ada Thorne designed the bridge."

    run(ask())


def test_question_cancelled_while_it_waits_is_not_asked(gated: bot.Retriever, gate: Gate) -> None:
    """Its place is free for the next."""

    async def ask() -> None:
        first = asyncio.create_task(gated.asearch("ferry"))
        await reach(gate.entered)
        waiting = [asyncio.create_task(gated.asearch("bridge")) for _ in range(100)]
        last = asyncio.create_task(gated.asearch("river"))
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        assert all(
            isinstance(result, asyncio.CancelledError)
            for result in await asyncio.gather(*waiting, return_exceptions=True)
        )
        gate.opened.set()
        assert [len(answers) for answers in await asyncio.gather(first, last)] == [2, 1]

    run(ask())
    assert gate.searches == 2


def test_question_cancelled_while_it_is_answered_ends_at_once(
    gated: bot.Retriever, gate: Gate
) -> None:
    """Who asked does not wait for the search; the next question is answered."""

    async def ask() -> None:
        question = asyncio.create_task(gated.asearch("ferry"))
        await reach(gate.entered)
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        assert not gate.opened.is_set()
        gate.opened.set()
        assert len(await gated.asearch("bridge")) == 1

    run(ask())


def test_one_question_is_answered_at_a_time(gated: bot.Retriever, gate: Gate) -> None:
    """A hundred askers take one thread, and their order."""

    async def ask() -> None:
        questions = [asyncio.create_task(gated.asearch("ferry")) for _ in range(100)]
        await reach(gate.entered)
        assert gate.searches == 1
        gate.opened.set()
        assert len(set(await asyncio.gather(*questions))) == 1

    run(ask())


def test_errors_are_those_of_ask(retriever: bot.Retriever) -> None:
    """They reach the coroutine that asked."""

    async def ask() -> None:
        with pytest.raises(ValueError, match="planet"):
            await retriever.aask("ferry", where={"planet": "Mars"})

    run(ask())


def test_conversation_understands_follow_ups(retriever: bot.Retriever) -> None:
    """A conversation in an event loop is the same as without."""
    expected, talk = bot.Conversation(retriever), bot.Conversation(retriever)

    async def ask() -> None:
        for text in ("Who designed the bridge?", "When did it open?", "and the ferry?"):
            assert await talk.aask(text) == expected.ask(text)

    run(ask())


def list_workers() -> set[Thread]:
    """Return the threads of retrievers."""
    return {thread for thread in running_threads() if thread.name.startswith("bot")}


def test_no_thread_is_left() -> None:
    """A retriever has a thread from its first coroutine on, until it is forgotten."""
    before = list_workers()
    retriever = bot.Retriever.from_texts(TEXTS)
    retriever.ask(QUESTIONS[0])
    assert list_workers() <= before  # those of other tests may end meanwhile

    asyncio.run(retriever.aask(QUESTIONS[0]))
    [thread] = list_workers() - before
    del retriever
    gc.collect()

    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX has fork")
def test_forked_process_asks_too() -> None:
    """A child has no threads of its parent; both end quietly."""
    done = subprocess.run(
        [sys.executable, PROGRAM], capture_output=True, text=True, timeout=PATIENCE
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_asyncio_is_imported_for_coroutines_only() -> None:
    """A program that has no event loop does not wait for it."""
    code = (
        "import sys, bot; r = bot.Retriever.from_texts(['The bridge opened.']); r.ask('bridge'); "
        "bot.Conversation(r).ask('bridge'); print('asyncio' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
