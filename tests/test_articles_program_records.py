"""Records that a program gives: texts as they are, ids and metadata kept, faults named."""

import csv
import io
import json
import sqlite3
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot
from bot.articles.article import Article

IDS = st.one_of(st.integers(), st.text(min_size=1).filter(str.strip))
TEXTS = st.lists(
    st.sampled_from(["It rained. ", "By Ann Lee", "Related stories", "\n", "\n\n", "\r\n", "- ",
                     "12. ", "Sign up for our newsletter.", "x", " ", "…", "雨が降った。",
                     "\u2028"]),
    max_size=12,
).map("".join).filter(str.strip)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=6,
)  # fmt: skip


@dataclass
class Note:
    """A record as a program may have it."""

    id: int
    text: str
    tags: list[str] = field(default_factory=list)


Row = namedtuple("Row", "id text section")


@given(TEXTS)
@example("- \nBy Ann Lee")
def test_texts_are_kept_to_the_letter(text: str) -> None:
    """Every character of a record but white space can answer, and the text is as it was given."""
    (article,) = (library := bot.Library.from_records([("n", text)])).articles

    assert article.text == text
    assert "".join("".join(library.sentence_texts()).split()) == "".join(text.split())


@given(st.dictionaries(st.text(min_size=1), JSON, max_size=4), IDS)
def test_ids_and_metadata_are_kept(metadata: dict[str, Any], record_id: str | int) -> None:
    """The id and all other fields of a record are those of its article; None is no field."""
    names = {"id", "text", "title", "date"}
    metadata = {name: value for name, value in metadata.items() if name not in names}

    library = bot.Library.from_records([{**metadata, "id": record_id, "text": "It rained."}])

    (article,) = library.articles
    assert article.id == record_id
    assert article.source == str(record_id)
    kept = {name: value for name, value in metadata.items() if value is not None}
    assert dict(article.metadata) == kept
    assert json.loads(json.dumps(dict(article.metadata))) == kept


def test_a_news_page_is_read_only_when_asked_for() -> None:
    """A record has no boilerplate and no headline."""
    text = "The bridge\n\nIt opened in 1932."

    for library in (bot.Library.from_texts([text]), bot.Library.from_records([(1, text)])):
        assert [*library.sentence_texts()] == ["The bridge", "It opened in 1932."]
        assert library.articles[0].title == ""
    pages = bot.Library.from_pages([text])
    assert [*pages.sentence_texts()] == ["It opened in 1932."]
    assert pages.articles[0].title == "The bridge"


@pytest.mark.parametrize(
    "record",
    [
        {"id": 3, "text": "It rained.", "tags": ["a"]},
        Note(3, "It rained.", ["a"]),
        Article("", "3", "It rained.", metadata={"tags": ["a"]}, id=3),
    ],
)
def test_kinds_of_records(record: object) -> None:
    """A mapping, a dataclass and an article make the same article."""
    assert bot.Library.from_records([record]).articles == (
        Article("", "3", "It rained.", metadata={"tags": ["a"]}, id=3),
    )


def test_database_rows_are_records() -> None:
    """A row of SQLite is a record."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    rows = database.execute("SELECT 7 AS id, 'It rained.' AS body, 'world' AS section, NULL AS x")

    (article,) = bot.Library.from_records(rows, text="body").articles

    database.close()
    assert (article.id, article.text, dict(article.metadata)) == (
        7,
        "It rained.",
        {"section": "world"},
    )


def test_csv_rows_are_records() -> None:
    """A row of CSV is a record; an empty date is none."""
    table = csv.DictReader(io.StringIO("id,text,date\nn-1,It rained.,2024-11-19\nn-2,It snowed.,"))

    articles = bot.Library.from_records(table).articles

    assert [article.date for article in articles] == [date(2024, 11, 19), None]


def test_data_frames_are_records() -> None:
    """Rows of a pandas DataFrame are records; its signs for "nothing" are no values."""
    pandas = pytest.importorskip("pandas", reason="pandas is no dependency")
    frame = pandas.DataFrame(
        {
            "id": [1, 2],
            "text": ["It rained.", "It snowed."],
            "title": ["Rain", None],
            "date": pandas.to_datetime(["2024-11-19", None]),
            "score": [0.5, float("nan")],
        }
    )

    by_mapping = bot.Library.from_records(frame.to_dict("records")).articles
    by_tuple = bot.Library.from_records(frame.itertuples(index=False)).articles

    assert by_mapping == by_tuple
    assert [(a.id, a.title, a.date, dict(a.metadata)) for a in by_mapping] == [
        (1, "Rain", date(2024, 11, 19), {"score": 0.5}),
        (2, "", None, {}),
    ]


def test_the_example_of_a_data_frame() -> None:
    """The page on records shows how rows of pandas are read."""
    pytest.importorskip("pandas", reason="pandas is no dependency")
    page = (Path(bot.__file__).parent / "RECORDS.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"bot": bot}

    exec(page[page.index("import pandas") :].partition("```")[0], names)

    assert [dict(a.metadata) for a in names["retriever"].library] == [{"mm": 3.5}, {}]


def test_fields_have_the_names_given() -> None:
    """Each part may be in a field of any name, and the text in several."""
    record = {
        "key": "k",
        "question": "Is it old?",
        "answer": "It is.",
        "head": "Age",
        "day": "20240102",
    }

    library = bot.Library.from_records(
        [record, {"key": "l", "answer": "Yes."}],
        id="key",
        text=("question", "answer"),
        title="head",
        date="day",
    )

    first, second = library.articles
    assert (first.text, first.title, first.date) == (
        "Is it old?\n\nIt is.",
        "Age",
        date(2024, 1, 2),
    )
    assert second.text == "Yes."
    assert not first.metadata


def test_the_last_record_of_an_id_replaces_the_others() -> None:
    """With ``replace``, an id has the last record given, at the place of the first."""
    records = [("a", "One."), ("b", "Two."), ("a", "Three.")]

    library = bot.Library.from_records(records, replace=True)

    assert [(article.id, article.text) for article in library.articles] == [
        ("a", "Three."),
        ("b", "Two."),
    ]


CYCLE: list[Any] = []
CYCLE.append(CYCLE)
RIGHT = {"id": 1, "text": "It rained."}
FAULTS: list[tuple[Any, str]] = [
    ("text", "records is a str; give a list of mappings"),
    ({"a": "It rained."}, "records is a dict"),
    ([RIGHT, "text"], r"records\[1\] is a str; give mappings"),
    ([RIGHT, 7], r"records\[1\] is a int; give"),
    ([("a", "b", "c")], r"records\[0\] is a tuple of 3"),
    ([{"text": "x"}], r"records\[0\]: has no 'id'; name the field .* It has 'text'"),
    ([{"id": None, "text": "x"}], "has no 'id'"),
    ([{"id": float("nan"), "text": "x"}], "has no 'id'"),
    ([{"id": 1.5, "text": "x"}], r"'id' is 1\.5"),
    ([{"id": True, "text": "x"}], "'id' is True"),
    ([{"id": " ", "text": "x"}], "'id' is ' '"),
    ([("a", "x"), ("b", "y"), ("a", "z")], r"records\[2\] \(id 'a'\): has the id of records\[0\]"),
    ([(1, "x"), ("1", "y")], r"records\[1\] \(id '1'\): has the id of records\[0\]"),
    ([{"id": "n-3"}], r"records\[0\] \(id 'n-3'\): 'text' is missing"),
    ([("n-3", "")], r"\(id 'n-3'\): 'text' is empty"),
    ([("n-3", " \n")], "'text' is empty"),
    ([("n-3", None)], "'text' is empty"),
    ([("n-3", float("nan"))], "'text' is empty"),
    ([("n-3", 7)], r"'text' is 7 \(int\); it must be text"),
    ([("n-3", b"bytes")], "bytes"),
    ([{**RIGHT, "title": 7}], r"\(id 1\): the title is 7"),
    ([{**RIGHT, "date": "soon"}], r"\(id 1\): the date is 'soon' .* 2024-11-19"),
    ([{**RIGHT, "date": "2024-13-01"}], "the date is"),
    ([{**RIGHT, "date": 2024}], "the date is 2024"),
    ([{**RIGHT, "blob": b"x"}], "no value of JSON"),
    ([{**RIGHT, "x": float("inf")}], "inf .*no value of JSON"),
    ([{**RIGHT, "x": {1: 2}}], "name of a field is 1"),
    ([{**RIGHT, None: 2}], "name of a field is None"),
    ([{**RIGHT, "x": CYCLE}], "nested too deep"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "message"), FAULTS)
def test_faults_name_the_record(records: Any, message: str) -> None:
    """Whatever is wrong with a record is a ValueError that names it and its fault."""
    with pytest.raises(ValueError, match=message):
        bot.Library.from_records(records)


def test_a_field_that_no_record_has_is_an_error() -> None:
    """A misspelt name of the title or date would be lost in silence."""
    with pytest.raises(ValueError, match=r"titel.*'id', 'text'"):
        bot.Library.from_records([RIGHT], title="titel")


def test_times_are_days() -> None:
    """The day of a time is the one that its clock shows."""
    given_dates = [date(2024, 2, 1), datetime(2024, 2, 1, 23), "2024-02-01T23:00:00-05:00"]
    records = [{**RIGHT, "id": number, "date": day} for number, day in enumerate(given_dates)]

    assert {a.date for a in bot.Library.from_records(records).articles} == {date(2024, 2, 1)}


def test_an_article_without_blocks_is_cut_like_a_record() -> None:
    """An article made by hand answers; one without text is empty."""
    library = bot.Library([Article("", "a", "It rained.\n\nIt poured."), Article("", "b", "")])

    assert [*library.sentence_texts()] == ["It rained.", "It poured."]
    assert library.articles[1].blocks == ()


def test_records_survive_an_empty_list() -> None:
    """No records are an empty library."""
    assert bot.Library.from_records([]).articles == ()
