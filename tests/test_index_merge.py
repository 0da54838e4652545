"""Merge and splice: the index of a whole library out of the indexes of its parts."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index.inverted_index import InvertedIndex, paragraph_starts
from bot.index.merge import DROPPED, IndexPart, Merge, release_pages
from bot.index.outline import LOWER_HALF, Outline
from bot.index.postings import invert
from bot.index.splice import splice_index

# For each sentence: does it begin a paragraph, and its term numbers.
Sentences = Sequence[tuple[bool, list[int]]]
SENTENCES = st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 5), max_size=6)), max_size=12)


def index(sentences: Sentences, terms: int) -> InvertedIndex:
    tokens = np.array([term for _, sentence in sentences for term in sentence], np.int32)
    lengths = np.array([len(sentence) for _, sentence in sentences], np.int32)
    paragraphs = np.cumsum([starts for starts, _ in sentences], dtype=np.int64) - 1
    return InvertedIndex.from_postings(
        invert(tokens, lengths, terms), paragraph_starts(paragraphs.tolist())
    )


@given(SENTENCES, st.data())
def test_merge_equals_index_of_the_whole(sentences: Sentences, data: st.DataObject) -> None:
    """Paragraphs spread over three parts in any way, some dropped, merged in blocks of any size."""
    sentences = [(starts or i == 0, terms) for i, (starts, terms) in enumerate(sentences)]
    paragraphs = np.cumsum([starts for starts, _ in sentences]).tolist()
    # The part of each paragraph; those of 3 lie in part 0 and are dropped.
    assigned = data.draw(st.lists(st.integers(0, 3), min_size=13, max_size=13))
    block_size = data.draw(st.integers(1, 20))
    remaining = [i for i, paragraph in enumerate(paragraphs) if assigned[paragraph] != 3]
    parts = []
    for part in range(3):
        rows = [i for i, p in enumerate(paragraphs) if assigned[p] % 3 == part]
        numbers = [remaining.index(i) if i in remaining else DROPPED for i in rows]
        known_terms = 1 + max((term for i in rows for term in sentences[i][1]), default=-1)
        part_index = index([sentences[i] for i in rows], known_terms)
        parts.append(IndexPart(part_index, np.array(numbers, np.int32)))

    merged = Merge(parts, 6, block_size).to_index()

    assert_equal(merged, index([sentences[i] for i in remaining], 6))


def assert_equal(merged: InvertedIndex, expected: InvertedIndex) -> None:
    """Fail unless every array is equal."""
    for name in ("starts", "doc_ids", "term_freqs", "lengths"):
        np.testing.assert_array_equal(
            getattr(merged.postings, name), getattr(expected.postings, name), name
        )
    for name in Outline._fields:
        np.testing.assert_array_equal(
            getattr(merged.outline, name), getattr(expected.outline, name), name
        )
    np.testing.assert_array_equal(merged.paragraph_frequencies, expected.paragraph_frequencies)


@given(SENTENCES)
def test_outline_tells_lengths_and_paragraphs(sentences: Sentences) -> None:
    """Of any sentences: what it was made of, and how long each paragraph is."""
    lengths = [len(terms) for _, terms in sentences]
    starts = [starts or i == 0 for i, (starts, _) in enumerate(sentences)]
    firsts = [i for i, is_first in enumerate(starts) if is_first]

    outline = Outline.from_lengths(np.array(lengths, np.int32), np.array(starts, np.bool_))

    assert outline.lengths.tolist() == lengths
    assert outline.starts_paragraph.tolist() == starts
    assert (outline.paragraphs >> 32).tolist() == [*firsts, len(sentences)]
    assert (outline.paragraphs & LOWER_HALF).tolist() == [
        sum(lengths[first:end]) for first, end in pairwise([*firsts, len(sentences)])
    ] + [0]


@given(SENTENCES, st.data())
def test_splice_equals_index_of_the_whole(sentences: Sentences, data: st.DataObject) -> None:
    """Paragraphs are old, new, or old and dropped; the old index lacks some of the terms."""
    sentences = [(starts or i == 0, terms) for i, (starts, terms) in enumerate(sentences)]
    paragraphs = np.cumsum([starts for starts, _ in sentences]).tolist()
    assigned = data.draw(st.lists(st.sampled_from("old new dropped".split()), min_size=13))
    remaining = [i for i, p in enumerate(paragraphs) if assigned[p] != "dropped"]
    old = [i for i, p in enumerate(paragraphs) if assigned[p] != "new"]
    new = [i for i, p in enumerate(paragraphs) if assigned[p] == "new"]
    known_terms = 1 + max((term for i in old for term in sentences[i][1]), default=-1)
    numbers = [remaining.index(i) if i in remaining else DROPPED for i in old]
    old_index = index([sentences[i] for i in old], known_terms)
    new_index = index([sentences[i] for i in new], 6)

    spliced = splice_index(
        IndexPart(old_index, np.array(numbers, np.int32)),
        IndexPart(new_index, np.array([*map(remaining.index, new)], np.int32)),
    )

    assert_equal(spliced, index([sentences[i] for i in remaining], 6))


def test_splice_of_a_frequency_beyond_the_type_of_the_old_ones() -> None:
    """A term may be more often in a new sentence than the old index can count."""
    narrow = Merge([IndexPart(index([(True, [0])], 1), np.zeros(1, np.int32))], 1).to_index()
    new = index([(True, [0] * 300)], 1)

    spliced = splice_index(
        IndexPart(narrow, np.zeros(1, np.int32)), IndexPart(new, np.ones(1, np.int32))
    )

    assert spliced.postings.term_freqs.tolist() == [1, 300]


@pytest.mark.parametrize(("count", "dtype"), [(1, np.uint8), (255, np.uint8), (256, np.uint16)])
def test_term_freqs_have_the_smallest_sufficient_type(count: int, dtype: type) -> None:
    """The largest frequency decides, also beside an empty part."""
    empty = IndexPart(index([], 0), np.zeros(0, np.int32))
    part = IndexPart(index([(True, [0] * count), (True, [1])], 2), np.arange(2, dtype=np.int32))

    merged = Merge([empty, part], 2).to_index()

    assert merged.postings.term_freqs.dtype == dtype


def resident_kilobytes(file: Path) -> int:
    """Return how many kilobytes of a mapped file are in this process's resident set."""
    lines = Path("/proc/self/smaps").read_text(encoding="utf-8").split("\n")
    mappings = [i for i, line in enumerate(lines) if line.endswith(f" {file}")]
    sizes = (next(line for line in lines[i:] if line.startswith("Rss:")) for i in mappings)
    return sum(int(line.split()[1]) for line in sizes)


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="only Linux has /proc/self/smaps")
def test_released_pages_leave_memory_and_can_be_read_again(tmp_path: Path) -> None:
    """A mapped array is read anew from its file; an array in memory is not affected."""
    file, values = tmp_path / "arrays", np.arange(500_000)
    values.tofile(file)
    mapped = np.memmap(file, values.dtype, "r")
    assert mapped.sum() == values.sum()
    assert resident_kilobytes(file) > 3_000

    release_pages(mapped[5:])
    release_pages(values)

    assert resident_kilobytes(file) < 1_000
    np.testing.assert_array_equal(mapped, values)
