"""Vocabulary: term → number, looked up in arrays."""

from itertools import compress
from zlib import crc32

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from bot.index.vocabulary import Vocabulary, decode_term, encode_term

COLLISION = ["plumless", "buckeroo"]  # two words with one CRC-32
TERMS = st.lists(
    st.one_of(st.text(max_size=3), st.sampled_from(COLLISION)), unique=True, max_size=12
)


@given(TERMS, TERMS)
@example(COLLISION, [])
@example(COLLISION[:1], COLLISION[1:])
def test_lookup_finds_exactly_the_known_terms(known: list[str], others: list[str]) -> None:
    """Each term has its number, an unknown one has none, also where two CRC-32 collide."""
    assert len({crc32(word.encode()) for word in COLLISION}) == 1

    numbers = Vocabulary.from_terms(known).lookup([*others, *known])

    assert numbers == {term: number for number, term in enumerate(known)}


@given(TERMS, st.integers(0, 12), st.integers(0, 12))
@example(COLLISION, 1, 2)
@example(COLLISION[::-1], 1, 2)
def test_extended_vocabulary_equals_one_built_at_once(
    terms: list[str], first: int, second: int
) -> None:
    """Terms added in three steps give the arrays, values and types, of a single build."""
    first, second = sorted((first, second))
    slices = (slice(first), slice(first, second), slice(second, None))
    parts = [[encode_term(term) for term in terms[part]] for part in slices]

    extended = Vocabulary.from_bytes(parts[0]).extend(parts[1]).extend(parts[2])

    assert len(extended) == len(terms)
    assert_equal(extended, Vocabulary.from_terms(terms))


@given(TERMS, st.data())
@example(COLLISION, None)
def test_selected_vocabulary_equals_one_built_of_the_rest(
    terms: list[str], data: st.DataObject | None
) -> None:
    """Terms that are left out leave the arrays, values and types, of a build without them."""
    size = len(terms)
    is_kept = data.draw(st.lists(st.booleans(), min_size=size, max_size=size)) if data else [0, 1]

    selected = Vocabulary.from_terms(terms).select(np.array(is_kept, np.bool_))

    assert_equal(selected, Vocabulary.from_terms(compress(terms, is_kept)))


def assert_equal(vocabulary: Vocabulary, other: Vocabulary) -> None:
    """Fail unless the arrays have the same values and types."""
    for name in ("letters", "ends", "hashes", "term_ids"):
        np.testing.assert_array_equal(getattr(vocabulary, name), getattr(other, name))
        assert getattr(vocabulary, name).dtype == getattr(other, name).dtype


@given(st.text(st.characters(exclude_categories=[])))
def test_lone_surrogates_survive_encoding(term: str) -> None:
    """Any str can be a term, half a UTF-16 surrogate pair included, which UTF-8 forbids."""
    assert decode_term(encode_term(term)) == term
