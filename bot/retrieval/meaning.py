"""Rank the best candidates anew by a model that reads them, where the user has one."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import partial
from itertools import takewhile

from bot.articles.searched_library import SearchedLibrary
from bot.language.language import ENGLISH
from bot.reranking.reranker import LanguageReader, Reranker
from bot.retrieval.echoes import is_echo
from bot.retrieval.query import NO_CONTEXT, Query
from bot.retrieval.ranking import Reading, ScoredCandidate, softmax

# Sentences that the model reads: the right one is among the ten best by words for 80 to 96 % of
# questions, and each takes some ten milliseconds.
READ_SENTENCES = 10
# By tests/bench/rerank.py, whose docstring has the command.
MEANING_WEIGHT = 0.9


def rerank(
    reranker: Reranker, query: Query, ranked: Sequence[ScoredCandidate], library: SearchedLibrary
) -> list[ScoredCandidate]:
    """Return ``ranked``, the ten best in the order of words and meaning together.

    The meaning of a sentence is its logit above the lowest of the ten, so that none of them falls
    behind those that were not read.
    """
    # Those that only ask the question, and stand last for it, stay there, unless all do.
    echoes = len([*takewhile(partial(is_asking, query), reversed(ranked))])
    count = min(len(ranked) - echoes or len(ranked), READ_SENTENCES)
    read, unread = ranked[:count], ranked[count:]
    logits = reranker.logits(
        query.question.search_text, [readable_text(each, library) for each in read]
    )
    lowest = min(logits)
    evidence = [
        replace(each.evidence, meaning=MEANING_WEIGHT * (logit - lowest))
        for each, logit in zip(read, logits, strict=True)
    ]
    shares = softmax([each.score for each in evidence])
    readings = compare_readings([each.passage.text for each in read], logits)
    reranked = [
        each._replace(parts=astuple(evidence), reading=reading, share=share)
        for each, evidence, reading, share in zip(read, evidence, readings, shares, strict=True)
    ]
    reranked.sort(key=lambda each: (-each.evidence.score, each.hit.sentence))
    return [*reranked, *unread]


def compare_readings(texts: Sequence[str], logits: Sequence[float]) -> list[Reading]:
    """Return each logit with its lead and the best; copies of a text do not take it away.

    >>> [reading.lead for reading in compare_readings(["It fell.", "It fell.", "No."], [3, 3, -1])]
    [4, 4, -4]
    """
    pairs = [*zip(texts, logits, strict=True)]
    others = [[other for each, other in pairs if each != text] for text in texts]
    return [
        Reading(logit, logit - max(rest, default=logit), max(logits))
        for logit, rest in zip(logits, others, strict=True)
    ]


def is_readable(reranker: Reranker, query: Query) -> bool:
    """Return whether a model may read the question: it is in its language, and no follow-up.

    A model does not know what a follow-up follows: of 120 it answered 74 % right first where words
    answer 79 %, even with the words that it refers to before it.
    """
    code = query.question.language.code
    reads = reranker.reads(code) if isinstance(reranker, LanguageReader) else code == ENGLISH.code
    return query.context == NO_CONTEXT and reads


def is_asking(query: Query, scored: ScoredCandidate) -> bool:
    """Return whether a sentence only asks the question."""
    return is_echo(query, scored.passage)


def readable_text(scored: ScoredCandidate, library: SearchedLibrary) -> str:
    """Return a sentence as the model reads it, after the title of its article.

    Of 300 questions asked out of curiosity, 71 % are then answered right first, 62 % without the
    title; the sentence before adds nothing.
    """
    title = library.title(library.article_number(scored.hit.sentence))
    return f"{title}. {scored.passage.text}"
