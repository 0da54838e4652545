"""Files with several articles, with faults, and without lines: cached, searched, shown, opened."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.articles.article import FilePlace
from bot.articles.formats import find_files
from bot.render.reply import format_source
from bot.repl.viewer import NoViewerFound, viewer_command
from bot.storage.cache import open_library
from bot.storage.opened_library import OpenedLibrary, UpdateReport
from bot.storage.options import OpenOptions

# A timestamp resolution at which every file is clean as soon as it was written.
CLEAN = OpenOptions(timestamp_resolution=-(10**19))
WELL = {
    "id": "a7",
    "title": "Well",
    "text": "The well is nine metres deep.",
    "url": "https://x.io/w",
}
GATE = {"id": "b2", "title": "Gate", "text": "The gate was sold in 1931."}


def write_rows(file: Path, records: Sequence[object]) -> None:
    file.write_text("\n".join(map(json.dumps, records)))


def open_rows(folder: Path, cache: Path) -> OpenedLibrary:
    return open_library([folder], cache, CLEAN)


def test_articles_of_one_file_are_cached(tmp_path: Path) -> None:
    """Each row is an article with its place and link, from the cache as from the file."""
    folder, cache = tmp_path / "articles", tmp_path / "cache"
    folder.mkdir()
    write_rows(folder / "rows.jsonl", [WELL, GATE])

    first, second = open_rows(folder, cache), open_rows(folder, cache)

    assert first.report == UpdateReport(added=2)
    assert second.report == UpdateReport(unchanged=2)
    assert [*second.library.articles] == [*bot.Library.from_path(folder).articles]
    well = second.library.articles[0]
    assert (well.source, well.part, well.link) == ("rows.jsonl#1", "1", "https://x.io/w")
    assert (well.has_lines, well.places) == (False, (FilePlace(0, "row", 1),))


def test_changed_file_replaces_its_articles(tmp_path: Path) -> None:
    """Of a file that changed, all articles are read again; removed, all are gone."""
    folder, cache = tmp_path / "articles", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.txt").write_text("It rained.")
    write_rows(folder / "rows.jsonl", [WELL, GATE])
    open_rows(folder, cache)

    write_rows(folder / "rows.jsonl", [GATE])
    changed = open_rows(folder, cache)
    (folder / "rows.jsonl").unlink()
    removed = open_rows(folder, cache)

    assert changed.report == UpdateReport(changed=1, unchanged=1)
    assert [article.source for article in changed.library.articles] == ["a.txt", "rows.jsonl#1"]
    assert removed.report == UpdateReport(unchanged=1, removed=1)
    assert len(removed.library) == 1


def test_faults_of_parts_are_remembered(tmp_path: Path) -> None:
    """A row that is no JSON is named at every opening, and the others answer."""
    folder, cache = tmp_path / "articles", tmp_path / "cache"
    folder.mkdir()
    file = folder / "rows.jsonl"
    file.write_text(f"{json.dumps(WELL)}\n{{\n")
    expected = f"{file}#2: row 2: no JSON; mend the line"

    opened = [open_rows(folder, cache), open_rows(folder, cache), open_library([folder], None)]

    assert [[*map(str, each.library.skipped)] for each in opened] == [[expected]] * 3
    assert [len(each.library.articles) for each in opened] == [1] * 3


@given(st.lists(st.lists(st.sampled_from(["well", "gate", "tower"]), max_size=4), max_size=4))
def test_any_history_equals_a_fresh_build(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[str]]
) -> None:
    """After any changes of a file of records, the cached library is that of the file."""
    folder, cache = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("cache")
    (folder / "a.txt").write_text("It rained.")
    for words in history:
        write_rows(folder / "rows.jsonl", [{"text": f"A {word} stood here."} for word in words])
        opened = open_rows(folder, cache)

        assert [*opened.library.articles] == [*bot.Library.from_path(folder).articles]
        assert opened.library.content_versions.keys() == {
            article.source for article in opened.library.articles
        }


def test_which_files_of_a_folder_are_read(tmp_path: Path) -> None:
    """Feeds by their name, packed files by what is in them; no parts of a saved page."""
    names = ["feed.xml", "pom.xml", "package.json", "a.html.gz", "logs.tar.gz", "page.html"]
    for name in names:
        (tmp_path / name).write_text("x")
    for name in ("page_files", "other_files"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "frame.html").write_text("x")

    files = find_files([tmp_path])

    assert [file.source for file in files.files] == [
        "a.html.gz",
        "feed.xml",
        "other_files/frame.html",
        "page.html",
    ]
    assert files.ignored == 4


def test_place_and_link_of_an_answer(tmp_path: Path) -> None:
    """JSON has the place in place of a line, and the article's link; the screen names both."""
    write_rows(tmp_path / "rows.jsonl", [GATE, WELL])
    (tmp_path / "rain.txt").write_text("It rained.\n\nIt poured in May.")
    retriever = bot.Retriever.from_path(tmp_path, cache=None)

    well, rain = (
        retriever.search(question)[0] for question in ("How deep is the well?", "It poured in May")
    )

    record = well.as_dict()
    assert (record["line"], record["place"], record["link"]) == (None, {"row": 2}, "https://x.io/w")
    record = rain.as_dict()
    assert (record["line"], record["place"], record["link"]) == (3, None, None)
    assert format_source(well) == "Well · rows.jsonl, row 2"
    assert format_source(rain) == "Rain · rain.txt, line 3"


@pytest.mark.parametrize(
    ("file", "place", "command"),
    [
        (
            "/a/b c.pdf",
            FilePlace(0, "page", 3, "page=3"),
            ("firefox", "file:///a/b%20c.pdf#page=3"),
        ),
        (
            "/a/b.html",
            FilePlace(0),
            ("firefox", "file:///a/b.html#:~:text=It%20rained%2C%20Ann%20said"),
        ),
    ],
)
def test_browser_opens_at_the_place(file: str, place: FilePlace, command: tuple[str, ...]) -> None:
    """$BROWSER gets a PDF's page, or the first words of the sentence on a web page."""
    assert viewer_command(file, place, "It rained, Ann said", {"BROWSER": "firefox"}) == command


def test_pdf_viewer_opens_at_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without $BROWSER, a PDF viewer that is installed gets the page in its own syntax."""
    monkeypatch.setenv("PATH", str(tmp_path))
    place = FilePlace(0, "page", 3, "page=3")
    with pytest.raises(NoViewerFound, match="BROWSER"):
        viewer_command("/a/b.pdf", place, "", {})
    (tmp_path / "evince").touch(mode=0o755)

    assert viewer_command("/a/b.pdf", place, "", {}) == ("evince", "--page-index=3", "/a/b.pdf")
