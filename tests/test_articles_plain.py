"""The plain text reader: paragraphs, headline, headings, dates, boilerplate."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.articles.plain import parse_plain, read_plain

ARTICLES = Path(__file__).parent / "data" / "articles"


def story(article: Article) -> list[str]:
    """Return the blocks that may answer."""
    return [article.text[b.start : b.end] for b in article.blocks if not b.boilerplate]


def boilerplate(article: Article) -> list[str]:
    """Return the blocks that may not."""
    return [article.text[b.start : b.end] for b in article.blocks if b.boilerplate]


def test_news_page() -> None:
    """A page's headline, date and author are found; only its story can answer."""
    article = read_plain((ARTICLES / "harbour.txt").read_bytes(), "harbour.txt")

    assert article.title == "Old harbour wall of Brinmouth gives way"
    assert article.date == datetime.date(2025, 2, 6)
    assert article.metadata["author"] == "Ellen Marsh"
    assert [text.split(".")[0] for text in story(article)] == [
        "The harbour wall of Brinmouth collapsed on Wednesday night after three days of storm",
        "Harbour master Tom Pryce said the gap is forty metres long",
        "By Friday the boats will lie in the river",
    ]
    assert "BRINMOUTH, England, Feb. 6 (Wire) -" in boilerplate(article)


def test_wrapped_notes() -> None:
    """Wrapped lines are one paragraph, items are apart, a heading is above its paragraphs."""
    article = read_plain((ARTICLES / "cheese.txt").read_bytes(), "cheese.txt")

    assert article.title == "Notes on cheese"
    assert [" ".join(text.split())[:30] for text in story(article)] == [
        "Cheese is made from milk in wh",
        "Rennet is an enzyme from the s",
        "Cheddar ripens for at least th",
        "Brie is eaten after four weeks",
    ]
    assert [block.headings for block in article.blocks][-1] == ("What rennet does",)


def test_text_kept_to_the_letter() -> None:
    """Offsets are those of the file as decoded: nothing is folded, joined or stripped."""
    text = "  A title\r\n\r\n\tIt rained.   \r\nIt snowed.\r\n"

    assert read_plain(b"\xef\xbb\xbf" + text.encode(), "x.txt").text == text


def test_short_lines_are_paragraphs() -> None:
    """Lines that end long before the page width are paragraphs, not wrapped lines."""
    article = parse_plain(
        "The ferry left.\nIt came back in the evening of the same day.\nWe ate.", "x"
    )

    assert len(article.blocks) == 3


def test_sentence_wrapped_in_two_lines() -> None:
    """Two lines, the first of which ends in the middle of a sentence, are one paragraph."""
    assert len(parse_plain("The ferry left the island at\nnoon.", "x").blocks) == 1


def test_list_of_short_lines_is_not_headings() -> None:
    """Short lines without a stop, one below the other, are part of the story."""
    assert story(parse_plain("Shopping\n\nmilk\n\nEggs and bread\n\nA kilo of flour", "x")) == [
        "milk",
        "Eggs and bread",
        "A kilo of flour",
    ]


def test_sentence_without_full_stop_is_not_heading() -> None:
    """A short line with a verb can answer."""
    article = parse_plain("Notes\n\nThe bridge was opened in 1932\n\nIt is made of steel.", "x")

    assert "The bridge was opened in 1932" in story(article)


def test_only_line_is_not_headline() -> None:
    """The only line of a text can answer."""
    assert story(parse_plain("The bridge opened in 1932", "x")) == ["The bridge opened in 1932"]


def test_chinese_full_stop_ends_sentence() -> None:
    """A first line that ends in a Chinese full stop is not a headline."""
    assert len(story(parse_plain("这座桥于1932年开通。\n很多人来看。", "x"))) == 2


def test_title_from_file_name() -> None:
    """Without a headline the title is made of the file's name."""
    article = parse_plain("It rained. It snowed.", "news/old-harbour_wall.txt")

    assert article.title == "Old harbour wall"


def test_date_from_dateline() -> None:
    """Without a date line, the date is that of the dateline."""
    article = parse_plain(
        "Two meet\nLIMA, Peru, Nov. 16, 2024. /Xinhua/ The two met. They ate.", "x"
    )

    assert article.date == datetime.date(2024, 11, 16)
    assert story(article) == ["The two met. They ate."]


def test_glossary_entry_is_not_dateline() -> None:
    """Capitals before a dash are a dateline only in the first paragraph of a story."""
    text = "Words\n\nIt explains.\n\nOPEC — The Organization of the Petroleum Exporting Countries."

    assert story(parse_plain(text, "x"))[-1].startswith("OPEC")


def test_teasers_end_at_sentence() -> None:
    """Short lines below "Most read" are teasers; a sentence belongs to the story again."""
    rain = "It rained for the whole of the week, and the river rose by two metres. " * 3
    article = parse_plain(
        f"A title\n4 May 2021\n{rain}\nMost read\nDogs at sea\nWhy cats purr\nIt snowed.", "x"
    )

    assert story(article) == [rain.strip(), "It snowed."]


@given(st.lists(st.sampled_from(["It rained.", "He (an “ox”) said so.", "By noon it was 3 km/h."])))
def test_sentences_are_never_boilerplate(sentences: list[str]) -> None:
    """Every line of a page of sentences can answer."""
    assert story(parse_plain("\n".join(sentences), "x")) == sentences


@pytest.mark.parametrize("text", ["[", "(", "<", "- ", "#", "A, B, ", "A view. /", "By "])
@pytest.mark.parametrize("repeat", ["text", "blank"])
def test_pathological_text_in_linear_time(text: str, repeat: str) -> None:
    """A repeated mark, or a megabyte of blanks, is read; quadratic time would take hours."""
    long = text * 100_000 + "x" if repeat == "text" else text + " " * 1_000_000 + "x"

    assert parse_plain(long, "x").blocks[-1].end == len(long)
