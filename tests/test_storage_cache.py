"""Opening a library through its cache: the files read, the answers, the snapshots, damage."""

import gc
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from random import Random
from subprocess import run
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot
from bot.articles.files import File, Files
from bot.articles.formats import find_files
from bot.errors import DamagedCache, NothingToRead
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.storage.array_file import MAGIC
from bot.storage.cache import LONG_READING, UPDATED, open_library
from bot.storage.changes import compare_files
from bot.storage.folders import delete_library, library_folder
from bot.storage.ingest import IngestedBatch, content_digest
from bot.storage.lock import hold_lock
from bot.storage.opened_library import OpenedLibrary
from bot.storage.options import OpenOptions, WorkSizes, ingest_in_order
from bot.storage.rows import FileRecord
from bot.storage.snapshot import library_version, open_snapshot
from bot.storage.update import compare_with_snapshot, record_clean_files

PROGRAMS = Path(__file__).parent / "programs"
WORDS = "bridge river tower old stone opened the of harbour built ferry light keeper".split()
QUESTIONS = ["When was the old bridge opened?", "tower of stone", "harbuor", "the of"]
# Small libraries are still merged from several chunks, block by block.
SIZES = WorkSizes(chunk_terms=20, block_postings=8)
# A timestamp resolution at which every file is clean as soon as it was written.
ALL_CLEAN = -(10**19)
CLEAN = OpenOptions(sizes=SIZES, timestamp_resolution=ALL_CLEAN)
OPTIONS = OpenOptions(sizes=SIZES)


# Histories

NAMES = ["a.txt", "b.txt", "c/d.txt", "c/e.md", "f.txt"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: f"{' '.join(words)}."
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join)
# A change of a file between two openings: the change, the file, and a text, name or date.
NAME = st.sampled_from(NAMES)
CHANGE = st.one_of(
    st.tuples(st.just("write"), NAME, TEXT),
    st.tuples(st.just("delete"), NAME, st.just("")),
    st.tuples(st.just("rename"), NAME, NAME),
    st.tuples(st.just("swap"), NAME, NAME),
    st.tuples(st.just("set_date"), NAME, st.sampled_from(["1970-01-02", "now", "2099-01-01"])),
    st.tuples(st.just("reverse"), NAME, st.just("")),
    st.tuples(st.just("make_binary"), NAME, st.just("")),
)
HISTORY = st.lists(st.lists(CHANGE, max_size=4), min_size=1, max_size=4)
DATES = {"1970-01-02": (86_400,) * 2, "2099-01-01": (4_070_908_800,) * 2, "now": None}


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def delete(file: Path, _: str) -> None:
    file.unlink()


def rename(file: Path, name: str) -> None:
    other = root(file) / name
    other.parent.mkdir(exist_ok=True)
    file.rename(other)


def swap(file: Path, name: str) -> None:
    other, temporary = root(file) / name, root(file) / "temporary"
    if other.exists() and other != file:
        for source, target in ((file, temporary), (other, file), (temporary, other)):
            source.rename(target)


def set_date(file: Path, date: str) -> None:
    os.utime(file, DATES[date])


def reverse(file: Path, _: str) -> None:
    """Change the content and keep the size and mtime."""
    stat = file.stat()
    file.write_bytes(file.read_bytes()[::-1])
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def make_binary(file: Path, _: str) -> None:
    file.write_bytes(b"\0\1\2" + file.read_bytes())


CHANGES = {
    change.__name__: change
    for change in (write, delete, rename, swap, set_date, reverse, make_binary)
}


def root(file: Path) -> Path:
    """Return the folder of all articles."""
    return file.parents[1] if file.parent.name == "c" else file.parent


def apply_change(folder: Path, change: str, name: str, argument: str = "") -> None:
    """Change the file ``name``, if it exists or is to be written."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    if change == "write" or file.exists():
        CHANGES[change](file, argument)


def search(retriever: bot.Retriever) -> list[tuple[bot.Answer, ...]]:
    """Return the answers to some questions with everything they are made of."""
    return [retriever.search(question, 20) for question in QUESTIONS]


def search_library(opened: OpenedLibrary) -> list[tuple[bot.Answer, ...]]:
    return search(bot.Retriever(opened.library, engine=opened.engine))


def search_fresh(folder: Path) -> list[tuple[bot.Answer, ...]]:
    """Return the answers of a library that is built without a cache."""
    return search(bot.Retriever(read_fresh(folder)))


def read_fresh(folder: Path) -> bot.Library:
    try:
        return bot.Library.from_path(folder)
    except NothingToRead as error:
        return bot.Library(skipped=error.faults)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(HISTORY)
@example([[("write", "a.txt", "old bridge.")], [("reverse", "a.txt", "")]] * 2)
@example([[("write", "a.txt", "tower."), ("write", "b.txt", "old.")], [("swap", "a.txt", "b.txt")]])
def test_any_history_of_changes_equals_fresh_build(
    history: Sequence[Sequence[tuple[str, str, str]]],
) -> None:
    """After files are added, changed, renamed, dated or removed, order and scores are the same."""
    with TemporaryDirectory() as folder:
        articles, cache = Path(folder) / "articles", Path(folder) / "cache"
        articles.mkdir()
        for changes in history:
            for change in changes:
                apply_change(articles, *change)

            opened = open_library([articles], cache, OPTIONS)

            fresh = read_fresh(articles)
            assert search_library(opened) == search(bot.Retriever(fresh))
            assert [*opened.library.articles] == [*fresh.articles]
            assert opened.library.find_unsearched(WORDS) == fresh.find_unsearched(WORDS)
            assert [*map(str, opened.library.skipped)] == [*map(str, fresh.skipped)]


# A dozen articles


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of a dozen articles, one of them larger than a page of the database."""
    folder, random = tmp_path / "articles", Random(1)
    folder.mkdir()
    for number in range(12):
        sentences = [
            f"{' '.join(random.choices(WORDS, k=random.randint(2, 9)))} {number}."
            for _ in range(random.randint(1, 12) * (20 if number == 7 else 1))
        ]
        paragraphs = [" ".join(sentences[row : row + 3]) for row in range(0, len(sentences), 3)]
        (folder / f"{number:02}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


class Log:
    """Records the sources of the files that are read, and the notices."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.notices: list[str] = []
        self.information: list[str] = []

    def options(self, timestamp_resolution: int) -> OpenOptions:
        """Return options that record in this log."""
        return OpenOptions(
            self._ingest,
            self.notices.append,
            sizes=SIZES,
            timestamp_resolution=timestamp_resolution,
            inform=self.information.append,
        )

    def _ingest(
        self, batches: Iterable[Sequence[File]], analysis: Analysis
    ) -> Iterator[IngestedBatch]:
        for batch in batches:
            self.read += [file.source for file in batch]
            yield from ingest_in_order([batch], analysis)


def open_logged(
    articles: Path, cache: Path, timestamp_resolution: int = ALL_CLEAN
) -> tuple[OpenedLibrary, Log]:
    """Open a library; return it and the log of that."""
    log = Log()
    return open_library([articles], cache, log.options(timestamp_resolution)), log


def counts(opened: OpenedLibrary) -> tuple[int, int, int, int]:
    """Return the numbers of new, changed, unchanged and removed articles."""
    report = opened.report
    return report.added, report.changed, report.unchanged, report.removed


# Only files that changed are read


def test_only_new_and_changed_files_are_read(articles: Path, cache: Path) -> None:
    """A file with a new name or content is read, one with new times is not."""
    assert len(open_logged(articles, cache)[1].read) == 12
    (articles / "01.txt").write_text("The ferry was old.", encoding="utf-8")
    (articles / "02.txt").rename(articles / "new.txt")
    (articles / "03.txt").touch()
    os.utime(articles / "04.txt", (0, 0))

    opened, log = open_logged(articles, cache)

    assert (log.read, log.notices) == (["01.txt", "new.txt"], [])
    assert counts(opened) == (1, 1, 10, 1)
    again, log = open_logged(articles, cache)
    assert (log.read, log.notices, counts(again)) == ([], [], (0, 0, 12, 0))


@pytest.mark.parametrize("clean", [0, 1])
def test_content_of_racily_clean_files_is_compared(tmp_path: Path, clean: int) -> None:
    """With the state of the record but another content, only a file that is not clean is read."""
    file = tmp_path / "a.txt"
    file.write_text("The new tower.")
    files = find_files([tmp_path])
    path = os.fsencode(file)
    record = FileRecord(
        path, "a.txt", *files.files[0].state, clean, content_digest(b"old"), 1, 1, "[]"
    )

    changes = compare_files(files, {path: record})

    assert changes.unread == ([] if clean else files.files)


def test_recently_changed_files_are_compared_until_clean(articles: Path, cache: Path) -> None:
    """A change that keeps size and mtime is found in files of the last seconds."""
    open_library([articles], cache)
    apply_change(articles, "reverse", "05.txt")

    opened, log = open_logged(articles, cache, timestamp_resolution=2 * 10**9)

    assert log.read == ["05.txt"]
    assert search_library(opened) == search_fresh(articles)


def test_only_unreadable_files_are_tried_again(articles: Path, cache: Path) -> None:
    """A binary file is not read again, one that could not be read is; both are warned about."""
    (articles / "binary.txt").write_bytes(b"\0\1\2" * 50)
    with (articles / "huge.txt").open("wb") as file:
        file.truncate(100_000_001)
    first, log = open_logged(articles, cache)
    assert len(log.read) == 14
    assert counts(first) == (12, 0, 0, 0)

    second, log = open_logged(articles, cache)

    assert (log.read, log.notices) == (["huge.txt"], [])
    assert counts(second) == (0, 0, 12, 0)
    faults = [str(fault) for fault in first.library.skipped]
    assert [str(fault) for fault in second.library.skipped] == faults
    assert [Path(fault.split(": ")[0]).name for fault in faults] == ["binary.txt", "huge.txt"]
    (articles / "huge.txt").write_text("The huge tower.", encoding="utf-8")
    third, log = open_logged(articles, cache)
    assert log.read == ["huge.txt"]
    assert counts(third) == (1, 0, 12, 0)
    assert [str(fault) for fault in third.library.skipped] == faults[:1]
    fourth, log = open_logged(articles, cache)
    assert log.read == []
    assert [str(fault) for fault in fourth.library.skipped] == faults[:1]


@pytest.mark.slow
def test_current_library_loads_no_reader(articles: Path, cache: Path) -> None:
    """A start that reads no article imports nothing that reads articles."""
    os.utime(articles / "00.txt", (0, 0))
    command = [sys.executable, str(PROGRAMS / "print_readers.py"), str(articles), str(cache)]
    first = run(command, capture_output=True, text=True, check=True)
    open_library([articles], cache, CLEAN)

    second = run(command, capture_output=True, text=True, check=True)

    assert first.stdout == "bot.articles.plain sentencex\n"
    assert second.stdout == "\n"


def list_files(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Return the time and content of each file in ``folder``."""
    return {
        file: (file.stat().st_mtime_ns, file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_without_cache_nothing_is_written(articles: Path) -> None:
    """``cache=None`` builds the library in memory."""
    opened = open_library([articles], None)

    assert opened.folder is None
    assert counts(opened) == (12, 0, 0, 0)
    assert search_library(opened) == search_fresh(articles)


@pytest.mark.parametrize("state", ["absent", "current", "recent", "stale", "damaged"])
def test_read_only_writes_nothing(articles: Path, cache: Path, state: str) -> None:
    """With ``read_only``, a current cache is used and any other is left as it is."""
    if state != "absent":
        open_library([articles], cache, OPTIONS if state == "recent" else CLEAN)
    if state == "stale":
        (articles / "05.txt").write_text("The old bridge is new.")
    if state == "damaged":
        (library_folder([articles], cache) / "index-1").write_bytes(b"damaged")
    gc.collect()  # closes the connection, which deletes SQLite's log
    before, notices = list_files(cache), list[str]()

    opened = open_library([articles], cache, OpenOptions(notify=notices.append, read_only=True))

    assert counts(opened) == ((0, 0, 12, 0) if state in ("current", "recent") else (12, 0, 0, 0))
    assert search_library(opened) == search_fresh(articles)
    assert opened.folder == (library_folder([articles], cache) if before else None)
    assert list_files(cache) == before
    assert len(notices) == (state == "damaged")


# Snapshots


def test_reader_keeps_its_snapshot(articles: Path, cache: Path) -> None:
    """It is not affected by later updates, nor by deleting the library."""
    expected = search_fresh(articles)
    early = open_library([articles], cache, OPTIONS)
    for number in range(6):
        (articles / f"{number:02}.txt").unlink()
    (articles / "07.txt").write_text("The old bridge is no more.")

    late = open_library([articles], cache, OPTIONS)
    for _ in range(3):
        (articles / "08.txt").write_bytes((articles / "08.txt").read_bytes() + b" Old tower.")
        open_library([articles], cache, OPTIONS)
    assert delete_library(library_folder([articles], cache))

    assert search_library(early) == expected
    assert len(late.library.articles) == 6
    retriever = bot.Retriever(late.library, engine=late.engine)
    assert retriever.search("bridge is no more")[0].text == "The old bridge is no more."


def test_reader_during_first_update(articles: Path, cache: Path) -> None:
    """A database that is still empty is absent, not damaged."""
    folder = library_folder([articles], cache)
    folder.mkdir(parents=True)
    sqlite3.connect(folder / "articles.db").execute("PRAGMA journal_mode = WAL").close()

    assert open_snapshot(folder) is None
    assert open_logged(articles, cache)[1].notices == []


def test_last_snapshot_is_used_during_update(articles: Path, cache: Path) -> None:
    """Without ``wait``, a process gets the snapshot from before, and a notice."""
    expected = search_fresh(articles)
    open_library([articles], cache, OPTIONS)
    (articles / "05.txt").write_text("The old bridge is new.")

    with hold_lock(library_folder([articles], cache), wait=True):
        opened, log = open_logged(articles, cache)

    assert log.notices == [
        "another bot process is indexing these articles; using the index from before"
    ]
    assert search_library(opened) == expected


def test_changes_while_waiting_are_read(articles: Path, cache: Path) -> None:
    """With ``wait``, the files are compared again after the other process is done."""
    waiting, opened = Event(), list[OpenedLibrary]()

    def notify(line: str) -> None:
        assert line == "another bot process is indexing these articles; waiting for it"
        waiting.set()

    def work() -> None:
        opened.append(open_library([articles], cache, OpenOptions(notify=notify, wait=True)))

    worker = Thread(target=work)
    with hold_lock(library_folder([articles], cache), wait=True):
        worker.start()
        assert waiting.wait(60)
        (articles / "new.txt").write_text("The old bridge is new.")
    worker.join()

    assert search_library(opened[0]) == search_fresh(articles)


def test_outdated_comparison_is_not_recorded(articles: Path, cache: Path) -> None:
    """The fingerprint of an older list of files would hide a file that was added since."""
    open_library([articles], cache, CLEAN)
    folder, files = library_folder([articles], cache), find_files([articles])
    snapshot = open_snapshot(folder)
    assert snapshot
    comparison = compare_with_snapshot(files, snapshot)
    assert record_clean_files(files, folder, CLEAN, comparison)
    (articles / "new.txt").write_text("The old bridge is new.")
    open_library([articles], cache, CLEAN)

    assert not record_clean_files(files, folder, CLEAN, comparison)

    (articles / "new.txt").unlink()
    assert search_library(open_library([articles], cache, CLEAN)) == search_fresh(articles)


def test_file_deleted_during_search_for_files(articles: Path) -> None:
    """The other files are found."""

    def accept(_: str) -> bool:
        (articles / "05.txt").unlink(missing_ok=True)
        return True

    files = Files([articles], accept)

    assert len(files.files) == 11
    assert files.skipped == []


# Damage

Harm = Callable[[Path, Random], None]


def truncate(file: Path, random: Random) -> None:
    os.truncate(file, random.randrange(file.stat().st_size + 1))


def flip_bits(file: Path, random: Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(random.choice([1, 5, 100]) if content else 0):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    file.write_bytes(content)


def zero_end(file: Path, random: Random) -> None:
    """Fill the end with zeros, as a power failure may."""
    size = file.stat().st_size
    truncate(file, random)
    os.truncate(file, size)


def overwrite(file: Path, random: Random) -> None:
    file.write_bytes(random.randbytes(random.choice([0, 1, 200, 5_000])))


def remove(file: Path, random: Random) -> None:  # noqa: ARG001
    file.unlink()


def replace_by_folder(file: Path, random: Random) -> None:  # noqa: ARG001
    file.unlink()
    (file / "inside").mkdir(parents=True)


HARMS: list[Harm] = [truncate, flip_bits, zero_end, overwrite, remove, replace_by_folder]
# The files that a process leaves when it is killed, the last changes still in the log.
LEFT = ["articles.db", "articles.db-wal", "articles.db-shm", "index-2", "lock", "clock"]
# Attempts of each harm that is done at random, for the files with content.
ATTEMPTS = {"articles.db": 2, "articles.db-wal": 2, "index-2": 2}


@pytest.fixture(params=[CLEAN, OPTIONS], ids=["clean", "racily clean"])
def killed(request: pytest.FixtureRequest, articles: Path, cache: Path, tmp_path: Path) -> Path:
    """A copy of a library's folder as a process leaves it that is killed."""
    first = open_library([articles], cache, request.param)
    (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")
    second = open_library([articles], cache, request.param)
    folder = library_folder([articles], cache)
    assert {file.name for file in folder.iterdir()} == {*LEFT}
    shutil.copytree(folder, tmp_path / "killed")
    assert first.folder == second.folder
    return tmp_path / "killed"


@pytest.mark.slow
@pytest.mark.parametrize("name", LEFT)
def test_damage_is_detected_and_rebuilt(
    articles: Path, killed: Path, tmp_path: Path, name: str
) -> None:
    """Answers are those of a fresh build or DamagedCache; the next opening has them in any case."""
    expected = search_fresh(articles)
    random = Random(name)
    for harm in HARMS:
        for attempt in range(1 if harm in (remove, replace_by_folder) else ATTEMPTS.get(name, 1)):
            cache = tmp_path / f"{harm.__name__}-{attempt}"
            shutil.copytree(killed, library_folder([articles], cache))
            harm(library_folder([articles], cache) / name, random)

            opened, log = open_logged(articles, cache)

            try:
                assert search_library(opened) == expected, cache
            except DamagedCache:
                assert log.notices == [], cache
            assert len(log.notices) <= 1, (cache, log.notices)
            opened, later = open_logged(articles, cache)
            assert search_library(opened) == expected, cache
            assert len(log.notices + later.notices) <= 1, (cache, log.notices, later.notices)
            opened, later = open_logged(articles, cache)
            assert later.notices == [], cache
            assert search_library(opened) == expected, cache


def damage_postings(index: Path) -> None:
    """Change the first posting; they stand after the magic."""
    content = bytearray(index.read_bytes())
    content[len(MAGIC)] ^= 1
    index.write_bytes(content)


def test_damaged_postings_are_found_by_a_question(articles: Path, cache: Path) -> None:
    """They are not read before; the next opening rebuilds the library."""
    open_library([articles], cache, CLEAN)
    damage_postings(library_folder([articles], cache) / "index-1")
    opened, log = open_logged(articles, cache)

    with pytest.raises(DamagedCache, match="wrong checksum of doc_ids"):
        search_library(opened)

    again, later = open_logged(articles, cache)
    assert (log.notices, len(later.notices)) == ([], 1)
    assert search_library(again) == search_fresh(articles)
    assert open_logged(articles, cache)[1].notices == []


def test_damaged_postings_are_not_merged(articles: Path, cache: Path) -> None:
    """An update verifies all of them, and rebuilds the library."""
    open_library([articles], cache, CLEAN)
    damage_postings(library_folder([articles], cache) / "index-1")
    (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")

    opened, log = open_logged(articles, cache)

    assert len(log.notices) == 1
    assert search_library(opened) == search_fresh(articles)
    assert open_logged(articles, cache)[1].notices == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["articles.db-wal", "articles.db"])
def test_damage_under_open_reader(articles: Path, tmp_path: Path, name: str) -> None:
    """Whichever page is destroyed: right answers or DamagedCache, then a rebuilt library."""
    first = open_library([articles], tmp_path / "cache", CLEAN)
    (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")
    second = open_library([articles], tmp_path / "cache", CLEAN)
    assert first.folder == second.folder
    if name == "articles.db":
        del first, second  # closing the last connection moves the log into the database
    expected, detected = search_fresh(articles), 0
    folder = library_folder([articles], tmp_path / "cache")
    for offset in range(0, (folder / name).stat().st_size, 4096):
        cache = tmp_path / f"cache-{offset}"
        shutil.copytree(folder, library_folder([articles], cache))
        opened = open_library([articles], cache, CLEAN)
        with (library_folder([articles], cache) / name).open("r+b") as file:
            file.seek(offset)
            file.write(Random(offset).randbytes(4096))

        try:
            assert search_library(opened) == expected
        except DamagedCache:
            detected += 1

        del opened
        opened, log = open_logged(articles, cache)
        try:
            assert search_library(opened) == expected
        except DamagedCache:
            opened, log = open_logged(articles, cache)
            assert search_library(opened) == expected
        assert len(log.notices) <= 1
    assert detected


def test_invalid_date_is_damage(articles: Path, cache: Path) -> None:
    """Listings are read without the articles, and so without their checksums."""
    opened = open_library([articles], cache, CLEAN)
    with sqlite3.connect(library_folder([articles], cache) / "articles.db") as database:
        database.execute("UPDATE articles SET date = '2019-02-30' WHERE article_id = 1")

    with pytest.raises(DamagedCache, match="no valid date"):
        open_library([articles], cache, CLEAN).library.listings  # noqa: B018

    assert len(opened.library.listings) == 12  # the snapshot from before
    later, log = open_logged(articles, cache)
    assert len(later.library.listings) == 12
    assert len(log.notices) == 1


@pytest.mark.parametrize("column", ["title", "language"])
def test_changed_title_is_damage(articles: Path, cache: Path, column: str) -> None:
    """Titles of hits are read without the rest of their articles, by a checksum of their own."""
    open_library([articles], cache, CLEAN)
    with sqlite3.connect(library_folder([articles], cache) / "articles.db") as database:
        database.execute(f"UPDATE articles SET {column} = 'de'")
    opened = open_library([articles], cache, CLEAN)

    with pytest.raises(DamagedCache, match="wrong checksum"):
        opened.library.load_titles([0])

    later, log = open_logged(articles, cache)
    assert [title.text for title in later.library.load_titles([0])] == [later.library.title(0)]
    assert len(log.notices) == 1


@pytest.mark.slow
def test_any_number_of_articles_is_read_at_once(articles: Path, cache: Path) -> None:
    """More than SQLite takes as parameters of one query."""
    library = open_library([articles], cache, CLEAN).library

    titles = library.load_titles([0, 1] * 150_000)

    assert [title.text for title in titles[-2:]] == [library.title(0), library.title(1)]
    assert len(titles) == 300_000


def test_counts_of_languages_leave_out_replaced_articles(articles: Path, cache: Path) -> None:
    """An article that a changed file no longer gives may still be in the database."""
    reader = open_library([articles], cache, CLEAN)
    (articles / "03.txt").write_text("Der Turm ist alt und nicht hoch. Er steht am Fluss.")

    changed = open_library([articles], cache, CLEAN)

    for library in (reader.library, changed.library):
        assert library.language_counts == Counter(library.article_languages)
    assert changed.library.language_counts["de"] == 1


@pytest.mark.parametrize("sql", ["UPDATE manifest SET version = '0 english-1'",
                                 "PRAGMA user_version = 1"])  # fmt: skip
@pytest.mark.parametrize("size", [0, LONG_READING])
def test_library_of_another_version_is_rebuilt(
    articles: Path, cache: Path, sql: str, size: int
) -> None:
    """Other readers, or another analysis, would give other articles; that is said if it is long."""
    comment = f"<!--{'-' * size}-->"  # long to read as its size has it, and short in fact
    (articles / "long.html").write_text(f"<h1>Long</h1>{comment}<p>No.", encoding="utf-8")
    open_library([articles], cache, CLEAN)
    with sqlite3.connect(library_folder([articles], cache) / "articles.db") as database:
        database.execute(sql)
    database.close()

    again, log = open_logged(articles, cache)

    assert len(log.read) == 13
    assert (log.notices, log.information) == ([], [UPDATED] if size else [])
    assert search_library(again) == search_fresh(articles)
    log = open_logged(articles, cache)[1]
    assert (log.read, log.notices, log.information) == ([], [], [])


def test_version_names_the_release_of_the_segmenter() -> None:
    """Another release may end sentences elsewhere."""
    assert f" sentencex-{metadata.version('sentencex')} " in library_version(DEFAULT_ANALYZER)


def test_warnings_have_a_category_and_the_line_of_the_caller(folder: Path, tmp_path: Path) -> None:
    """A program can silence the warnings of this package alone, and sees where they come from."""
    (tmp_path / "file").touch()

    with pytest.warns(bot.BotWarning) as caught:
        bot.Retriever.from_path(folder, cache=tmp_path / "file")

    assert {warning.filename for warning in caught} == {__file__}
