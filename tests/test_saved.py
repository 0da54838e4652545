"""Saved libraries: nothing is read twice, nothing is lost, and the answers are a fresh build's."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot
from bot.articles import files as looked
from bot.articles.files import File
from bot.articles.reading import Batch
from bot.errors import NothingToRead
from bot.index import merging
from bot.retrieval import saving
from bot.retrieval.saved import Opened, folder_of, opened
from bot.retrieval.saving import Ways, at_once

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
        patch.setattr(saving, "CHUNK", 20)
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


def asked(found: Opened) -> bot.Retriever:
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

            found = opened([articles], cache, Ways())

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

    def ways(self) -> Ways:
        """Return ways that keep it."""
        return Ways(self._read, self.told.append)

    def _read(self, batches: Iterable[Sequence[File]]) -> Iterator[Batch]:
        for batch in batches:
            self.read += [file.source for file in batch]
            yield from at_once([batch])


def reading(articles: Path, cache: Path) -> tuple[Opened, Heard]:
    """Open a library; return it, and what was read and told."""
    heard = Heard()
    return opened([articles], cache, heard.ways()), heard


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


def vars_of(found: Opened) -> tuple[int, int, int, int]:
    """Return how many files were new, changed, unchanged and gone."""
    report = found.report
    return report.added, report.changed, report.unchanged, report.removed


def test_files_of_this_moment_are_looked_into(articles: Path, cache: Path) -> None:
    """A change within the moment of the last reading is found, though the file's dates say none."""
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

    second, heard = reading(articles, cache)

    assert (heard.read, heard.told) == (["huge.txt"], [])
    faults = [str(fault) for fault in first.library.skipped]
    assert [str(fault) for fault in second.library.skipped] == faults
    assert [Path(fault.split(": ")[0]).name for fault in faults] == ["binary.txt", "huge.txt"]
    (articles / "huge.txt").write_text("The huge tower.", encoding="utf-8")
    third, heard = reading(articles, cache)
    assert heard.read == ["huge.txt"]
    assert [str(fault) for fault in third.library.skipped] == faults[:1]
    fourth, heard = reading(articles, cache)
    assert heard.read == []
    assert [str(fault) for fault in fourth.library.skipped] == faults[:1]


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
    first = opened([articles], cache, Ways())
    (articles / "03.txt").write_text("The tower of stone is new. It is by the river.")
    second = opened([articles], cache, Ways())
    folder = folder_of([articles], cache)
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
            shutil.copytree(left, folder_of([articles], cache))
            harm(folder_of([articles], cache) / name, random)

            found, heard = reading(articles, cache)

            assert answers(asked(found)) == expected, cache
            assert len(heard.told) <= 1, (cache, heard.told)
            again, later = reading(articles, cache)
            assert answers(asked(again)) == expected, cache
            assert len(heard.told + later.told) <= 2, (cache, heard.told, later.told)
            last, later = reading(articles, cache)
            assert later.told == [], cache
            assert answers(asked(last)) == expected, cache
