"""Features of the content terms that the title lacks: what a question asks about its topic.

Of "Who founded Thornwick?", an article with the title "Thornwick" has all sentences about
Thornwick. The one that answers says "founded"; the one that repeats the topic does not.
"""

from collections.abc import Iterable
from math import fsum
from operator import and_, or_

from bot.retrieval.candidates import Candidates
from bot.retrieval.query import Query


def untitled_match(query: Query, found: Candidates) -> list[float]:
    """Return the share of the untitled terms that is matched; 1 if the title has all terms."""
    values = share_of_untitled(query, found, found.in_sentence)
    pairs = zip(values, found.untitled, strict=True)
    return [value if untitled else 1.0 for value, untitled in pairs]


def untitled_exact(query: Query, found: Candidates) -> list[float]:
    """Return the share of the untitled terms that are in the sentence in the same form."""
    return share_of_untitled(query, found, found.in_same_form)


def untitled_around(query: Query, found: Candidates) -> list[float]:
    """Return the share of the untitled terms that only a neighbouring sentence has."""
    around = map(or_, found.before, found.after)
    pairs = zip(around, found.in_sentence, strict=True)
    return share_of_untitled(query, found, [terms & ~matched for terms, matched in pairs])


def untitled_synonyms(query: Query, found: Candidates) -> list[float]:
    """Return the share of the untitled terms for which the sentence only has a synonym."""
    return share_of_untitled(query, found, found.synonymous)


def untitled_letters(query: Query, found: Candidates) -> list[float]:
    """Return how similar words of the sentence are to the missing untitled terms, 0 to 1."""
    values = [0.0] * len(found.hits)
    for row, untitled in enumerate(found.untitled):
        if untitled and (similarity := found.similarity[row]):
            similar = [
                query.idf[term] * value
                for term, value in similarity.items()
                if query.bits[term] & untitled
            ]
            values[row] = fsum(similar) / query.content_idf / query.share(untitled)
    return values


def untitled_pairs(query: Query, found: Candidates) -> list[float]:
    """Return the share of neighbouring terms, not both in the title, that are neighbours here."""
    values = []
    for row, passage in enumerate(found.passages):
        title, joined_terms = passage.title, passage.sentence.joined_terms
        titled, missing = found.in_title[row], ~found.in_sentence[row]
        matched = total = 0.0
        for left, right, joined, idf, bits in query.pairs:
            if not (titled and left in title and right in title):
                total += idf
                if not bits & missing and joined in joined_terms:
                    matched += idf
        values.append(matched / total if total else 0.0)
    return values


def share_of_untitled(query: Query, found: Candidates, sets: Iterable[int]) -> list[float]:
    """Return the share of the untitled terms that are among each of ``sets``, given as bits."""
    share = query.share
    chosen = map(and_, found.untitled, sets)
    pairs = zip(chosen, found.untitled, strict=True)
    return [share(terms) / share(untitled) if terms else 0.0 for terms, untitled in pairs]
