"""The rankings of rank-bm25, their oracle, and defined results where rank-bm25 has none."""

import copy
import pickle

import numpy as np
import pytest
import rank_bm25
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.maxscore import MIN_PRUNED
from bot.index.okapi import BM25L, BM25Plus, Okapi, PostingsRanking

Documents = list[list[str]]

words = st.text("abcd", min_size=1, max_size=2)  # few words, so that they collide
documents = st.lists(st.lists(words, max_size=8), min_size=1, max_size=12).filter(any)
queries = st.lists(words, max_size=5)
RANKINGS = {
    Okapi: rank_bm25.BM25Okapi,
    BM25L: rank_bm25.BM25L,
    BM25Plus: rank_bm25.BM25Plus,
}
rankings = st.sampled_from([*RANKINGS])


@st.composite
def parameters(draw: st.DrawFn, ranking: type[PostingsRanking]) -> dict[str, float]:
    """Draw some of the parameters of ``ranking``."""
    own = {"epsilon": st.floats(0, 1)} if ranking is Okapi else {"delta": st.floats(0, 3)}
    # With b = 1, the parents divide an empty document's 0 by 0.
    shared = {"k1": st.floats(0.125, 3), "b": st.floats(0, 0.875)}
    return draw(st.fixed_dictionaries({}, optional=shared | own))


BRIDGES = [
    ["the", "bridge", "opened", "in", "1932"],
    ["the", "ferry", "stopped"],
    ["a", "bridge", "of", "steel"],
    [],
]


@given(rankings, documents, queries, st.data())
def test_scores_equal_rank_bm25(
    ranking: type[PostingsRanking], documents: Documents, query: list[str], data: st.DataObject
) -> None:
    """For any corpus, query and parameters, repeated and unknown words included."""
    options = data.draw(parameters(ranking))
    expected = RANKINGS[ranking](documents, **options).get_scores(query)

    actual = ranking(documents, **options).get_scores(query)

    np.testing.assert_array_equal(actual, expected)  # to the bit: same sums, same order


@given(
    rankings,
    st.lists(st.lists(st.integers(0, 30), max_size=60), min_size=1, max_size=60).filter(any),
)
def test_tokens_may_be_any_hashable(
    ranking: type[PostingsRanking], documents: list[list[int]]
) -> None:
    """Tokens are dictionary keys, as in rank-bm25; documents may be longer than the others here."""
    expected = RANKINGS[ranking](documents).get_scores(range(32))

    actual = ranking(documents).get_scores(range(32))

    np.testing.assert_array_equal(actual, expected)


@given(rankings, documents, queries, st.data())
def test_batch_scores_equal_rank_bm25(
    ranking: type[PostingsRanking], documents: Documents, query: list[str], data: st.DataObject
) -> None:
    """Document ids in any order, repeated, negative, or none at all."""
    rows = data.draw(st.lists(st.integers(-len(documents), len(documents) - 1), max_size=6))
    options = data.draw(parameters(ranking))
    expected = RANKINGS[ranking](documents, **options).get_batch_scores(query, rows)

    actual = ranking(documents, **options).get_batch_scores(query, rows)

    assert actual == expected


@given(rankings, documents)
def test_attributes_equal_rank_bm25(ranking: type[PostingsRanking], documents: Documents) -> None:
    """Sizes, lengths, frequencies and each idf, in the parent's order and to the bit."""
    expected, actual = RANKINGS[ranking](documents), ranking(documents)

    for name in {*vars(expected), "doc_freqs"} - {"idf"}:
        assert getattr(actual, name) == getattr(expected, name)
    assert list(actual.idf.items()) == list(expected.idf.items())


@given(rankings, documents, queries, st.integers(-14, 14), st.sampled_from([0, 2, MIN_PRUNED]))
def test_top_n_is_sorted_by_score(
    ranking: type[PostingsRanking], documents: Documents, query: list[str], n: int, min_pruned: int
) -> None:
    """Best first, ties in order of the documents; n is taken as in a slice."""
    okapi = ranking(documents)
    okapi.min_pruned = min_pruned
    scores = okapi.get_scores(query).tolist()
    rows = list(range(len(documents)))

    actual = okapi.get_top_n(query, rows, n)

    assert actual == sorted(rows, key=lambda row: (-scores[row], row))[:n]


# Word frequencies as uneven as in English.
LARGE = np.minimum(np.random.default_rng(1932).zipf(1.3, (3_000, 12)), 500).tolist()
LARGE_RANKINGS = [ranking(LARGE) for ranking in RANKINGS]


@given(
    st.sampled_from(LARGE_RANKINGS),
    st.lists(st.integers(1, 40), min_size=1, max_size=8),
    st.sampled_from([1, 3, 30, 300, 3_000]),
    st.sampled_from([0, 10, 200]),
)
def test_pruned_top_n_equals_full_scan(
    ranking: PostingsRanking, query: list[int], n: int, min_pruned: int
) -> None:
    """Pruning documents before frequent terms does not change the order."""
    okapi = copy.copy(ranking)
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
@pytest.mark.parametrize("ranking", RANKINGS)
def test_empty_corpus_scores_zero(ranking: type[PostingsRanking], documents: Documents) -> None:
    """Every score is 0 where rank-bm25 divides by zero."""
    okapi = ranking(documents)

    assert okapi.get_scores(["a"]).tolist() == [0.0] * len(documents)
    assert okapi.get_batch_scores(["a"], range(len(documents))) == [0.0] * len(documents)
    assert okapi.get_top_n(["a"], documents) == documents
    assert okapi.doc_freqs == [{} for _ in documents]
    assert (okapi.avgdl, okapi.idf) == (0.0, {})


@pytest.mark.parametrize("ranking", RANKINGS)
def test_empty_document_scores_as_any_other_without_the_word(
    ranking: type[PostingsRanking],
) -> None:
    """With b = 1, rank-bm25 computes 0/0 for it."""
    scores = ranking(BRIDGES, b=1).get_scores(["steel"]).tolist()

    assert scores[3] == scores[0] == scores[1] < scores[2]


def test_documents_with_a_negative_score_come_last() -> None:
    """A negative delta makes weights below 0 beside positive ones: nothing may be pruned."""
    ranking = BM25L([["a"] * 9, ["a", *"bcdefgh"], ["b"], ["a", "b"]], delta=-1)
    scores = ranking.get_scores(["a"])

    assert scores[1] < scores[2] == 0
    assert ranking.get_top_n(["a"], range(4), 3) == [0, 3, 2]


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
    expected = rank_bm25.BM25Okapi(BRIDGES).get_scores(["bridge", "1932"])

    okapi = Okapi(texts, lambda text: text.lower().split())

    np.testing.assert_array_equal(okapi.get_scores("Bridge 1932"), expected)
    np.testing.assert_array_equal(okapi.get_scores(["bridge", "1932"]), expected)
    assert okapi.get_top_n("STEEL", texts, n=1) == ["a bridge of steel"]


def test_corpus_may_be_an_iterator() -> None:
    """It is consumed once, one document at a time."""
    expected = Okapi(BRIDGES).get_scores(["bridge"])

    actual = Okapi(iter(BRIDGES)).get_scores(["bridge"])

    np.testing.assert_array_equal(actual, expected)


@pytest.mark.parametrize("ranking", RANKINGS)
def test_pickle_round_trip(ranking: type[PostingsRanking]) -> None:
    """People save a BM25Okapi with pickle."""
    okapi = ranking(BRIDGES)

    loaded = pickle.loads(pickle.dumps(okapi))

    np.testing.assert_array_equal(loaded.get_scores(["bridge"]), okapi.get_scores(["bridge"]))
    assert loaded.get_top_n(["1932"], range(4), 1) == [0]
