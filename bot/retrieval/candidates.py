"""Candidates: the hits of the engine with the passages around them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from bot.index.engine import Hit
from bot.language.mentions import Mention
from bot.language.questions import AnswerKind
from bot.retrieval.passages import AnalyzedSentence, Passage, grams
from bot.retrieval.query import Query

# Kind of answer → the attribute of ``Mentions`` that has the mentions of this kind.
MENTIONS_BY_KIND = {
    AnswerKind.NUMBER: "numbers",
    AnswerKind.AMOUNT: "amounts",
    AnswerKind.MONEY: "money",
    AnswerKind.PERCENT: "percents",
    AnswerKind.MEASURE: "measures",
    AnswerKind.DURATION: "durations",
    AnswerKind.AGE: "ages",
    AnswerKind.TIME: "times",
    AnswerKind.PLACE: "places",
    AnswerKind.COUNTRY: "countries",
    AnswerKind.PERSON: "names",
    AnswerKind.NAME: "names",
    AnswerKind.REASON: "reasons",
    AnswerKind.SAID: "statements",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit with its passage, and which content terms of the query it has (``matched``) or lacks.

    ``best_paragraph`` and ``best_base`` are the highest scores among all candidates. ``untitled``
    are the content terms that the title lacks, and ``untitled_share`` is their share of the
    question. ``mentions`` are those of the kind asked for that are not in the question. Of the
    missing terms, ``similarity`` tells how similar a word of the sentence is, if one is, and
    ``synonymous`` are those that the sentence has a synonym of.
    """

    hit: Hit
    passage: Passage
    matched: frozenset[str]
    missing: frozenset[str]
    best_paragraph: float
    best_base: float
    untitled: tuple[str, ...]
    untitled_share: float
    mentions: tuple[Mention, ...]
    similarity: Mapping[str, float]
    synonymous: frozenset[str]


Feature = Callable[[Query, Candidate], float]


def base_score(hit: Hit) -> float:
    """Return the BM25 score of the sentence plus half of its paragraph's."""
    return hit.score - 0.5 * hit.paragraph_score


def select_by_title(
    query: Query, hits: Sequence[Hit], titles: Iterable[frozenset[str]], limit: int
) -> list[Hit]:
    """Return the hits with the best sum of score and idf of the terms in their ``titles``."""
    if len(hits) <= limit:
        return [*hits]
    content = query.content.keys()
    scores = [
        hit.score + fsum(query.idf[term] for term in content & title)
        for hit, title in zip(hits, titles, strict=True)
    ]
    order = sorted(range(len(hits)), key=lambda i: (-scores[i], hits[i].sentence))
    return [hits[i] for i in order[:limit]]


def build_candidates(
    query: Query, hits: Sequence[Hit], passages: Iterable[Passage]
) -> list[Candidate]:
    """Return a candidate for each hit, in order."""
    content = frozenset(query.content)
    best_paragraph = max((hit.paragraph_score for hit in hits), default=0.0)
    best_base = max(map(base_score, hits), default=0.0)
    candidates = []
    for hit, passage in zip(hits, passages, strict=True):
        matched = content & passage.sentence.terms
        missing = content - matched
        untitled = tuple(term for term in query.content if term not in passage.title)
        candidates.append(
            Candidate(
                hit=hit,
                passage=passage,
                matched=matched,
                missing=missing,
                best_paragraph=best_paragraph,
                best_base=best_base,
                untitled=untitled,
                untitled_share=query.share(untitled),
                mentions=find_mentions(query, passage),
                similarity=find_similar(query, missing, passage.sentence),
                synonymous=find_synonyms(query, missing, passage.sentence),
            )
        )
    return candidates


def find_similar(
    query: Query, terms: Iterable[str], sentence: AnalyzedSentence
) -> dict[str, float]:
    """Return for each term how similar the most similar word of a sentence is, if above 0.

    Similarity is Dice's coefficient of the runs of four letters: "inventor", "invention".
    """
    similarity: dict[str, float] = {}
    for term in terms:
        term_grams = grams(query.content[term])
        # Most words share no run; the joined words tell so without making the runs of each.
        if any(map(sentence.joined_words.__contains__, term_grams)):
            similar = [form for form in sentence.forms if any(map(form.__contains__, term_grams))]
            similarity[term] = max(dice(term_grams, grams(form)) for form in similar)
    return similarity


def dice(left: frozenset[str], right: frozenset[str]) -> float:
    """Return Dice's coefficient of two sets: twice the shared elements over all, 0 to 1."""
    return 2 * len(left & right) / (len(left) + len(right))


def find_synonyms(query: Query, terms: Iterable[str], sentence: AnalyzedSentence) -> frozenset[str]:
    """Return the terms that a sentence has a synonym of."""
    synonyms, held = query.synonyms, sentence.terms
    given = {
        term
        for synonym in query.question.synonyms
        if held.issuperset(synonym.other_terms)
        for term in synonym.terms
    }
    return frozenset(
        term
        for term in terms
        if term in given or (term in synonyms and not synonyms[term].isdisjoint(held))
    )


def find_mentions(query: Query, passage: Passage) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind asked for that are not in the question."""
    if query.question.kind not in MENTIONS_BY_KIND:
        return ()
    mentions: Sequence[Mention] = getattr(passage.mentions, MENTIONS_BY_KIND[query.question.kind])
    return tuple(mention for mention in mentions if mention.word not in query.forms)
