"""Edits of a library and its engine, against both built anew."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot
from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.index.memory import MemoryEngine
from bot.storage.build import build_engine, edit_library
from bot.storage.cache import open_library

WORDS = "bridge river tower old stone opened the of harbour built ferry light keeper".split()
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: f"{' '.join(words).capitalize()}."
)
TEXT = st.lists(SENTENCE, max_size=4).map("\n\n".join)
TEXTS = st.lists(TEXT, max_size=5)
QUESTIONS = ["When was the old bridge opened?", "tower of stone", "harbuor", "ferry lamp", "the of"]


def article(number: int, text: str) -> bot.Article:
    """Return an article of ``text``, whose title may have words that its text lacks."""
    title = WORDS[number % len(WORDS)]
    return Library.from_texts([text], [title]).articles[0]


def open_in_memory(articles: list[bot.Article]) -> tuple[Library, MemoryEngine]:
    library = Library(articles)
    return library, build_engine(library)


def open_saved(articles: list[bot.Article]) -> tuple[Library, MemoryEngine]:
    """Return the library of the files of ``articles``, saved in a cache, and its engine."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as cache:
        for number, each in enumerate(articles):
            page = f"# {each.title}\n\n{each.text}"
            Path(folder, f"{number}.md").write_text(page, encoding="utf-8")
        opened = open_library([folder], Path(cache))
    return opened.library, opened.engine


@pytest.mark.slow
@settings(max_examples=25)
@given(
    opener=st.sampled_from([open_in_memory, open_saved]),
    texts=TEXTS,
    edits=st.lists(
        st.tuples(st.dictionaries(st.integers(0, 4), TEXT), st.sets(st.integers(0, 4)), TEXTS),
        min_size=1,
        max_size=4,
    ),
)
def test_edited_library_answers_as_one_built_anew(
    opener: Callable[[list[bot.Article]], tuple[Library, MemoryEngine]],
    texts: list[str],
    edits: list[tuple[dict[int, str], set[int], list[str]]],
) -> None:
    """Sentences, replies and scores are equal after each of several edits."""
    library, engine = opener([article(number, text) for number, text in enumerate(texts)])
    library.find_unsearched(["bridg"])
    for replaced, removed, added in edits:
        rows = range(len(library.articles))
        edit = Edit(
            {row: article(row, text) for row, text in replaced.items() if row in rows},
            removed.intersection(rows),
            [article(number, text) for number, text in enumerate(added, 7)],
        )
        library, engine = edit_library(library, engine, edit)
        changed = bot.Retriever(library, engine=engine)
        fresh = bot.Retriever(Library([*library.articles]))

        assert [*library.sentence_texts()] == [*fresh.library.sentence_texts()]
        assert [*map(library.title, range(len(library.articles)))] == [
            listing.title for listing in fresh.library.listings
        ]
        for question in QUESTIONS:
            assert changed.ask(question) == fresh.ask(question)
            assert changed.search(question) == fresh.search(question)


def test_terms_of_removed_articles_do_not_pile_up() -> None:
    """After a thousand articles that came and went, the vocabulary is that of the rest."""
    library = Library.from_texts(["The old bridge of stone fell."])
    engine = build_engine(library)
    for number in range(1_000):
        articles = Library.from_texts([f"Ferry{number} left harbour{number}."]).articles
        for edit in (Edit(added=articles), Edit(removed={1})):
            library, engine = edit_library(library, engine, edit)

    assert len(engine.vocabulary) <= 12
    assert engine.document_frequencies(["bridg", "ferry1"]) == [1, 0]


def test_a_chain_of_edits_of_a_saved_library_has_one_link(tmp_path: Path) -> None:
    """The library after a hundred edits has the articles on disk and the new ones, no others."""
    (tmp_path / "bridge.txt").write_text("The bridge opened.", encoding="utf-8")
    whole = library = open_library([tmp_path], tmp_path / "cache").library
    for number in range(100):
        articles = Library.from_texts([f"Tower {number} opened."]).articles
        library = library.edit(Edit(added=articles, removed={1} if number else set()))

    assert [*library.sentence_texts()] == ["The bridge opened.", "Tower 99 opened."]
    assert library.articles[0] is whole.articles[0]
