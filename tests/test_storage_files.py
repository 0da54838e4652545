"""The files of the cache: atomic replacement, arrays, indexes, locks, folders, verification."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.errors import DamagedCache, OutdatedCache
from bot.index.postings import Ints
from bot.storage.array_file import BLOCK_SIZE, MAGIC, load_arrays, load_lazily, write_arrays
from bot.storage.atomic import replace_file
from bot.storage.cache import open_library
from bot.storage.connection import Access
from bot.storage.database import Database
from bot.storage.folders import (
    LIBRARIES_NAME,
    delete_library,
    delete_other_versions,
    library_folder,
)
from bot.storage.index_file import load_index
from bot.storage.lock import LOCK_NAME, hold_lock
from bot.storage.options import OpenOptions
from bot.storage.schema import SCHEMA
from bot.storage.verify import NOT_CACHED, UNFINISHED, verify_library

# Atomic replacement


def test_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    """Until the block ends, readers see the old content."""
    file = tmp_path / "file"
    file.write_bytes(b"old")

    with replace_file(file) as stream:
        stream.write(b"new")
        assert file.read_bytes() == b"old"

    assert file.read_bytes() == b"new"
    assert [*tmp_path.iterdir()] == [file]


def test_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    """The temporary file is deleted."""
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def write() -> None:
        with replace_file(file) as stream:
            stream.write(b"new")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write()

    assert file.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege")
def test_link_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    """Nothing is written through a link."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)

    with replace_file(link) as stream:
        stream.write(b"new")

    assert (target.read_bytes(), link.read_bytes()) == (b"old", b"new")
    assert not link.is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_permissions_of_replacement(tmp_path: Path) -> None:
    """They are those that were asked for, from the first byte."""
    with replace_file(tmp_path / "file", mode=0o600) as stream:
        assert os.fstat(stream.fileno()).st_mode & 0o777 == 0o600

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


# Array and index files

DTYPES = st.sampled_from([np.bool_, np.uint8, np.uint16, np.int32, np.uint32, np.int64])
ARRAYS = st.dictionaries(
    st.text(max_size=5),
    DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, st.integers(0, 100))),
    max_size=4,
)


@given(ARRAYS)
def test_loaded_arrays_equal_written(written: dict[str, Ints]) -> None:
    """Names, dtypes and values are the same, however they were split into blocks."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "arrays"
        with write_arrays(file) as writer:
            for name, values in written.items():
                writer.add(name, values.dtype, np.array_split(values, 3))

        loaded = load_arrays(file)

        assert [*loaded] == [*written]
        for name, values in written.items():
            assert loaded[name].dtype == values.dtype
            np.testing.assert_array_equal(loaded[name], values)
            assert not loaded[name].flags.writeable


def test_changed_block_is_found_when_it_is_read(tmp_path: Path) -> None:
    """Only that one, and the blocks before and behind it are read."""
    file = tmp_path / "arrays"
    size = BLOCK_SIZE // 4
    with write_arrays(file) as writer:
        writer.add("range", np.int32, np.array_split(np.arange(4 * size), 7))
    content = bytearray(file.read_bytes())
    content[len(MAGIC) + 2 * BLOCK_SIZE] ^= 1
    file.write_bytes(content)

    loaded, checks = load_lazily(file, ["range"])

    assert len(loaded["range"]) == 4 * size
    for start, stop in [(0, 2 * size), (3 * size, 4 * size), (5, 5), (4 * size, 4 * size)]:
        checks["range"].verify(start, stop)
    for start, stop in [(0, 4 * size), (2 * size - 1, 2 * size + 1), (3 * size - 1, 3 * size)]:
        with pytest.raises(DamagedCache, match="wrong checksum of range"):
            checks["range"].verify(start, stop)


def test_truncated_or_changed_array_file_is_damaged(tmp_path: Path) -> None:
    """Wherever it is truncated or changed, loading fails or gives the arrays as written."""
    file = tmp_path / "arrays"
    with write_arrays(file) as writer:
        writer.add("zero", np.int32, [np.zeros(1)])
        writer.add("range", np.int32, [np.arange(3)])
    content = file.read_bytes()

    for size in range(len(content)):
        file.write_bytes(content[:size])
        with pytest.raises(DamagedCache):
            load_arrays(file)
    for offset in range(len(content)):
        changed = bytes([content[offset] ^ 4])
        file.write_bytes(content[:offset] + changed + content[offset + 1 :])
        try:
            loaded = load_arrays(file)
        except DamagedCache:
            continue
        assert (loaded["zero"].tolist(), loaded["range"].tolist()) == ([0], [0, 1, 2])


def test_index_without_an_array_is_damaged(tmp_path: Path) -> None:
    """An intact array file is not always an index."""
    with write_arrays(tmp_path / "arrays") as writer:
        writer.add("starts", np.int64, [])

    with pytest.raises(DamagedCache, match="'sentences' is missing"):
        load_index(tmp_path / "arrays")


# The lock


def test_lock_is_exclusive(tmp_path: Path) -> None:
    """It is free again after the block; its folder is created."""
    folder = tmp_path / "new" / "folder"

    with hold_lock(folder, wait=False) as is_free:
        assert is_free
        with hold_lock(folder, wait=False) as is_free_again:
            assert not is_free_again

    with hold_lock(folder, wait=False) as is_free:
        assert is_free


def test_lock_replaces_anything_in_its_place(tmp_path: Path) -> None:
    """Neither a folder nor another content keeps it from working."""
    (tmp_path / LOCK_NAME / "inside").mkdir(parents=True)
    with hold_lock(tmp_path, wait=False) as is_free:
        assert is_free
    (tmp_path / LOCK_NAME).write_bytes(Random(1).randbytes(5_000))

    with hold_lock(tmp_path, wait=False) as is_free:
        assert is_free


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps open files")
def test_waiting_survives_deletion_of_the_folder(tmp_path: Path) -> None:
    """A process that waits for a file that is deleted gets the lock of the new file."""
    folder = tmp_path / "folder"
    program = Path(__file__).parent / "programs" / "hold_lock.py"
    with hold_lock(folder, wait=True):
        waiting = subprocess.Popen(
            [sys.executable, str(program), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert waiting.stdin
        assert waiting.stdout
        assert waiting.stdout.readline() == "waiting\n"
        (folder / LOCK_NAME).unlink()

    assert waiting.stdout.readline() == "holding\n"
    with hold_lock(folder, wait=False) as is_free:
        assert not is_free
    waiting.kill()
    waiting.wait()
    with hold_lock(folder, wait=False) as is_free:
        assert is_free  # a killed process holds nobody up
    waiting.stdin.close()
    waiting.stdout.close()


# The database


def test_failed_transaction_is_rolled_back(tmp_path: Path) -> None:
    """The manifest stays as it was, its transaction included."""
    database = Database(tmp_path / "articles.db", Access.WRITE)
    with database.transaction():
        database.set_manifest(database.manifest()._replace(version="1"))
    manifest = database.manifest()

    def write() -> None:
        with database.transaction():
            database.set_manifest(manifest._replace(version="2"))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        write()

    assert database.manifest() == manifest
    assert manifest.transaction
    database.close()


def test_database_of_another_program_is_damaged(tmp_path: Path) -> None:
    """Neither readers nor writers touch it."""
    file = tmp_path / "articles.db"
    with sqlite3.connect(file) as foreign:
        foreign.execute("CREATE TABLE articles (title)")
    foreign.close()

    for access in Access:
        with pytest.raises(DamagedCache, match="another program"):
            Database(file, access)


def test_database_of_another_version_is_outdated(tmp_path: Path) -> None:
    """The program was updated: no fault of the file."""
    file = tmp_path / "articles.db"
    Database(file, Access.WRITE).close()
    with sqlite3.connect(file) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
    database.close()

    for access in Access:
        with pytest.raises(OutdatedCache):
            Database(file, access)


# Verification and deletion


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles")


def write_articles(folder: Path) -> Path:
    """Write four articles."""
    folder.mkdir()
    for number in range(4):
        text = f"The old bridge {number} is of stone. " * (1 + 300 * (number == 2))
        (folder / f"{number}.txt").write_text(text)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_verify_lists_changed_files(articles: Path, cache: Path) -> None:
    """A line for each new, changed or removed file; nothing is updated."""
    assert [*verify_library([articles], cache)] == [NOT_CACHED]
    open_library([articles], cache)
    assert [*verify_library([articles], cache)] == []
    (articles / "0.txt").write_text("The old bridge is new.")
    (articles / "1.txt").unlink()
    (articles / "2.txt").rename(articles / "new.txt")
    reversed_file = articles / "3.txt"
    stat = reversed_file.stat()
    reversed_file.write_bytes(reversed_file.read_bytes()[::-1])
    os.utime(reversed_file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    for _ in range(2):
        assert [*verify_library([articles], cache)] == [
            f"{articles}/0.txt: new or changed; to read it, run: bot index",
            f"{articles}/3.txt: new or changed; to read it, run: bot index",
            f"{articles}/new.txt: new or changed; to read it, run: bot index",
            f"{articles}/1.txt: removed; to forget it, run: bot index",
            f"{articles}/2.txt: removed; to forget it, run: bot index",
        ]


@pytest.mark.parametrize("name", ["articles.db", "index-1"])
def test_verify_finds_damage(articles: Path, cache: Path, name: str) -> None:
    """Any page of a file may be destroyed."""
    open_library([articles], cache)
    file = library_folder([articles], cache) / name
    content = file.read_bytes()
    for offset in range(0, len(content), 4096):
        page = Random(offset).randbytes(4096)
        file.write_bytes(content[:offset] + page + content[offset + 4096 :])

        assert [*verify_library([articles], cache)], offset


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE articles SET title = 'another' WHERE article_id = 1", "wrong checksum"),
        ("UPDATE article_terms SET lengths = x'00' WHERE article_id = 1", "wrong checksum"),
        ("INSERT INTO unsearched VALUES (x'61', 1, 0)", "wrong checksum"),
        ("UPDATE files SET source = 'another'", "wrong checksum"),
        ("UPDATE terms SET term = 'another' WHERE term_id = 0", "a term is missing"),
        ("DELETE FROM terms WHERE term_id > 2", "terms are missing"),
        ("DELETE FROM articles WHERE article_id = 1", "an article is missing"),
        ("DELETE FROM manifest", "its manifest is missing"),
        ("UPDATE manifest SET version = '0'", "another version of this program"),
        ("UPDATE manifest SET index_file = '../index-1'", "names no index"),
        ("UPDATE manifest SET index_file = ''", UNFINISHED),
    ],
)
def test_verify_checks_every_row(articles: Path, cache: Path, change: str, fault: str) -> None:
    """Changes that leave a valid SQLite file."""
    open_library([articles], cache)
    database = sqlite3.connect(library_folder([articles], cache) / "articles.db")
    with database:
        database.execute(change)
    database.close()

    (line,) = verify_library([articles], cache)

    assert fault in line


def test_verify_finds_an_unfinished_update(articles: Path, cache: Path) -> None:
    """The files are saved, the index is from before."""
    open_library([articles], cache)
    index = library_folder([articles], cache) / "index-2"
    index.mkdir()  # which no file can replace
    (articles / "new.txt").write_text("The old tower.")
    open_library([articles], cache)

    assert [*verify_library([articles], cache)] == [UNFINISHED]


def test_delete_library_leaves_others(articles: Path, tmp_path: Path, cache: Path) -> None:
    """The folder of one library is deleted; other libraries and the articles stay."""
    other = write_articles(tmp_path / "others")
    for folder in (articles, other):
        open_library([folder], cache)

    assert delete_library(library_folder([articles], cache))

    assert not delete_library(library_folder([articles], cache))
    assert [*(cache / LIBRARIES_NAME).iterdir()] == [library_folder([other], cache)]
    assert len([*articles.iterdir()]) == 4
    assert open_library([other], cache, OpenOptions()).report.unchanged == 4


def test_delete_other_versions_leaves_the_rest(articles: Path, tmp_path: Path, cache: Path) -> None:
    """Only folders named like ours are deleted, and nothing behind a link."""
    open_library([articles], cache)
    for name in ("libraries-0/some", "libraries-7", "other", "../libraries-0"):
        (cache / name).mkdir(parents=True)
    (cache / "libraries-link").symlink_to(articles)
    (cache / "history").write_text("mine")

    delete_other_versions(cache)

    left = {path.name for path in cache.iterdir()}
    assert left == {LIBRARIES_NAME, "other", "history", "libraries-link"}
    assert (tmp_path / "libraries-0").is_dir()
    assert len([*articles.iterdir()]) == 4
