"""Readers of other formats: articles with their places; hostile files cost only themselves."""

import gzip
import io
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.articles.article import Article, Role
from bot.articles.formats import FORMATS, parse_articles
from bot.articles.pdf import PdfWorker, WorkerFailed
from bot.articles.pdf_guard import empty_large_streams
from bot.errors import UnreadableFile

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "formats.toml").read_text(encoding="utf-8")
)["case"]
WORD = '<w:document xmlns:w="w"><w:body>{}</w:body></w:document>'
HUGE = "A" * 101_000_000


def pack(members: dict[str, str]) -> bytes:
    """Return a zip of ``members``."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def make_pdf(*pages: list[tuple[int, int, int, str]], packed: bool = False) -> bytes:
    """Return a PDF with, on each page, texts at x and y in a size; ``packed`` with Deflate."""
    filtered = "/Filter/FlateDecode" if packed else ""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for page in pages:
        shown = "".join(f"BT /F {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, text in page)
        if packed:
            shown = zlib.compress(shown.encode("latin-1")).decode("latin-1")
        objects.append(f"<</Length {len(shown)}{filtered}>>stream\n{shown}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {len(objects)} 0 R/Resources"
            "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    body = "".join(f"{row} 0 obj\n{text}\nendobj\n" for row, text in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF".encode("latin-1")


def read(name: str, data: bytes) -> tuple[list[Article], list[str]]:
    """Return the articles of a file, and its faults as they are told."""
    articles, faults = [], []
    try:
        for found in parse_articles(name, name, data):
            if isinstance(found, Article):
                articles.append(found)
            else:
                faults.append(str(found))
    except UnreadableFile as fault:
        faults.append(str(fault))
    return articles, faults


def case_data(case: dict[str, Any]) -> bytes:
    if "members" in case:
        return pack(case["members"])
    text: str = case["input"]
    return text.encode(case.get("encoding", "utf-8"))


def story(article: Article) -> list[str]:
    """Return the blocks that can answer."""
    return [article.text[b.start : b.end] for b in article.blocks if not b.boilerplate]


def boilerplate(article: Article) -> str:
    """Return the text of the blocks that cannot."""
    return "\n".join(article.text[b.start : b.end] for b in article.blocks if b.boilerplate)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_formats(case: dict[str, Any]) -> None:
    """A file gives its articles, each with its text, its places and what it says of itself."""
    articles, faults = read(case["name"], case_data(case))

    assert sorted(faults) == sorted(fault["says"] for fault in case.get("fault", []))
    assert len(articles) == len(case["article"])
    for article, expected in zip(articles, case["article"], strict=True):
        check_article(article, expected, case["name"])


def check_article(article: Article, expected: dict[str, Any], name: str) -> None:
    assert article.source == expected.get("source", name)
    assert article.title == expected["title"]
    assert article.date == expected.get("date", article.date)
    assert article.link == expected.get("link", article.link)
    for key in ("author", "id"):
        assert article.metadata.get(key, "") == expected.get(key, article.metadata.get(key, ""))
    assert story(article) == expected["story"]
    for piece in expected.get("boilerplate", []):
        assert piece in boilerplate(article)
    for piece in expected.get("absent", []):
        assert piece not in article.text
    for piece, place in expected.get("places", {}).items():
        assert article.place_at(article.text.rindex(piece)).as_dict() == place
    for piece, target in expected.get("targets", {}).items():
        assert article.place_at(article.text.rindex(piece)).target == target


def test_same_name_twice_in_archive() -> None:
    """Two members of one name are two sources."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.html", "<p>The first of the two.</p>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.html", "<p>The second of the two.</p>")

    articles, faults = read("z.zip", packed.getvalue())

    assert [article.source for article in articles] == ["z.zip/a.html", "z.zip/a.html (2)"]
    assert faults == []


def test_gz_is_read_by_inner_suffix() -> None:
    """A page that was packed is read as a page."""
    articles, _ = read("old-page.html.gz", gzip.compress(b"<p>The page was packed in 1999.</p>"))

    assert [story(article) for article in articles] == [["The page was packed in 1999."]]
    assert articles[0].title == "Old page"


def test_pdf_sentence_over_page_end() -> None:
    """A sentence and a word that a page's end cuts are whole; heads and numbers do not answer."""
    first = [
        (50, 770, 9, "The Hill Times 7"),
        (50, 700, 20, "The weir"),
        (50, 660, 10, "The weir was built by the brothers Holm, of whom nobody knows more than"),
        (
            50,
            648,
            10,
            "that they were masons, and it holds the river back so that boats can reach a con-",
        ),
        (290, 40, 9, "1"),
    ]
    second = [
        (50, 770, 9, "The Hill Times 8"),
        (50, 700, 10, "siderable part of the valley. It leaks."),
        (50, 670, 10, "Trout live under it."),
        (290, 40, 9, "2"),
    ]
    third = [(50, 770, 9, "The Hill Times 9"), (50, 700, 10, "Nobody fishes."), (290, 40, 9, "3")]

    (article,), faults = read("weir.pdf", make_pdf(first, second, third))

    assert faults == []
    assert article.title == "The weir"
    assert story(article) == [
        "The weir was built by the brothers Holm, of whom nobody knows more than that they were "
        "masons, and it holds the river back so that boats can reach a considerable part of the "
        "valley. It leaks.",
        "Trout live under it.",
        "Nobody fishes.",
    ]
    assert "The Hill Times 8" in boilerplate(article)
    for piece, page in (("The weir was", 1), ("It leaks", 2), ("Trout", 2), ("Nobody", 3)):
        assert article.place_at(article.text.index(piece)).as_dict() == {"page": page}
    assert article.place_at(article.text.index("Trout")).target == "page=2"


def test_pdf_columns() -> None:
    """Columns are read one after the other, and a sentence goes on from one to the next."""
    left = [
        (50, 700 - 12 * row, 10, f"The left column has a line of some width {row}")
        for row in range(9)
    ]
    right = [
        (320, 700 - 12 * row, 10, f"and the right one has another line of it {row}")
        for row in range(9)
    ]

    (article,), _ = read("columns.pdf", make_pdf([*left, *right]))

    assert len(story(article)) == 1
    assert "width 8 and the right one" in story(article)[0]


def test_pdf_compound_keeps_its_hyphen() -> None:
    """A hyphen at a line's end stays where the same word has it elsewhere."""
    page = [
        (50, 700, 10, "A price-determining factor is one thing, and it is another that a price-"),
        (50, 688, 10, "determining clause is struck out."),
    ]

    (article,), _ = read("law.pdf", make_pdf(page))

    assert "that a price-determining clause" in article.text


def test_pdf_without_text() -> None:
    """A scan is no empty article, but a fault that says what to do."""
    articles, faults = read("scan.pdf", make_pdf([]))

    assert articles == []
    assert faults == ["scan.pdf: no text in it; a scan? have its text recognised (OCR) first"]


def lying_docx() -> bytes:
    """Return a document whose directory says that it unpacks to ten bytes."""
    data = bytearray(pack({"word/document.xml": WORD.format(HUGE)}))
    for mark, field in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.index(mark)
        data[at + field : at + field + 4] = struct.pack("<I", 10)
    return bytes(data)


def nested_zip() -> bytes:
    inner = b"x"
    for _ in range(12):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in "abcdefgh":
                archive.writestr(f"{name}.zip", inner)
        inner = packed.getvalue()
    return inner


def bomb_pdf() -> bytes:
    drawing = zlib.compress(b"0 0 m 100 100 l S\n" * 6_000_000, 9)
    length = f"<</Filter/FlateDecode/Length {len(drawing)}>>stream\n".encode()
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>\nendobj\n"
        b"4 0 obj\n" + length + drawing + b"\nendstream\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><rss><channel><item><title>&j;</title></item></channel></rss>"
)
NESTED_MAIL = "From: a\nMIME-Version: 1.0\n" + "".join(
    f"Content-Type: multipart/mixed; boundary=b{row}\n\n--b{row}\n" for row in range(3000)
)
RING = (
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    b"2 0 obj\n<</Type/Pages/Kids[2 0 R]/Count 10000000>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
# By name: how the file is made, and what is said of it.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "deep.html": (lambda: b"<div>" * 200_000, "tags nested thousands deep"),
    "marks.html": (
        lambda: "".join(f"<b {row}>" for row in range(4000)).encode(),
        "tags nested thousands deep",
    ),
    "lists.html": (lambda: b"<li><dd>" * 100_000, "tags nested thousands deep"),
    "bodies.html": (
        lambda: "".join(f"<body a{row}>" for row in range(50_000)).encode(),
        "tags nested thousands deep",
    ),
    "attributes.html": (
        lambda: ("<p " + " ".join(f"a{row}" for row in range(200_000)) + ">").encode(),
        "a tag of thousands of attributes",
    ),
    "quoted.html": (
        lambda: ('<p x=">" ' + " ".join(f"a{row}" for row in range(200_000)) + ">").encode(),
        "a tag of thousands of attributes",
    ),
    "large.html": (lambda: b"<p>" + b"word " * 5_000_000, "a page larger than 20 MB"),
    "bomb.docx": (
        lambda: pack({"word/document.xml": WORD.format(f"<w:p><w:r><w:t>{HUGE}")}),
        "larger than 100 MB inside",
    ),
    "lying.docx": (lying_docx, "damaged"),
    "many.docx": (
        lambda: pack({"word/document.xml": WORD.format("<w:p/>" * 1_100_000)}),
        "more than a million elements",
    ),
    "deep.docx": (
        lambda: pack({"word/document.xml": WORD.format("<w:p>" * 300_000)}),
        "nested too deep",
    ),
    "locked.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "password-protected"),
    "deep.odt": (lambda: pack({"content.xml": "<s>" * 300_000}), "nested too deep"),
    "zips.zip": (nested_zip, "an archive within an archive"),
    "many.zip": (
        lambda: pack({f"{row}.csv": "a,b\n1,2" for row in range(10_001)}),
        "more than 10,000 files inside",
    ),
    "bomb.html.gz": (lambda: gzip.compress(HUGE.encode()), "larger than 100 MB inside"),
    "laughs.rss": (LAUGHS.encode, "declares entities"),
    "wide.rss": (
        lambda: LAUGHS.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"),
        "declares entities",
    ),
    "secret.rss": (
        lambda: (
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><item>&x;</item></rss>'
        ),
        "declares entities",
    ),
    "unclosed.rss": (lambda: b"<rss><item><title>" + b"<![CDATA[" * 200_000, "damaged"),
    "deep.eml": (NESTED_MAIL.encode, "nested too deep"),
    "parts.eml": (
        lambda: (
            b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n"
            + b"--b\nContent-Type: text/plain\n\nx\n" * 6000
        ),
        "a message of thousands of parts",
    ),
    "ring.pdf": (lambda: RING, "damaged"),
    "bomb.pdf": (bomb_pdf, "more than 40 MB left out"),
    "deep.jsonl": (lambda: b'{"text":"one"}\n' + b"[" * 200_000, "row 2: no JSON"),
    "unclosed.csv": (lambda: b'a,b\n1,"' + b"x,y\n" * 100_000, "mend its quotation marks"),
    "short.csv": (lambda: b'a,b\n1,"x\n' + b"x,y\n" * 100, "a quotation mark is never closed"),
    "deep.json": (lambda: b'{"a":' * 100_000, "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_one_fault(name: str) -> None:
    """A file made to hang or fill the memory costs itself, and a line that names it."""
    make, said = HOSTILE[name]

    _, faults = read(name, make())

    assert any(fault.startswith(name) and said in fault for fault in faults)
    assert len(faults) <= 6 + name.startswith("zips")


def test_long_headers_are_cut() -> None:
    """A subject of a megabyte and a thousand open brackets are read as far as anybody would."""
    mail = "From: " + "(" * 300_000 + "\nSubject: " + "=?utf-8?q?x?= " * 100_000 + "\n\nThe text."

    (article,), faults = read("long.eml", mail.encode())

    assert story(article) == ["The text."]
    assert faults == []


def test_groups_of_rtf() -> None:
    """A million groups, one in another, hold one sentence."""
    (article,), _ = read(
        "g.rtf", b"{\\rtf1 " + b"{" * 1_000_000 + b"The fog lifted." + b"}" * 1_000_001
    )

    assert story(article) == ["The fog lifted."]


def test_worker_is_ended_in_time() -> None:
    """A PDF that takes too long ends the worker; the next one is read."""
    worker = PdfWorker()

    with pytest.raises(WorkerFailed) as failure:
        [*worker.messages(bomb_pdf(), longest=1.0)]
    messages = [*worker.messages(make_pdf([(50, 700, 10, "The next one.")]))]
    worker.stop()

    assert failure.value.reason == "time"
    assert [message[0][0] for message in messages if isinstance(message, list)] == ["The next one."]


def test_page_with_too_much_to_draw_is_empty() -> None:
    """A page that unpacks to more than the limit is read as empty, and the next one as it is."""
    data = make_pdf(
        [(50, row, 10, "Never again.") for row in range(50, 750, 10)],
        [(50, 700, 10, "The next one.")],
        packed=True,
    )
    worker = PdfWorker()

    guarded, count = empty_large_streams(data, largest=1000)
    messages = [*worker.messages(guarded)]
    worker.stop()

    assert count == 1
    assert [[line[0] for line in page] for page in messages if isinstance(page, list)] == [
        [],
        ["The next one."],
    ]
    assert empty_large_streams(data, largest=10_000) == (data, 0)


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".pdf"])
@settings(max_examples=25)
@given(data=st.binary(max_size=2000))
def test_random_bytes_raise_nothing_else(suffix: str, data: bytes) -> None:
    """Whatever bytes a file has, its reader raises UnreadableFile or nothing."""
    read(f"a{suffix}", data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@settings(max_examples=40)
@given(share=st.floats(0, 1), junk=st.binary(max_size=20))
def test_damaged_files_raise_nothing_else(case: dict[str, Any], share: float, junk: bytes) -> None:
    """A file cut short, or with bytes in the middle that are not its own, is a fault at most."""
    data = case_data(case)
    at = int(share * len(data))

    read(case["name"], data[:at])
    read(case["name"], data[:at] + junk + data[at + len(junk) :])


@settings(max_examples=30)
@given(share=st.floats(0, 1), junk=st.binary(max_size=20))
def test_damaged_pdf_raises_nothing_else(share: float, junk: bytes) -> None:
    """The same of a PDF, which another program reads."""
    data = make_pdf([(50, 700, 10, "The weir is made of stone.")])
    at = int(share * len(data))

    read("a.pdf", data[:at] + junk + data[at + len(junk) :])


def test_code_of_a_page_answers_where_no_text_does() -> None:
    """The text of ``<pre>`` is code, as in Markdown, and no boilerplate."""
    page = (
        "<title>Kiln</title><main><h1>Kiln</h1><p>The kiln is lit on every Sunday night by the "
        "oldest of the potters.</p><pre># The valve is named plover.</pre></main>"
    )
    (article,) = parse_articles("kiln.html", "kiln.html", page.encode())

    assert isinstance(article, Article)
    code = [block for block in article.blocks if block.role is Role.CODE]
    assert [article.text[block.start : block.end] for block in code] == [
        "# The valve is named plover."
    ]
    assert not code[0].boilerplate
