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
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.cluster.documents import MAX_ROWS, ROW_BITS
from bot.cluster.hit_cache import FoundSentences
from bot.cluster.schema import encode_token, paragraph_similarity
from bot.cluster.snapshot import MAX_HITS, ClusterSnapshot
from bot.cluster.term_counts import TermCounts
from bot.index.bm25 import idf, length_norms, saturation
from bot.index.engine import Hit
from bot.index.memory import PARAGRAPH_B, PARAGRAPH_K1, SENTENCE_B, SENTENCE_K1
from bot.index.postings import Floats, Ints

# Nominees beyond the limit at first, and by how many times more when these do not suffice.
MARGIN, GROWTH = 100, 4
# Part of a score by which the cluster's may be too low: its counts include deleted documents
# until they are merged.
TOLERANCE = 0.02


class ScoredTerm(NamedTuple):
    """A token of a query, the limits of its share in the two exact scores, and its boosts."""

    token: str
    sentence_weight: float
    paragraph_weight: float
    sentence_boost: float
    paragraph_boost: float


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
        query = self._query_terms(Counter(terms))
        if not query or limit < 1:
            return []
        size = min(limit + MARGIN, MAX_HITS)
        while True:
            nominees = self._nominate(query, size)
            hits = self._score(query, nominees)[:limit]
            if len(nominees) < size or size == MAX_HITS or self._is_complete(nominees, hits, limit):
                return hits
            size = min(GROWTH * size, MAX_HITS)

    def find_terms(self, terms: Sequence[str], ranges: Sequence[range]) -> list[int]:
        """Return for each range of sentences which of ``terms`` they hold: bit i is of terms[i].

        Those of what was found, and beside it, are known; others are fetched.
        """
        bits = {encode_token(term): 1 << row for row, term in enumerate(terms)}
        texts = iter(self.found.tokens.load_all([*filter(len, ranges)], self._load_tokens))
        held = [bits.keys() & {*next(texts).split()} if each else () for each in ranges]
        return [sum(map(bits.__getitem__, tokens)) for tokens in held]

    def _load_tokens(self, ranges: Sequence[range]) -> dict[range, str]:
        """Return the tokens of ranges of sentences that were not found lately."""
        searches = []
        for each in ranges:
            rows = {"gte": each.start % MAX_ROWS, "lt": each.start % MAX_ROWS + len(each)}
            query = self.snapshot.visible(
                {"term": {"article": each.start >> ROW_BITS}}, {"range": {"row": rows}}
            )
            body = {"size": len(each), "_source": ["paragraph", "tokens"], "query": query}
            searches.append(("sentences", body))
        found = dict[range, str]()
        for each, result in zip(ranges, self.snapshot.search(searches), strict=True):
            documents = [hit["_source"] for hit in result["hits"]["hits"]]
            tokens = (own_tokens(document["paragraph"].split(), document) for document in documents)
            found[each] = " ".join(chain.from_iterable(tokens))
        return found

    def _query_terms(self, occurrences: Mapping[str, int]) -> list[ScoredTerm]:
        """Return the terms that a sentence holds, each once, rarest first."""
        tokens = {term: encode_token(term) for term in occurrences}
        counts = self.snapshot.counts([*tokens.values()])
        ordered = sorted((counts[token].sentences, term) for term, token in tokens.items())
        held = [(term, tokens[term]) for sentences, term in ordered if sentences]
        whole = self.snapshot.whole.counts([token for _, token in held])
        return [
            self._query_term(token, counts[token], whole[token], occurrences[term])
            for term, token in held
        ]

    def _query_term(
        self, token: str, counts: TermCounts, whole: TermCounts, occurrences: int
    ) -> ScoredTerm:
        """Return a term; ``whole`` are its counts in all documents, as the cluster knows them."""
        totals, sentences = self.snapshot.totals, self.snapshot.whole.totals.sentences
        sentence_idf = occurrences * idf(counts.sentences, totals.sentences)
        paragraph_idf = occurrences * idf(counts.paragraphs, totals.paragraphs)
        # The cluster's idf of a paragraph's term is of all sentences around which it stands.
        factor = (PARAGRAPH_K1 + 1) / (paragraph_similarity(self.snapshot.state.spread).k1 + 1)
        return ScoredTerm(
            token,
            sentence_idf * (SENTENCE_K1 + 1),
            paragraph_idf * (PARAGRAPH_K1 + 1),
            sentence_idf / idf(whole.sentences, sentences),
            paragraph_idf / idf(whole.around, sentences) * factor,
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
            "_source": ["article", "row", "paragraph", "tokens", "near", "place"],
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
        split = {text: text.split() for text in {document["paragraph"] for document in documents}}
        paragraphs = [split[document["paragraph"]] for document in documents]
        sentences = [
            own_tokens(paragraph, document)
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
        for number, document, sentence in zip(numbers, documents, sentences, strict=True):
            self.found.add(number, document, sentence)
        return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))

    def _is_complete(
        self, nominees: Sequence[Mapping[str, Any]], hits: Sequence[Hit], limit: int
    ) -> bool:
        """Return whether no sentence beyond the nominees can have the score of the last hit."""
        if len(hits) < limit:
            return False
        totals, whole = self.snapshot.totals, self.snapshot.whole.totals
        # By how much more the cluster may shorten what is long.
        own = (totals.sentence_terms / totals.sentences) / (whole.sentence_terms / whole.sentences)
        mean = totals.paragraph_terms / totals.paragraphs
        around = self.snapshot.state.spread * mean / (whole.repeated_terms / whole.sentences)
        slack = max(1.0, own, around) * (1 + TOLERANCE)
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
        own_norms = length_norms(lengths(sentences), own_mean, SENTENCE_K1, SENTENCE_B)
        norms = length_norms(lengths(paragraphs), mean, PARAGRAPH_K1, PARAGRAPH_B)
        # Many sentences may be of one paragraph.
        distinct = {id(paragraph): paragraph for paragraph in paragraphs}
        places = {key: row for row, key in enumerate(distinct)}
        rows = [places[id(paragraph)] for paragraph in paragraphs]
        for term in query:
            freqs = count_token(sentences, term.token)
            self.is_hit |= freqs > 0
            own += weigh(freqs, own_norms, term.sentence_weight)
            freqs = count_token([*distinct.values()], term.token)[rows]
            around += weigh(freqs, norms, term.paragraph_weight)
        self.paragraphs: NDArray[np.float64] = around.astype(np.float64)
        self.totals: NDArray[np.float64] = own + self.paragraphs


def own_tokens(paragraph: Sequence[str], document: Mapping[str, Any]) -> Sequence[str]:
    """Return the tokens of a sentence among those of its paragraph."""
    return paragraph[slice(*document["tokens"])]


def lengths(documents: Sequence[Sequence[str]]) -> Ints:
    """Return the number of tokens of each document, ``int32[documents]``."""
    return np.array([*map(len, documents)], np.int32)


def count_token(documents: Sequence[Sequence[str]], token: str) -> Ints:
    """Return how often each document holds ``token``, ``int32[documents]``."""
    return np.array([document.count(token) for document in documents], np.int32)


def weigh(freqs: Ints, norms: Floats, weight: float) -> Floats:
    """Return the share of a term in each score, ``float32[documents]``."""
    shares = saturation(freqs.astype(np.float32), norms.copy())
    shares *= np.float32(weight)
    return shares
