"""Saved libraries: nothing is read twice, nothing is lost, and the answers are a fresh build's."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot
from bot.articles import files as looked
from bot.articles.files import File
from bot.errors import DamagedCache, NothingToRead
from bot.index import merge as merging
from bot.storage import array_file as storage
from bot.storage import build as chunks
from bot.storage import cache as saved
from bot.storage import update as saving
from bot.storage import verify as checking
from bot.storage.cache import (
    OpenedLibrary,
    delete_library,
    delete_other_versions,
    library_folder,
    open_library,
)
from bot.storage.database import Database
from bot.storage.ingest import IngestedBatch
from bot.storage.lock import hold_lock
from bot.storage.rows import FileRecord
from bot.storage.update import OpenOptions, ingest_in_order

NAMES = ["a.txt", "b.txt", "c/d.txt", "c/e.md", "f.txt"]
WORDS = st.sampled_from("bridge river tower old stone opened the of harbour built".split())
SENTENCE = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: f"{' '.join(words)}.")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
TEXT = st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join)
# What is done to a file between two questions, and by what: a text, another's name, a moment.
NAME = st.sampled_from(NAMES)
EVENT = st.one_of(
    st.tuples(st.just("write"), NAME, TEXT),
    st.tuples(st.just("delete"), NAME, st.just("")),
    st.tuples(st.just("rename"), NAME, NAME),
    st.tuples(st.just("exchange"), NAME, NAME),
    st.tuples(st.just("date"), NAME, st.sampled_from(["1970-01-02", "now", "2099-01-01"])),
    st.tuples(st.just("turn"), NAME, st.just("")),
    st.tuples(st.just("spoil"), NAME, st.just("")),
)
HISTORY = st.lists(st.lists(EVENT, max_size=4), min_size=1, max_size=4)
QUESTIONS = ["When was the old bridge opened?", "tower of stone", "harbuor", "the of"]
MOMENTS = {"1970-01-02": (86_400,) * 2, "2099-01-01": (4_070_908_800,) * 2, "now": None}


@pytest.fixture(autouse=True, scope="module")
def in_pieces() -> Iterator[None]:
    """Libraries so small are put together from several chunks, and block by block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "CHUNK", 20)
        patch.setattr(merging, "BLOCK", 8)
        yield


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def delete(file: Path, _: str) -> None:
    file.unlink()


def rename(file: Path, name: str) -> None:
    other = top(file) / name
    other.parent.mkdir(exist_ok=True)
    file.rename(other)


def exchange(file: Path, name: str) -> None:
    other, kept = top(file) / name, top(file) / "kept"
    if other.exists() and other != file:
        for one, to in ((file, kept), (other, file), (kept, other)):
            one.rename(to)


def date(file: Path, when: str) -> None:
    os.utime(file, MOMENTS[when])


def turn(file: Path, _: str) -> None:
    """Write another content of the same size at the same moment."""
    stat = file.stat()
    file.write_bytes(file.read_bytes()[::-1])
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def spoil(file: Path, _: str) -> None:
    file.write_bytes(b"\0\1\2" + file.read_bytes())


EVENTS = {each.__name__: each for each in (write, delete, rename, exchange, date, turn, spoil)}


def top(file: Path) -> Path:
    """Return the folder of all the articles."""
    return file.parents[1] if file.parent.name == "c" else file.parent


def happen(folder: Path, what: str, name: str, by: str = "") -> None:
    """Do to a file what an event says, if there is one."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    if what == "write" or file.exists():
        EVENTS[what](file, by)


def answers(retriever: bot.Retriever) -> list[tuple[object, ...]]:
    """Return all that a user could tell of the answers to some questions."""
    return [
        (a.text, a.article, a.start, a.end, a.line, a.score, a.confidence, a.matched, a.before,
         a.after, a.evidence, a.number)
        for question in QUESTIONS
        for a in retriever.search(question, 20)
    ]  # fmt: skip


def asked(found: OpenedLibrary) -> bot.Retriever:
    return bot.Retriever(found.library, engine=found.engine)


@settings(max_examples=60, deadline=None)
@given(HISTORY)
@example([[("write", "a.txt", "old bridge.")], [("turn", "a.txt", "")], [("turn", "a.txt", "")]])
@example(
    [[("write", "a.txt", "tower."), ("write", "b.txt", "old.")], [("exchange", "a.txt", "b.txt")]]
)
def test_any_history_gives_the_answers_of_a_fresh_build(
    history: Sequence[Sequence[tuple[str, str, str]]],
) -> None:
    """Articles added, changed, renamed, dated, removed: order and scores are the same."""
    with TemporaryDirectory() as folder:
        articles, cache = Path(folder) / "articles", Path(folder) / "cache"
        articles.mkdir()
        for events in history:
            for event in events:
                happen(articles, *event)

            found = open_library([articles], cache, OpenOptions())

            expected = read_afresh(articles)
            assert answers(asked(found)) == answers(bot.Retriever(expected))
            assert [*found.library.articles] == [*expected.articles]
            assert [*map(str, found.library.skipped)] == [*map(str, expected.skipped)]


def read_afresh(articles: Path) -> bot.Library:
    """Return the library of the files as they are, whatever is saved."""
    try:
        return bot.Library.from_path(articles)
    except NothingToRead as nothing:
        return bot.Library(skipped=nothing.faults)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of a dozen articles, one of them of several pages of a store."""
    return written(tmp_path / "articles", Random(1))


def written(folder: Path, random: Random) -> Path:
    words = "bridge river tower old stone opened the of harbour built ferry light keeper".split()
    folder.mkdir()
    for number in range(12):
        sentences = [
            f"{' '.join(random.choices(words, k=random.randint(2, 9)))} {number}."
            for _ in range(random.randint(1, 12) * (20 if number == 7 else 1))
        ]
        text = "\n\n".join(
            " ".join(sentences[row : row + 3]) for row in range(0, len(sentences), 3)
        )
        (folder / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that tells any two changes apart, so that no file is looked into again."""
    monkeypatch.setattr(looked, "COARSE", -(10**19))


class Heard:
    """Ways to read that keep what they were given, and what they told."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.told: list[str] = []

    def ways(self) -> OpenOptions:
        """Return ways that keep it."""
        return OpenOptions(self._read, self.told.append)

    def _read(self, batches: Iterable[Sequence[File]]) -> Iterator[IngestedBatch]:
        for batch in batches:
            self.read += [file.source for file in batch]
            yield from ingest_in_order([batch])


def reading(articles: Path, cache: Path) -> tuple[OpenedLibrary, Heard]:
    """Open a library; return it, and what was read and told."""
    heard = Heard()
    return open_library([articles], cache, heard.ways()), heard


# Only what changed


@pytest.mark.usefixtures("settled")
def test_only_what_changed_is_read(articles: Path, cache: Path) -> None:
    """A file that is new, or has another content, is read; one that was touched is not."""
    assert len(reading(articles, cache)[1].read) == 12
    (articles / "01.txt").write_text("The ferry was old.", encoding="utf-8")
    (articles / "02.txt").rename(articles / "new.txt")
    (articles / "03.txt").touch()
    os.utime(articles / "04.txt", (0, 0))

    found, heard = reading(articles, cache)

    assert (heard.read, heard.told) == (["01.txt", "new.txt"], [])
    assert vars_of(found) == (1, 1, 10, 1)
    again, heard = reading(articles, cache)
    assert (heard.read, heard.told, vars_of(again)) == ([], [], (0, 0, 12, 0))


def vars_of(found: OpenedLibrary) -> tuple[int, int, int, int]:
    """Return how many files were new, changed, unchanged and gone."""
    report = found.report
    return report.added, report.changed, report.unchanged, report.removed


def test_files_of_this_moment_are_looked_into(
    articles: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where dates are counted in twos of seconds, as on FAT, a change within them is found."""

    def fat(files: looked.Files, path: str, found: os.stat_result, taken: list[File]) -> None:
        take(files, path, found, taken)
        written = found.st_mtime_ns // looked.COARSE * looked.COARSE
        taken[-1] = taken[-1]._replace(mtime_ns=written, ctime_ns=written)

    take = looked.Files._take
    monkeypatch.setattr(looked.Files, "_take", fat)
    reading(articles, cache)
    happen(articles, "turn", "05.txt")

    found, heard = reading(articles, cache)

    assert heard.read == ["05.txt"]
    assert answers(asked(found)) == answers(bot.Retriever(read_afresh(articles)))


@pytest.mark.usefixtures("settled")
def test_unreadable_files_are_tried_again_and_binary_ones_are_not(
    articles: Path, cache: Path
) -> None:
    """Each costs a warning each time; what could not be read at all may be there the next time."""
    (articles / "binary.txt").write_bytes(b"\0\1\2" * 50)
    with (articles / "huge.txt").open("wb") as file:
        file.truncate(100_000_001)
    first, heard = reading(articles, cache)
    assert len(heard.read) == 14
    assert vars_of(first) == (12, 0, 0, 0)  # what gave no article is not said to be read

    second, heard = reading(articles, cache)

    assert (heard.read, heard.told) == (["huge.txt"], [])
    assert vars_of(second) == (0, 0, 12, 0)
    faults = [str(fault) for fault in first.library.skipped]
    assert [str(fault) for fault in second.library.skipped] == faults
    assert [Path(fault.split(": ")[0]).name for fault in faults] == ["binary.txt", "huge.txt"]
    (articles / "huge.txt").write_text("The huge tower.", encoding="utf-8")
    third, heard = reading(articles, cache)
    assert heard.read == ["huge.txt"]
    assert vars_of(third) == (1, 0, 12, 0)
    assert [str(fault) for fault in third.library.skipped] == faults[:1]
    fourth, heard = reading(articles, cache)
    assert heard.read == []
    assert [str(fault) for fault in fourth.library.skipped] == faults[:1]


def test_what_is_read_already_loads_no_reader(articles: Path, tmp_path: Path) -> None:
    """So that a start does not wait for what it does not use."""
    code = (
        "import sys, bot; bot.Retriever.from_path(sys.argv[1]); "
        "print(sorted({'bot.articles.plain', 'sentencex'} & sys.modules.keys()))"
    )
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(tmp_path / "home"))

    first, second = (
        subprocess.run(
            [sys.executable, "-c", code, str(articles)],
            env={**os.environ, **places},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    )

    assert first == "['bot.articles.plain', 'sentencex']\n"
    assert second == "[]\n"


# Damage

Harm = Callable[[Path, Random], None]


def truncated(file: Path, random: Random) -> None:
    os.truncate(file, random.randrange(file.stat().st_size + 1))


def flipped(file: Path, random: Random) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(random.choice([1, 5, 100]) if content else 0):
        content[random.randrange(len(content))] ^= 1 << random.randrange(8)
    file.write_bytes(content)


def zeroed(file: Path, random: Random) -> None:
    """Truncate a file, and fill it up with zeros, as a crash of the system may."""
    size = file.stat().st_size
    truncated(file, random)
    os.truncate(file, size)


def foreign(file: Path, random: Random) -> None:
    file.write_bytes(random.randbytes(random.choice([1, 200, 5_000])))


def emptied(file: Path, random: Random) -> None:  # noqa: ARG001
    file.write_bytes(b"")


def removed(file: Path, random: Random) -> None:  # noqa: ARG001
    file.unlink()


def replaced(file: Path, random: Random) -> None:  # noqa: ARG001
    file.unlink()
    (file / "inside").mkdir(parents=True)


HARMS: list[tuple[Harm, int]] = [
    (truncated, 4), (flipped, 12), (zeroed, 4), (foreign, 2),
    (emptied, 1), (removed, 1), (replaced, 1),
]  # fmt: skip
# After a kill, what was written last stands in a log beside the articles.
KEPT = ["articles.db", "articles.db-wal", "articles.db-shm", "index-2", "lock", "moment"]


@pytest.fixture(params=["settled", "unsettled"])
def left(request: pytest.FixtureRequest, articles: Path, cache: Path, tmp_path: Path) -> Path:
    """A copy of what is saved, as somebody who was killed would have left it."""
    if request.param == "settled":
        request.getfixturevalue("settled")
    first = open_library([articles], cache, OpenOptions())
    (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")
    second = open_library([articles], cache, OpenOptions())
    folder = library_folder([articles], cache)
    assert {file.name for file in folder.iterdir()} == {*KEPT}
    shutil.copytree(folder, tmp_path / "left")
    assert first.folder == second.folder
    return tmp_path / "left"


@pytest.mark.parametrize("name", KEPT)
def test_damage_is_made_good(articles: Path, left: Path, tmp_path: Path, name: str) -> None:
    """Whatever became of a saved file: the answers of a fresh build, one line, no exception."""
    expected = answers(bot.Retriever(read_afresh(articles)))
    random = Random(name)
    for harm, times in HARMS:
        for _ in range(times):
            cache = Path(tmp_path / f"{harm.__name__}-{random.random()}")
            shutil.copytree(left, library_folder([articles], cache))
            harm(library_folder([articles], cache) / name, random)

            found, heard = reading(articles, cache)

            assert answers(asked(found)) == expected, cache
            assert len(heard.told) <= 1, (cache, heard.told)
            again, later = reading(articles, cache)
            assert answers(asked(again)) == expected, cache
            assert len(heard.told + later.told) <= 2, (cache, heard.told, later.told)
            last, later = reading(articles, cache)
            assert later.told == [], cache
            assert answers(asked(last)) == expected, cache


@pytest.mark.parametrize("log", [True, False], ids=["with a log", "without"])
def test_damage_under_an_open_reader(articles: Path, tmp_path: Path, log: bool) -> None:
    """Whichever page is destroyed, the answers are the right ones, from the files if need be."""
    expected = answers(bot.Retriever(read_afresh(articles)))
    lasting = open_library([articles], tmp_path / "cache", OpenOptions())
    if log:
        (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")
        expected = answers(bot.Retriever(read_afresh(articles)))
        assert (
            answers(asked(open_library([articles], tmp_path / "cache", OpenOptions()))) == expected
        )
    else:
        del lasting
    told = 0
    saved_folder, name = library_folder([articles], tmp_path / "cache"), "articles.db"
    store = saved_folder / (f"{name}-wal" if log else name)
    pages = range(0, store.stat().st_size, 4096)
    for page in pages:
        cache = tmp_path / f"cache-{page}"
        shutil.copytree(saved_folder, library_folder([articles], cache))
        found, heard = reading(articles, cache)
        with (library_folder([articles], cache) / store.name).open("r+b") as file:
            file.seek(page)
            file.write(Random(page).randbytes(4096))

        assert answers(asked(found)) == expected

        assert len(heard.told) <= 1
        told += len(heard.told)
        del found
        again, heard = reading(articles, cache)
        assert answers(asked(again)) == expected
        assert len(heard.told) <= 1
    assert told


def test_damage_to_what_is_no_more_to_be_read(articles: Path, cache: Path) -> None:
    """Where an article can be had neither from the store nor from its file, an error says so."""
    found = open_library([articles], cache, OpenOptions())
    (articles / "07.txt").write_text("Something else about the old bridge.")
    for store in ("articles.db", "articles.db-wal"):
        os.truncate(library_folder([articles], cache) / store, 0)

    with pytest.raises(bot.BotError, match="what was saved is made again from the articles"):
        answers(asked(found))


def test_a_date_that_is_none_is_damage(articles: Path, cache: Path) -> None:
    """Lists are read without the articles, and so without their checksums."""
    found = open_library([articles], cache, OpenOptions())
    with sqlite3.connect(library_folder([articles], cache) / "articles.db") as database:
        database.execute("UPDATE articles SET date = '2019-02-30' WHERE number = 1")

    with pytest.raises(DamagedCache, match="a date is not what was saved"):
        open_library([articles], cache, OpenOptions()).library.listings  # noqa: B018

    assert len(found.library.listings) == 12  # as it was when it was opened


def test_another_version_reads_again(
    articles: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was made by other readers or another analysis is made again, and that is said."""
    for file in ("cache", "update"):
        monkeypatch.setattr(f"bot.storage.{file}.VERSION", "0 english-1")
    open_library([articles], cache, OpenOptions())
    monkeypatch.undo()

    found, heard = reading(articles, cache)

    assert len(heard.read) == 12
    assert heard.told == [
        f"{library_folder([articles], cache)}/articles.db: it was made by another version; "
        "what was saved is made again from the articles"
    ]
    assert answers(asked(found)) == answers(bot.Retriever(read_afresh(articles)))
    assert reading(articles, cache)[1].told == []


def test_another_release_of_what_cuts_sentences_is_another_version() -> None:
    """Sentences that end elsewhere are not mixed with those that were saved before."""
    assert f" sentencex-{metadata.version('sentencex')} " in saving.VERSION


# Readers and writers


def test_a_reader_goes_on_with_what_it_saw(articles: Path, cache: Path) -> None:
    """Whatever is changed, removed and saved later; also where all that was saved is forgotten."""
    expected = answers(bot.Retriever(read_afresh(articles)))
    early = open_library([articles], cache, OpenOptions())
    for number in range(6):
        (articles / f"{number:02}.txt").unlink()
    (articles / "07.txt").write_text("The old bridge is no more.")

    late = asked(open_library([articles], cache, OpenOptions()))
    for _ in range(3):
        (articles / "08.txt").write_bytes((articles / "08.txt").read_bytes() + b" Old tower.")
        open_library([articles], cache, OpenOptions())
    assert delete_library(library_folder([articles], cache))

    assert answers(asked(early)) == expected
    assert len(late.library.articles) == 6
    assert late.search("bridge is no more")[0].text == "The old bridge is no more."


def test_a_reader_that_comes_while_the_first_is_made(articles: Path, cache: Path) -> None:
    """It finds a store in which nothing stands yet, and takes that for no damage."""
    folder = library_folder([articles], cache)
    folder.mkdir(parents=True)
    sqlite3.connect(folder / "articles.db").execute("PRAGMA journal_mode = WAL").close()

    assert saved.open_snapshot(folder) is None
    assert reading(articles, cache)[1].told == []


def test_while_another_saves_the_last_is_asked(articles: Path, cache: Path) -> None:
    """Who need not wait is told so, and has what was saved before."""
    expected = answers(bot.Retriever(read_afresh(articles)))
    open_library([articles], cache, OpenOptions())
    (articles / "05.txt").write_text("The old bridge is new.")

    with hold_lock(library_folder([articles], cache), wait=True):
        found, heard = reading(articles, cache)

    assert heard.told == ["another bot reads these articles; asked is what was saved before"]
    assert answers(asked(found)) == expected


def test_who_waited_looks_again(articles: Path, cache: Path) -> None:
    """What came while it waited is read as well."""
    waiting, read = Event(), list[OpenedLibrary]()

    def tell(line: str) -> None:
        assert line == "another bot reads these articles; waiting for it"
        waiting.set()

    def work() -> None:
        read.append(open_library([articles], cache, OpenOptions(tell=tell, wait=True)))

    worker = Thread(target=work)
    with hold_lock(library_folder([articles], cache), wait=True):
        worker.start()
        assert waiting.wait(10)
        (articles / "new.txt").write_text("The old bridge is new.")
    worker.join()

    assert answers(asked(read[0])) == answers(bot.Retriever(read_afresh(articles)))


def test_a_slow_reader_notes_nothing_of_what_is_over(
    articles: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it compares, another saves a new article; that is deleted, and answers no more."""
    expected = answers(bot.Retriever(read_afresh(articles)))
    known, new = Database.file_records, articles / "new.txt"

    def slowly(store: Database) -> dict[bytes, FileRecord]:
        found = known(store)
        monkeypatch.undo()
        new.write_text("The old bridge is new.")
        open_library([articles], cache, OpenOptions())
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looked, "COARSE", -(10**19))
        open_library([articles], cache, OpenOptions())
        (articles / "03.txt").touch()
        monkeypatch.setattr(Database, "file_records", slowly)
        assert answers(asked(open_library([articles], cache, OpenOptions()))) == expected
        new.unlink()

        found, heard = reading(articles, cache)

        assert answers(asked(found)) == expected
        assert heard.told == []


def test_files_deleted_while_they_are_looked_at(articles: Path) -> None:
    """One that is gone when it is to be looked at hides none of the others."""

    def deleting(_: str) -> bool:
        (articles / "05.txt").unlink(missing_ok=True)
        return True

    found = looked.Files([articles], deleting)

    assert len(found.files) == 11
    assert found.skipped == []


# Check, forget, clean


@pytest.fixture
def at_home(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's cache folder is this test's own."""
    monkeypatch.setattr(checking, "default_cache", lambda: cache)


def other_index(folder: Path, part: str) -> None:
    """Write the saved index anew, with one of its arrays another, and its checksums right."""
    arrays = dict(storage.load_arrays(folder / "index-1"))
    arrays[part] = arrays[part].copy()
    arrays[part][-1] ^= 1
    with storage.write_arrays(folder / "index-1") as writer:
        for name, values in arrays.items():
            writer.add(name, values.dtype, [values])


@pytest.mark.usefixtures("at_home")
def test_check_finds_what_differs_in_the_files(articles: Path, cache: Path) -> None:
    """New, changed, gone, turned within a moment: a line each, and nothing is mended."""
    assert [*checking.verify_library([articles])] == [checking.NOTHING]
    open_library([articles], cache, OpenOptions())
    assert [*checking.verify_library([articles])] == []
    (articles / "00.txt").write_text("The old bridge is new.")
    (articles / "01.txt").unlink()
    (articles / "02.txt").rename(articles / "new.txt")
    happen(articles, "turn", "03.txt")

    for _ in range(2):
        assert [*checking.verify_library([articles])] == [
            f"{articles}/{name}: {fault} since; {remedy} with: bot index"
            for name, fault, remedy in (
                ("00.txt", "new or changed", "read it"), ("03.txt", "new or changed", "read it"),
                ("new.txt", "new or changed", "read it"), ("01.txt", "gone", "forget it"),
                ("02.txt", "gone", "forget it"),
            )
        ]  # fmt: skip


PARTS = "starts doc_ids term_freqs lengths starts_paragraph paragraph_frequencies letters ends hashes numbers articles first".split()


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("part", PARTS)
def test_check_finds_another_index(articles: Path, cache: Path, part: str) -> None:
    """Each array of it is compared with one made anew."""
    open_library([articles], cache, OpenOptions())
    other_index(library_folder([articles], cache), part)

    (line,) = checking.verify_library([articles])

    assert line.endswith("not those of the articles; make it again with: bot index --rebuild")


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize("name", ["articles.db", "index-1"])
def test_check_finds_damage(articles: Path, cache: Path, name: str) -> None:
    """Whichever page of it is destroyed."""
    open_library([articles], cache, OpenOptions())
    file = library_folder([articles], cache) / name
    content = file.read_bytes()
    for page in range(0, len(content), 4096):
        file.write_bytes(content[:page] + Random(page).randbytes(4096) + content[page + 4096 :])

        assert [*checking.verify_library([articles])], page


def test_forget_deletes_one_library(articles: Path, tmp_path: Path, cache: Path) -> None:
    """Its folder goes; that of others and the articles stay."""
    other = written(tmp_path / "others", Random(2))
    for path in (articles, other):
        open_library([path], cache, OpenOptions())

    assert delete_library(library_folder([articles], cache))

    assert not delete_library(library_folder([articles], cache))
    assert [*(cache / saved.FOLDER).iterdir()] == [library_folder([other], cache)]
    assert len([*articles.iterdir()]) == 12
    assert reading(other, cache)[1].read == []


def test_clean_deletes_other_versions_only(articles: Path, tmp_path: Path, cache: Path) -> None:
    """Folders named as ours are; nothing beside them, and nothing that a link leads to."""
    open_library([articles], cache, OpenOptions())
    for name in ("libraries-0/some", "libraries-7", "other", "../libraries-0"):
        (cache / name).mkdir(parents=True)
    (cache / "libraries-link").symlink_to(articles)
    (cache / "history").write_text("mine")

    delete_other_versions(cache)

    left = {path.name for path in cache.iterdir()}
    assert left == {saved.FOLDER, "other", "history", "libraries-link"}
    assert (tmp_path / "libraries-0").is_dir()
    assert len([*articles.iterdir()]) == 12
