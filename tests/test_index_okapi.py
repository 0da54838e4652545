"""rank-bm25 as the oracle: Okapi is a faster one, and sane where it is not."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from bot.index import maxscore
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
def test_scores_are_those_of_rank_bm25(documents: Documents, query: list[str]) -> None:
    """Whatever the corpus and the query, repeated and unknown words included."""
    expected = BM25Okapi(documents).get_scores(query)

    actual = Okapi(documents).get_scores(query)

    np.testing.assert_array_equal(actual, expected)  # to the bit: same sums, same order


@given(documents, queries, parameters)
def test_parameters_are_those_of_rank_bm25(
    documents: Documents, query: list[str], parameters: dict[str, float]
) -> None:
    """Whatever k1, b and epsilon, to the bit."""
    expected = BM25Okapi(documents, **parameters).get_scores(query)

    actual = Okapi(documents, **parameters).get_scores(query)

    np.testing.assert_array_equal(actual, expected)


@given(st.lists(st.lists(st.integers(0, 30), max_size=60), min_size=1, max_size=60).filter(any))
def test_tokens_may_be_anything_that_hashes(documents: list[list[int]]) -> None:
    """As in rank-bm25, where a token is a dictionary's key; longer documents too."""
    expected = BM25Okapi(documents).get_scores(range(32))

    actual = Okapi(documents).get_scores(range(32))

    np.testing.assert_array_equal(actual, expected)


@given(documents, queries, st.data())
def test_batch_scores_are_those_of_rank_bm25(
    documents: Documents, query: list[str], data: st.DataObject
) -> None:
    """Rows in any order, repeated, counted from the end, or none at all."""
    rows = data.draw(st.lists(st.integers(-len(documents), len(documents) - 1), max_size=6))
    expected = BM25Okapi(documents).get_batch_scores(query, rows)

    actual = Okapi(documents).get_batch_scores(query, rows)

    assert actual == expected


@given(documents)
def test_attributes_are_those_of_rank_bm25(documents: Documents) -> None:
    """Sizes, lengths, counts, and every idf, in the parent's order and to the bit."""
    expected, actual = BM25Okapi(documents), Okapi(documents)

    for name in ("corpus_size", "avgdl", "doc_len", "average_idf", "doc_freqs", "k1", "b"):
        assert getattr(actual, name) == getattr(expected, name)
    assert list(actual.idf.items()) == list(expected.idf.items())


@given(documents, queries, st.integers(-14, 14), st.sampled_from([0, 2, maxscore.MIN_PRUNED]))
def test_best_are_in_order(documents: Documents, query: list[str], n: int, few: int) -> None:
    """Best first, ties as the documents stand, no more than there are; a slice's idea of n."""
    okapi = Okapi(documents)
    scores = okapi.get_scores(query).tolist()
    rows = list(range(len(documents)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maxscore, "MIN_PRUNED", few)
        actual = okapi.get_top_n(query, rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


MANY = np.minimum(np.random.default_rng(1932).zipf(1.3, (3_000, 12)), 500).tolist()
BUILT = Okapi(MANY)


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.sampled_from([1, 3, 30, 300, 3_000]),
    st.sampled_from([0, 10, 200]),
)
def test_best_by_rare_and_frequent_words(query: list[int], n: int, few: int) -> None:
    """Where frequent words are looked up for some documents only, the same order comes out."""
    scores = BUILT.get_scores(query).tolist()
    rows = range(len(MANY))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maxscore, "MIN_PRUNED", few)
        actual = BUILT.get_top_n(query, rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


@given(st.lists(st.integers(0, 3), min_size=2_000, max_size=2_000), st.integers(0, 2_500))
def test_best_of_many_are_in_order(kinds: list[int], n: int) -> None:
    """Where rows are looked at in groups, the same order comes out."""
    okapi = Okapi([["a"] * kind + ["b"] for kind in kinds])
    scores = okapi.get_scores(["a"]).tolist()
    rows = list(range(len(kinds)))

    actual = okapi.get_top_n(["a"], rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]], ids=["none", "empty", "all empty"])
def test_nothing_to_score_scores_nothing(documents: Documents) -> None:
    """Where rank-bm25 divides by zero, every score is 0."""
    okapi = Okapi(documents)

    assert okapi.get_scores(["a"]).tolist() == [0.0] * len(documents)
    assert okapi.get_batch_scores(["a"], range(len(documents))) == [0.0] * len(documents)
    assert okapi.get_top_n(["a"], documents) == documents
    assert okapi.doc_freqs == [{} for _ in documents]
    assert (okapi.avgdl, okapi.average_idf, okapi.idf) == (0.0, 0.0, {})


def test_an_empty_document_under_full_length_weighting_scores_nothing() -> None:
    """With b at 1, rank-bm25 makes the score of an empty document 0/0."""
    scores = Okapi(BRIDGES, b=1).get_scores(["steel"])

    assert np.flatnonzero(scores).tolist() == [2]
    assert np.isfinite(scores).all()


def test_documents_of_another_number_are_refused() -> None:
    """As by rank-bm25: an assertion with its words."""
    okapi = Okapi(BRIDGES)

    with pytest.raises(AssertionError, match="don't match the index corpus"):
        okapi.get_top_n(["bridge"], ["one"])
    with pytest.raises(AssertionError):
        okapi.get_batch_scores(["bridge"], [4])


def test_a_string_is_no_query() -> None:
    """Rank-bm25 takes it letter by letter; here it must be split first."""
    okapi = Okapi(BRIDGES)

    with pytest.raises(TypeError, match="split it"):
        okapi.get_scores("bridge")


def test_a_tokenizer_reads_texts_and_questions() -> None:
    """Any callable, a lambda too; a question that is a string goes through it as well."""
    texts = [" ".join(document) for document in BRIDGES]
    expected = BM25Okapi(BRIDGES).get_scores(["bridge", "1932"])

    okapi = Okapi(texts, lambda text: text.lower().split())

    np.testing.assert_array_equal(okapi.get_scores("Bridge 1932"), expected)
    np.testing.assert_array_equal(okapi.get_scores(["bridge", "1932"]), expected)
    assert okapi.get_top_n("STEEL", texts, n=1) == ["a bridge of steel"]


def test_a_corpus_may_be_a_stream() -> None:
    """It is read once, a document at a time."""
    expected = Okapi(BRIDGES).get_scores(["bridge"])

    actual = Okapi(iter(BRIDGES)).get_scores(["bridge"])

    np.testing.assert_array_equal(actual, expected)


def test_pickle_keeps_the_scores() -> None:
    """People keep a BM25Okapi on disk that way."""
    okapi = Okapi(BRIDGES)

    copy = pickle.loads(pickle.dumps(okapi))

    np.testing.assert_array_equal(copy.get_scores(["bridge"]), okapi.get_scores(["bridge"]))
    assert copy.get_top_n(["1932"], range(4), 1) == [0]
