"""Saved libraries: nothing is read twice, nothing is lost, and the answers are a fresh build's."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.retrieval.saved import Opened, opened
from bot.retrieval.saving import Ways

NAMES = ["a.txt", "b.txt", "c/d.txt", "c/e.md", "f.txt"]
WORDS = st.sampled_from("bridge river tower old stone opened the of harbour built".split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: f"{' '.join(words)}.")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join)
# What happens to a file between two questions: it gets a text, or goes.
EVENT = st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), TEXT))
HISTORY = st.lists(st.lists(EVENT, max_size=4), min_size=1, max_size=4)
QUESTIONS = ["When was the old bridge opened?", "tower of stone", "harbour", "the of"]


def happen(folder: Path, name: str, text: str | None) -> None:
    """Write or delete a file."""
    file = folder / name
    if text is None:
        file.unlink(missing_ok=True)
    else:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


def answers(retriever: bot.Retriever) -> list[tuple[object, ...]]:
    """Return all that a user could tell of the answers to some questions."""
    return [
        (a.text, a.article, a.start, a.end, a.line, a.score, a.confidence, a.matched, a.before,
         a.after, a.evidence, a.number)
        for question in QUESTIONS
        for a in retriever.search(question, 20)
    ]  # fmt: skip


def asked(found: Opened) -> bot.Retriever:
    return bot.Retriever(found.library, engine=found.engine)


@settings(max_examples=60, deadline=None)
@given(HISTORY)
def test_any_history_gives_the_answers_of_a_fresh_build(
    history: Sequence[Sequence[tuple[str, str | None]]],
) -> None:
    """Articles added, changed and removed, several at a time: order and scores are the same."""
    with TemporaryDirectory() as folder:
        articles, cache = Path(folder) / "articles", Path(folder) / "cache"
        articles.mkdir()
        for events in history:
            for name, text in events:
                happen(articles, name, text)

            actual = asked(opened([articles], cache, Ways()))

            assert answers(actual) == answers(bot.Retriever(bot.Library.from_path(articles)))
            assert [*actual.library.articles] == [*bot.Library.from_path(articles).articles]
