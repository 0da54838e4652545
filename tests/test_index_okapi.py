"""Okapi: the scores of rank-bm25, its oracle, and defined results where rank-bm25 has none."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.index.maxscore import MIN_PRUNED
from bot.index.okapi import Okapi

Documents = list[list[str]]

words = st.text("abcd", min_size=1, max_size=2)  # few words, so that they collide
documents = st.lists(st.lists(words, max_size=8), min_size=1, max_size=12).filter(any)
queries = st.lists(words, max_size=5)
parameters = st.fixed_dictionaries(
    {},
    optional={
        "k1": st.floats(0.125, 3),
        "b": st.floats(0, 0.875),  # at 1 the parent divides an empty document's 0 by 0
        "epsilon": st.floats(0, 1),
    },
)

BRIDGES = [
    ["the", "bridge", "opened", "in", "1932"],
    ["the", "ferry", "stopped"],
    ["a", "bridge", "of", "steel"],
    [],
]


@given(documents, queries)
def test_scores_equal_rank_bm25(documents: Documents, query: list[str]) -> None:
    """For any corpus and query, repeated and unknown words included."""
    expected = BM25Okapi(documents).get_scores(query)

    actual = Okapi(documents).get_scores(query)

    np.testing.assert_array_equal(actual, expected)  # to the bit: same sums, same order


@given(documents, queries, parameters)
def test_parameters_have_the_effect_of_rank_bm25s(
    documents: Documents, query: list[str], parameters: dict[str, float]
) -> None:
    """For any k1, b and epsilon, the scores are the same to the bit."""
    expected = BM25Okapi(documents, **parameters).get_scores(query)

    actual = Okapi(documents, **parameters).get_scores(query)

    np.testing.assert_array_equal(actual, expected)


@given(st.lists(st.lists(st.integers(0, 30), max_size=60), min_size=1, max_size=60).filter(any))
def test_tokens_may_be_any_hashable(documents: list[list[int]]) -> None:
    """Tokens are dictionary keys, as in rank-bm25; documents may be longer than the others here."""
    expected = BM25Okapi(documents).get_scores(range(32))

    actual = Okapi(documents).get_scores(range(32))

    np.testing.assert_array_equal(actual, expected)


@given(documents, queries, st.data())
def test_batch_scores_equal_rank_bm25(
    documents: Documents, query: list[str], data: st.DataObject
) -> None:
    """Document ids in any order, repeated, negative, or none at all."""
    rows = data.draw(st.lists(st.integers(-len(documents), len(documents) - 1), max_size=6))
    expected = BM25Okapi(documents).get_batch_scores(query, rows)

    actual = Okapi(documents).get_batch_scores(query, rows)

    assert actual == expected


@given(documents)
def test_attributes_equal_rank_bm25(documents: Documents) -> None:
    """Sizes, lengths, frequencies and each idf, in the parent's order and to the bit."""
    expected, actual = BM25Okapi(documents), Okapi(documents)

    for name in ("corpus_size", "avgdl", "doc_len", "average_idf", "doc_freqs", "k1", "b"):
        assert getattr(actual, name) == getattr(expected, name)
    assert list(actual.idf.items()) == list(expected.idf.items())


@given(documents, queries, st.integers(-14, 14), st.sampled_from([0, 2, MIN_PRUNED]))
def test_top_n_is_sorted_by_score(
    documents: Documents, query: list[str], n: int, min_pruned: int
) -> None:
    """Best first, ties in order of the documents; n is taken as in a slice."""
    okapi = Okapi(documents)
    okapi.min_pruned = min_pruned
    scores = okapi.get_scores(query).tolist()
    rows = list(range(len(documents)))

    actual = okapi.get_top_n(query, rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


# Word frequencies as uneven as in English.
LARGE = np.minimum(np.random.default_rng(1932).zipf(1.3, (3_000, 12)), 500).tolist()
LARGE_OKAPI = Okapi(LARGE)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.sampled_from([1, 3, 30, 300, 3_000]),
    st.sampled_from([0, 10, 200]),
)
def test_pruned_top_n_equals_full_scan(query: list[int], n: int, min_pruned: int) -> None:
    """Pruning documents before frequent terms does not change the order."""
    okapi = copy.copy(LARGE_OKAPI)
    okapi.min_pruned = min_pruned
    scores = okapi.get_scores(query).tolist()
    rows = range(len(LARGE))

    actual = okapi.get_top_n(query, rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


@settings(max_examples=30)
@given(st.integers(0, 1_000), st.integers(0, 2_500))
def test_top_n_of_many_ties_is_in_order(seed: int, n: int) -> None:
    """Few distinct scores among 2,000 documents, for any n."""
    kinds = np.random.default_rng(seed).integers(0, 4, 2_000).tolist()
    okapi = Okapi([["a"] * kind + ["b"] for kind in kinds])
    scores = okapi.get_scores(["a"]).tolist()
    rows = list(range(len(kinds)))

    actual = okapi.get_top_n(["a"], rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]], ids=["none", "empty", "all empty"])
def test_empty_corpus_scores_zero(documents: Documents) -> None:
    """Every score is 0 where rank-bm25 divides by zero."""
    okapi = Okapi(documents)

    assert okapi.get_scores(["a"]).tolist() == [0.0] * len(documents)
    assert okapi.get_batch_scores(["a"], range(len(documents))) == [0.0] * len(documents)
    assert okapi.get_top_n(["a"], documents) == documents
    assert okapi.doc_freqs == [{} for _ in documents]
    assert (okapi.avgdl, okapi.average_idf, okapi.idf) == (0.0, 0.0, {})


def test_empty_document_scores_zero_with_b_of_one() -> None:
    """Rank-bm25 computes 0/0 for it."""
    scores = Okapi(BRIDGES, b=1).get_scores(["steel"])

    assert np.flatnonzero(scores).tolist() == [2]
    assert np.isfinite(scores).all()


def test_wrong_number_of_documents_is_rejected() -> None:
    """As in rank-bm25, an AssertionError with the same message."""
    okapi = Okapi(BRIDGES)

    with pytest.raises(AssertionError, match="don't match the index corpus"):
        okapi.get_top_n(["bridge"], ["one"])
    with pytest.raises(AssertionError):
        okapi.get_batch_scores(["bridge"], [4])


def test_string_query_without_tokenizer_is_rejected() -> None:
    """Rank-bm25 would take each letter for a term."""
    okapi = Okapi(BRIDGES)

    with pytest.raises(TypeError, match="split it"):
        okapi.get_scores("bridge")


def test_tokenizer_splits_texts_and_queries() -> None:
    """Any callable will do, a lambda too; it also splits a query that is a string."""
    texts = [" ".join(document) for document in BRIDGES]
    expected = BM25Okapi(BRIDGES).get_scores(["bridge", "1932"])

    okapi = Okapi(texts, lambda text: text.lower().split())

    np.testing.assert_array_equal(okapi.get_scores("Bridge 1932"), expected)
    np.testing.assert_array_equal(okapi.get_scores(["bridge", "1932"]), expected)
    assert okapi.get_top_n("STEEL", texts, n=1) == ["a bridge of steel"]


def test_corpus_may_be_an_iterator() -> None:
    """It is consumed once, one document at a time."""
    expected = Okapi(BRIDGES).get_scores(["bridge"])

    actual = Okapi(iter(BRIDGES)).get_scores(["bridge"])

    np.testing.assert_array_equal(actual, expected)


def test_pickle_round_trip() -> None:
    """People save a BM25Okapi with pickle."""
    okapi = Okapi(BRIDGES)

    loaded = pickle.loads(pickle.dumps(okapi))

    np.testing.assert_array_equal(loaded.get_scores(["bridge"]), okapi.get_scores(["bridge"]))
    assert loaded.get_top_n(["1932"], range(4), 1) == [0]
