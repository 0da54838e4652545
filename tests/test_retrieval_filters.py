"""Filters that choose articles, and retrievers of the articles chosen."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bot
from bot.retrieval.date_ranges import FilterError
from bot.retrieval.filters import parse_filter

DATA = Path(__file__).parent / "data"
CASES = tomllib.loads((DATA / "filters.toml").read_text(encoding="utf-8"))
ARTICLES = [
    bot.Article("The Bridge of Thornwick", "bridge.txt", "", date(2022, 3, 8)),
    bot.Article("The lamp of Skerry Rock", "2019/lamp.md", "", date(2019, 10, 2)),
    bot.Article("The fish market moves in winter", "market.txt", ""),
]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["label"])
def test_filter_matches(case: dict[str, object]) -> None:
    """Each filter matches the articles that its case names."""
    wanted = parse_filter(str(case["text"]))

    assert [article.source for article in ARTICLES if wanted.matches(article)] == case["matches"]


@pytest.mark.parametrize("case", CASES["broken"], ids=lambda case: case["text"])
def test_invalid_filter(case: dict[str, str]) -> None:
    """An invalid date is an error that names it."""
    with pytest.raises(FilterError, match=case["part"]):
        parse_filter(case["text"])


@given(st.text(st.sampled_from('ab "*?[]/.-0129 sincebefor'), max_size=30) | st.text())
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    """No text makes parsing or matching fail in another way."""
    try:
        wanted = parse_filter(text)
    except FilterError:
        assume(False)

    assert all(isinstance(wanted.matches(article), bool) for article in ARTICLES)


@pytest.fixture(scope="module")
def whole() -> bot.Retriever:
    return bot.Retriever.from_path(DATA / "articles", cache=None)


@given(
    rows=st.sets(st.integers(0, 2)),
    question=st.sampled_from(["windmill", "the chese", "harbour or mill?"]),
)
def test_subset_answers_as_a_library_of_its_own(
    whole: bot.Retriever, rows: set[int], question: str
) -> None:
    """Texts, scores, positions and unknown words are those of a library of these articles."""
    chosen = sorted(rows & {*range(len(whole.library.articles))})

    subset = whole.select_rows(tuple(chosen))
    fresh = bot.Retriever(bot.Library([whole.library.articles[row] for row in chosen]))

    assert subset.ask(question) == fresh.ask(question)
    assert subset.search(question) == fresh.search(question)
    assert [*subset.library.sentence_texts()] == [*fresh.library.sentence_texts()]
    assert subset.library.content_versions.keys() == fresh.library.content_versions.keys()
    numbers = range(fresh.library.sentence_count)
    assert [*map(subset.library.sentence, numbers)] == [*map(fresh.library.sentence, numbers)]
    assert [*map(subset.library.paragraph_range, numbers)] == [
        *map(fresh.library.paragraph_range, numbers)
    ]
    assert [*subset.library.paragraph_numbers()] == [*fresh.library.paragraph_numbers()]
