"""Synonyms that are given with a question: words of it, and what articles write for them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.language.analysis import Analysis

# A word or words of questions → what may stand for it.
Synonyms = Mapping[str, str | Iterable[str]]


class GivenSynonym(NamedTuple):
    """Words of a question, and other words that may stand for them, with the terms of both.

    >>> from bot.language.analysis import DEFAULT_ANALYZER
    >>> [given] = read_synonyms({"GDP": "gross product"}, ["the", "gdp"], DEFAULT_ANALYZER)
    >>> given.other_terms, given.notice
    (('gross', 'product'), 'Searched for "gross product" as well as "GDP".')
    """

    words: str
    other_words: str
    terms: tuple[str, ...]
    other_terms: tuple[str, ...]

    @property
    def notice(self) -> str:
        """The line that says what was searched for."""
        return f'Searched for "{self.other_words}" as well as "{self.words}".'


def read_synonyms(
    synonyms: Synonyms, question_terms: Iterable[str], analysis: Analysis
) -> tuple[GivenSynonym, ...]:
    """Return the ``synonyms`` of the words of a question, given by its terms.

    Raises ValueError for what is no mapping of words, and for one without a word to search for.
    """
    if not isinstance(synonyms, Mapping):
        raise ValueError('synonyms is no mapping; give {"gdp": ["gross domestic product"]}')  # noqa: TRY004
    asked, found = set(question_terms), list[GivenSynonym]()
    for words, others in synonyms.items():
        terms = read_terms(words, analysis)
        for other in list_others(others):
            other_terms = read_terms(other, analysis)
            if asked.issuperset(terms):
                found.append(GivenSynonym(words, other, terms, other_terms))
    return tuple(found)


def list_others(others: str | Iterable[str]) -> list[str]:
    """Return the words that stand for others, given as one text or several."""
    if isinstance(others, str):
        return [others]
    try:
        return [*others]
    except TypeError as error:
        raise ValueError(f"synonyms: {others!r} is no text; give words") from error


def read_terms(words: str, analysis: Analysis) -> tuple[str, ...]:
    """Return the terms of a synonym. Raises ValueError if there is none."""
    if not isinstance(words, str):
        raise ValueError(f"synonyms: {words!r} is no text; give words")  # noqa: TRY004
    terms = tuple(token.term for token in analysis.tokens(words) if token.term)
    if not terms:
        raise ValueError(f"synonyms: {words!r} has no word to search for; give words")
    return terms
