"""Front matter in YAML and TOML: the values people write, and text that is no front matter."""

import datetime
from itertools import pairwise

import pytest

from bot.articles.article import Article
from bot.articles.markdown import read_markdown


def read(front_matter: str) -> Article:
    return read_markdown(f"{front_matter}\n\nIt rained.\n".encode(), "page.md")


@pytest.mark.parametrize(
    "front_matter",
    [
        "---\nTitle: 'A: b'\nauthors:\n  - Ann Lee\n  - Joe Dunn\ndate: 2020-01-02 # when\n---",
        '---\ntitle: "A: b" # so\nauthor: [Ann Lee, "Joe Dunn"]\ndate: 2 January 2020\n...',
        '+++\ntitle = "A: b"\nauthors = ["Ann Lee", "Joe Dunn"]\ndate = 2020-01-02\n+++',
    ],
)
def test_title_date_and_author(front_matter: str) -> None:
    """Title, date and author are read from YAML and TOML, however they are written."""
    article = read(front_matter)

    assert (article.title, article.date) == ("A: b", datetime.date(2020, 1, 2))
    assert article.metadata["author"] == "Ann Lee, Joe Dunn"
    assert [block.boilerplate for block in article.blocks] == [False]


@pytest.mark.parametrize(
    ("value", "title"),
    [
        ("'It''s here'", "It's here"),
        (r'"A \"quoted\" word"', 'A "quoted" word'),
        (r'"Caf\u00e9"', "Café"),
        (">-\n  Rain over\n  the coast", "Rain over the coast"),
        ("|\n  Rain over\n  the coast", "Rain over the coast"),
        ("Rain over\n  the coast", "Rain over the coast"),
        ("[[Rain, Snow], Hail]", "Rain, Snow, Hail"),
        # YAML refuses these, and people write them.
        ("Rain: a history", "Rain: a history"),
        ("'It's here'", "'It's here'"),
        ('"Rain" and snow', '"Rain" and snow'),
        ("*Important* rain", "*Important* rain"),
        ("@rain", "@rain"),
        ("[Draft] Rain", "[Draft] Rain"),
        # Values that are no title.
        ("~", "Page"),
        ("null", "Page"),
        ("{a: b}", "Page"),
    ],
)
def test_yaml_value(value: str, title: str) -> None:
    """A value is read as YAML or, if it is not valid, to the letter."""
    article = read(f"---\ntitle: {value}\nauthor: Ann Lee\n---")

    assert article.title == title
    assert article.metadata["author"] == "Ann Lee"


@pytest.mark.parametrize(
    "text",
    [
        "---\nIt rained.\n---",
        "---\nIt rained: a lot.\n---",
        "---\nIt rained.",
        "---\nkey: value\n- item\n---",
        "+++\n[[\n+++",
        "---\n" + "a: b\n" * 2_000 + "---",
    ],
)
def test_text_between_rules_is_not_front_matter(text: str) -> None:
    """Lines that are no front matter are part of the text."""
    article = read(text)

    assert not article.metadata
    assert len(article.blocks) > 1


@pytest.mark.parametrize(
    "lines",
    [
        ["a: &a [x, x]", *(f"{b}: &{b} [*{a}, *{a}]" for a, b in pairwise("abcdefghi"))],
        ["a: &a [[]]", "b:", "  - &b [*a, *a]", *["  - [*b, *b]"] * 20],
        ["a: &a [*a]"],
        ["a: " + "[" * 100_000],
        ["a: " + "[" * 900 + "x, " * 10_000],
        ["a: " + "x " * 1_000_000],
        ["a: " + "- " * 100_000],
        ["a: 'b"] * 900,
    ],
    ids=["bomb", "nested bomb", "cycle", "depth", "width", "length", "items", "quotes"],
)
def test_yaml_bomb_is_refused(lines: list[str]) -> None:
    """Aliases are not followed, and no YAML takes more than linear time."""
    article = read("\n".join(["---", *lines, "---"]))

    assert sum(map(len, map(str, article.metadata.values()))) <= sum(map(len, lines))
