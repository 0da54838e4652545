"""A question with the idf of its terms, as the features read it, and a conversation's context."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from bot.index import bm25
from bot.index.engine import Engine
from bot.language.analysis import NO_SYNONYMS, find_table_mentions
from bot.language.language import ENGLISH
from bot.language.mentions import FUNCTION_WORDS
from bot.retrieval.passages import grams as form_grams
from bot.retrieval.query_parser import ParsedQuestion

# "how many kinds of fish" counts fish.
UNIT_RE = re.compile(
    r"(?i)\bhow many\s+(?:(?:more|other|different|total|new)\s+)?"
    r"(?:(?:kinds|types|sorts|species|varieties|pieces|copies)\s+of\s+)?(\w+)"
)
SENTENCE_BREAK_RE = re.compile(r"(?<=[.?!])\s+(?=\S)")

# Terms that a follow-up takes over from the previous question count half as much as its own.
CONTEXT_WEIGHT = 1 / 2
# ln of the sentences of a paragraph. Of eleven languages in one library, each loses 0 to 2 points
# of Hit@1, and 0 to 2 more of a hundred questions meet silence (tests/bench/mixed.py).
PARAGRAPH_LOG, MIN_PARAGRAPH_IDF = 1.5, 0.1


@dataclass(frozen=True, slots=True)
class Context:
    """The part of the previous turns that a follow-up refers to.

    ``content`` maps each carried term to its word as typed. ``shown`` are the numbers of the
    sentences that answered the previous question, best first. If a sentence contains one of the
    terms ``required``, every answer must.
    """

    content: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[int, ...] = ()
    required: frozenset[str] = frozenset()


NO_CONTEXT = Context()


class TermPair(NamedTuple):
    """Two neighbouring terms, and as in ``AnalyzedSentence.joined_terms``; the larger ``idf``.

    ``bits`` are those of ``Query.bits`` of the ones that are content.
    """

    left: str
    right: str
    joined: str
    idf: float
    bits: int


class Query(NamedTuple):
    """A question as the features read it.

    ``idf`` has each term of the question and of its ``context``. ``content`` maps the content
    terms (``content_terms``) to their forms, and ``content_idf`` is the sum of their idf,
    ``max_idf`` the largest; ``total_idf`` is the sum over all terms, the context's by half,
    on the scale of the engine's paragraph scores.
    ``pairs`` are the neighbouring terms. ``unit`` is the term of "ships" in "how many ships",
    else "". ``forms`` are all words of the question, folded. ``other_terms`` are the terms that
    are no content. ``unknown`` is the content that none of the library's ``sentences`` has.
    ``synonyms`` are the terms that may stand for one of the content.

    Features compare sets of terms as the bits of a number: ``bits`` has the bit of each term,
    ``content_bits`` those of the content, ``last_sentence`` of the content in the last sentence of
    the question, ``names`` of the content with a capital letter. ``share`` returns the share of the
    content's idf that a set of its terms has, ``rarest`` the largest idf in it as a share of
    ``max_idf``; ``share_of_others`` does for other terms, not as bits, as ``share``. Few sets recur
    among the candidates, so each is computed once. ``grams`` are the runs of letters in the form of
    each content term.
    """

    question: ParsedQuestion
    idf: Mapping[str, float]
    content: Mapping[str, str]
    content_idf: float
    total_idf: float
    max_idf: float
    pairs: tuple[TermPair, ...]
    unit: str
    forms: frozenset[str]
    context: Context
    other_terms: frozenset[str]
    unknown: frozenset[str]
    sentences: int
    synonyms: Mapping[str, frozenset[str]]
    content_terms: frozenset[str]
    bits: Mapping[str, int]
    content_bits: int
    last_sentence: int
    names: int
    share: Callable[[int], float]
    share_of_others: Callable[[frozenset[str]], float]
    rarest: Callable[[int], float]
    grams: Mapping[str, frozenset[str]]

    @property
    def replacements(self) -> tuple[str, ...]:
        """The terms searched for besides: given synonyms, and those of the unknown terms."""
        terms = {other for term in self.unknown for other in self.synonyms.get(term, ())}
        given = (synonym.other_terms for synonym in self.question.synonyms)
        return tuple(sorted(terms.union(*given)))

    def find_bits(self, terms: Iterable[str]) -> int:
        """Return the bits of ``terms``, each of the question or of its context."""
        bits = self.bits
        found = 0
        for term in terms:
            found |= bits[term]
        return found


class SentenceCounts(NamedTuple):
    """The number of sentences that an engine searches, and that of those in one language.

    The features weigh a term by its idf among the latter: where eleven languages are searched, the
    frequent words of one are in a tenth of the sentences, and would tell as much as its rare ones.
    The engine weighs by the idf among all.
    """

    total: int
    in_language: int


def weigh_terms(
    frequencies: Mapping[str, int], sentences: SentenceCounts
) -> tuple[dict[str, float], float]:
    """Return the idf of each term in one language, and how much larger paragraph scores are.

    >>> idf, scale = weigh_terms({"bruck": 1}, SentenceCounts(10, 10))
    >>> round(idf["bruck"], 1), scale
    (2.0, 1.0)
    """
    total, size = sentences
    idf = {term: bm25.idf(min(count, size), size) for term, count in frequencies.items()}
    if size == total:
        return idf, 1.0
    among_all = (bm25.idf(count, total) for count in frequencies.values())
    return idf, sum_paragraph_idf(among_all) / sum_paragraph_idf(idf.values())


def sum_paragraph_idf(idf: Iterable[float]) -> float:
    """Return about the sum of the idf of terms among paragraphs, by that among sentences."""
    return sum(max(each - PARAGRAPH_LOG, MIN_PARAGRAPH_IDF) for each in idf) or 1.0


def build_query(
    question: ParsedQuestion,
    engine: Engine,
    sentences: SentenceCounts,
    context: Context = NO_CONTEXT,
    synonyms: Mapping[str, frozenset[str]] = NO_SYNONYMS,
) -> Query:
    """Return the query of ``question``, in one language, to ``engine``, with its ``sentences``."""
    terms = [*question.terms, *context.content]
    frequencies = dict(zip(terms, engine.document_frequencies(terms), strict=True))
    content = question.content
    other_terms = frozenset(question.terms).difference(content)
    bits = {
        term: 1 << row
        for row, term in enumerate(dict.fromkeys([*content, *context.content, *terms]))
    }
    content_bits = (1 << len(content)) - 1
    idf, scale = weigh_terms(frequencies, sentences)
    share, rarest = measure_sets([idf[term] for term in content])
    return Query(
        question=question,
        idf=idf,
        content=content,
        content_idf=fsum(idf[term] for term in content),
        total_idf=scale
        * (
            sum(idf[term] for term in question.terms)
            + CONTEXT_WEIGHT * sum(idf[term] for term in context.content)
        ),
        max_idf=max((idf[term] for term in content), default=0.0),
        pairs=tuple(
            TermPair(
                left,
                right,
                f" {left} {right} ",
                max(idf[left], idf[right]),
                (bits[left] | bits[right]) & content_bits,
            )
            for left, right in dict.fromkeys(pairwise(question.terms))
            if "-" not in right  # a date, which stands beside no other word
        ),
        unit=counted_term(question),
        forms=frozenset(token.form for token in question.tokens),
        context=context,
        other_terms=other_terms,
        unknown=frozenset(term for term in content if not frequencies[term]),
        sentences=sentences.total,
        synonyms={term: synonyms[term] for term in content if term in synonyms},
        content_terms=frozenset(content),
        bits=bits,
        share=share,
        share_of_others=share_of_sum({term: idf[term] for term in other_terms}),
        rarest=rarest,
        grams={term: form_grams(form) for term, form in content.items()},
        content_bits=content_bits,
        last_sentence=sum(bits[term] for term in content.keys() & last_sentence_terms(question)),
        names=sum(bits[term] for term in content.keys() & name_terms(question)),
    )


def measure_sets(idf: Sequence[float]) -> tuple[Callable[[int], float], Callable[[int], float]]:
    """Return the functions ``share`` and ``rarest`` of terms with this ``idf``, in order of bits.

    >>> share, rarest = measure_sets([1.0, 3.0])
    >>> share(0b10), rarest(0b01)
    (0.75, 0.3333333333333333)
    """
    total, largest = fsum(idf), max(idf, default=0.0)

    def choose(terms: int) -> list[float]:
        return [value for row, value in enumerate(idf) if terms >> row & 1]

    # fsum: a plain sum would differ from that in another order in the last digit.
    return (
        cache(lambda terms: fsum(choose(terms)) / total if terms else 0.0),
        cache(lambda terms: max(choose(terms)) / largest if terms else 0.0),
    )


def share_of_sum(idf: Mapping[str, float]) -> Callable[[frozenset[str]], float]:
    """Return a function: the share of the sum of ``idf`` that a set of its terms has."""
    total = fsum(idf.values())
    return cache(lambda terms: fsum(idf[term] for term in terms) / total if terms else 0.0)


def last_sentence_terms(question: ParsedQuestion) -> frozenset[str]:
    """Return the terms of the last sentence of a question: "Herring is sold. Who buys it?"."""
    breaks = SENTENCE_BREAK_RE.finditer(question.search_text)
    start = max((match.end() for match in breaks), default=0)
    return frozenset(token.term for token in question.tokens if token.start >= start)


def name_terms(question: ParsedQuestion) -> frozenset[str]:
    """Return the terms that are written with a capital letter and are no common words."""
    text = question.search_text
    if question.language is not ENGLISH:
        mentions = find_table_mentions(text, question.tokens, question.language)
        return frozenset(question.tokens[name.position].term for name in mentions.names)
    return frozenset(
        token.term
        for token in question.tokens
        if text[token.start].isupper() and token.form not in FUNCTION_WORDS
    )


def counted_term(question: ParsedQuestion) -> str:
    """Return the term of the things that are counted: "ship" of "how many ships", else ""."""
    if question.language is not ENGLISH:
        return table_counted_term(question)
    match = UNIT_RE.search(question.search_text)
    start, end = match.span(1) if match else (0, 0)
    return next((t.term for t in question.tokens if start <= t.start < end and t.term), "")


def table_counted_term(question: ParsedQuestion) -> str:
    """Return the term of the word after "how many" in another language than English, else ""."""
    language = question.language
    match = language.pattern("kinds.number").search(language.plain(question.search_text))
    following = (token for token in question.tokens if match and token.start >= match.end())
    return next((token.term for token in following if token.term), "")
