"""Checks of the arguments of a question: each fault is a ValueError that says what is allowed."""

from collections.abc import Callable, Iterable, Mapping
from operator import index
from typing import Any

from bot.articles.article import Article
from bot.language.language import find_language

# What ``where`` takes: the text of a filter, values by field, or a function of the article.
Where = str | Mapping[str, Any] | Callable[[Article], bool]


def check_question(text: str) -> str:
    """Return ``text``. Raises ValueError if it is no text."""
    if not isinstance(text, str):
        raise ValueError(f"the question is of type {type(text).__name__}; give text")  # noqa: TRY004
    return text


def check_questions(texts: Iterable[str]) -> list[str]:
    """Return ``texts`` as a list. Raises ValueError if it is one text, or has what is none."""
    if isinstance(texts, str):
        raise ValueError("the questions are one text; give a list of them")  # noqa: TRY004
    return [*map(check_question, texts)]


def check_limit(limit: int) -> int:
    """Return ``limit`` as an int. Raises ValueError unless it is a whole number from 0 on.

    >>> check_limit(-1)
    Traceback (most recent call last):
    ValueError: limit is -1; give a whole number from 0 on
    """
    try:
        number = -1 if isinstance(limit, bool) else index(limit)
    except TypeError:
        number = -1
    if number < 0:
        raise ValueError(f"limit is {limit!r}; give a whole number from 0 on")
    return number


def check_language(language: str | None) -> str | None:
    """Return the code of ``language``, None for None. Raises ValueError for an unknown one.

    >>> check_language("German"), check_language(None)
    ('de', None)
    """
    code = None if language is None else find_language(language)
    if code == "":
        raise ValueError(
            f"language is {language!r}; give a code or name as 'de' or 'German', or None for the "
            "language that the words of each question tell"
        )
    return code


def check_confidence(min_confidence: float | None) -> float | None:
    """Return ``min_confidence``. Raises ValueError unless it is a number from 0 to 1, or None.

    >>> check_confidence(5)
    Traceback (most recent call last):
    ValueError: min_confidence is 5; give a number from 0 to 1, or None for the measured threshold
    """
    kind = type(min_confidence)
    is_number = issubclass(kind, int | float) and kind is not bool
    if min_confidence is not None and not (is_number and 0 <= min_confidence <= 1):
        raise ValueError(
            f"min_confidence is {min_confidence!r}; give a number from 0 to 1, "
            "or None for the measured threshold"
        )
    return min_confidence
