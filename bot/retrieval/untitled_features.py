"""Features of the content terms that the title lacks: what a question asks about its topic.

Of "Who founded Thornwick?", an article with the title "Thornwick" has all sentences about
Thornwick. The one that answers says "founded"; the one that repeats the topic does not.
"""

from collections.abc import Collection
from math import fsum

from bot.retrieval.candidates import Candidate
from bot.retrieval.query import Query


def untitled_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that is matched; 1 if the title has all terms."""
    if not candidate.untitled:
        return 1.0
    return _share(query, candidate, [t for t in candidate.untitled if t in candidate.matched])


def untitled_exact(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that are in the sentence in the same form."""
    matched, forms = candidate.matched, candidate.passage.sentence.forms
    exact = [t for t in candidate.untitled if t in matched and query.content[t] in forms]
    return _share(query, candidate, exact)


def untitled_around(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that only a neighbouring sentence has."""
    passage, missing = candidate.passage, candidate.missing
    around = [
        term
        for term in candidate.untitled
        if term in missing and (term in passage.before or term in passage.after)
    ]
    return _share(query, candidate, around)


def untitled_synonyms(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms for which the sentence only has a synonym."""
    return _share(query, candidate, candidate.synonymous.intersection(candidate.untitled))


def untitled_letters(query: Query, candidate: Candidate) -> float:
    """Return how similar words of the sentence are to the missing untitled terms, 0 to 1."""
    if not candidate.untitled or not candidate.similarity:
        return 0.0
    similarity = candidate.similarity
    similar = (query.idf[term] * similarity.get(term, 0.0) for term in candidate.untitled)
    return fsum(similar) / query.content_idf / candidate.untitled_share


def untitled_pairs(query: Query, candidate: Candidate) -> float:
    """Return the share of neighbouring terms, not both in the title, that are neighbours here."""
    title, joined_terms = candidate.passage.title, candidate.passage.sentence.joined_terms
    has_titled = len(candidate.untitled) < len(query.content)
    matched = total = 0.0
    for pair, idf in query.pairs.items():
        if not has_titled or not title.issuperset(pair.split()):
            total += idf
            matched += idf * (pair in joined_terms)
    return matched / total if total else 0.0


def _share(query: Query, candidate: Candidate, chosen: Collection[str]) -> float:
    return query.share(chosen) / candidate.untitled_share if chosen else 0.0
