"""Libraries that are saved in a folder and loaded from there."""

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.errors import LibraryNotSaved, UnusableLibrary

PROGRAMS = Path(__file__).parent / "programs"
QUESTIONS = ["When did the bridge open?", "the lamp of Skerry", "herring", "brigde", "Lima?"]
RECORDS = [
    {
        "id": 17,
        "text": "The bridge opened in 1932.\n\nIt has \ud800 three arches.",
        "title": "Old lamp",
        "date": "2024-11-19",
        "tags": {"section": ["world", None, 1.5, True]},
    },
    {"id": "n-2", "text": "Herring is sold in the harbour.", "url": "https://example.org/2"},
]


def from_records(_: Path) -> bot.Retriever:
    return bot.Retriever.from_records(RECORDS)


def from_nothing(_: Path) -> bot.Retriever:
    return bot.Retriever.from_texts([])


def from_files(folder: Path) -> bot.Retriever:
    return bot.Retriever.from_path(folder)


def from_files_in_memory(folder: Path) -> bot.Retriever:
    return bot.Retriever.from_path(folder, cache=None)


def from_changes(folder: Path) -> bot.Retriever:
    whole = bot.Retriever.from_path(folder)
    return whole.add(RECORDS).remove(["market.txt"]).update([("n-2", "A lighthouse burned oil.")])


def from_subset(folder: Path) -> bot.Retriever:
    return bot.Retriever.from_path(folder).select("bridge")


LIBRARIES = [
    from_records, from_nothing, from_files, from_files_in_memory, from_changes, from_subset,
]  # fmt: skip


def assert_equal(retriever: bot.Retriever, other: bot.Retriever) -> None:
    """Fail unless articles, sentences and replies are equal."""
    assert [*retriever.library.articles] == [*other.library.articles]
    assert [*retriever.library.articles[-2:]] == [*other.library.articles[-2:]]
    assert [*retriever.library.sentence_texts()] == [*other.library.sentence_texts()]
    for question in QUESTIONS:
        assert retriever.ask(question) == other.ask(question)
        assert retriever.search(question) == other.search(question)


@pytest.mark.parametrize("build", LIBRARIES)
def test_loaded_library_is_the_one_that_was_saved(
    build: Callable[[Path], bot.Retriever], folder: Path, tmp_path: Path
) -> None:
    """Ids, titles, dates, metadata, places and replies are equal, also when saved once more."""
    retriever = build(folder)

    retriever.save(tmp_path / "new" / "library")
    loaded = bot.Retriever.load(tmp_path / "new" / "library")
    loaded.save(tmp_path / "copy")

    assert_equal(loaded, retriever)
    assert_equal(bot.Retriever.load(tmp_path / "copy"), retriever)
    assert [
        (each.id, each.title, each.date, each.metadata) for each in loaded.library.listings
    ] == [(each.id, each.title, each.date, each.metadata) for each in retriever.library.articles]


def test_changed_library_is_saved_where_it_was_loaded_from(tmp_path: Path) -> None:
    """The old snapshot answers as before, from the file that it has mapped."""
    bot.Retriever.from_records(RECORDS).save(tmp_path)
    old = bot.Retriever.load(tmp_path)

    changed = old.remove([17]).add([("n-3", "A ferry left.")])
    changed.save(tmp_path)

    assert [article.id for article in old.library.articles] == [17, "n-2"]
    assert_equal(bot.Retriever.load(tmp_path), changed)


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    """A folder with another file, or another program's of our name, is refused by that name."""
    retriever = bot.Retriever.from_records(RECORDS)
    for name in ("thesis.txt", "library.bot"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text("mine")

        with pytest.raises(LibraryNotSaved, match=name) as raised:
            retriever.save(folder)

        assert raised.value.folder == folder
        assert [each.read_text() for each in folder.iterdir()] == ["mine"]


def test_a_link_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    """Nothing is written through a link."""
    retriever = bot.Retriever.from_records(RECORDS)
    retriever.save(tmp_path / "real")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "library.bot").symlink_to(tmp_path / "real" / "library.bot")

    with pytest.raises(LibraryNotSaved, match=r"library\.bot"):
        retriever.save(tmp_path / "linked")


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    """Its path is named."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(LibraryNotSaved, match="file"):
        bot.Retriever.from_records(RECORDS).save(tmp_path / "file")


def test_metadata_that_is_no_json_is_an_error(tmp_path: Path) -> None:
    """The articles of a program may have any; what was saved before stays."""
    bot.Retriever.from_records(RECORDS).save(tmp_path)
    article = bot.Article("", "a", "It rained.", metadata={"bad": object()})  # type: ignore[dict-item]

    with pytest.raises(LibraryNotSaved, match="metadata"):
        bot.Retriever(bot.Library([article])).save(tmp_path)

    assert_equal(bot.Retriever.load(tmp_path), bot.Retriever.from_records(RECORDS))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a saved library."""
    folder = tmp_path_factory.mktemp("saved")
    bot.Retriever.from_records(RECORDS).save(folder)
    return (folder / "library.bot").read_bytes()


@given(data=st.data())
def test_damage_is_an_error(
    saved: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A byte that differs is found, unless it fills the space between arrays; so is a cut end."""
    place = data.draw(st.integers(0, len(saved) - 1))
    is_cut = data.draw(st.booleans())
    folder = tmp_path_factory.mktemp("damaged")
    rest = b"" if is_cut else bytes([saved[place] ^ 0x40]) + saved[place + 1 :]
    (folder / "library.bot").write_bytes(saved[:place] + rest)

    try:
        articles = [*bot.Retriever.load(folder).library.articles]
    except UnusableLibrary as error:
        message = str(error)
    else:
        assert not is_cut
        message = str(UnusableLibrary(folder, "none"))
        assert articles == [*bot.Retriever.from_records(RECORDS).library.articles]
    assert message.startswith(str(folder))
    assert message.endswith("save the library again, from its articles")


def test_library_of_another_version_is_an_error(tmp_path: Path) -> None:
    """So is that of another analyzer; a folder without one says so."""
    bot.Retriever.from_records(RECORDS).save(tmp_path)

    class OtherAnalyzer:
        version = "other-1"
        tokens = bot.DEFAULT_ANALYZER.tokens

    with pytest.raises(UnusableLibrary, match="another analyzer"):
        bot.Retriever.load(tmp_path, analyzer=OtherAnalyzer())
    with pytest.raises(UnusableLibrary, match="no saved library"):
        bot.Retriever.load(tmp_path / "nothing")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux has /proc/self/fd")
def test_a_loaded_library_holds_one_open_file(tmp_path: Path) -> None:
    """Fifty libraries hold fifty descriptors, also after questions."""
    bot.Retriever.from_records(RECORDS).save(tmp_path)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - not a folder of paths

    loaded = [bot.Retriever.load(tmp_path) for _ in range(50)]
    assert all(retriever.ask(QUESTIONS[0]).answers for retriever in loaded)

    assert len(os.listdir("/proc/self/fd")) - before <= 50  # noqa: PTH208


def run_program(name: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a program of this folder that prints lines."""
    return subprocess.Popen(
        [sys.executable, str(PROGRAMS / name), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_save_that_is_killed_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """Six processes are killed while they save; the next save tidies up after them."""
    bot.Retriever.from_texts(["The bridge number 0 opened."]).save(tmp_path)
    for kill_after in range(6):
        with run_program("save_forever.py", tmp_path) as process:
            assert process.stdout
            for _ in range(1 + kill_after):
                process.stdout.readline()
            process.kill()

        texts = [article.text for article in bot.Retriever.load(tmp_path).library.articles]
        assert len({text.partition("opened")[0] for text in texts}) == 1

    bot.Retriever.from_records(RECORDS).save(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["library.bot"]


def test_a_full_disk_leaves_the_old_library(tmp_path: Path) -> None:
    """A file that may not grow ends the save with an error, and leaves nothing beside the old."""
    bot.Retriever.from_records(RECORDS).save(tmp_path)
    many = bot.Retriever.from_texts([f"The bridge number {i} opened." for i in range(500)])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(LibraryNotSaved, match="nothing was saved"):
            many.save(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert [file.name for file in tmp_path.iterdir()] == ["library.bot"]
    assert_equal(bot.Retriever.load(tmp_path), bot.Retriever.from_records(RECORDS))


def test_errors_can_be_pickled() -> None:
    """Those of a process in a pool reach the one that asked."""
    error = pickle.loads(pickle.dumps(UnusableLibrary(Path("a"), "gone")))

    assert (error.file, error.fault, str(error)) == (
        Path("a"), "gone", "a: gone; save the library again, from its articles",
    )  # fmt: skip
