"""Retrievers in other threads and processes, as pickles and as copies."""

import copy
import multiprocessing
import os
import pickle
import sys
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

import bot

DATA = Path(__file__).parent / "data"
ARTICLES = DATA / "articles"
CASES = tomllib.loads((DATA / "questions.toml").read_text(encoding="utf-8"))
QUESTION = "Who designed the bridge?"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of two articles."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "bridge.txt").write_text("Ada Thorne designed the bridge.", encoding="utf-8")
    (folder / "broken.txt").write_bytes(b"\0\1\2\0")
    return folder


def from_texts(_: Path) -> bot.Retriever:
    return bot.Retriever.from_texts(["Ada Thorne designed the bridge.", "It rained."])


def from_cache(files: Path) -> bot.Retriever:
    return bot.Retriever.from_path(files, cache=files.parent / "cache")


def from_files(files: Path) -> bot.Retriever:
    return bot.Retriever.from_path(files, cache=None)


def from_change(files: Path) -> bot.Retriever:
    return from_cache(files).add([("n-1", "A ferry left.")])


def from_folder(files: Path) -> bot.Retriever:
    from_files(files).save(files.parent / "saved")
    return bot.Retriever.load(files.parent / "saved")


BUILDERS = [from_texts, from_cache, from_files, from_change, from_folder]


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))]
)
def test_copies_answer_alike(
    build: Callable[[Path], bot.Retriever],
    duplicate: Callable[[object], bot.Retriever],
    files: Path,
) -> None:
    """A copy has the threshold, articles and replies of the retriever it is of."""
    retriever = build(files).with_threshold(0.01)

    other = duplicate(retriever)

    assert other.ask(QUESTION) == retriever.ask(QUESTION)
    assert other.min_confidence == 0.01
    assert [*other.library.articles] == [*retriever.library.articles]
    assert [*map(str, other.library.skipped)] == [*map(str, retriever.library.skipped)]


@pytest.mark.parametrize("build", [from_cache, from_folder])
def test_a_library_on_disk_is_pickled_as_its_place(
    build: Callable[[Path], bot.Retriever], files: Path
) -> None:
    """The pickle is short, and has no text of an article."""
    pickled = pickle.dumps(build(files))

    assert len(pickled) < 1_000
    assert b"Thorne" not in pickled


def test_an_engine_that_cannot_be_pickled_says_so() -> None:
    """An engine of a program's own is pickled as it is, if it can be."""
    library = bot.Library.from_texts(["Ada Thorne designed the bridge."])

    class LocalEngine:
        """A class that another process cannot import."""

        def search(self, terms: Sequence[str], limit: int) -> list[bot.Hit]:
            return [bot.Hit(0, float(len(terms)))][:limit]

        def document_frequencies(self, terms: Sequence[str]) -> list[int]:
            return [1] * len(terms)

    with pytest.raises((pickle.PicklingError, AttributeError), match="LocalEngine"):
        pickle.dumps(bot.Retriever(library, engine=LocalEngine()))


def test_refresh_gives_a_snapshot_of_the_files_as_they_are(files: Path) -> None:
    """The old retriever answers as before; unchanged files give the same retriever."""
    for retriever in (from_cache(files), from_files(files)):
        assert retriever.refresh() is retriever
        (files / "ferry.txt").write_text("A ferry left the harbour.", encoding="utf-8")

        fresh = retriever.with_threshold(0.01).refresh()

        assert len(fresh.search("ferry harbour")) == 1
        assert fresh.min_confidence == 0.01
        assert not retriever.search("ferry harbour")
        assert fresh.refresh() is fresh
        (files / "ferry.txt").unlink()


@pytest.mark.parametrize("build", [from_texts, from_change, from_folder])
def test_refresh_of_another_library_is_an_error(
    build: Callable[[Path], bot.Retriever], files: Path
) -> None:
    """It says what to call in its place."""
    with pytest.raises(ValueError, match=r"call add\(\), update\(\) or remove\(\)"):
        build(files).refresh()


@pytest.fixture(scope="module")
def expected() -> dict[str, bot.Reply]:
    """The replies of one thread to the questions about the bundled corpus."""
    questions = [case["text"] for kind in CASES.values() for case in kind]
    replies = bot.Retriever.from_path(ARTICLES, cache=None).ask_many(questions)
    return dict(zip(questions, replies, strict=True))


def from_memory(_: Path) -> bot.Retriever:
    return bot.Retriever.from_path(ARTICLES, cache=None).remove([])


def from_user_cache(cache: Path) -> bot.Retriever:
    return bot.Retriever.from_path(ARTICLES, cache=cache)


def from_saved(folder: Path) -> bot.Retriever:
    from_memory(folder).save(folder)
    return bot.Retriever.load(folder)


THREADS = partial(ThreadPoolExecutor, 16)
SPAWN = partial(ProcessPoolExecutor, 2, mp_context=multiprocessing.get_context("spawn"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pool", "build"),
    [
        (THREADS, from_memory),
        (THREADS, from_user_cache),
        (SPAWN, from_memory),
        (SPAWN, from_saved),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_hundreds_of_replies_are_those_of_one_thread(
    pool: Callable[[], Executor],
    build: Callable[[Path], bot.Retriever],
    expected: dict[str, bot.Reply],
    tmp_path: Path,
) -> None:
    """Threads share a retriever; processes get a pickle, with each batch of questions."""
    retriever = build(tmp_path)

    with pool() as executor:
        replies = [*executor.map(retriever.ask, expected, chunksize=len(expected) // 2)]

    assert replies == [*expected.values()]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("build", [from_saved, from_user_cache])
def test_forked_processes_share_what_was_loaded(
    build: Callable[[Path], bot.Retriever], expected: dict[str, bot.Reply], tmp_path: Path
) -> None:
    """Four children and their parent ask at once, of one retriever that was used before."""
    retriever, context = build(tmp_path), multiprocessing.get_context("fork")
    questions = [*expected][::2]
    retriever.ask(questions[0])

    def check(start: int) -> None:
        asked = [*questions[start:], *questions[:start]]
        sys.exit(retriever.ask_many(asked) != tuple(map(expected.__getitem__, asked)))

    children = [context.Process(target=check, args=(25 * number,)) for number in range(4)]
    for child in children:
        child.start()
    replies = retriever.ask_many(questions)
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    assert replies == tuple(map(expected.__getitem__, questions))
