"""Compare a change of a library with building it anew, and with bm25s, which can only do that.

    python tests/bench/changes.py [--sentences N] [--changes M]

The corpus is the docstrings of the running Python and its installed packages, of which each is a
record. Prints, for N sentences (100,000), the milliseconds of processor time to

* add, update and remove a record: median of ``ROUNDS``, and the first question after it;
* build the retriever anew, and bm25s's index of the same terms, once each;
* make M changes (1,000) one after the other, each to the retriever of the one before: medians of
  the first and of the last hundred, and the memory in use before and after.
"""

import argparse
import ast
import gc
import resource
import statistics
import sysconfig
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import process_time

import bot
from bot.language.terms import terms

ROUNDS = 15
CHARACTERS_PER_SENTENCE = 60
QUESTION = "How are the arguments of a function parsed?"
Records = list[tuple[str, str]]


def read_records(size: int) -> Iterator[tuple[str, str]]:
    """Yield distinct docstrings of all installed modules, ``size`` characters in all."""
    folders = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    seen: set[str] = set()
    for file in [file for folder in folders for file in sorted(folder.rglob("*.py"))]:
        try:
            nodes = [*ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
        except (SyntaxError, ValueError):  # a test suite's example of invalid code
            continue
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        texts = [ast.get_docstring(node) for node in nodes if isinstance(node, kinds)]
        for text in filter(None, texts):
            if text in seen:
                continue
            seen.add(text)
            size -= len(text)
            yield f"{file}#{len(seen)}", text
        if size < 0:
            return


def time_call(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time that ``work`` takes."""
    gc.collect()
    start = process_time()
    work()
    return (process_time() - start) * 1_000


def measure_changes(retriever: bot.Retriever, records: Records) -> None:
    """Print the time of one change of each kind, and of a question after it."""
    changes: dict[str, Callable[[int], bot.Retriever]] = {
        "add": lambda i: retriever.add([(f"new {i}", records[i][1])]),
        "update": lambda i: retriever.update([(records[i][0], records[-i][1])]),
        "remove": lambda i: retriever.remove([records[i][0]]),
    }
    for name, change in changes.items():
        times = [time_call(partial(change, i)) for i in range(ROUNDS)]
        asked = [time_call(partial(change(i).ask, QUESTION)) for i in range(ROUNDS)]
        print(
            f"{name:8}{statistics.median(times):8.1f} ms,"
            f" the first question after it{statistics.median(asked):6.1f} ms"
        )


def measure_builds(records: Records) -> None:
    """Print the time of building the whole anew."""
    print(f"anew    {time_call(lambda: bot.Retriever.from_records(records)):8.0f} ms")
    if find_spec("bm25s"):
        texts = [text for _, text in records]
        index = import_module("bm25s").BM25().index
        work = time_call(lambda: index([*map(terms, texts)], show_progress=False))
        print(f"bm25s   {work:8.0f} ms, terms included, records for sentences")


def measure_history(retriever: bot.Retriever, records: Records, count: int) -> None:
    """Print the time of ``count`` changes one after the other, and the memory that they leave."""
    times, before = [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for i in range(count):
        record_id, text = records[i % len(records)]
        start = process_time()
        if i % 3 == 0:
            retriever = retriever.add([(f"later {i}", text)])
        elif i % 3 == 1:
            retriever = retriever.update([(record_id, f"{text} Again {i}.")])
        else:
            retriever = retriever.remove([f"later {i - 2}"])
        times.append((process_time() - start) * 1_000)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, last = statistics.median(times[:100]), statistics.median(times[-100:])
    print(
        f"{count} changes: the first hundred {first:.1f} ms each, the last {last:.1f} ms;"
        f" peak memory {before / 1024:.0f} MB before, {after / 1024:.0f} MB after"
    )


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="Measure changes of a library.")
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--changes", type=int, default=1_000)
    arguments = parser.parse_args()
    records = [*read_records(arguments.sentences * CHARACTERS_PER_SENTENCE)]
    retriever = bot.Retriever.from_records(records)
    print(f"{retriever.library.sentence_count:,} sentences in {len(records):,} records")
    retriever.ask(QUESTION)
    measure_changes(retriever, records)
    measure_builds(records)
    measure_history(retriever, records, arguments.changes)


if __name__ == "__main__":
    main()
