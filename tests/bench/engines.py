"""Measure how fast sentences are found, beside other engines over the same terms.

    python tests/bench/engines.py [--sentences N] [PATH …]

Reads the articles at PATH (files, folders), or else the docstrings and comments of the Python
that runs this and of the packages installed for it, each distinct one once. Prints, for the
first N sentences (100,000): seconds from texts to an index in memory, then for each engine the
seconds from terms to its index, the median milliseconds of a question of eight words, ten
answers wanted, and how many times faster than rank-bm25 that is. Packages that are not
installed are left out.
"""

import argparse
import ast
import re
import sqlite3
import statistics
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from rank_bm25 import BM25Okapi

from bot.articles.library import Library
from bot.index.memory import MemoryEngine
from bot.index.okapi import Okapi
from bot.language.terms import terms

ROUNDS = 3
QUESTIONS = 100
WORDS = 8
LIMIT = 10
# Lines of comment one below the other.
COMMENT_RE = re.compile(r"(?m)(?:^[ \t]*#.*\n)+")
MARK_RE = re.compile(r"(?m)^[ \t]*#+[ \t]?")

Documents = list[list[str]]
Search = Callable[[list[str]], object]


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences with the numbers of their paragraphs, and where they come from."""

    origin: str
    sentences: list[str]
    paragraphs: list[int]


def memory(documents: Documents, paragraphs: Sequence[int]) -> Search:
    """Build the bot's own engine, which ranks by sentence and paragraph."""
    engine = MemoryEngine.build(documents, paragraphs)
    return lambda query: engine.search(query, LIMIT)


def okapi(documents: Documents, _: Sequence[int]) -> Search:
    """Build the bot's rank-bm25."""
    ranking, rows = Okapi(documents), range(len(documents))
    return lambda query: ranking.get_top_n(query, rows, LIMIT)


def rank_bm25(documents: Documents, _: Sequence[int]) -> Search:
    """Build rank-bm25 itself."""
    ranking, rows = BM25Okapi(documents), range(len(documents))
    return lambda query: ranking.get_top_n(query, rows, LIMIT)


def bm25s(documents: Documents, _: Sequence[int]) -> Search:
    """Build bm25s on numpy alone, on one thread."""
    ranking = import_module("bm25s").BM25(backend="numpy")
    ranking.index(documents, show_progress=False)
    return lambda query: ranking.retrieve([query], k=LIMIT, show_progress=False)


def fts5(documents: Documents, _: Sequence[int]) -> Search:
    """Build SQLite's full-text index in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE sentences USING fts5(terms, content='', detail=full)")
    database.executemany(
        "INSERT INTO sentences(terms) VALUES (?)", ((" ".join(row),) for row in documents)
    )
    wanted = "SELECT rowid FROM sentences WHERE sentences MATCH ? ORDER BY rank LIMIT ?"

    def search(query: list[str]) -> object:
        asked = " OR ".join(f'"{term}"' for term in query)
        return database.execute(wanted, (asked, LIMIT)).fetchall()

    return search


def tantivy(documents: Documents, _: Sequence[int]) -> Search:
    """Build tantivy's index in memory, written by one thread."""
    package = import_module("tantivy")
    schema = package.SchemaBuilder().add_text_field("terms", tokenizer_name="whitespace").build()
    index = package.Index(schema)
    writer = index.writer(num_threads=1)
    for row in documents:
        writer.add_document(package.Document(terms=[" ".join(row)]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, either = index.searcher(), package.Occur.Should

    def search(query: list[str]) -> object:
        each = [(either, package.Query.term_query(schema, "terms", term)) for term in query]
        return searcher.search(package.Query.boolean_query(each), LIMIT).hits

    return search


# Name, its package ("" where it is always there), and what builds it.
ENGINES: tuple[tuple[str, str, Callable[[Documents, Sequence[int]], Search]], ...] = (
    ("rank-bm25", "", rank_bm25),
    ("Okapi", "", okapi),
    ("MemoryEngine", "", memory),
    ("bm25s, numpy", "bm25s", bm25s),
    ("SQLite FTS5", "", fts5),
    ("tantivy", "tantivy", tantivy),
)


def said(source: str) -> Iterator[str]:
    """Yield the docstrings of a module, then its comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for match in COMMENT_RE.finditer(source):
        yield MARK_RE.sub("", match[0])


def python_texts(size: int) -> Iterator[str]:
    """Yield what is said in each module of the running Python, up to ``size`` characters."""
    seen: set[str] = set()
    for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")) + sorted(
        Path(sysconfig.get_path("purelib")).rglob("*.py")
    ):
        try:
            fresh = [one for one in said(file.read_text(encoding="utf-8")) if one not in seen]
        except (SyntaxError, ValueError):  # what a test suite keeps as a bad example
            continue
        fresh = list(dict.fromkeys(fresh))
        seen.update(fresh)
        size -= sum(map(len, fresh))
        yield "\n\n".join(fresh)
        if size < 0:
            return


def text(paths: Sequence[str], count: int) -> Text:
    """Return the first ``count`` sentences at ``paths``, or of the running Python."""
    if paths:
        library, origin = Library.from_path(*paths), ", ".join(paths)
    else:
        # A sentence there has 60 characters or more; twice that is room enough.
        library = Library.from_texts(python_texts(150 * count))
        origin = "docstrings and comments of Python's library and of site-packages"
    sentences = [library.text(number) for number in range(min(count, len(library)))]
    paragraphs = [number for number, _ in zip(library.paragraphs(), sentences, strict=False)]
    return Text(origin, sentences, paragraphs)


def questions(documents: Documents) -> list[list[str]]:
    """Return the first words of sentences that lie evenly spread."""
    long = [row for row in documents if len(row) >= WORDS]
    return [row[:WORDS] for row in long[:: max(1, len(long) // QUESTIONS)]][:QUESTIONS]


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def whole(read: Text) -> MemoryEngine:
    """Return the engine of ``read``, from its texts."""
    return MemoryEngine.build(map(terms, read.sentences), read.paragraphs)


def timed(
    build: Callable[[Documents, Sequence[int]], Search], documents: Documents, read: Text
) -> tuple[float, float]:
    """Return the median seconds of building an engine, and milliseconds of a question to it."""
    building = statistics.median(
        seconds(lambda: build(documents, read.paragraphs)) for _ in range(ROUNDS)
    )
    search = build(documents, read.paragraphs)
    asked = questions(documents)
    search(asked[0])
    return building, 1000 * statistics.median(seconds(partial(search, query)) for query in asked)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure engines side by side.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders")
    parser.add_argument("--sentences", type=int, default=100_000, metavar="N", help="at most")
    arguments = parser.parse_args()
    read = text(arguments.paths, arguments.sentences)
    print(f"{len(read.sentences):,} sentences: {read.origin}")
    taken = statistics.median(seconds(lambda: whole(read)) for _ in range(ROUNDS))
    print(f"index of {len(read.sentences):,} sentences in memory: {taken:.2f} s\n")
    documents = list(map(terms, read.sentences))
    print(f"{'':<14}{'build, s':>10}{'ms':>10}{'times':>10}")
    reference = 0.0
    for name, package, build in ENGINES:
        if package and find_spec(package) is None:
            continue
        building, asking = timed(build, documents, read)
        reference = reference or asking
        print(f"{name:<14}{building:10.2f}{asking:10.3f}{reference / asking:10.1f}", flush=True)


if __name__ == "__main__":
    main()
