"""Features of the content terms that the title lacks: what a question asks about its topic.

Of "Who founded Thornwick?", an article with the title "Thornwick" has all sentences about
Thornwick. The one that answers says "founded"; the one that repeats the topic does not.
"""

from math import fsum

from bot.retrieval.candidates import Candidate
from bot.retrieval.query import Query


def untitled_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that is matched; 1 if the title has all terms."""
    return share_of_untitled(query, candidate, candidate.in_sentence) if candidate.untitled else 1.0


def untitled_exact(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that are in the sentence in the same form."""
    return share_of_untitled(query, candidate, candidate.in_same_form)


def untitled_around(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms that only a neighbouring sentence has."""
    around = (candidate.before | candidate.after) & ~candidate.in_sentence
    return share_of_untitled(query, candidate, around)


def untitled_synonyms(query: Query, candidate: Candidate) -> float:
    """Return the share of the untitled terms for which the sentence only has a synonym."""
    return share_of_untitled(query, candidate, candidate.synonymous)


def untitled_letters(query: Query, candidate: Candidate) -> float:
    """Return how similar words of the sentence are to the missing untitled terms, 0 to 1."""
    if not candidate.untitled or not candidate.similarity:
        return 0.0
    similar = (
        query.idf[term] * value
        for term, value in candidate.similarity.items()
        if query.bits[term] & candidate.untitled
    )
    return fsum(similar) / query.content_idf / query.share(candidate.untitled)


def untitled_pairs(query: Query, candidate: Candidate) -> float:
    """Return the share of neighbouring terms, not both in the title, that are neighbours here."""
    title, joined_terms = candidate.passage.title, candidate.passage.sentence.joined_terms
    has_titled = bool(candidate.in_title)
    matched = total = 0.0
    for left, right, joined, idf in query.pairs:
        if not (has_titled and left in title and right in title):
            total += idf
            if joined in joined_terms:
                matched += idf
    return matched / total if total else 0.0


def share_of_untitled(query: Query, candidate: Candidate, terms: int) -> float:
    """Return the share of the untitled terms that are among ``terms``, given as bits."""
    chosen = candidate.untitled & terms
    return query.share(chosen) / query.share(candidate.untitled) if chosen else 0.0
