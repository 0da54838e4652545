"""The roles of paragraphs on a news page: cases by role, datelines, dates, bylines."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.articles.article import Role
from bot.articles.boilerplate import (
    RULE_OPENINGS,
    RULES,
    RULES_RE,
    author_from_byline,
    classify_paragraph,
)
from bot.articles.datelines import dateline_end
from bot.language.dates import find_date

CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "data" / "boilerplate.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["label"])
def test_role_of_paragraph(case: dict[str, str]) -> None:
    """Boilerplate is recognized; a paragraph that only resembles it stays part of the story."""
    assert classify_paragraph(case["text"]) is Role[case["role"]]


def test_rules_have_one_group_each() -> None:
    """No rule has a group of its own: the number of the matching group is that of the rule."""
    assert RULES_RE.groups == len(RULES)


def test_rule_openings_are_complete() -> None:
    """Every opening is that of a paragraph which a rule matches."""
    openings = [str(text) for text in CASES["openings"]]

    assert all(map(RULES_RE.fullmatch, openings))
    assert {text[:3].lower() for text in openings} == RULE_OPENINGS


@pytest.mark.parametrize("case", CASES["dateline"], ids=lambda case: case["text"])
def test_dateline_end(case: dict[str, str]) -> None:
    """A dateline ends where the sentence begins."""
    assert case["text"][: dateline_end(case["text"], 0)].strip() == case["dateline"]


@pytest.mark.parametrize("case", CASES["date"], ids=lambda case: case["text"])
def test_date_formats(case: dict[str, str]) -> None:
    """A date with its year is found in any format, unless it is impossible or ambiguous."""
    assert str(find_date(case["text"]) or "") == case["date"]


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By Jane Doe, Staff Writer", "Jane Doe"),
        ("BY JANE DOE", "JANE DOE"),
        ("Written by Jane Doe and Ann Lee for the Courier", "Jane Doe and Ann Lee"),
        ("By Reuters Staff", "Reuters Staff"),
    ],
)
def test_author_from_byline(byline: str, author: str) -> None:
    """The author is the names in a byline, without their jobs."""
    assert author_from_byline(byline) == author
