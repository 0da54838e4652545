"""Invariants of every reader, on any bytes."""

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.articles.formats import FORMATS, parse_articles
from bot.errors import UnreadableFile

CASES = tomllib.loads(
    (Path(__file__).parent / "data" / "boilerplate.toml").read_text(encoding="utf-8")
)
MARKUP = st.text(st.sampled_from("aB.é1 \n\t#*_`[]()<>!|-=+~>&;:/\\\"'"), max_size=80)
PAGES = st.lists(
    st.sampled_from(sorted({case["text"] for case in CASES["case"] + CASES["dateline"]})),
    max_size=9,
).map("\n".join)
FRONT_MATTER = st.text(st.sampled_from("ab:- \n\t'\"[]{}|>*&!%@#~?,0"), max_size=80).map(
    lambda text: f"---\n{text}\n---\nIt rained."
)


@given(
    st.binary(max_size=200) | (MARKUP | PAGES | FRONT_MATTER).map(str.encode),
    st.sampled_from(sorted(FORMATS)),
)
def test_any_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    """Blocks are in order, do not overlap, are within the text, not blank and not padded."""
    try:
        articles = [*parse_articles("/x" + suffix, "x" + suffix, data)]
    except UnreadableFile:
        return

    for article in articles:
        if isinstance(article, Article):
            check_blocks(article)


def check_blocks(article: Article) -> None:
    assert article.title
    ends = [0, *(block.end for block in article.blocks)]
    for block, last in zip(article.blocks, ends, strict=False):
        text = article.text[block.start : block.end]
        assert last <= block.start < block.end <= len(article.text)
        assert text == text.strip() != ""
    starts = [place.start for place in article.places]
    assert starts == sorted({*starts})


@given(MARKUP | FRONT_MATTER)
def test_markdown_keeps_lines(text: str) -> None:
    """An article's text has as many lines as its Markdown file."""
    try:
        (article,) = FORMATS[".md"].read(text.encode(), "x")
    except UnreadableFile:
        return

    assert isinstance(article, Article)
    assert article.text.count("\n") == text.count("\n")


def test_unknown_suffix_is_plain_text() -> None:
    """A file whose suffix has no reader is read as plain text."""
    (article,) = parse_articles("/notes/page.log", "page.log", b"# Notes\n\nIt *rained*.")

    assert isinstance(article, Article)
    assert article.text == "# Notes\n\nIt *rained*."
    assert article.path == "/notes/page.log"
    assert not article.metadata
