"""The features of a candidate's words, surroundings and length, a function for each."""

from math import fsum, log1p

from bot.retrieval.candidates import MENTIONS_BY_KIND, Candidate, base_score
from bot.retrieval.query import Query

# Articles of at most so many sentences are news in brief. There the first sentence says the most:
# without `lead`, 2.4 points of news are lost, while in longer articles it is worth nothing. In
# longer articles a sentence begins with its topic: `onset` is worth .3 there, and costs .4 in brief
# ones.
MAX_BRIEF_ARTICLE = 10


# Words


def relative_base_score(_: Query, candidate: Candidate) -> float:
    """Return the base score as a share of the best candidate's."""
    return base_score(candidate.hit) / candidate.best_base


def rarest_match(query: Query, candidate: Candidate) -> float:
    """Return the largest idf of a matched term as a share of the largest in the question."""
    return query.rarest(candidate.in_sentence)


def last_sentence_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's last sentence that is matched."""
    matched = query.last_sentence & candidate.in_sentence
    return query.share(matched) / query.share(query.last_sentence) if matched else 0.0


def names_in_sentence(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's names that are in the sentence."""
    return share_of_names(query, candidate.in_sentence)


def stop_word_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's other terms that are in the sentence."""
    return query.share_of_others(query.other_terms & candidate.passage.sentence.terms)


def synonym_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms for which the sentence only has a synonym."""
    return query.share(candidate.synonymous)


# Exactness


def exact_forms(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's words that are in the sentence in the same form."""
    return query.share(candidate.in_same_form)


def adjacent_pairs(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's pairs of neighbouring terms that are neighbours here."""
    joined_terms = candidate.passage.sentence.joined_terms
    total = sum([pair.idf for pair in query.pairs])
    matched = sum([pair.idf for pair in query.pairs if pair.joined in joined_terms])
    return matched / total if total else 0.0


def similar_letters(query: Query, candidate: Candidate) -> float:
    """Return how similar words of the sentence are to the missing terms, by idf, 0 to 1."""
    if not candidate.similarity:
        return 0.0
    similar = candidate.similarity.items()
    return fsum(query.idf[term] * value for term, value in similar) / query.content_idf


def onset(_: Query, candidate: Candidate) -> float:
    """Return the share of the sentence before its first matched term; 0 in a brief article."""
    if len(candidate.passage.article_sentences) <= MAX_BRIEF_ARTICLE:
        return 0.0
    stems, matched = candidate.passage.sentence.stems, candidate.matched
    for position, term in enumerate(stems):
        if term in matched:
            return position / len(stems)
    return 1.0


# Paragraph and title


def paragraph_score(query: Query, candidate: Candidate) -> float:
    """Return the BM25 score of the paragraph over the idf of the question."""
    return candidate.hit.paragraph_score / query.total_idf


def relative_paragraph_score(_: Query, candidate: Candidate) -> float:
    """Return the paragraph's BM25 score as a share of the best candidate's."""
    best = candidate.best_paragraph
    return candidate.hit.paragraph_score / best if best else 0.0  # an engine may have no paragraphs


def coverage(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms that are in the paragraph or the title."""
    return query.share(candidate.in_paragraph | candidate.in_title)


def names_around(query: Query, candidate: Candidate) -> float:
    """Return the share of the question's names that are in the paragraph or the title."""
    return share_of_names(query, candidate.in_paragraph | candidate.in_title)


def title_match(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms that are in the title."""
    return query.share(candidate.in_title)


def missing_in_title(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms that are in the title, but not in the sentence."""
    return query.share(candidate.in_title & ~candidate.in_sentence)


def paragraph_size(_: Query, candidate: Candidate) -> float:
    """Return ln(1 + sentences in the paragraph)."""
    return log1p(len(candidate.passage.paragraph_sentences))


def context_around(query: Query, candidate: Candidate) -> float:
    """Return the share of the context's terms that are in the paragraph or the title."""
    terms = [*query.context.content]
    around = [term for term in terms if query.bits[term] & candidate.context_around]
    total = sum(query.idf[term] for term in terms)
    return sum(query.idf[term] for term in around) / total if total else 0.0


def title_precision(_: Query, candidate: Candidate) -> float:
    """Return the share of the title's content terms that are in the question."""
    title = candidate.passage.title
    return candidate.in_title.bit_count() / len(title) if title else 0.0


# Neighbours


def match_with_context(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms in the sentence, the one before, or the title."""
    return query.share(candidate.in_sentence | candidate.in_title | candidate.before)


def subject_pronoun(query: Query, candidate: Candidate) -> float:
    """Return the missing share that paragraph or title have, if the sentence starts with "it"."""
    passage = candidate.passage
    if passage.sentence.joined_words.split(" ", 1)[0] not in passage.language.pronouns:
        return 0.0
    return query.share((candidate.in_paragraph | candidate.in_title) & ~candidate.in_sentence)


# Position and length


def early(query: Query, candidate: Candidate) -> float:
    """Return 1 for the first sentence of an article, 1/2 for its second, and so on.

    0 if the question asks for a kind of mention that the sentence does not have.
    """
    if query.question.kind in MENTIONS_BY_KIND and not candidate.mentions:
        return 0.0
    return 1 / (1 + candidate.hit.sentence - candidate.passage.article_sentences.start)


def paragraph_start(_: Query, candidate: Candidate) -> float:
    """Return 1 for the first sentence of a paragraph, 1/2 for its second, and so on."""
    return 1 / (1 + candidate.hit.sentence - candidate.passage.paragraph_sentences.start)


def lead(_: Query, candidate: Candidate) -> float:
    """Return 1 for the first sentence of a brief article."""
    numbers = candidate.passage.article_sentences
    return float(len(numbers) <= MAX_BRIEF_ARTICLE and candidate.hit.sentence == numbers.start)


def content_length(_: Query, candidate: Candidate) -> float:
    """Return ln(1 + content terms of the sentence)."""
    return log1p(len(candidate.passage.sentence.content))


# The previous answer of a conversation


def same_article(query: Query, candidate: Candidate) -> float:
    """Return 1 in the article of the previous answer."""
    numbers = candidate.passage.article_sentences
    return float(any(number in numbers for number in query.context.shown[:1]))


def same_paragraph(query: Query, candidate: Candidate) -> float:
    """Return 1 in the paragraph of the previous answer."""
    numbers = candidate.passage.paragraph_sentences
    return float(any(number in numbers for number in query.context.shown[:1]))


def same_sentence(query: Query, candidate: Candidate) -> float:
    """Return 1 for the previous answer itself."""
    return float(candidate.hit.sentence in query.context.shown[:1])


def share_of_names(query: Query, terms: int) -> float:
    """Return the share of the question's names that are among ``terms``, given as bits."""
    names = query.names & terms
    return query.share(names) / query.share(query.names) if names else 0.0
