"""What an index is on disk: arrays, a vocabulary without a dictionary, parts that are merged."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.errors import DamagedCache
from bot.index import merge as merging
from bot.index.inverted_index import InvertedIndex, paragraph_starts
from bot.index.merge import DROPPED, IndexPart, Merge, release_pages
from bot.index.postings import Ints, invert
from bot.index.vocabulary import Vocabulary, decode_term, encode_term
from bot.storage import array_file as storage
from bot.storage import index_file as generation

KINDS = st.sampled_from([np.bool_, np.uint8, np.uint16, np.int32, np.uint32, np.int64])
ARRAYS = st.dictionaries(
    st.text(max_size=5),
    KINDS.flatmap(lambda kind: arrays.arrays(kind, st.integers(0, 100))),
    max_size=4,
)
# Words with one CRC-32.
ALIKE = ["plumless", "buckeroo"]
TERMS = st.lists(st.one_of(st.text(max_size=3), st.sampled_from(ALIKE)), unique=True, max_size=12)
# Sentences, each a paragraph's first or not, of a few terms.
SENTENCES = st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 5), max_size=6)), max_size=12)
Sentences = Sequence[tuple[bool, list[int]]]


@given(ARRAYS)
def test_load_undoes_save(written: dict[str, Ints]) -> None:
    """Names, types and values; whatever blocks they were written in."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "arrays"
        with storage.write_arrays(file) as writer:
            for name, values in written.items():
                writer.add(name, values.dtype, np.array_split(values, 3))

        loaded = storage.load_arrays(file)

        assert [*loaded] == [*written]
        for name, values in written.items():
            assert loaded[name].dtype == values.dtype
            np.testing.assert_array_equal(loaded[name], values)
            assert not loaded[name].flags.writeable


def test_any_cut_or_changed_byte_is_found(tmp_path: Path) -> None:
    """Wherever a file was cut off or changed: Damaged, or what was written."""
    file = tmp_path / "arrays"
    with storage.write_arrays(file) as writer:
        for name in ("zeros", "few"):
            writer.add(name, np.int32, [np.arange(3 if name == "few" else 1)])
    content = file.read_bytes()

    for size in range(len(content)):
        file.write_bytes(content[:size])
        with pytest.raises(DamagedCache):
            storage.load_arrays(file)
    for place in range(len(content)):
        file.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        try:
            loaded = storage.load_arrays(file)
        except DamagedCache:
            continue
        assert (loaded["zeros"].tolist(), loaded["few"].tolist()) == ([0], [0, 1, 2])


def test_what_fails_while_it_is_written_leaves_what_was(tmp_path: Path) -> None:
    """A file stands there whole, or not at all."""
    file = tmp_path / "arrays"

    def write(values: list[int], fault: str = "") -> None:
        with storage.write_arrays(file) as writer:
            writer.add("some", np.int32, [np.array(values)])
            if fault:
                raise OSError(fault)

    with pytest.raises(OSError, match="full"):
        write([1], "full")
    assert [*tmp_path.iterdir()] == []
    write([1, 2])
    with pytest.raises(OSError, match="full"):
        write([3], "full")

    assert [*tmp_path.iterdir()] == [file]
    assert storage.load_arrays(file)["some"].tolist() == [1, 2]


def test_an_index_without_a_part_is_damaged(tmp_path: Path) -> None:
    """Arrays that are whole, but not those of an index."""
    with storage.write_arrays(tmp_path / "arrays") as writer:
        writer.add("articles", np.int64, [])

    with pytest.raises(DamagedCache, match="first"):
        generation.load_index(tmp_path / "arrays")


@given(TERMS, TERMS)
@example(ALIKE, [])
@example(ALIKE[:1], ALIKE[1:])
def test_a_vocabulary_finds_exactly_its_terms(held: list[str], others: list[str]) -> None:
    """Each by its number, and no other; those with one CRC-32 are told apart."""
    assert len({crc32(word.encode()) for word in ALIKE}) == 1

    found = Vocabulary.from_terms(held).lookup([*others, *held])

    assert found == {term: number for number, term in enumerate(held)}


@given(TERMS, st.integers(0, 12), st.integers(0, 12))
@example(ALIKE, 1, 2)
@example(ALIKE[::-1], 1, 2)
def test_a_vocabulary_may_grow(terms: list[str], first: int, second: int) -> None:
    """However it came by its terms, its arrays are those of one made at once."""
    first, second = sorted((first, second))
    cuts = (slice(first), slice(first, second), slice(second, None))
    parts = [[encode_term(term) for term in terms[cut]] for cut in cuts]

    grown = Vocabulary.from_bytes(parts[0]).extend(parts[1]).extend(parts[2])

    at_once = Vocabulary.from_terms(terms)
    assert len(grown) == len(terms)
    for name in ("letters", "ends", "hashes", "numbers"):
        np.testing.assert_array_equal(getattr(grown, name), getattr(at_once, name))
        assert getattr(grown, name).dtype == getattr(at_once, name).dtype


@given(st.text(st.characters(exclude_categories=[])))
def test_terms_are_any_text(term: str) -> None:
    """Half a pair of UTF-16 included, which has no UTF-8."""
    assert decode_term(encode_term(term)) == term


def whole(sentences: Sentences, terms: int) -> InvertedIndex:
    tokens = np.array([term for _, held in sentences for term in held], np.int32)
    lengths = np.array([len(held) for _, held in sentences], np.int32)
    paragraphs = np.cumsum([opens for opens, _ in sentences], dtype=np.int64) - 1
    return InvertedIndex.from_postings(
        invert(tokens, lengths, terms), paragraph_starts(paragraphs.tolist())
    )


@given(SENTENCES, st.data())
def test_any_parts_give_the_arrays_of_the_whole(sentences: Sentences, data: st.DataObject) -> None:
    """However paragraphs were spread over parts, whatever was dropped, whatever the blocks."""
    sentences = [(opens or not row, held) for row, (opens, held) in enumerate(sentences)]
    group = np.cumsum([opens for opens, _ in sentences]).tolist()
    of = data.draw(st.lists(st.integers(0, 3), min_size=13, max_size=13))
    block = data.draw(st.integers(1, 20))
    parts = []
    for part in range(3):  # what is of the fourth is in the first, and dropped
        inside = [r for r in range(len(group)) if of[group[r]] in ((0, 3) if not part else (part,))]
        kept = [row for row in range(len(group)) if of[group[row]] != 3]
        numbers = [kept.index(row) if row in kept else DROPPED for row in inside]
        known = 1 + max((term for row in inside for term in sentences[row][1]), default=-1)
        parts.append(
            IndexPart(whole([sentences[r] for r in inside], known), np.array(numbers, np.int32))
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "BLOCK", block)
        merged = Merge(parts, 6).to_index()

    expected = whole([one for one, at in zip(sentences, group, strict=True) if of[at] != 3], 6)
    for name in ("starts", "doc_ids", "term_freqs", "lengths"):
        np.testing.assert_array_equal(
            getattr(merged.postings, name), getattr(expected.postings, name), name
        )
    np.testing.assert_array_equal(merged.starts_paragraph, expected.starts_paragraph)
    np.testing.assert_array_equal(merged.paragraph_frequencies, expected.paragraph_frequencies)


@pytest.mark.parametrize(("times", "kind"), [(1, np.uint8), (255, np.uint8), (256, np.uint16)])
def test_counts_take_no_more_room_than_they_need(times: int, kind: type) -> None:
    """Also beside a part without any, which an index is built upon."""
    empty = IndexPart(generation.EMPTY.arrays, np.zeros(0, np.int32))
    part = IndexPart(whole([(True, [0] * times), (True, [1])], 2), np.arange(2, dtype=np.int32))

    assert Merge([empty, part], 2).to_index().postings.term_freqs.dtype == kind


def resident(file: Path) -> int:
    """Return how many kilobytes of a mapped file count as this process's memory."""
    told = Path("/proc/self/smaps").read_text(encoding="utf-8").split("\n")
    begins = [place for place, line in enumerate(told) if line.endswith(f" {file}")]
    rows = (next(row for row in told[place:] if row.startswith("Rss:")) for place in begins)
    return sum(int(row.split()[1]) for row in rows)


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="tells it on Linux alone")
def test_what_is_let_go_is_no_memory_and_still_there(tmp_path: Path) -> None:
    """A mapped array is fetched anew when it is read; one in memory is left alone."""
    file, values = tmp_path / "arrays", np.arange(500_000)
    with storage.write_arrays(file) as writer:
        writer.add("values", values.dtype, [values])
    mapped = storage.load_arrays(file)["values"]
    assert mapped.sum() == values.sum()
    assert resident(file) > 3_000

    release_pages(mapped[5:])
    release_pages(values)

    assert resident(file) < 1_000
    np.testing.assert_array_equal(mapped, values)
