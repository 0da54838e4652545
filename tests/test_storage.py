"""Arrays and the index on disk."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.errors import DamagedCache
from bot.index.postings import Ints
from bot.storage import array_file as storage
from bot.storage import index_file as generation

KINDS = st.sampled_from([np.bool_, np.uint8, np.uint16, np.int32, np.uint32, np.int64])
ARRAYS = st.dictionaries(
    st.text(max_size=5),
    KINDS.flatmap(lambda kind: arrays.arrays(kind, st.integers(0, 100))),
    max_size=4,
)


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
