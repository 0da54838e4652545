"""The features of candidates' words, surroundings and length, a function for each.

Each returns its value for all candidates, in order.
"""

from collections.abc import Iterable, Sequence
from math import fsum, log1p
from operator import or_

from bot.retrieval.candidates import MENTIONS_BY_KIND, Candidates, base_score
from bot.retrieval.query import Query

# Articles of at most so many sentences are news in brief. There the first sentence says the most:
# without `lead`, 2.4 points of news are lost, while in longer articles it is worth nothing. In
# longer articles a sentence begins with its topic: `onset` is worth .3 there, and costs .4 in brief
# ones.
MAX_BRIEF_ARTICLE = 10


# Words


def relative_base_score(_: Query, found: Candidates) -> list[float]:
    """Return the base score as a share of the best candidate's."""
    scores = [*map(base_score, found.hits)]
    best = max(scores)
    return [score / best for score in scores]


def rarest_match(query: Query, found: Candidates) -> list[float]:
    """Return the largest idf of a matched term as a share of the largest in the question."""
    return [*map(query.rarest, found.in_sentence)]


def last_sentence_match(query: Query, found: Candidates) -> list[float]:
    """Return the share of the question's last sentence that is matched."""
    return shares_of(query, query.last_sentence, found.in_sentence)


def names_in_sentence(query: Query, found: Candidates) -> list[float]:
    """Return the share of the question's names that are in the sentence."""
    return shares_of(query, query.names, found.in_sentence)


def stop_word_match(query: Query, found: Candidates) -> list[float]:
    """Return the share of the question's other terms that are in the sentence."""
    share, terms = query.share_of_others, query.other_terms
    return [share(terms & passage.sentence.terms) for passage in found.passages]


def synonym_match(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms for which the sentence only has a synonym."""
    return [*map(query.share, found.synonymous)]


# Exactness


def exact_forms(query: Query, found: Candidates) -> list[float]:
    """Return the share of the question's words that are in the sentence in the same form."""
    return [*map(query.share, found.in_same_form)]


def similar_letters(query: Query, found: Candidates) -> list[float]:
    """Return how similar words of the sentence are to the missing terms, by idf, 0 to 1."""
    idf, total = query.idf, query.content_idf
    return [
        fsum([idf[term] * value for term, value in similarity.items()]) / total
        if similarity
        else 0.0
        for similarity in found.similarity
    ]


def onset(query: Query, found: Candidates) -> list[float]:
    """Return the share of the sentence before its first matched term; 0 in a brief article."""
    return [
        measure_onset(passage.sentence.stems, query.content_terms)
        if len(passage.article_sentences) > MAX_BRIEF_ARTICLE
        else 0.0
        for passage in found.passages
    ]


def measure_onset(stems: Sequence[str], terms: frozenset[str]) -> float:
    """Return the share of ``stems`` before the first that is among ``terms``.

    >>> measure_onset(["the", "old", "bridg", "open"], frozenset({"bridg", "open"}))
    0.5
    """
    for position, stem in enumerate(stems):
        if stem in terms:
            return position / len(stems)
    return 1.0


# Paragraph and title


def paragraph_score(query: Query, found: Candidates) -> list[float]:
    """Return the BM25 score of the paragraph over the idf of the question."""
    return [hit.paragraph_score / query.total_idf for hit in found.hits]


def relative_paragraph_score(_: Query, found: Candidates) -> list[float]:
    """Return the paragraph's BM25 score as a share of the best candidate's."""
    scores = [hit.paragraph_score for hit in found.hits]
    best = max(scores)
    return [score / best for score in scores] if best else scores  # some engines score none


def coverage(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms that are in the paragraph or the title."""
    return [*map(query.share, map(or_, found.in_paragraph, found.in_title))]


def names_around(query: Query, found: Candidates) -> list[float]:
    """Return the share of the question's names that are in the paragraph or the title."""
    return shares_of(query, query.names, map(or_, found.in_paragraph, found.in_title))


def title_match(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms that are in the title."""
    return [*map(query.share, found.in_title)]


def missing_in_title(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms that are in the title, but not in the sentence."""
    share = query.share
    pairs = zip(found.in_title, found.in_sentence, strict=True)
    return [share(titled & ~matched) for titled, matched in pairs]


def paragraph_size(_: Query, found: Candidates) -> list[float]:
    """Return ln(1 + sentences in the paragraph)."""
    return [log1p(len(passage.paragraph_sentences)) for passage in found.passages]


def context_around(query: Query, found: Candidates) -> list[float]:
    """Return the share of the context's terms that are in the paragraph or the title."""
    idf = {query.bits[term]: query.idf[term] for term in query.context.content}
    total = sum(idf.values())
    return [
        sum(value for bit, value in idf.items() if bit & terms) / total if total else 0.0
        for terms in found.context_around
    ]


def title_precision(_: Query, found: Candidates) -> list[float]:
    """Return the share of the title's content terms that are in the question."""
    titles = [passage.title for passage in found.passages]
    pairs = zip(found.in_title, titles, strict=True)
    return [terms.bit_count() / len(title) if title else 0.0 for terms, title in pairs]


# Neighbours


def match_with_context(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms in the sentence, the one before, or the title."""
    share = query.share
    sets = zip(found.in_sentence, found.in_title, found.before, strict=True)
    return [share(matched | titled | before) for matched, titled, before in sets]


def subject_pronoun(query: Query, found: Candidates) -> list[float]:
    """Return the missing share that paragraph or title have, if the sentence starts with "it"."""
    values = [0.0] * len(found.hits)
    for row, passage in enumerate(found.passages):
        if passage.sentence.has_subject_pronoun:
            around = found.in_paragraph[row] | found.in_title[row]
            values[row] = query.share(around & ~found.in_sentence[row])
    return values


# Position and length


def early(query: Query, found: Candidates) -> list[float]:
    """Return 1 for the first sentence of an article, 1/2 for its second, and so on.

    0 if the question asks for a kind of mention that the sentence does not have.
    """
    asks_mention = query.question.kind in MENTIONS_BY_KIND
    return [
        0.0
        if asks_mention and not mentions
        else 1 / (1 + hit.sentence - passage.article_sentences.start)
        for hit, passage, mentions in zip(found.hits, found.passages, found.mentions, strict=True)
    ]


def paragraph_start(_: Query, found: Candidates) -> list[float]:
    """Return 1 for the first sentence of a paragraph, 1/2 for its second, and so on."""
    places = zip(found.hits, found.passages, strict=True)
    return [1 / (1 + hit.sentence - each.paragraph_sentences.start) for hit, each in places]


def lead(_: Query, found: Candidates) -> list[float]:
    """Return 1 for the first sentence of a brief article."""
    numbers = [passage.article_sentences for passage in found.passages]
    return [
        float(hit.sentence == inside.start and len(inside) <= MAX_BRIEF_ARTICLE)
        for hit, inside in zip(found.hits, numbers, strict=True)
    ]


def content_length(_: Query, found: Candidates) -> list[float]:
    """Return ln(1 + content terms of the sentence)."""
    return [log1p(passage.sentence.content_size) for passage in found.passages]


# The previous answer of a conversation


def same_article(query: Query, found: Candidates) -> list[float]:
    """Return 1 in the article of the previous answer."""
    shown = query.context.shown[:1]
    numbers = [passage.article_sentences for passage in found.passages]
    return [float(any(number in inside for number in shown)) for inside in numbers]


def same_paragraph(query: Query, found: Candidates) -> list[float]:
    """Return 1 in the paragraph of the previous answer."""
    shown = query.context.shown[:1]
    numbers = [passage.paragraph_sentences for passage in found.passages]
    return [float(any(number in inside for number in shown)) for inside in numbers]


def same_sentence(query: Query, found: Candidates) -> list[float]:
    """Return 1 for the previous answer itself."""
    return [float(hit.sentence in query.context.shown[:1]) for hit in found.hits]


def shares_of(query: Query, wanted: int, sets: Iterable[int]) -> list[float]:
    """Return the share of the ``wanted`` terms that are among each of ``sets``, all as bits."""
    share = query.share
    chosen = [wanted & terms for terms in sets]
    return [share(terms) / share(wanted) if terms else 0.0 for terms in chosen]
