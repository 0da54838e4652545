"""Libraries of files, folders and texts: the files they read, skip and ignore."""

import os
import socket
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.articles.library import Library
from bot.errors import NothingToRead

ARTICLES = Path(__file__).parent / "data" / "articles"


def sources(library: Library) -> list[str]:
    return [article.source for article in library.articles]


def write_files(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"It rained on {path.stem}. It snowed.", encoding="utf-8")


def test_folder_is_read_in_order(tmp_path: Path) -> None:
    """Articles are sorted by source; hidden files and unknown suffixes are counted."""
    write_files(
        tmp_path, "b.txt", "a/z.md", "a/y.TEXT", "c.markdown", ".hidden.txt", ".git/x.txt", "p.jpg"
    )

    library = Library.from_path(tmp_path)

    assert sources(library) == ["a/y.TEXT", "a/z.md", "b.txt", "c.markdown"]
    assert (library.skipped, library.ignored) == ((), 3)
    assert library.articles[2].path == str(tmp_path / "b.txt")


def test_named_file_is_always_read(tmp_path: Path) -> None:
    """A file given by its path is read, even if hidden or of an unknown suffix."""
    write_files(tmp_path, ".notes", "page.log")

    assert sources(Library.from_path(tmp_path / ".notes")) == [".notes"]
    assert sources(Library.from_path(str(tmp_path / "page.log"))) == ["page.log"]


def test_sources_of_several_paths(tmp_path: Path) -> None:
    """Sources are relative to the common folder of all paths; a file is read once."""
    write_files(tmp_path, "a/x.txt", "b/y.txt")

    library = Library.from_path(tmp_path / "b", tmp_path / "a" / "x.txt", tmp_path / "b" / "y.txt")

    assert sources(library) == ["b/y.txt", "a/x.txt"]


def test_empty_folder_is_empty_library(tmp_path: Path) -> None:
    """A folder without articles is an empty library, and no error."""
    assert len(Library.from_path(tmp_path)) == 0


def test_no_path_is_value_error() -> None:
    """A call without paths is the programmer's error."""
    with pytest.raises(ValueError, match="no path"):
        Library.from_path()


def test_nothing_to_read(tmp_path: Path) -> None:
    """If no path has an article, the error has each path and its fault."""
    with pytest.raises(NothingToRead, match=r"nowhere\.txt: no such file or folder"):
        Library.from_path(tmp_path / "nowhere.txt")


def test_unreadable_files_are_skipped(tmp_path: Path) -> None:
    """Each unreadable file is listed with its reason, and the others are read."""
    write_files(tmp_path, "good.txt")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2\3" * 99)
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    os.mkfifo(tmp_path / "pipe.txt")

    library = Library.from_path(tmp_path, tmp_path / "nowhere")

    assert [source.rpartition("/")[2] for source in sources(library)] == ["good.txt"]
    assert {Path(error.path).name: error.fault for error in library.skipped} == {
        "binary.txt": "not a text file",
        "empty.md": "empty",
        "broken.txt": "a broken link",
        "itself.txt": os.strerror(40).lower(),
        "pipe.txt": "not a regular file",
        "nowhere": "no such file or folder",
    }


def test_socket_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket, which has no end, is refused."""
    monkeypatch.chdir(tmp_path)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")

        with pytest.raises(NothingToRead, match="not a regular file"):
            Library.from_path("s.txt")


def test_large_file_is_not_read(tmp_path: Path) -> None:
    """A file above 100 MB is refused before it is in memory."""
    with (tmp_path / "dump.txt").open("wb") as dump:
        dump.truncate(100_000_001)

    with pytest.raises(NothingToRead, match="larger than 100 MB"):
        Library.from_path(tmp_path)


def test_link_loop_is_skipped(tmp_path: Path) -> None:
    """A link to a folder around it is not followed, and listed."""
    write_files(tmp_path, "a/x.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)

    library = Library.from_path(tmp_path)

    assert sources(library) == ["a/x.txt"]
    assert [error.fault for error in library.skipped] == ["a link back to a folder that holds it"]


def test_linked_folders_are_read_once(tmp_path: Path) -> None:
    """A linked folder is read; one that is also reached without a link has that source."""
    write_files(tmp_path, "in/b/x.txt", "out/y.txt")
    (tmp_path / "in" / "a").symlink_to(tmp_path / "in" / "b", target_is_directory=True)
    (tmp_path / "in" / "c").symlink_to(tmp_path / "out", target_is_directory=True)

    library = Library.from_path(tmp_path / "in")

    assert sources(library) == ["b/x.txt", "c/y.txt"]
    assert library.skipped == ()


def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    """A file is read whatever the bytes of its name, and its source can be displayed."""
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).write_bytes(b"It rained.")
    except OSError:
        pytest.skip("names must be Unicode here")

    assert sources(Library.from_path(tmp_path)) == ["caf\ufffd.txt"]


@pytest.mark.parametrize("name", ["harbour.txt", "cheese.txt", "windmill.md"])
def test_line_numbers_are_those_of_the_file(name: str) -> None:
    """The line of a block is where an editor has its first word."""
    lines = (ARTICLES / name).read_text(encoding="utf-8").split("\n")

    (article,) = Library.from_path(ARTICLES / name).articles

    for block in article.blocks:
        word = article.text[block.start : block.end].split()[0].strip(":")
        assert word in lines[article.line_number(block.start) - 1]


def test_library_from_texts() -> None:
    """A text is taken as it is; a page has a headline, or the one given, or its number."""
    texts = ["A title\nIt rained.", "It snowed.", ""]

    untitled, titled = Library.from_pages(texts), Library.from_pages(texts, ["x", "y", "z"])
    as_they_are = Library.from_texts(texts)

    assert [article.title for article in untitled.articles] == ["A title", "Text 2", "Text 3"]
    assert [article.title for article in titled.articles] == ["x", "y", "z"]
    assert [article.title for article in as_they_are.articles] == ["", "", ""]
    assert list(untitled.sentence_texts()) == ["It rained.", "It snowed."]
    assert list(as_they_are.sentence_texts()) == ["A title", "It rained.", "It snowed."]


def test_from_texts_refuses_string_and_missing_titles() -> None:
    """One string is not a list of texts, and there must be a title for each text."""
    with pytest.raises(ValueError, match="one text"):
        Library.from_texts("It rained.")
    with pytest.raises(ValueError, match="1 titles for 2 texts"):
        Library.from_texts(["It rained.", "It snowed."], ["x"])


def test_articles_are_found_by_id() -> None:
    """A library iterates over its articles, and has each by its id, as it is or as text."""
    library = Library.from_records([(17, "It rained. It poured."), ("n-3", "It snowed.")])

    assert [article.id for article in library] == [17, "n-3"]
    assert (len(library), library.sentence_count) == (2, 3)
    assert library[17] is library["17"] is library.articles[0]
    assert 17 in library
    assert "n-4" not in library
    assert library.get("n-4") is None
    with pytest.raises(KeyError, match="n-4"):
        library["n-4"]


def test_files_are_found_by_source(tmp_path: Path) -> None:
    """The id of a file's article is its source."""
    write_files(tmp_path, "a/b.txt")

    assert Library.from_path(tmp_path)["a/b.txt"].path == str(tmp_path / "a" / "b.txt")


def test_long_blocks_are_several_paragraphs(tmp_path: Path) -> None:
    """A text without blank lines, in memory and cached: cut every 200 sentences."""
    lines = [f"The ferry number {n} left at noon." for n in range(450)]
    (tmp_path / "log.txt").write_text("A log\n\n" + " ".join(lines) + "\n\nThe end came soon.")
    memory = bot.Retriever.from_path(tmp_path, cache=None)
    cached = bot.Retriever.from_path(tmp_path, cache=tmp_path / "cache")

    [first, *_] = memory.library.sentence_numbers(0)
    sizes = Counter(memory.library.paragraph_numbers()).values()
    assert [*sizes] == [200, 200, 50, 1]
    for number in (first, first + 199, first + 200, first + 449, first + 450):
        assert number in memory.library.paragraph_range(number)
    assert memory.library.paragraph_range(first + 399) == range(first + 200, first + 400)
    for text in ("ferry number 7", "ferry number 399", "When did ferry 449 leave?"):
        assert cached.ask(text).as_dict() == memory.ask(text).as_dict()


@given(st.lists(st.integers(0, 3), max_size=6), st.data())
def test_articles_of_sentences(sizes: list[int], data: st.DataObject) -> None:
    """Each sentence is one of its article's; a number that there is not is an IndexError."""
    library = Library.from_texts(
        f"Title {row}. " + "It rained. " * n for row, n in enumerate(sizes)
    )
    every = [n for row in range(len(library)) for n in [row] * len(library.sentence_numbers(row))]
    count = library.sentence_count

    assert library.article_numbers(range(count)) == every
    assert [*map(library.article_number, range(count))] == every
    missing = data.draw(st.integers(-3, -1) | st.integers(count, count + 3))
    for numbers in ([missing], [*range(count), missing]):
        with pytest.raises(IndexError, match=f"no sentence {missing} among {count}"):
            library.article_numbers(numbers)
