"""Measure how fast sentences are found, beside other engines over the same terms.

    python tests/bench/engines.py [--sentences N] [PATH …]

Reads the articles at PATH (files, folders; ``corpus.py`` builds one), or else the docstrings and
comments of the Python that runs this and of the packages installed for it, each distinct one
once. Prints, for the first N sentences (100,000):

* seconds from texts to an index: the bot's in memory, and tantivy's with its own English
  stemming, written by one thread into a folder;
* for each engine the seconds from terms to its index, then the milliseconds of a question, ten
  answers wanted: median, 95th percentile, and how many times faster than rank-bm25 (tantivy,
  where there are more sentences than rank-bm25 is asked to read). A question is the first eight
  words of a sentence: as they are, and less the stop words;
* "first": the seconds that a thousand sentences and one question take, the engine's package
  imported and, with numba, compiled.

All engines stay in memory and take turns, a round of all questions each, so that whatever else
the machine does falls on all. Packages that are not installed are left out.
"""

import argparse
import ast
import gc
import re
import sqlite3
import statistics
import sysconfig
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import inf
from pathlib import Path
from time import perf_counter

import numpy as np
from rank_bm25 import BM25Okapi

from bot.articles.library import Library
from bot.index.impacts import candidates
from bot.index.memory import MemoryEngine
from bot.index.okapi import Okapi
from bot.index.postings import Ints
from bot.language.terms import STEMS, STOP_WORDS, Stems, stem, terms

ROUNDS = 3
QUESTIONS = 100
WORDS = 8
LIMIT = 10
# Above so many sentences an engine is built once, and rank-bm25 not at all: at a million, it
# takes two seconds a question.
MANY = 100_000
FEW = 1_000
# Lines of comment one below the other.
COMMENT_RE = re.compile(r"(?m)(?:^[ \t]*#.*\n)+")
MARK_RE = re.compile(r"(?m)^[ \t]*#+[ \t]?")

Documents = Sequence[list[str]]
Search = Callable[[list[str]], object]
Build = Callable[[Documents, Sequence[int]], Search]


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


def bm25s(documents: Documents, _: Sequence[int], backend: str = "numpy") -> Search:
    """Build bm25s, on one thread."""
    ranking = import_module("bm25s").BM25(backend=backend)
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


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine: the packages that it needs beside the bot's, and how many sentences at most."""

    name: str
    build: Build
    packages: tuple[str, ...] = ()
    most: float = inf

    def takes_part(self, count: int) -> bool:
        """Return whether it is installed, and made for ``count`` sentences."""
        return count <= self.most and all(map(find_spec, self.packages))


# The others' speed is told in times of the first that takes part.
ENGINES: tuple[Entry, ...] = (
    Entry("rank-bm25", rank_bm25, most=MANY),
    Entry("tantivy", tantivy, ("tantivy",)),
    Entry("SQLite FTS5", fts5),
    Entry("bm25s, numpy", bm25s, ("bm25s",)),
    Entry("bm25s, numba", partial(bm25s, backend="numba"), ("bm25s", "numba")),
    Entry("Okapi", okapi),
    Entry("MemoryEngine", memory),
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
    sentences = [library.sentence_text(number) for number in range(min(count, len(library)))]
    paragraphs = [number for number, _ in zip(library.paragraph_numbers(), sentences, strict=False)]
    return Text(origin, sentences, paragraphs)


def questions(documents: Documents) -> dict[str, Documents]:
    """Return the first words of sentences that lie evenly spread: all, and less stop words."""
    stops = {stem(word) for word in STOP_WORDS}
    long = [row for row in documents if len(row) >= WORDS and not stops.issuperset(row[:WORDS])]
    whole = [row[:WORDS] for row in long[:: max(1, len(long) // QUESTIONS)]][:QUESTIONS]
    return {
        "as they are": whole,
        "less stop words": [[term for term in row if term not in stops] for row in whole],
    }


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def ours(read: Text) -> object:
    """Return the bot's engine of ``read``, from its texts, no stem being known yet."""
    STEMS.clear()
    STEMS.update(Stems())
    return MemoryEngine.build(map(terms, read.sentences), read.paragraphs)


def theirs(read: Text) -> object:
    """Return tantivy's index of ``read``, from its texts, in a folder that is gone at once."""
    package = import_module("tantivy")
    schema = package.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").build()
    with tempfile.TemporaryDirectory() as folder:
        index = package.Index(schema, path=folder)
        writer = index.writer(num_threads=1)
        for sentence in read.sentences:
            writer.add_document(package.Document(text=[sentence]))
        writer.commit()
        writer.wait_merging_threads()
    return index


def from_texts(read: Text, rounds: int) -> None:
    """Print how long it takes from texts to an index."""
    builds = {"MemoryEngine": ours} | ({"tantivy": theirs} if find_spec("tantivy") else {})
    taken: dict[str, list[float]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, build in builds.items():
            taken[name].append(seconds(partial(build, read)))
    for name, each in taken.items():
        print(f"from texts to an index, {name:<14}{statistics.median(each):8.2f} s", flush=True)


def built(entry: Entry, documents: Documents, paragraphs: Sequence[int], rounds: int) -> Search:
    """Return the search of an engine, and print how long its first steps and its build take."""
    few = documents[:FEW]
    first = seconds(lambda: entry.build(few, paragraphs[:FEW])(few[0]))
    taken, searches = list[float](), list[Search]()
    for _ in range(rounds):
        searches.clear()
        gc.collect()
        taken.append(seconds(lambda: searches.append(entry.build(documents, paragraphs))))
    print(f"{entry.name:<14}{first:10.2f}{statistics.median(taken):10.2f}", flush=True)
    return searches[0]


def asked(searches: dict[str, Search], asking: Documents) -> dict[str, list[float]]:
    """Return the milliseconds of each question to each engine, over all rounds."""
    taken: dict[str, list[float]] = {name: [] for name in searches}
    for _ in range(ROUNDS):
        for name, search in searches.items():
            search(asking[0])  # another engine's arrays may be what the processor holds
            taken[name] += [1000 * seconds(partial(search, query)) for query in asking]
    return taken


def touched(ranking: Okapi, asking: Documents) -> tuple[float, float]:
    """Return how many postings the terms of a question have, and how many Okapi adds; means."""
    listed, summed = list[int](), list[int]()
    for query in asking:
        held = sorted(
            map(ranking.weighed._held, ranking._asked(query)), key=lambda one: len(one.rows)
        )
        added: list[Ints] = []
        candidates(held, LIMIT, np.zeros(ranking.corpus_size, np.float32), added)
        listed.append(sum(len(one.rows) for one in held))
        summed.append(sum(map(len, added)))
    return statistics.mean(listed), statistics.mean(summed)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure engines side by side.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders")
    parser.add_argument("--sentences", type=int, default=MANY, metavar="N", help="at most")
    arguments = parser.parse_args()
    read = text(arguments.paths, arguments.sentences)
    count = len(read.sentences)
    rounds = ROUNDS if count <= MANY else 1
    print(f"{count:,} sentences: {read.origin}\n")
    gc.collect()
    gc.freeze()  # the texts are nobody's garbage
    from_texts(read, rounds)
    documents = list(map(terms, read.sentences))
    print(f"{sum(map(len, documents)) / count:.1f} terms a sentence\n")
    read.sentences.clear()
    gc.freeze()
    print(f"{'':<14}{'first, s':>10}{'build, s':>10}")
    searches = {
        entry.name: built(entry, documents, read.paragraphs, rounds)
        for entry in ENGINES
        if entry.takes_part(count)
    }
    ranking = Okapi(documents)
    for kind, asking in questions(documents).items():
        words = statistics.mean(map(len, asking))
        print(f"\n{f'{len(asking)} questions {kind}, {words:.1f} words':<14}")
        listed, summed = touched(ranking, asking)
        print(f"{listed:,.0f} postings each, of which Okapi adds {summed:,.0f}; means")
        print(f"{'':<14}{'median, ms':>12}{'p95, ms':>10}{'times':>10}")
        taken = asked(searches, asking)
        reference = statistics.median(next(iter(taken.values())))
        for name, each in taken.items():
            middle, p95 = statistics.median(each), statistics.quantiles(each, n=20)[-1]
            print(f"{name:<14}{middle:12.3f}{p95:10.3f}{reference / middle:10.2f}", flush=True)


if __name__ == "__main__":
    main()
