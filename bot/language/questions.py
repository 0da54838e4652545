"""A question → its terms and what kind of answer it wants."""

import re
from dataclasses import dataclass
from enum import Enum

from bot.language.terms import terms


class AnswerKind(Enum):
    """What a question asks for."""

    NUMBER = "a number"
    MONEY = "an amount of money"
    PERCENT = "a percentage"
    MEASURE = "a measure"
    TIME = "a time"
    PLACE = "a place"
    COUNTRY = "a country"
    PERSON = "a person or organisation"
    REASON = "a reason"
    MANNER = "a manner"
    DEFINITION = "a definition"
    YES_NO = "yes or no"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked, its terms in order, and the kind of answer it wants."""

    text: str
    terms: tuple[str, ...]
    kind: AnswerKind


def question(text: str) -> Question:
    """Read ``text`` as a question."""
    return Question(text, tuple(terms(text)), AnswerKind.ANY)
