"""Publish articles to a cluster in one JVM, and ask it questions.

PYTHONPATH=tests/bench python tests/bench/cluster/load.py QUESTIONS PATH…: the articles and
questions of files in SQuAD's format; or of a folder, as corpus.py builds it, with the questions
of growth.py, the first words of paragraphs. CPU time is that of this process and of the JVM, after
as many questions that are not counted. Each reply is compared with that of the engine in memory.
Needs Linux, Java, Maven, and the extra cluster.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

from growth import make_questions

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, publish
from bot.config.cluster_address import ClusterAddress
from bot.evaluation.question_set import build_library, read_questions
from bot.retrieval.cluster_retriever import follow_cluster

PROGRAM = Path(__file__).parents[2] / "programs/cluster/run_nodes.py"


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def open_sets(files: Sequence[Path], count: int) -> tuple[bot.Retriever, list[str]]:
    """Return the articles of question sets in memory, and ``count`` of their questions."""
    sets = [read_questions(file) for file in files]
    articles = [article for each in sets for article in build_library(each).articles]
    cases = [case.text for each in sets for case in each.cases]
    return bot.Retriever(bot.Library(articles)), random.Random(1).sample(cases, count)


def open_folder(folder: Path, count: int, home: Path) -> tuple[bot.Retriever, list[str]]:
    """Return the articles of a folder, cached in ``home``, and ``count`` questions."""
    texts = make_questions(folder, count)
    return bot.Retriever.from_path(folder, cache=home), random.Random(1).sample(texts, len(texts))


def main() -> None:
    """Publish, ask, and print the figures."""
    count, paths = int(sys.argv[1]), [*map(Path, sys.argv[2:])]
    with tempfile.TemporaryDirectory() as home:
        is_folder = paths[0].is_dir()
        memory, texts = (
            open_folder(paths[0], 2 * count, Path(home, "cache"))
            if is_folder
            else open_sets(paths, 2 * count)
        )
        library = memory.library
        nodes = subprocess.Popen(
            [sys.executable, str(PROGRAM), home], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert nodes.stdin
        assert nodes.stdout
        started = json.loads(nodes.stdout.readline())
        [pid] = started["pids"]
        connection = ClusterConnection(ClusterAddress(tuple(started["urls"]), "load"))
        wall, client, server = perf_counter(), process_time(), cpu_seconds(pid)
        publish(connection, library, PublishingOptions(shards=3, replicas=0))
        sentences = library.sentence_count
        print(f"{sentences:,} sentences in {len(library):,} articles")
        print(f"published in {perf_counter() - wall:.0f} s")
        print(f"client CPU  {1e6 * (process_time() - client) / sentences:.0f} µs a sentence")
        print(f"cluster CPU {1e6 * (cpu_seconds(pid) - server) / sentences:.0f} µs a sentence")
        rows = connection.send("GET", "/_cat/indices/load-*", format="json", bytes="b")
        for row in rows:
            size = int(row["pri.store.size"]) / sentences
            print(f"{row['index']:20} {size:.0f} bytes a sentence")
        retriever = follow_cluster(connection.address)
        for text in texts[:count]:
            retriever.ask(text)
        used = retriever.snapshot.connection
        requests = used.requests
        client, server = process_time(), cpu_seconds(pid)
        replies = [retriever.ask(text) for text in texts[count:]]
        print(f"client CPU  {1e3 * (process_time() - client) / count:.1f} ms a question")
        print(f"cluster CPU {1e3 * (cpu_seconds(pid) - server) / count:.1f} ms a question")
        print(f"requests    {(used.requests - requests) / count:.2f} a question")
        alone = process_time()
        expected = [memory.ask(text) for text in texts[count:]]
        print(f"in memory   {1e3 * (process_time() - alone) / count:.1f} ms a question")
        same = sum(a.as_dict() == b.as_dict() for a, b in zip(replies, expected, strict=True))
        print(f"replies the same: {same} of {count}")
        nodes.stdin.close()
        nodes.wait()


if __name__ == "__main__":
    main()
