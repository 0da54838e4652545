"""Ask a cluster of three JVMs while nodes are killed, hang and come back.

python tests/bench/cluster/faults.py [SECONDS]: two threads ask the questions of the quality tests
of the bundled articles, SECONDS (20) in each phase; every reply is compared with that of the engine
in memory. Needs Java, Maven, and the extra cluster.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, publish
from bot.config.cluster_address import ClusterAddress
from bot.retrieval.cluster_retriever import follow_cluster

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "tests/programs/cluster/run_nodes.py"
CASES = tomllib.loads((ROOT / "tests/data/questions.toml").read_text(encoding="utf-8"))
QUESTIONS = [case["text"] for case in CASES["question"] + CASES["unanswerable"]]
THREADS = 2
# A phase: its name, and what is done to JVMs as it begins.
PHASES = (
    ("none", ()),
    ("a node is killed (kill -9)", ("kill 2",)),
    ("it is started again", ("start 2",)),
    ("the elected manager is killed", ("kill {manager}",)),
    ("it is started again", ("start {manager}",)),
    ("a node hangs (SIGSTOP)", ("hang 2",)),
    ("it wakes", ("wake 2",)),
    ("two of three are killed", ("kill 1", "kill 2")),
    ("both are started again", ("start 1", "start 2")),
)


class Phase:
    """The replies of one phase, counted, and the time of the slowest."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.end = Event()

    def ask(self, retriever: bot.Retriever, expected: dict[str, object], first: int) -> None:
        """Ask until the end of the phase."""
        questions = QUESTIONS[first:] + QUESTIONS[:first]
        for text in cycle(questions):
            if self.end.is_set():
                return
            start = perf_counter()
            try:
                reply = retriever.ask(text).as_dict()
                self.counts["same" if reply == expected[text] else "OTHER"] += 1
            except bot.BotError as error:
                self.counts[type(error).__name__] += 1
            self.slowest = max(self.slowest, perf_counter() - start)


def main() -> None:
    """Run all phases, and print a line for each."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    memory = bot.Retriever.from_path(ROOT / "corpus", cache=None)
    expected = {text: memory.ask(text).as_dict() for text in QUESTIONS}
    with tempfile.TemporaryDirectory() as home:
        nodes = subprocess.Popen(
            [sys.executable, str(PROGRAM), home, "3"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert nodes.stdin
        assert nodes.stdout
        urls = json.loads(nodes.stdout.readline())["urls"]
        address = ClusterAddress(tuple(urls), "faults", timeout=5.0)
        connection = ClusterConnection(address)
        publish(connection, memory.library, PublishingOptions(shards=3, replicas=1))
        retriever = follow_cluster(address)
        [manager] = connection.send("GET", "/_cat/cluster_manager", format="json")
        number = manager["node"].removeprefix("n")
        for name, commands in PHASES:
            phase = Phase()
            threads = [
                Thread(target=phase.ask, args=(retriever, expected, 100 * thread))
                for thread in range(THREADS)
            ]
            for thread in threads:
                thread.start()
            start = perf_counter()
            for command in commands:
                nodes.stdin.write(command.format(manager=number) + "\n")
                nodes.stdin.flush()
                nodes.stdout.readline()
            took = perf_counter() - start
            phase.end.wait(seconds)
            phase.end.set()
            for thread in threads:
                thread.join()
            print(f"{name}: {dict(phase.counts)}, slowest {phase.slowest:.1f} s, took {took:.0f} s")
            sys.stdout.flush()
        nodes.stdin.close()
        nodes.wait()


if __name__ == "__main__":
    main()
