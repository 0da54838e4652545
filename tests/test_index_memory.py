"""MemoryEngine: the same hits as a full scan with the formulas written out."""

import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import groupby
from math import log1p
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.index.engine import Hit
from bot.index.kernel import Kernel
from bot.index.maxscore import MIN_PRUNED
from bot.index.memory import MemoryEngine

Paragraph = list[list[str]]

# Each test of hits runs with NumPy alone, and with the compiled kernel.
needs_numba = pytest.mark.skipif(not find_spec("numba"), reason="needs article-bot[fast]")
kernels = pytest.mark.parametrize("kernel", ["numpy", pytest.param("numba", marks=needs_numba)])

words = st.text("abcd", min_size=1, max_size=2)  # few words, so that they collide
sentences = st.lists(words, max_size=8)
libraries = st.lists(st.lists(sentences, min_size=1, max_size=4), max_size=8)
queries = st.lists(words, max_size=6)

BRIDGES: list[Paragraph] = [
    [["the", "bridge", "open", "in", "1932"], ["it", "be", "the", "longest"]],
    [["the", "ferri", "stop"], ["the", "bridge", "be", "steel"], []],
    [["a", "bridge", "of", "steel"]],
    [["a", "bridge", "of", "steel"]],
]


def find_kernel(name: str) -> Kernel:
    """Return a kernel that is loaded, for ``numba``, or never is."""
    kernel = Kernel(load_after=0)
    if name == "numba":
        assert kernel.load()
    return kernel


def build(library: Sequence[Paragraph]) -> MemoryEngine:
    """Return an engine of a library's paragraphs, each some sentences, each some terms."""
    numbers = [number for number, paragraph in enumerate(library) for _ in paragraph]
    return MemoryEngine.build(
        (sentence for paragraph in library for sentence in paragraph), numbers
    )


def bm25(
    documents: Sequence[Sequence[str]], query: Sequence[str], k1: float, b: float
) -> list[float]:
    """Return the score of each document by BM25 as its paper has it, with Lucene's idf.

    Weights and sums are in single precision, the sums in ``query``'s order.
    """
    total = len(documents)
    mean_length = sum(map(len, documents)) / total
    scores = [np.float32(0)] * total
    for term, occurrences in Counter(query).items():
        document_frequency = sum(term in document for document in documents)
        idf = log1p((total - document_frequency + 0.5) / (document_frequency + 0.5))
        for number, document in enumerate(documents):
            if term_freq := document.count(term):
                norm = np.float32(k1 * (1 - b + b * len(document) / mean_length))
                saturation = np.float32(term_freq) / (np.float32(term_freq) + norm)
                scores[number] += saturation * np.float32(occurrences * idf * (k1 + 1))
    return list(map(float, scores))


def full_scan(library: Sequence[Paragraph], query: Sequence[str], limit: int) -> list[Hit]:
    """Return the hits by looking at every word of every sentence."""
    rows = [sentence for paragraph in library for sentence in paragraph]
    paragraphs = [[term for sentence in paragraph for term in sentence] for paragraph in library]
    paragraph_of = [number for number, paragraph in enumerate(library) for _ in paragraph]
    if not any(rows):
        return []
    rarest_first = sorted(query, key=lambda term: (sum(term in row for row in rows), term))
    sentence_scores = bm25(rows, rarest_first, k1=0.6, b=0.4)
    paragraph_scores = bm25(paragraphs, rarest_first, k1=0.9, b=0.4)
    hits = [
        Hit(
            number,
            sentence_scores[number] + paragraph_scores[paragraph_of[number]],
            paragraph_scores[paragraph_of[number]],
        )
        for number, row in enumerate(rows)
        if set(row) & set(query)
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))[:limit]


@kernels
@given(libraries, queries, st.integers(0, 40))
@example([], ["a"], 5)
@example([[[]]], ["a"], 5)
@example([[["a"], ["b"]]], [], 5)
def test_hits_equal_full_scan(
    kernel: str, library: list[Paragraph], query: list[str], limit: int
) -> None:
    """For any library, query and limit: the same sentences, scores (to the bit) and order."""
    expected = full_scan(library, query, limit)
    engine = build(library)
    engine.kernel = find_kernel(kernel)

    hits = engine.search(query, limit)

    assert hits == expected


@given(libraries, queries)
def test_document_frequency_counts_sentences(library: list[Paragraph], query: list[str]) -> None:
    """A sentence counts once even if it repeats the word; an unknown word has 0."""
    rows = [sentence for paragraph in library for sentence in paragraph]

    frequencies = build(library).document_frequencies([*query, "unknown"])

    assert frequencies == [sum(term in row for row in rows) for term in query] + [0]
    assert len(build(library)) == len(rows)


@given(libraries, st.permutations(["a", "b", "c", "a", "ab"]))
def test_term_order_does_not_matter(library: list[Paragraph], query: list[str]) -> None:
    """Scores are the same to the bit in any order of the query's terms."""
    engine = build(library)

    assert engine.search(query, 20) == engine.search(sorted(query), 20)


def test_equal_scores_come_in_reading_order() -> None:
    """Identical sentences come in the order of the articles, wherever the limit cuts."""
    engine = build([[["a", "bridge"]] for _ in range(50)])

    hits = engine.search(["bridge"], 20)

    assert [hit.sentence for hit in hits] == list(range(20))
    assert len({hit.score for hit in hits}) == 1


def test_sentence_without_a_term_is_no_hit() -> None:
    """A sentence is no hit because its neighbour in the paragraph has the word."""
    hits = build(BRIDGES).search(["1932"], 5)

    assert [hit.sentence for hit in hits] == [0]


def test_repeated_term_counts_twice() -> None:
    """A term twice in the query doubles the score, including the paragraph's part."""
    once, twice = (build(BRIDGES).search(["1932"] * times, 1)[0] for times in (1, 2))

    assert twice.score == 2 * once.score
    assert twice.paragraph_score == 2 * once.paragraph_score


def test_term_in_every_sentence_scores_above_zero() -> None:
    """The idf is small, but never 0 or negative."""
    hits = build([[["the", "bridge"]], [["the", "ferri"]]]).search(["the"], 5)

    assert [hit.sentence for hit in hits] == [0, 1]
    assert all(hit.score > 0 for hit in hits)


@pytest.mark.parametrize("limit", [-1, 0])
def test_limit_below_one_gives_no_hits(limit: int) -> None:
    """No hits are wanted, so none are returned."""
    assert build(BRIDGES).search(["bridge"], limit) == []


@pytest.mark.parametrize("query", [[], ["unknown"], ["unknown", "Bridge"]])
def test_unknown_terms_give_no_hits(query: list[str]) -> None:
    """Terms are compared exactly, case included."""
    assert build(BRIDGES).search(query, 5) == []


@pytest.mark.parametrize(
    ("numbers", "message"),
    [([0, 0], "2 paragraph numbers for 3"), ([1, 1, 1], "0, 1, 2"), ([0, 2, 2], "0, 1, 2")],
)
def test_invalid_paragraph_numbers_are_rejected(numbers: list[int], message: str) -> None:
    """Each sentence needs a number; they start at 0 and ascend by steps of 1."""
    with pytest.raises(ValueError, match=message):
        MemoryEngine.build([["a"], ["b"], ["c"]], numbers)


def zipf(count: int, seed: int) -> list[Paragraph]:
    """Return paragraphs of four sentences with word frequencies as uneven as in English."""
    generator = np.random.default_rng(seed)
    numbers = np.minimum(generator.zipf(1.3, (count, 12)), 500)
    rows = [[str(number) for number in row] for row in numbers.tolist()]
    return [rows[first : first + 4] for first in range(0, count, 4)]


LARGE = zipf(3_000, seed=1932)
MANY = [row for paragraph in zipf(8_000, seed=1933) for row in paragraph]
LARGE_ENGINE = build(LARGE)
numerals = st.integers(1, 40).map(str)


@kernels
@settings(max_examples=60)
@given(
    st.lists(numerals, min_size=1, max_size=8),
    st.sampled_from([1, 3, 30, 300, 5_000]),
    st.sampled_from([0, 10, 200, MIN_PRUNED]),
)
def test_pruned_search_equals_full_scan(
    kernel: str, query: list[str], limit: int, min_pruned: int
) -> None:
    """Frequent and rare words in a library large enough to reach every branch of MaxScore."""
    expected = full_scan(LARGE, query, limit)
    engine = MemoryEngine(LARGE_ENGINE.vocabulary, LARGE_ENGINE.index, min_pruned)
    engine.kernel = find_kernel(kernel)

    hits = engine.search(query, limit)

    assert hits == expected


@kernels
@settings(max_examples=20)
@given(
    st.lists(st.integers(1, 9_000), min_size=1, max_size=8).filter(
        lambda sizes: sum(sizes) > 5_000
    ),
    st.lists(numerals, min_size=1, max_size=20),
    st.sampled_from([1, 10, 1_000]),
)
def test_search_of_long_paragraphs_equals_full_scan(
    kernel: str, sizes: list[int], query: list[str], limit: int
) -> None:
    """Paragraphs of one sentence, and of thousands."""
    paragraphs = np.repeat(np.arange(len(sizes)), sizes)[: len(MANY)].tolist()
    rows = MANY[: len(paragraphs)]
    pairs = zip(rows, paragraphs, strict=True)
    library = [[row for row, _ in group] for _, group in groupby(pairs, itemgetter(1))]
    expected = full_scan(library, query, limit)
    engine = build(library)
    engine.kernel = find_kernel(kernel)

    hits = engine.search(query, limit)

    assert hits == expected


@kernels
def test_term_may_be_frequent_in_a_sentence(kernel: str) -> None:
    """A term more than 255 times in one sentence: frequencies no longer fit a byte."""
    library = [[["a"] * 300, ["a", "b"]], [["b"] * 3]]
    engine = build(library)
    engine.kernel = find_kernel(kernel)

    hits = engine.search(["a", "b"], 5)

    assert hits == full_scan(library, ["a", "b"], 5)


@kernels
def test_arrays_may_be_read_only(kernel: str) -> None:
    """As those of a mapped file are."""
    engine = build(BRIDGES)
    expected = engine.search(["bridge", "steel"], 5)
    for array in (engine.index.postings.doc_ids, engine.index.postings.term_freqs):
        array.flags.writeable = False
    engine.kernel = find_kernel(kernel)

    hits = engine.search(["bridge", "steel"], 5)

    assert hits == expected


@kernels
def test_threads_share_an_engine(kernel: str) -> None:
    """Concurrent searches return the hits of sequential ones."""
    queries = [[str(number), str(number // 2), "1"] for number in range(1, 200)]
    expected = [LARGE_ENGINE.search(query, 10) for query in queries]
    engine = MemoryEngine(LARGE_ENGINE.vocabulary, LARGE_ENGINE.index)
    engine.kernel = find_kernel(kernel)

    with ThreadPoolExecutor(8) as threads:
        hits = list(threads.map(lambda query: engine.search(query, 10), queries * 3))

    assert hits == expected * 3


@needs_numba
def test_kernel_is_loaded_once_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the background, after so many searches; the next search waits for it."""
    monkeypatch.delitem(sys.modules, "bot.index.numba_kernel", raising=False)
    monkeypatch.setattr("bot.index.kernel.MAX_WAIT", 60)
    kernel = Kernel(load_after=3)

    early = [kernel.find_hits() for _ in range(3)]

    assert early[:2] == [None, None]
    assert kernel.find_hits() is not None


def test_search_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    """NumPy answers if numba is missing, or fails when it is imported."""
    monkeypatch.delitem(sys.modules, "bot.index.numba_kernel", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    kernel = Kernel()

    assert not kernel.load()
    assert kernel.find_hits() is None
