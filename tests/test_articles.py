"""Files into articles: what is read, what is passed over, and what a page carries."""

import datetime
import os
import socket
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.articles.article import Article
from bot.articles.boilerplate import (
    RULE_OPENINGS,
    RULES,
    RULES_RE,
    Role,
    author_from_byline,
    classify_paragraph,
    dateline_end,
)
from bot.articles.encoding import decode
from bot.articles.formats import READERS
from bot.articles.library import Library
from bot.articles.markdown import read_markdown
from bot.articles.markdown_inline import strip_marks
from bot.articles.plain import parse_plain, read_plain
from bot.errors import NothingToRead, UnreadableFile
from bot.language.dates import find_date

DATA = Path(__file__).parent / "data"
ARTICLES = DATA / "articles"
CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (DATA / "furniture.toml").read_text(encoding="utf-8")
)


def story(article: Article) -> list[str]:
    """Return the blocks that may answer."""
    return [article.text[b.start : b.end] for b in article.blocks if not b.boilerplate]


def furniture(article: Article) -> list[str]:
    """Return the blocks that may not."""
    return [article.text[b.start : b.end] for b in article.blocks if b.boilerplate]


def markdown(text: str) -> Article:
    return read_markdown(text.encode(), "page.md")


# What a page carries.


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["label"])
def test_a_paragraph_by_itself(case: dict[str, str]) -> None:
    """A paragraph is told for what it is; what only looks like furniture stays a story."""
    assert classify_paragraph(case["text"]) is Role[case["part"]]


def test_each_rule_of_furniture_is_one_group() -> None:
    """The group that matched tells the rule, so no rule has a group of its own."""
    assert RULES_RE.groups == len(RULES)


def test_what_the_rules_begin_with() -> None:
    """Each opening is that of a paragraph which a rule matches."""
    openings = [str(text) for text in CASES["openings"]]

    assert all(map(RULES_RE.fullmatch, openings))
    assert {text[:3].lower() for text in openings} == RULE_OPENINGS


@pytest.mark.parametrize("case", CASES["dateline"], ids=lambda case: case["text"])
def test_a_dateline(case: dict[str, str]) -> None:
    """A dateline ends where the sentence begins."""
    assert case["text"][: dateline_end(case["text"], 0)].strip() == case["dateline"]


@pytest.mark.parametrize("case", CASES["date"], ids=lambda case: case["text"])
def test_a_date(case: dict[str, str]) -> None:
    """A date with its year is found in all its forms; an impossible or doubtful one is none."""
    assert str(find_date(case["text"]) or "") == case["date"]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Doe, Staff Writer", "Jane Doe"),
        ("BY JANE DOE", "JANE DOE"),
        ("Written by Jane Doe and Ann Lee for the Courier", "Jane Doe and Ann Lee"),
        ("By Reuters Staff", "Reuters Staff"),
    ],
)
def test_an_author(byline: str, names: str) -> None:
    """A byline's author is its names, less what they do."""
    assert author_from_byline(byline) == names


# The articles of tests/data, one a format.


def test_a_news_page() -> None:
    """A page's headline, date and author are told; only what the story says can answer."""
    article = read_plain((ARTICLES / "harbour.txt").read_bytes(), "harbour.txt")

    assert article.title == "Old harbour wall of Brinmouth gives way"
    assert article.date == datetime.date(2025, 2, 6)
    assert article.metadata["author"] == "Ellen Marsh"
    assert [text.split(".")[0] for text in story(article)] == [
        "The harbour wall of Brinmouth collapsed on Wednesday night after three days of storm",
        "Harbour master Tom Pryce said the gap is forty metres long",
        "By Friday the boats will lie in the river",
    ]
    assert "BRINMOUTH, England, Feb. 6 (Wire) -" in furniture(article)


def test_notes_in_plain_text() -> None:
    """Wrapped lines are one paragraph, items are parted, a heading stands over what follows."""
    article = read_plain((ARTICLES / "cheese.txt").read_bytes(), "cheese.txt")

    assert article.title == "Notes on cheese"
    assert [" ".join(text.split())[:30] for text in story(article)] == [
        "Cheese is made from milk in wh",
        "Rennet is an enzyme from the s",
        "Cheddar ripens for at least th",
        "Brie is eaten after four weeks",
    ]
    assert [block.headings for block in article.blocks][-1] == ("What rennet does",)


def test_a_markdown_page() -> None:
    """Front matter tells of the page; paragraphs, items and quotations answer, code does not."""
    article = read_markdown((ARTICLES / "windmill.md").read_bytes(), "windmill.md")

    assert article.title == "The windmill: a short history"
    assert article.date == datetime.date(2021, 5, 8)
    assert article.metadata["author"] == "Karl Olsen"
    assert story(article) == [
        "The oldest windmills that we know of stood in Persia.\nThey turned on an upright axle.",
        "The post mill turns as a whole\nto face the wind.",
        "In the tower mill only the cap turns.",
        '"No wind, no flour," said the millers.',
    ]
    assert {block.headings for block in article.blocks[1:2]} == {()}
    assert article.blocks[3].headings == ("Europe",)


@pytest.mark.parametrize("name", ["harbour.txt", "cheese.txt", "windmill.md"])
def test_lines_are_those_of_the_file(name: str) -> None:
    """The line of a block is where an editor shows its first word."""
    lines = (ARTICLES / name).read_text(encoding="utf-8").split("\n")
    (article,) = Library.from_path(ARTICLES / name).articles

    for block in article.blocks:
        word = article.text[block.start : block.end].split()[0]
        assert word in lines[article.line_number(block.start) - 1]


# Plain text.


def test_plain_text_is_kept_to_the_letter() -> None:
    """Offsets are places in the file as decoded: nothing is folded, joined or stripped."""
    text = "  A title\r\n\r\n\tIt rained.   \r\nIt snowed.\r\n"

    assert read_plain(b"\xef\xbb\xbf" + text.encode(), "x.txt").text == text


def test_a_page_of_short_paragraphs_is_parted_at_each_line() -> None:
    """Lines that end long before the widest are paragraphs, not wrapped."""
    article = parse_plain(
        "The ferry left.\nIt came back in the evening of the same day.\nWe ate.", "x"
    )

    assert len(article.blocks) == 3


def test_a_sentence_wrapped_in_two_lines() -> None:
    """A text of two lines, of which the first ends in the midst of a sentence, is a paragraph."""
    assert len(parse_plain("The ferry left the island at\nnoon.", "x").blocks) == 1


def test_a_list_is_no_list_of_headings() -> None:
    """Short lines without a stop, one under the other, are what the text says."""
    assert story(parse_plain("Shopping\n\nmilk\n\nEggs and bread\n\nA kilo of flour", "x")) == [
        "milk",
        "Eggs and bread",
        "A kilo of flour",
    ]


def test_a_sentence_that_lacks_its_stop_is_no_heading() -> None:
    """A short line alone that says something stays an answer."""
    article = parse_plain("Notes\n\nThe bridge was opened in 1932\n\nIt is made of steel.", "x")

    assert "The bridge was opened in 1932" in story(article)


def test_one_line_is_no_headline() -> None:
    """A text with nothing under its first line has that line for an answer."""
    assert story(parse_plain("The bridge opened in 1932", "x")) == ["The bridge opened in 1932"]


def test_a_stop_in_chinese_ends_a_sentence() -> None:
    """A first line that ends in a stop of its own script is no headline."""
    assert len(story(parse_plain("这座桥于1932年开通。\n很多人来看。", "x"))) == 2


def test_the_name_of_a_file_is_a_title() -> None:
    """Without a headline the file's name tells what it is about."""
    assert (
        parse_plain("It rained. It snowed.", "news/old-harbour_wall.txt").title
        == "Old harbour wall"
    )


def test_a_dateline_dates_an_undated_page() -> None:
    """Where no date line stands, a dateline with its year tells the date."""
    article = parse_plain(
        "Two meet\nLIMA, Peru, Nov. 16, 2024. /Xinhua/ The two met. They ate.", "x"
    )

    assert article.date == datetime.date(2024, 11, 16)
    assert story(article) == ["The two met. They ate."]


def test_a_glossary_keeps_its_words() -> None:
    """A place in capitals before a dash is a dateline in the first sentence of a story only."""
    text = "Words\n\nIt explains.\n\nOPEC — The Organization of the Petroleum Exporting Countries."

    assert story(parse_plain(text, "x"))[-1].startswith("OPEC")


def test_teasers_end_with_a_real_paragraph() -> None:
    """Short lines under "Most read" are other stories; a sentence is this one's again."""
    article = parse_plain(
        "A title\nIt rained.\nMost read\nDogs at sea\nWhy cats purr\nIt snowed.", "x"
    )

    assert story(article) == ["It rained.", "It snowed."]


# Markdown.


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("**bold**, *it*, ***both***, __b__, _i_ and ~~gone~~", "bold, it, both, b, i and gone"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*not it\* and \[no\](link)", "*not it* and [no](link)"),
        ("`a *b* [c](d)` and ``e``", "a *b* [c](d) and e"),
        ("[one](x), [two](<y z> 'title'), [three](u_(v))", "one, two, three"),
        ("[a **b** [c]](x) and [![img](i.png)](y)!", "a b [c] and !"),
        ("[known][k], [k], [other][o] and [o]", "known, k, [other][o] and [o]"),
        ("Here.[^1] ![picture](p.png)", "Here. "),
        ("<b>x</b><br/> 2 < 3 > 1 <https://a.b/_c_>", "x 2 < 3 > 1 https://a.b/_c_"),
        ("Tom &amp; Ann &#42;x&#42; &nosuch;", "Tom & Ann *x* &nosuch;"),
        ("a [link\nover](x\n'y') lines\\\nend", "a link\nover\n lines\nend"),
    ],
)
def test_marks_are_taken_off(written: str, reads: str) -> None:
    """A paragraph reads as a page shows it, on as many lines as before."""
    assert strip_marks(written, frozenset({"k"})) == reads


def test_headings_nest() -> None:
    """A block knows the headings that it stands under, outermost first, the title aside."""
    article = markdown("T\n=\n\n## A\n\n### B ###\n\nIn B.\n\nC\n---\n\nIn C.\n")

    assert article.title == "T"
    assert {article.text[b.start : b.end]: b.headings for b in article.blocks} == {
        "T": (), "A": (), "B": ("A",), "In B.": ("A", "B"), "C": (), "In C.": ("C",),
    }  # fmt: skip


def test_sentences_above_a_rule_are_no_heading() -> None:
    """Dashes right under sentences are a line across the page."""
    assert story(markdown("It rained.\n---\nIt rained\nand it snowed.\n---\n")) == [
        "It rained.",
        "It rained\nand it snowed.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "```\nHidden.\n\nHidden.\n```",
        "~~~~ py\nHidden.\n```\n~~~\n~~~~",
        "    Hidden.",
        "<!-- Hidden.\n\nHidden. -->",
        "<div>\nHidden.\n</div>",
        "<script>\nHidden.\n\nHidden.\n</script>",
        "| Hidden. |\n|---|\n| Hidden. |",
        "Hidden. | x\n--- | ---\nHidden. | y",
        "[hidden]: http://example.org",
        "* * *",
        "![Hidden.](x.png)",
        "> [!NOTE]",
        "Sign up for our newsletter.",
        "## See also\n\n- [Hidden](x)",
    ],
)
def test_what_is_no_answer_in_markdown(hidden: str) -> None:
    """Code, remarks, tables, tags, pictures and pleas are not among what answers."""
    article = markdown(f"# Title\n\nBefore.\n\n{hidden}\n\n## Next\n\nAfter.\n")

    assert story(article) == ["Before.", "After."]


def test_quotations_items_and_their_lines() -> None:
    """An item goes on in its lines, and a year at a line's start begins no list."""
    text = "- one\n  more\n  - two\n\n  under\n+ [x] three\n\n> said\n> so\n\n"

    assert story(markdown(text + "The war of\n1914. Ended.\n")) == [
        "one\nmore", "two", "under", "three", "said\nso", "The war of\n1914. Ended.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "front",
    [
        "---\nTitle: 'A: b'\nauthors:\n  - Ann Lee\n  - Joe Dunn\ndate: 2020-01-02 # when\n---",
        '---\ntitle: "A: b" # so\nauthor: [Ann Lee, "Joe Dunn"]\ndate: 2 January 2020\n...',
        '+++\ntitle = "A: b"\nauthors = ["Ann Lee", "Joe Dunn"]\ndate = 2020-01-02\n+++',
    ],
)
def test_front_matter(front: str) -> None:
    """Title, date and author above a text are told however they are written."""
    article = markdown(f"{front}\n\nIt rained.\n")

    assert (article.title, article.date) == ("A: b", datetime.date(2020, 1, 2))
    assert article.metadata["author"] == "Ann Lee, Joe Dunn"
    assert story(article) == ["It rained."]


@pytest.mark.parametrize("text", ["---\nIt rained.\n---\n", "---\nIt rained.\n", "+++\n[[\n+++\n"])
def test_what_is_no_front_matter(text: str) -> None:
    """A line across the page above a text hides nothing of it."""
    assert len(story(markdown(text + "\nIt snowed."))) >= 1
    assert "It snowed." in markdown(text + "\nIt snowed.").text


# Encodings.


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("café", "utf-8"),
        ("café", "utf-8-sig"),
        ("café", "utf-16"),
        ("café", "utf-32"),
        ("The café opened.", "utf-16-le"),
        ("The café opened.", "utf-16-be"),
        ("café", "cp1252"),
        ("It costs £5.", "latin-1"),
        ("“Quotes” – and a dash", "cp1252"),
        ("El Niño: ¿qué pasó?", "cp1252"),
        ("Zażółć gęślą jaźń. Most został otwarty w 1932 roku.", "cp1250"),
        ("Мост открыли в 1932 году, и люди пришли посмотреть на него.", "koi8_r"),
        ("橋は1932年に開通しました。多くの人が見に来ました。", "cp932"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    """Whatever wrote it, a file reads as it was meant; a byte order mark is not part of it."""
    assert decode(text.encode(encoding), "x") == text


def test_a_file_cut_short() -> None:
    """UTF-8 that breaks off within a letter is UTF-8 all the same."""
    assert decode("Żółć i gęślą jaźń".encode() * 9 + b"\xc5", "x").endswith("jaźń\ufffd")


def test_carriage_returns_alone_end_lines() -> None:
    """A file from an old Mac has lines."""
    assert decode(b"one\rtwo\r", "x") == "one\ntwo\n"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
        (bytes(range(1, 256)) * 4, "not a text file"),
    ],
)
def test_what_is_no_text(data: bytes, fault: str) -> None:
    """A binary or empty file is told, not read."""
    with pytest.raises(UnreadableFile) as told:
        decode(data, "x.txt")

    assert (told.value.path, told.value.fault) == ("x.txt", fault)


# Any bytes at all.

SIGNS = st.text(st.sampled_from("aB.é1 \n\t#*_`[]()<>!|-=+~>&;:/\\\"'"), max_size=80).map(
    str.encode
)
PAGES = st.lists(
    st.sampled_from(sorted({case["text"] for case in CASES["case"] + CASES["dateline"]})),
    max_size=9,
).map(lambda lines: "\n".join(lines).encode())


@given(st.binary(max_size=200) | SIGNS | PAGES, st.sampled_from(sorted(READERS)))
def test_any_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    """Blocks come in order, apart, inside the text, none of them blank or padded."""
    try:
        article = READERS[suffix](data, "x" + suffix)
    except UnreadableFile:
        return

    assert article.title
    ends = [0, *(block.end for block in article.blocks)]
    for block, last in zip(article.blocks, ends, strict=False):
        text = article.text[block.start : block.end]
        assert last <= block.start < block.end <= len(article.text)
        assert text == text.strip() != ""


@given(SIGNS)
def test_markdown_has_the_lines_of_its_file(data: bytes) -> None:
    """Taking marks off never adds or drops a line."""
    try:
        article = read_markdown(data, "x")
    except UnreadableFile:
        return

    assert article.text.count("\n") == data.count(b"\n")


@given(st.lists(st.sampled_from(["It rained.", "He (an “ox”) said so.", "By noon it was 3 km/h."])))
def test_sentences_are_never_lost(sentences: list[str]) -> None:
    """A page of sentences has all of them among its answers."""
    assert story(parse_plain("\n".join(sentences), "x")) == sentences


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    "text",
    [
        "[",
        "*",
        "(",
        "`",
        "<",
        "<!--",
        "[a](",
        '[a](b "',
        "![",
        "| ",
        "> ",
        "- ",
        "a*",
        "#",
        "A, B, ",
    ],
)
def test_odd_text_is_read_at_once(text: str, suffix: str) -> None:
    """No pattern reads a long line again and again; blown up, it would take minutes."""
    data = (text * 100_000 + "x").encode()
    start = time.perf_counter()

    READERS[suffix](data, "x")

    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize("head", ["", "x", "-", "|", "# ", "[a](", "<a", "By", "A view. /"])
def test_long_blanks_are_read_at_once(head: str, suffix: str) -> None:
    """A megabyte of blanks, whatever stands before it."""
    data = (head + " " * 1_000_000 + "x").encode()
    start = time.perf_counter()

    READERS[suffix](data, "x")

    assert time.perf_counter() - start < 2


# Folders.


def sources(library: Library) -> list[str]:
    return [article.source for article in library.articles]


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"It rained on {path.stem}. It snowed.", encoding="utf-8")


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """Articles come by their source; hidden files and unknown suffixes are counted."""
    write(
        tmp_path, "b.txt", "a/z.md", "a/y.TEXT", "c.markdown", ".hidden.txt", ".git/x.txt", "p.jpg"
    )

    library = Library.from_path(tmp_path)

    assert sources(library) == ["a/y.TEXT", "a/z.md", "b.txt", "c.markdown"]
    assert (library.skipped, library.ignored) == ((), 3)
    assert library.articles[2].metadata["path"] == str(tmp_path / "b.txt")


def test_a_file_that_is_named_is_read(tmp_path: Path) -> None:
    """Hidden or of an unknown suffix, a file that was named is meant."""
    write(tmp_path, ".notes", "page.log")

    assert sources(Library.from_path(tmp_path / ".notes")) == [".notes"]
    assert sources(Library.from_path(str(tmp_path / "page.log"))) == ["page.log"]


def test_several_paths_share_a_folder(tmp_path: Path) -> None:
    """With several paths a source is told from the folder that holds them; a file is read once."""
    write(tmp_path, "a/x.txt", "b/y.txt")

    library = Library.from_path(tmp_path / "b", tmp_path / "a" / "x.txt", tmp_path / "b" / "y.txt")

    assert sources(library) == ["b/y.txt", "a/x.txt"]


def test_an_empty_folder_is_an_empty_library(tmp_path: Path) -> None:
    """Nothing to read is no fault where nothing was skipped."""
    assert len(Library.from_path(tmp_path)) == 0


def test_no_path_is_a_mistake() -> None:
    """A call without paths is the programmer's error."""
    with pytest.raises(ValueError, match="no path"):
        Library.from_path()


def test_nothing_to_read(tmp_path: Path) -> None:
    """Where no path gives an article, the error names each path and its fault."""
    with pytest.raises(NothingToRead, match=r"nowhere\.txt: no such file or folder"):
        Library.from_path(tmp_path / "nowhere.txt")


def test_what_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    """Each bad file is told with its reason, and the rest is read."""
    write(tmp_path, "good.txt")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2\3" * 99)
    (tmp_path / "empty.md").write_bytes(b"")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.txt").symlink_to(tmp_path / "itself.txt")
    os.mkfifo(tmp_path / "pipe.txt")

    library = Library.from_path(tmp_path, tmp_path / "nowhere")

    assert [source.rpartition("/")[2] for source in sources(library)] == ["good.txt"]
    assert {Path(skip.path).name: skip.fault for skip in library.skipped} == {
        "binary.txt": "not a text file",
        "empty.md": "empty",
        "broken.txt": "a broken link",
        "itself.txt": os.strerror(40).lower(),
        "pipe.txt": "not a regular file",
        "nowhere": "no such file or folder",
    }


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read to an end is not begun."""
    monkeypatch.chdir(tmp_path)  # a socket's name may not be long
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")

        with pytest.raises(NothingToRead, match="not a regular file"):
            Library.from_path("s.txt")


def test_a_file_too_large(tmp_path: Path) -> None:
    """A file over 100 MB is told, not held in memory."""
    with (tmp_path / "dump.txt").open("wb") as dump:
        dump.truncate(100_000_001)

    with pytest.raises(NothingToRead, match="larger than 100 MB"):
        Library.from_path(tmp_path)


def test_a_link_back_is_a_warning(tmp_path: Path) -> None:
    """A loop of links ends, and is told."""
    write(tmp_path, "a/x.txt")
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)

    library = Library.from_path(tmp_path)

    assert sources(library) == ["a/x.txt"]
    assert [skip.fault for skip in library.skipped] == ["a link back to a folder that holds it"]


def test_links_are_followed_once(tmp_path: Path) -> None:
    """A linked folder is read; one that is there by its own name is known by that."""
    write(tmp_path, "in/b/x.txt", "out/y.txt")
    (tmp_path / "in" / "a").symlink_to(tmp_path / "in" / "b", target_is_directory=True)
    (tmp_path / "in" / "c").symlink_to(tmp_path / "out", target_is_directory=True)

    library = Library.from_path(tmp_path / "in")

    assert sources(library) == ["b/x.txt", "c/y.txt"]
    assert library.skipped == ()


def test_a_name_that_is_no_unicode(tmp_path: Path) -> None:
    """A file is read whatever its name, and its source can be shown."""
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).write_bytes(b"It rained.")
    except OSError:
        pytest.skip("names must be Unicode here")

    assert sources(Library.from_path(tmp_path)) == ["caf\ufffd.txt"]


# Texts that one holds.


def test_texts_are_articles() -> None:
    """Each text is one article, its title the one given, its headline or its number."""
    texts = ["A title\nIt rained.", "It snowed.", ""]

    assert [a.title for a in Library.from_texts(texts).articles] == ["A title", "Text 2", "Text 3"]
    assert [a.title for a in Library.from_texts(texts, ["x", "y", "z"]).articles] == ["x", "y", "z"]
    assert list(Library.from_texts(texts).sentence_texts()) == ["It rained.", "It snowed."]


def test_a_text_is_no_list_of_texts() -> None:
    """One string would be read letter by letter, and titles must be as many as texts."""
    with pytest.raises(ValueError, match="one text"):
        Library.from_texts("It rained.")
    with pytest.raises(ValueError, match="shorter"):
        Library.from_texts(["It rained.", "It snowed."], ["x"])
