"""Compare the speed of the bot's engines with other engines on the same terms.

    python tests/bench/engines.py [--sentences N] [PATH …]

The corpus is the articles at PATH (files, folders; ``corpus.py`` builds one), or by default the
distinct docstrings and comments of the running Python and its installed packages. Prints, in
processor time, for the first N sentences (100,000):

* seconds from texts to an index: the bot's in memory, and tantivy's with its own English
  stemming, written by one thread into a folder;
* for each engine the seconds from terms to its index, then the milliseconds of a query for ten
  results: median, 95th percentile, and how many times faster than rank-bm25 (than tantivy, above
  the number of sentences that rank-bm25 can handle). A query is the first eight words of a
  sentence, with and without stop words;
* "first": the seconds to import the engine's package, index a thousand sentences and answer one
  query, including numba's compilation.

All engines stay in memory and take turns, a round of all queries each (of fewer, if they take more
than three seconds), so that other load on the machine affects all alike. Packages that are not
installed are skipped.
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
from time import process_time

import numpy as np
from rank_bm25 import BM25Okapi

from bot.articles.library import Library
from bot.index.impacts import DocumentScorer
from bot.index.kernel import Kernel
from bot.index.maxscore import find_candidates
from bot.index.memory import MemoryEngine
from bot.index.okapi import Okapi
from bot.language.terms import STEMS, STOP_WORDS, StemCache, stem, terms

ROUNDS = 3
QUERIES = 100
WORDS_PER_QUERY = 8
LIMIT = 10
# An engine that takes longer for a round answers no more queries in it: with a million sentences,
# SQLite takes a second for each.
ROUND_SECONDS = 3
# With more sentences an engine is built once, and rank-bm25 not at all: with a million, it takes
# two seconds a query.
MANY_SENTENCES = 100_000
# Sentences of the index that "first" measures.
FEW_SENTENCES = 1_000
# Consecutive lines of comment.
COMMENT_RE = re.compile(r"(?m)(?:^[ \t]*#.*\n)+")
MARK_RE = re.compile(r"(?m)^[ \t]*#+[ \t]?")

Documents = Sequence[list[str]]
Search = Callable[[list[str]], object]
Build = Callable[[Documents, Sequence[int]], Search]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Sentences with the numbers of their paragraphs, and a description of their origin."""

    origin: str
    sentences: list[str]
    paragraphs: list[int]


def build_memory_engine(
    documents: Documents, paragraphs: Sequence[int], backend: str = "numpy"
) -> Search:
    """Build the bot's default engine, which scores a sentence with its paragraph."""
    engine = MemoryEngine.build(documents, paragraphs)
    engine.kernel = Kernel(load_after=0)
    if backend == "numba":
        engine.kernel.load()
    return lambda query: engine.search(query, LIMIT)


def build_okapi(documents: Documents, _: Sequence[int]) -> Search:
    """Build the bot's drop-in for rank-bm25."""
    ranking, rows = Okapi(documents), range(len(documents))
    return lambda query: ranking.get_top_n(query, rows, LIMIT)


def build_rank_bm25(documents: Documents, _: Sequence[int]) -> Search:
    """Build rank-bm25 itself."""
    ranking, rows = BM25Okapi(documents), range(len(documents))
    return lambda query: ranking.get_top_n(query, rows, LIMIT)


def build_bm25s(documents: Documents, _: Sequence[int], backend: str = "numpy") -> Search:
    """Build bm25s, which searches on one thread."""
    ranking = import_module("bm25s").BM25(backend=backend)
    ranking.index(documents, show_progress=False)
    return lambda query: ranking.retrieve([query], k=LIMIT, show_progress=False)


def build_fts5(documents: Documents, _: Sequence[int]) -> Search:
    """Build SQLite's full-text index in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE sentences USING fts5(terms, content='', detail=full)")
    database.executemany(
        "INSERT INTO sentences(terms) VALUES (?)", ((" ".join(row),) for row in documents)
    )
    select = "SELECT rowid FROM sentences WHERE sentences MATCH ? ORDER BY rank LIMIT ?"

    def search(query: list[str]) -> object:
        match = " OR ".join(f'"{term}"' for term in query)
        return database.execute(select, (match, LIMIT)).fetchall()

    return search


def build_tantivy(documents: Documents, _: Sequence[int]) -> Search:
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
    searcher, should = index.searcher(), package.Occur.Should

    def search(query: list[str]) -> object:
        clauses = [(should, package.Query.term_query(schema, "terms", term)) for term in query]
        return searcher.search(package.Query.boolean_query(clauses), LIMIT).hits

    return search


@dataclass(frozen=True, slots=True)
class Entry:
    """An engine with the extra packages it needs and the number of sentences it can handle."""

    name: str
    build: Build
    packages: tuple[str, ...] = ()
    max_sentences: float = inf

    def can_run(self, count: int) -> bool:
        """Return whether it is installed and can handle ``count`` sentences."""
        return count <= self.max_sentences and all(map(find_spec, self.packages))


# The first engine that can run is the reference for the speed of the others.
ENGINES: tuple[Entry, ...] = (
    Entry("rank-bm25", build_rank_bm25, max_sentences=MANY_SENTENCES),
    Entry("tantivy", build_tantivy, ("tantivy",)),
    Entry("SQLite FTS5", build_fts5),
    Entry("bm25s, numpy", build_bm25s, ("bm25s",)),
    Entry("bm25s, numba", partial(build_bm25s, backend="numba"), ("bm25s", "numba")),
    Entry("Okapi", build_okapi),
    Entry("MemoryEngine", build_memory_engine),
    Entry("MemoryEngine, numba", partial(build_memory_engine, backend="numba"), ("numba",)),
)


def docstrings_and_comments(source: str) -> Iterator[str]:
    """Yield the docstrings of a module, then its comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for match in COMMENT_RE.finditer(source):
        yield MARK_RE.sub("", match[0])


def python_texts(size: int) -> Iterator[str]:
    """Yield the docstrings and comments of each installed module, ``size`` characters in all."""
    seen: set[str] = set()
    for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")) + sorted(
        Path(sysconfig.get_path("purelib")).rglob("*.py")
    ):
        try:
            texts = dict.fromkeys(docstrings_and_comments(file.read_text(encoding="utf-8")))
        except (SyntaxError, ValueError):  # a test suite's example of invalid code
            continue
        new = [text for text in texts if text not in seen]
        seen.update(new)
        size -= sum(map(len, new))
        yield "\n\n".join(new)
        if size < 0:
            return


def read_corpus(paths: Sequence[str], count: int) -> Corpus:
    """Return the first ``count`` sentences at ``paths``, by default of the running Python."""
    if paths:
        library, origin = Library.from_path(*paths), ", ".join(paths)
    else:
        # Such sentences average 60 characters; more than twice that is enough.
        library = Library.from_texts(python_texts(150 * count))
        origin = "docstrings and comments of Python's library and of site-packages"
    sentences = [
        library.sentence_text(number) for number in range(min(count, library.sentence_count))
    ]
    paragraphs = [number for number, _ in zip(library.paragraph_numbers(), sentences, strict=False)]
    return Corpus(origin, sentences, paragraphs)


def make_queries(documents: Documents) -> dict[str, Documents]:
    """Return the first words of evenly spaced sentences, with and without stop words."""
    stop_words = {stem(word) for word in STOP_WORDS}
    heads = [row[:WORDS_PER_QUERY] for row in documents if len(row) >= WORDS_PER_QUERY]
    heads = [head for head in heads if not stop_words.issuperset(head)]
    queries = heads[:: max(1, len(heads) // QUERIES)][:QUERIES]
    return {
        "with stop words": queries,
        "without stop words": [[t for t in query if t not in stop_words] for query in queries],
    }


def time_call(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that ``work`` takes."""
    started = process_time()
    work()
    return process_time() - started


def index_with_bot(corpus: Corpus) -> object:
    """Return the bot's engine of the texts of ``corpus``, with an empty cache of stems."""
    STEMS.clear()
    STEMS.update(StemCache())
    return MemoryEngine.build(map(terms, corpus.sentences), corpus.paragraphs)


def index_with_tantivy(corpus: Corpus) -> object:
    """Return tantivy's index of the texts of ``corpus``, in a temporary folder."""
    package = import_module("tantivy")
    schema = package.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem").build()
    with tempfile.TemporaryDirectory() as folder:
        index = package.Index(schema, path=folder)
        writer = index.writer(num_threads=1)
        for sentence in corpus.sentences:
            writer.add_document(package.Document(text=[sentence]))
        writer.commit()
        writer.wait_merging_threads()
    return index


def measure_indexing(corpus: Corpus, rounds: int) -> None:
    """Print the seconds from texts to an index."""
    builds = {"MemoryEngine": index_with_bot}
    if find_spec("tantivy"):
        builds["tantivy"] = index_with_tantivy
    times: dict[str, list[float]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, build in builds.items():
            times[name].append(time_call(partial(build, corpus)))
    for name, seconds in times.items():
        print(f"from texts to an index, {name:<20}{statistics.median(seconds):8.2f} s", flush=True)


def measure_build(
    entry: Entry, documents: Documents, paragraphs: Sequence[int], rounds: int
) -> Search:
    """Return the search function of an engine; print the seconds of "first" and of its build."""
    few = documents[:FEW_SENTENCES]
    first = time_call(lambda: entry.build(few, paragraphs[:FEW_SENTENCES])(few[0]))
    times, searches = list[float](), list[Search]()
    for _ in range(rounds):
        searches.clear()
        gc.collect()
        times.append(time_call(lambda: searches.append(entry.build(documents, paragraphs))))
    print(f"{entry.name:<20}{first:10.2f}{statistics.median(times):10.2f}", flush=True)
    return searches[0]


def measure_queries(searches: dict[str, Search], queries: Documents) -> dict[str, list[float]]:
    """Return the milliseconds of each query with each engine, over all rounds."""
    times: dict[str, list[float]] = {name: [] for name in searches}
    for _ in range(ROUNDS):
        for name, search in searches.items():
            search(queries[0])  # warm up: the processor's cache holds another engine's arrays
            started = process_time()
            for query in queries:
                times[name].append(1000 * time_call(partial(search, query)))
                if process_time() - started > ROUND_SECONDS:
                    break
    return times


def count_postings(ranking: Okapi, queries: Documents) -> tuple[float, float]:
    """Return the mean number of postings of a query's terms, and of those that Okapi adds."""
    total, added = list[int](), list[int]()
    for query in queries:
        terms = [ranking.impacts.term(ranking.vocabulary[term]) for term in query]
        terms.sort(key=lambda term: len(term.doc_ids))
        scorer = DocumentScorer(terms, np.zeros(ranking.corpus_size, np.float32))
        find_candidates(scorer, LIMIT)
        total.append(sum(scorer.document_frequencies))
        added.append(sum(map(len, scorer.added)))
    return statistics.mean(total), statistics.mean(added)


def print_query_times(searches: dict[str, Search], queries: Documents) -> None:
    """Print the milliseconds of a query with each engine."""
    print(f"{'':<20}{'median, ms':>12}{'p95, ms':>10}{'times':>10}")
    times = measure_queries(searches, queries)
    reference = statistics.median(next(iter(times.values())))
    for name, milliseconds in times.items():
        median, p95 = statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]
        print(f"{name:<20}{median:12.3f}{p95:10.3f}{reference / median:10.2f}", flush=True)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measure engines side by side.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders")
    parser.add_argument(
        "--sentences", type=int, default=MANY_SENTENCES, metavar="N", help="at most"
    )
    arguments = parser.parse_args()
    corpus = read_corpus(arguments.paths, arguments.sentences)
    count = len(corpus.sentences)
    rounds = ROUNDS if count <= MANY_SENTENCES else 1
    print(f"{count:,} sentences: {corpus.origin}\n")
    gc.collect()
    gc.freeze()  # so that collections do not traverse the texts
    measure_indexing(corpus, rounds)
    documents = list(map(terms, corpus.sentences))
    print(f"{sum(map(len, documents)) / count:.1f} terms a sentence\n")
    corpus.sentences.clear()
    gc.freeze()
    print(f"{'':<20}{'first, s':>10}{'build, s':>10}")
    searches = {
        entry.name: measure_build(entry, documents, corpus.paragraphs, rounds)
        for entry in ENGINES
        if entry.can_run(count)
    }
    ranking = Okapi(documents)
    for kind, queries in make_queries(documents).items():
        words = statistics.mean(map(len, queries))
        total, added = count_postings(ranking, queries)
        print(f"\n{len(queries)} queries {kind}, {words:.1f} words each (mean)")
        print(f"{total:,.0f} postings each, of which Okapi adds {added:,.0f} (means)")
        print_query_times(searches, queries)


if __name__ == "__main__":
    main()
