"""The kind of answer that a question asks for, in a language that has a table."""

from collections.abc import Sequence
from functools import cache
from re import Pattern
from typing import NamedTuple

from bot.language.language import Language
from bot.language.questions import MAX_QUESTION_CHARS, AnswerKind

# A definition is asked for of at most so many words, as in English.
MAX_DEFINED_WORDS = 4


class KindPhrase(NamedTuple):
    """The phrase at ``text[start:end]``, which asks for a kind of answer."""

    kind: AnswerKind
    start: int
    end: int


ANY_KIND = KindPhrase(AnswerKind.ANY, 0, 0)


def table_kind(text: str, language: Language) -> AnswerKind:
    """Return the kind of answer that the question ``text`` asks for.

    The first phrase of the table decides, of two at one place the longer one, unless a question
    word stands before it that asks for something else.

    >>> from bot.language.language import load_language
    >>> table_kind("In welcher Stadt wurde der Vertrag unterschrieben?", load_language("de"))
    <AnswerKind.PLACE: 'a place'>
    """
    return find_kind_phrase(text, language).kind


def find_kind_phrase(text: str, language: Language) -> KindPhrase:
    """Return the phrase that decides on the kind of answer, an empty one for any kind.

    >>> from bot.language.language import load_language
    >>> find_kind_phrase("Und wie lang ist sie?", load_language("de"))
    KindPhrase(kind=<AnswerKind.MEASURE: 'a measure'>, start=4, end=12)
    """
    plain = language.plain(text[:MAX_QUESTION_CHARS])
    found = [
        (match.start(), -match.end(), row, kind)
        for row, (kind, pattern) in enumerate(kind_patterns(language))
        if (match := pattern.search(plain))
    ]
    if not found:
        return ANY_KIND
    start, end, _, kind = min(found, key=lambda each: each[:3])
    if kind is AnswerKind.DEFINITION and is_long(plain[:start] + plain[-end:], language):
        return ANY_KIND
    asking = language.pattern("question_words").search(plain)
    is_asked = not asking or asking.start() >= start or asking.end() > start
    return KindPhrase(kind, start, -end) if is_asked else ANY_KIND


def is_long(subject: str, language: Language) -> bool:
    """Return whether so many words name more than a thing: "What is the tower that …?"."""
    return language.spaces and len(subject.split()) > MAX_DEFINED_WORDS


@cache
def kind_patterns(language: Language) -> Sequence[tuple[AnswerKind, Pattern[str]]]:
    """Return the kinds of answer with the pattern of the phrases that ask for each."""
    names = (name.removeprefix("kinds.") for name in language.rows if name.startswith("kinds."))
    return [(AnswerKind[name.upper()], language.pattern(f"kinds.{name}")) for name in names]
