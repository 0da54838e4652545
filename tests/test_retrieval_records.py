"""Replies and answers as values: pickled, copied, compared, used as keys."""

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest

import bot

RECORDS = [
    {"id": 1, "title": "The old bridge", "section": ["world", {"of": "news"}],
     "text": "Ada Thorne designed the bridge.\n\nIt opened in 1932."},
    {"id": 2, "title": "Bridges", "date": "2024-11-19", "text": "Ada Thorne designed the bridge."},
    {"id": 3, "title": "Lima summit", "text": "Nobody came. " * 2000},
]  # fmt: skip
QUESTIONS = [
    "Who designed the bridge?",
    "Who desinged the brigde of Lima?",
    "Where is the quokka?",
    '"Nobody came" summit',
    "Did it open on 3 May 1932?",
    "Wer hat die Brücke entworfen, und wann wurde sie gebaut?",
]
COPIES: list[Callable[[Any], Any]] = [
    lambda value: pickle.loads(pickle.dumps(value)),
    lambda value: pickle.loads(pickle.dumps(value, 2)),
    copy.copy,
    copy.deepcopy,
]


@pytest.fixture(scope="module")
def retriever() -> bot.Retriever:
    return bot.Retriever.from_records(RECORDS).with_threshold(0.2)


@pytest.mark.parametrize("duplicate", COPIES)
@pytest.mark.parametrize("text", QUESTIONS)
def test_reply_equals_its_copies(
    retriever: bot.Retriever, text: str, duplicate: Callable[[Any], Any]
) -> None:
    """So do its answers, their evidence, article and copies; equal ones are one key."""
    reply = retriever.ask(text)
    parts = [reply, reply.question, *retriever.search(text)]
    parts += [part for a in retriever.search(text) for part in (a.article, a.evidence, *a.copies)]

    for part in parts:
        assert duplicate(part) == part
        assert len({duplicate(part), part}) == 1
        assert repr(duplicate(part)) == repr(part)
    assert duplicate(reply).as_dict() == reply.as_dict()
    assert duplicate(reply).silence is reply.silence


def test_reply_differs_from_another(retriever: bot.Retriever) -> None:
    """Each part counts."""
    reply = retriever.ask(QUESTIONS[0])
    [answer, *_] = reply.answers

    assert reply != retriever.ask(QUESTIONS[1])
    assert answer != replace(answer, evidence=replace(answer.evidence, words=0.0))
    assert answer != replace(answer, article=replace(answer.article, metadata={"section": "x"}))


def test_answer_takes_its_article_along_and_no_other(retriever: bot.Retriever) -> None:
    """The library, of which one article is large, stays behind."""
    [answer, *_] = retriever.search("Who designed the bridge?")
    large = max(len(article.text) for article in retriever.library.articles)

    assert len(pickle.dumps(answer)) < 4_000 < large


def test_pickled_reply_is_read_by_another_process(retriever: bot.Retriever) -> None:
    """A process pool returns replies, which need no library there."""
    reply = retriever.ask(QUESTIONS[0])
    code = "import pickle, sys, json; print(json.dumps(pickle.load(sys.stdin.buffer).as_dict()))"

    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(reply), capture_output=True, check=True
    )

    assert json.loads(done.stdout) == json.loads(json.dumps(reply.as_dict()))


def test_metadata_is_read_only(retriever: bot.Retriever) -> None:
    """An article is shared by all who ask; its metadata is JSON all the same."""
    article = retriever.library.articles[0]
    metadata: Any = article.metadata

    for change in (
        lambda: metadata.update(section="x"),
        lambda: metadata.pop("section"),
        lambda: metadata.__setitem__("section", "x"),
        lambda: metadata.__delitem__("section"),
        lambda: metadata.setdefault("new", "x"),
        lambda: metadata.__ior__({"new": "x"}),
        metadata.clear,
        metadata.popitem,
    ):
        with pytest.raises(TypeError, match="read only"):
            change()
    assert metadata == {"section": ["world", {"of": "news"}]}
    assert json.loads(json.dumps(metadata)) == metadata == asdict(article)["metadata"]
