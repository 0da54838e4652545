"""Every engine, one suite: the same hits as the formulas written out, word by word."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log1p

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.index import maxscore
from bot.index.engine import Engine, Hit
from bot.index.memory import MemoryEngine

Paragraph = list[list[str]]
ENGINES = [MemoryEngine]

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


def engine(library: Sequence[Paragraph], kind: type[MemoryEngine] = MemoryEngine) -> MemoryEngine:
    """Return an engine of a library's paragraphs, each some sentences, each some terms."""
    numbers = [number for number, paragraph in enumerate(library) for _ in paragraph]
    return kind.build((sentence for paragraph in library for sentence in paragraph), numbers)


def shares(rows: Sequence[Sequence[str]], query: Sequence[str], k1: float, b: float) -> list[float]:
    """Return the score of each row by BM25 as its paper has it, with Lucene's idf.

    Weights and sums are in single precision, the sums in ``query``'s order.
    """
    total = len(rows)
    mean = sum(map(len, rows)) / total
    scores = [np.float32(0)] * total
    for term, times in Counter(query).items():
        holding = sum(term in row for row in rows)
        idf = log1p((total - holding + 0.5) / (holding + 0.5))
        for number, row in enumerate(rows):
            if count := row.count(term):
                norm = np.float32(k1 * (1 - b + b * len(row) / mean))
                share = np.float32(count) / (np.float32(count) + norm)
                scores[number] += share * np.float32(times * idf * (k1 + 1))
    return list(map(float, scores))


def written_out(library: Sequence[Paragraph], query: Sequence[str], limit: int) -> list[Hit]:
    """Return what a search has to return, by looking at every word of every sentence."""
    rows = [sentence for paragraph in library for sentence in paragraph]
    wholes = [[term for sentence in paragraph for term in sentence] for paragraph in library]
    around = [number for number, paragraph in enumerate(library) for _ in paragraph]
    if not any(rows):
        return []
    rarest_first = sorted(query, key=lambda term: (sum(term in row for row in rows), term))
    own = shares(rows, rarest_first, k1=0.6, b=0.4)
    shared = shares(wholes, rarest_first, k1=0.9, b=0.4)
    hits = [
        Hit(number, own[number] + shared[around[number]], shared[around[number]])
        for number, row in enumerate(rows)
        if set(row) & set(query)
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))[:limit]


@given(libraries, queries, st.integers(0, 40))
@example([], ["a"], 5)
@example([[[]]], ["a"], 5)
@example([[["a"], ["b"]]], [], 5)
def test_hits_are_those_of_the_formulas(
    library: list[Paragraph], query: list[str], limit: int
) -> None:
    """Whatever the library, the query and the limit: the same sentences, scores and order."""
    expected = written_out(library, query, limit)

    actual = engine(library).search(query, limit)

    assert actual == expected  # to the bit


@given(libraries, queries)
def test_holding_counts_sentences(library: list[Paragraph], query: list[str]) -> None:
    """A sentence counts once however often it holds the word; an unknown word is in none."""
    rows = [sentence for paragraph in library for sentence in paragraph]

    actual = engine(library).document_frequencies([*query, "unknown"])

    assert actual == [sum(term in row for row in rows) for term in query] + [0]
    assert len(engine(library)) == len(rows)


@given(libraries, st.permutations(["a", "b", "c", "a", "ab"]))
def test_order_of_words_does_not_matter(library: list[Paragraph], query: list[str]) -> None:
    """A score is the same to the bit however the question is put."""
    built = engine(library)

    assert built.search(query, 20) == built.search(sorted(query), 20)


def test_equal_scores_come_in_reading_order() -> None:
    """Twins stand as they stand in the articles, wherever the limit cuts."""
    twins = engine([[["a", "bridge"]] for _ in range(50)])

    hits = twins.search(["bridge"], 20)

    assert [hit.sentence for hit in hits] == list(range(20))
    assert len({hit.score for hit in hits}) == 1


def test_a_paragraph_alone_is_no_hit() -> None:
    """A sentence whose neighbour holds the word does not hold it."""
    hits = engine(BRIDGES).search(["1932"], 5)

    assert [hit.sentence for hit in hits] == [0]


def test_a_repeated_word_counts_twice() -> None:
    """Once more in the question is once more in the score, the paragraph's share too."""
    once, twice = (engine(BRIDGES).search(["1932"] * times, 1)[0] for times in (1, 2))

    assert twice.score == 2 * once.score
    assert twice.paragraph == 2 * once.paragraph


def test_a_word_in_every_sentence_still_counts() -> None:
    """Its rarity is small, never 0 or less."""
    hits = engine([[["the", "bridge"]], [["the", "ferri"]]]).search(["the"], 5)

    assert [hit.sentence for hit in hits] == [0, 1]
    assert all(hit.score > 0 for hit in hits)


@pytest.mark.parametrize("limit", [-1, 0])
def test_no_limit_no_hits(limit: int) -> None:
    """Nothing asked for, nothing given."""
    assert engine(BRIDGES).search(["bridge"], limit) == []


@pytest.mark.parametrize("query", [[], ["unknown"], ["unknown", "Bridge"]])
def test_words_that_no_sentence_holds(query: list[str]) -> None:
    """They bring no hits; terms are compared to the letter."""
    assert engine(BRIDGES).search(query, 5) == []


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [([0, 0], "2 paragraph numbers for 3"), ([1, 1, 1], "0, 1, 2"), ([0, 2, 2], "0, 1, 2")],
)
def test_paragraphs_that_do_not_fit_are_refused(numbers: list[int], fault: str) -> None:
    """One number a sentence, from 0, in reading order."""
    with pytest.raises(ValueError, match=fault):
        MemoryEngine.build([["a"], ["b"], ["c"]], numbers)


def zipf(sentences: int, seed: int) -> list[Paragraph]:
    """Return paragraphs of four sentences whose words are as unevenly spread as English ones."""
    generator = np.random.default_rng(seed)
    numbers = np.minimum(generator.zipf(1.3, (sentences, 12)), 500)
    rows = [[str(number) for number in row] for row in numbers.tolist()]
    return [rows[first : first + 4] for first in range(0, sentences, 4)]


MANY = zipf(3_000, seed=1932)
BUILT = engine(MANY)
numbered = st.integers(1, 40).map(str)


@settings(max_examples=60)
@given(
    st.lists(numbered, min_size=1, max_size=8),
    st.sampled_from([1, 3, 30, 300, 5_000]),
    st.sampled_from([0, 10, 200, maxscore.MIN_PRUNED]),
)
def test_hits_among_many_are_those_of_the_formulas(query: list[str], limit: int, few: int) -> None:
    """Frequent words and rare ones, in a library large enough for every short cut."""
    expected = written_out(MANY, query, limit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maxscore, "MIN_PRUNED", few)
        actual = BUILT.search(query, limit)

    assert actual == expected


@pytest.mark.parametrize("kind", ENGINES)
def test_threads_get_what_one_gets(kind: type[MemoryEngine]) -> None:
    """Many threads may ask one engine at once."""
    built: Engine = engine(MANY, kind)
    asked = [[str(number), str(number // 2), "1"] for number in range(1, 200)]
    expected = [built.search(query, 10) for query in asked]

    with ThreadPoolExecutor(8) as threads:
        actual = list(threads.map(lambda query: built.search(query, 10), asked * 3))

    assert actual == expected * 3
