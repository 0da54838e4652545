"""Candidates: the hits of the engine with the passages around them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import fsum
from typing import NamedTuple

from bot.index.engine import Hit
from bot.language.language import Language
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
# Languages without capital letters, and the kinds of answer that are names.
NO_CAPITALS = "none"
NAME_KINDS = frozenset((AnswerKind.PERSON, AnswerKind.NAME, AnswerKind.PLACE, AnswerKind.COUNTRY))


class FoundSentence(NamedTuple):
    """A hit with its passage, and the terms of the query around it, as bits of ``Query.bits``."""

    hit: Hit
    passage: Passage
    in_paragraph: int
    before: int
    after: int


class Candidates(NamedTuple):
    """Hits with their passages, as columns: an element for each, in the same order in all.

    ``mentions`` are those of the kind asked for that are not in the question. Of the missing terms,
    ``similarity`` tells how similar a word of the sentence is, if one is.

    The sets of content terms are bits of ``Query.bits``: those ``in_sentence``, also
    ``in_same_form``; ``synonymous`` are the missing ones that the sentence has a synonym of; those
    ``in_title``, and the others, ``untitled``; those ``in_paragraph``, and in the sentences
    ``before`` and ``after``. ``context_around`` are the terms of the context in the paragraph or
    the title.
    """

    hits: Sequence[Hit]
    passages: Sequence[Passage]
    mentions: Sequence[tuple[Mention, ...]]
    similarity: Sequence[Mapping[str, float]]
    in_sentence: Sequence[int]
    in_same_form: Sequence[int]
    synonymous: Sequence[int]
    in_title: Sequence[int]
    untitled: Sequence[int]
    in_paragraph: Sequence[int]
    before: Sequence[int]
    after: Sequence[int]
    context_around: Sequence[int]


# Returns a feature's value for each candidate.
Feature = Callable[[Query, Candidates], Sequence[float]]


def base_score(hit: Hit) -> float:
    """Return the BM25 score of the sentence plus half of its paragraph's."""
    return hit.score - 0.5 * hit.paragraph_score


def select_by_title(
    query: Query, hits: Sequence[Hit], titles: Iterable[frozenset[str]], limit: int
) -> list[Hit]:
    """Return the hits with the best sum of score and idf of the terms in their ``titles``."""
    if len(hits) <= limit:
        return [*hits]
    content = query.content_terms
    sum_idf = cache(lambda terms: fsum(query.idf[term] for term in terms))  # few sets recur
    order = [
        (-hit.score - sum_idf(content & title), hit.sentence, hit)
        for hit, title in zip(hits, titles, strict=True)
    ]
    return [hit for _, _, hit in sorted(order)[:limit]]


def build_candidates(query: Query, found: Sequence[FoundSentence]) -> Candidates:
    """Return the candidates of sentences, of at least one, in order."""
    hits, passages, in_paragraph, before, after = zip(*found, strict=True)
    content, context = query.content_bits, query.context.content.keys()
    words = [
        ContentWord(term, form, query.bits[term], query.grams[term])
        for term, form in query.content.items()
    ]
    in_sentence, in_same_form, similarity = zip(
        *[compare_words(words, passage.sentence) for passage in passages], strict=True
    )
    in_title = [query.find_bits(query.content_terms & passage.title) for passage in passages]
    return Candidates(
        hits=hits,
        passages=passages,
        mentions=[find_mentions(query, passage) for passage in passages],
        similarity=similarity,
        in_sentence=in_sentence,
        in_same_form=in_same_form,
        synonymous=find_synonyms(query, [passage.sentence.terms for passage in passages]),
        in_title=in_title,
        untitled=[content & ~terms for terms in in_title],
        in_paragraph=[content & terms for terms in in_paragraph],
        before=[content & terms for terms in before],
        after=[content & terms for terms in after],
        context_around=[
            terms | query.find_bits(context & passage.title)
            for terms, passage in zip(in_paragraph, passages, strict=True)
        ]
        if context
        else in_paragraph,
    )


class ContentWord(NamedTuple):
    """A content term of the query, its form and bit, and the runs of four letters in the form."""

    term: str
    form: str
    bit: int
    grams: frozenset[str]


def compare_words(
    words: Sequence[ContentWord], sentence: AnalyzedSentence
) -> tuple[int, int, dict[str, float]]:
    """Return the content terms in a sentence, those in the same form, and similarities.

    For each of the other terms, the last tells how similar the most similar word is, if above 0.
    """
    in_sentence = in_same_form = 0
    similarity: dict[str, float] = {}
    joined_words, forms, terms = sentence.joined_words, sentence.forms, sentence.terms
    for term, form, bit, wanted in words:
        if term in terms:
            in_sentence |= bit
            if form in forms:
                in_same_form |= bit
        # Most words share no run; the joined words tell so in less time than each.
        elif has_gram(joined_words, wanted):
            similar = [word for word in forms if has_gram(word, wanted)]
            similarity[term] = max([dice(wanted, grams(word)) for word in similar])
    return in_sentence, in_same_form, similarity


def has_gram(text: str, wanted: Iterable[str]) -> bool:
    """Return whether a text has one of ``wanted``."""
    for gram in wanted:  # noqa: SIM110 - any() takes twice as long, a hundred times a question
        if gram in text:
            return True
    return False


def dice(left: frozenset[str], right: frozenset[str]) -> float:
    """Return Dice's coefficient of two sets: twice the shared elements over all, 0 to 1.

    >>> dice(grams("inventor"), grams("invention"))
    0.5454545454545454
    """
    return 2 * len(left & right) / (len(left) + len(right))


def find_synonyms(query: Query, sentences: Sequence[frozenset[str]]) -> list[int]:
    """Return for each sentence, given as its terms, the missing terms that it has a synonym of."""
    synonyms, given = query.synonyms, query.question.synonyms
    if not synonyms and not given:
        return [0] * len(sentences)
    found = []
    for terms in sentences:
        missing = query.content_terms - terms
        replaced = [term for term in missing & synonyms.keys() if synonyms[term] & terms]
        for synonym in given:
            if terms.issuperset(synonym.other_terms):
                replaced += missing.intersection(synonym.terms)
        found.append(query.find_bits(replaced))
    return found


def find_mentions(query: Query, passage: Passage) -> tuple[Mention, ...]:
    """Return the sentence's mentions of the kind asked for that are not in the question."""
    kind = query.question.kind
    if kind not in MENTIONS_BY_KIND or not can_tell(kind, passage.language):
        return ()
    mentions: Sequence[Mention] = getattr(passage.mentions, MENTIONS_BY_KIND[kind])
    return tuple(mention for mention in mentions if mention.word not in query.forms)


def can_tell(kind: AnswerKind, language: Language) -> bool:
    """Return whether mentions of a kind are told from other words in a language.

    Names are not where no letter is a capital: only the foreign ones in Latin letters would be,
    and of XQuAD's Chinese questions 71.2 % are answered right first with these, 71.9 without.
    """
    return language.capitals != NO_CAPITALS or kind not in NAME_KINDS
