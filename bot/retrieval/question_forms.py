"""Words of a question that are left out or joined, since no sentence has them as they are."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.index.engine import Engine
from bot.language.analysis import Analysis
from bot.language.analyzer import Token, WordKind
from bot.language.language import ENGLISH
from bot.language.questions import AnswerKind
from bot.lazy import lazy_function
from bot.retrieval.query_parser import (
    ParsedQuestion,
    parse_question,
    quote_spans,
    search_terms,
)

find_kind_phrase: Callable[..., Any] = lazy_function("bot.language.table_kinds", "find_kind_phrase")

# Words of questions that name the kind of answer, and not its topic.
KIND_WORDS = {
    AnswerKind.MEASURE: frozenset(
        "long tall high far deep wide thick large big small old fast heavy hot cold".split()
    ),
    AnswerKind.MONEY: frozenset("cost costs price paid pay worth".split()),
}
# "don't" is split into "don" and "t", which are no words.
CONTRACTION_RE = re.compile(r"(?i)\b\w+['’](?:t|ll|re|ve|d|m)\b")


def reword(question: ParsedQuestion, engine: Engine, analysis: Analysis) -> ParsedQuestion:
    """Return ``question`` without words of its kind, and with compounds in one word."""
    return join_compounds(drop_kind_words(question, engine), engine, analysis)


def find_unmatched(question: ParsedQuestion, engine: Engine) -> list[Token]:
    """Return the content words, but dates and parts of contractions, that no sentence has."""
    # All terms at once: on a cluster each call that has a new term is a request.
    tokens = [token for token in question.content_tokens() if token.kind is not WordKind.DATE]
    counts = count_terms(engine, [*question.terms, *(token.term for token in tokens)])
    unmatched = [token for token in tokens if not counts[token.term]]
    if not unmatched:
        return unmatched
    contractions = [m.span() for m in CONTRACTION_RE.finditer(question.search_text)]
    return [token for token in unmatched if not is_within(token, contractions)]


def is_within(token: Token, spans: Iterable[tuple[int, int]]) -> bool:
    """Return whether ``token`` starts in one of ``spans``."""
    return any(start <= token.start < end for start, end in spans)


def count_terms(engine: Engine, terms: Sequence[str]) -> dict[str, int]:
    """Return the number of sentences that hold each of ``terms``."""
    return dict(zip(terms, engine.document_frequencies(terms), strict=True))


def drop_kind_words(question: ParsedQuestion, engine: Engine) -> ParsedQuestion:
    """Return ``question`` without the unknown words that only name the kind of answer.

    No article need say "long" to answer "how long", or "cost" for "how much does it cost". In a
    language without blanks, no piece of "什么时候" (when) tells of a topic.
    """
    if question.kind not in KIND_WORDS and question.language.is_whole:
        return question
    dropped = {token for token in find_unmatched(question, engine) if names_kind(question, token)}
    tokens = tuple(token for token in question.tokens if token not in dropped)
    if all(token.is_stop_word for token in tokens):
        return question
    return replace(question, tokens=tokens, terms=search_terms(tokens))


def names_kind(question: ParsedQuestion, token: Token) -> bool:
    """Return whether a word names the kind of answer, in another language by its phrase."""
    if question.language is ENGLISH:
        return token.form in KIND_WORDS[question.kind]
    phrase = find_kind_phrase(question.search_text, question.language)
    return phrase.kind is question.kind and phrase.start <= token.start < phrase.end


def join_compounds(question: ParsedQuestion, engine: Engine, analysis: Analysis) -> ParsedQuestion:
    """Return ``question`` with one word for two of which sentences have only that: "data base"."""
    text, tokens = question.search_text, question.tokens
    missing = {token.start for token in find_unmatched(question, engine)}
    quotes = quote_spans(text)
    compounds = {
        left: left.form + right.form
        for left, right in pairwise(tokens)
        if missing & {left.start, right.start}
        and text[left.end : right.start] in (" ", "-")
        and not any(start <= left.start < end for start, end in quotes)
    }
    counts = count_terms(engine, [*map(analysis.stem, compounds.values())])
    pieces: list[str] = []
    copied = 0
    for left, right in pairwise(tokens):
        compound = compounds.get(left, "")
        if left.start >= copied and counts.get(analysis.stem(compound)):
            pieces += [text[copied : left.start], compound]
            copied = right.end
    if not pieces:
        return question
    return replace(
        parse_question("".join([*pieces, text[copied:]]), analysis),
        text=question.text,
        synonyms=question.synonyms,
    )
