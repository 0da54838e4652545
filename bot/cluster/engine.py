"""The engine on a cluster: it nominates, the client scores exactly.

The cluster keeps lengths in one byte and counts paragraphs once for each of their sentences, so its
order is only near that of :mod:`bot.index.memory`. Its best sentences are scored again, from exact
counts and lengths, with the formulas of :mod:`bot.index.bm25` in the same order: the scores are
those of MemoryEngine to the bit. Clauses are boosted so that the cluster's own score is no less
than the exact one (shortened lengths only raise it): once the last nominee's is below the exact
score of the last hit, no other sentence can be among the hits. Otherwise more are nominated.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.articles.bounded_cache import BoundedCache
from bot.cluster.documents import ROW_BITS, SentenceContext, decode_context
from bot.cluster.schema import encode_token
from bot.cluster.snapshot import MAX_HITS, ClusterSnapshot, TermCounts
from bot.index.bm25 import idf, norms_of_mean, saturation
from bot.index.engine import Hit
from bot.index.memory import PARAGRAPH_B, PARAGRAPH_K1, SENTENCE_B, SENTENCE_K1
from bot.index.postings import Floats, Ints

# Nominees beyond the limit at first, and by how many times more when these do not suffice.
MARGIN, GROWTH = 100, 4
# Part of a score by which the cluster's may be too low: its counts include deleted documents
# until they are merged.
TOLERANCE = 0.02
# Sentences in memory, with their surroundings: those of the last dozens of questions.
MAX_CONTEXTS = 20_000


class ScoredTerm(NamedTuple):
    """A token of a query, the limits of its share in the two exact scores, and its boosts."""

    token: str
    sentence_weight: float
    paragraph_weight: float
    sentence_boost: float
    paragraph_boost: float


class ArticleFacts(NamedTuple):
    """The title of an article, its number of sentences, and the code of its language."""

    title: str
    size: int
    language: str


class FoundSentences:
    """The sentences that were found lately with the text around them, and their articles."""

    def __init__(self) -> None:
        self.contexts: BoundedCache[int, SentenceContext] = BoundedCache(MAX_CONTEXTS)
        self.texts: BoundedCache[int, str] = BoundedCache(4 * MAX_CONTEXTS)
        self.facts: BoundedCache[int, ArticleFacts] = BoundedCache(MAX_CONTEXTS)

    def add(self, contexts: Mapping[int, SentenceContext]) -> None:
        """Add sentences, by number."""
        self.contexts.update(contexts)
        self.texts.update(
            {
                number >> ROW_BITS << ROW_BITS | row: text
                for number, context in contexts.items()
                for row, text in enumerate(context.texts, context.low)
            }
        )
        self.facts.update(
            {
                number >> ROW_BITS: ArticleFacts(context.title, context.size, context.language)
                for number, context in contexts.items()
            }
        )


class ClusterEngine:
    """Finds sentences by terms in one generation of a library on a cluster."""

    def __init__(self, snapshot: ClusterSnapshot) -> None:
        self.snapshot = snapshot
        self.found: FoundSentences = FoundSentences()

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``, in order: 0 for an unknown one."""
        tokens = [*map(encode_token, terms)]
        counts = self.snapshot.counts(tokens)
        return [counts[token].sentences for token in tokens]

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return at most ``limit`` hits, best first; equal scores in reading order."""
        query = self._query_terms(terms)
        if not query or limit < 1:
            return []
        size = min(limit + MARGIN, MAX_HITS)
        while True:
            nominees = self._nominate(query, size)
            hits = self._score(query, nominees)[:limit]
            if len(nominees) < size or size == MAX_HITS or self._is_complete(nominees, hits, limit):
                return hits
            size = min(GROWTH * size, MAX_HITS)

    def _query_terms(self, terms: Sequence[str]) -> list[ScoredTerm]:
        """Return the terms that a sentence holds, each once, rarest first."""
        occurrences = Counter(terms)
        counts = self.snapshot.counts([*map(encode_token, occurrences)])
        ordered = sorted((counts[encode_token(term)].sentences, term) for term in occurrences)
        return [
            self._query_term(encode_token(term), counts[encode_token(term)], occurrences[term])
            for sentences, term in ordered
            if sentences
        ]

    def _query_term(self, token: str, counts: TermCounts, occurrences: int) -> ScoredTerm:
        totals = self.snapshot.totals
        sentence_idf = idf(counts.sentences, totals.sentences)
        paragraph_idf = idf(counts.paragraphs, totals.paragraphs)
        # The cluster's score has its own idf, of all sentences whose paragraph holds the term.
        paragraph_boost = occurrences * paragraph_idf / idf(counts.around, totals.sentences)
        return ScoredTerm(
            token,
            occurrences * sentence_idf * (SENTENCE_K1 + 1),
            occurrences * paragraph_idf * (PARAGRAPH_K1 + 1),
            float(occurrences),
            paragraph_boost,
        )

    def _nominate(self, query: Sequence[ScoredTerm], size: int) -> list[Mapping[str, Any]]:
        """Return the sentences that the cluster scores highest, equal ones in reading order."""
        clauses = [
            {"term": {field: {"value": term.token, "boost": boost}}}
            for term in query
            for field, boost in (
                ("sentence", term.sentence_boost),
                ("paragraph", term.paragraph_boost),
            )
        ]
        visible = self.snapshot.visible()
        visible["bool"].update(should=clauses, minimum_should_match=1)
        body = {
            "size": size,
            "track_total_hits": False,
            "track_scores": True,
            "sort": ["_score", "article", "row"],
            "_source": ["article", "row", "paragraph", "tokens", "place"],
            "query": visible,
        }
        [result] = self.snapshot.search([("sentences", body)])
        hits: list[Mapping[str, Any]] = result["hits"]["hits"]
        return hits

    def _score(
        self, query: Sequence[ScoredTerm], nominees: Sequence[Mapping[str, Any]]
    ) -> list[Hit]:
        """Return those of ``nominees`` that hold a term, with their exact scores, best first."""
        documents = [nominee["_source"] for nominee in nominees]
        paragraphs = [document["paragraph"].split() for document in documents]
        sentences = [
            paragraph[slice(*document["tokens"])]
            for document, paragraph in zip(documents, paragraphs, strict=True)
        ]
        scored = SentenceScores(self.snapshot, query, sentences, paragraphs)
        numbers = [document["article"] << ROW_BITS | document["row"] for document in documents]
        scores = zip(numbers, scored.totals.tolist(), scored.paragraphs.tolist(), strict=True)
        hits = [
            Hit(*each)
            for each, is_hit in zip(scores, scored.is_hit.tolist(), strict=True)
            if is_hit
        ]
        self.found.add(
            {
                number: decode_context(document)
                for number, document in zip(numbers, documents, strict=True)
            }
        )
        return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))

    def _is_complete(
        self, nominees: Sequence[Mapping[str, Any]], hits: Sequence[Hit], limit: int
    ) -> bool:
        """Return whether no sentence beyond the nominees can have the score of the last hit."""
        if len(hits) < limit:
            return False
        totals = self.snapshot.totals
        mean = totals.paragraph_terms / totals.paragraphs
        repeated_mean = totals.repeated_terms / totals.sentences
        slack = max(1.0, mean / repeated_mean) * (1 + TOLERANCE)
        highest: float = nominees[-1]["sort"][0]
        return hits[-1].score > highest * slack


class SentenceScores:
    """The exact scores of some sentences: ``float64[sentences]``, and whether each is a hit."""

    def __init__(
        self,
        snapshot: ClusterSnapshot,
        query: Sequence[ScoredTerm],
        sentences: Sequence[Sequence[str]],
        paragraphs: Sequence[Sequence[str]],
    ) -> None:
        totals = snapshot.totals
        own, around = np.zeros((2, len(sentences)), np.float32)
        self.is_hit: NDArray[np.bool_] = np.zeros(len(sentences), np.bool_)
        own_mean = totals.sentence_terms / max(1, totals.sentences)
        mean = totals.paragraph_terms / max(1, totals.paragraphs)
        own_norms = norms_of_mean(lengths(sentences), own_mean, SENTENCE_K1, SENTENCE_B)
        norms = norms_of_mean(lengths(paragraphs), mean, PARAGRAPH_K1, PARAGRAPH_B)
        for term in query:
            freqs = count_token(sentences, term.token)
            self.is_hit |= freqs > 0
            own += weigh(freqs, own_norms, term.sentence_weight)
            around += weigh(count_token(paragraphs, term.token), norms, term.paragraph_weight)
        self.paragraphs: NDArray[np.float64] = around.astype(np.float64)
        self.totals: NDArray[np.float64] = own + self.paragraphs


def lengths(documents: Sequence[Sequence[str]]) -> Ints:
    """Return the number of tokens of each document, ``int32[documents]``."""
    return np.array([*map(len, documents)], np.int32)


def count_token(documents: Sequence[Sequence[str]], token: str) -> Ints:
    """Return how often each document holds ``token``, ``int32[documents]``."""
    return np.array([document.count(token) for document in documents], np.int32)


def weigh(freqs: Ints, norms: Floats, weight: float) -> Floats:
    """Return the share of a term in each score, ``float32[documents]``."""
    shares = saturation(freqs, norms.copy())
    shares *= np.float32(weight)
    return shares
