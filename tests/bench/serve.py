"""Measure ``bot serve`` over HTTP, beside the same questions asked directly.

    python tests/bench/serve.py [--seconds 3] [--rounds 3] [--minutes 0]

The questions are those of tests/data/questions.toml about the bundled articles, three answers
each. In each round, one process asks them directly and writes the JSON; then a client with 64
connections, each of which sends its next question when it has the answer to the last; then one that
sends questions at half the rate just measured, answered or not: its delays are those of a server
with room. "x direct" is the rate times the direct milliseconds of processor time: how many
processes that do nothing else would answer as much. With --minutes, mixed requests go on for so
long, and the memory is printed as it grows. Nothing else should run; ``chrt -f 10`` before the
command keeps other programs away.
"""

import argparse
import asyncio
import itertools
import json
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import bot
from bot.config.paths import bundled_corpus
from bot.render.safe_json import dump_json

ROOT = Path(__file__).parent.parent.parent
CONNECTIONS = 64
QUESTIONS = [
    question["text"]
    for question in tomllib.loads((ROOT / "tests/data/questions.toml").read_text("utf-8"))[
        "question"
    ]
]


class Load(NamedTuple):
    """The delays in milliseconds of the requests that were answered, and the number of others."""

    delays: list[float]
    lost: int
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.delays) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the delay that a share of the requests do not exceed."""
        return sorted(self.delays)[min(len(self.delays) - 1, int(share * len(self.delays)))]


def measure_direct(retriever: bot.Retriever) -> tuple[float, float]:
    """Return the median and mean milliseconds of processor time for one question as JSON."""
    times = []
    for question in QUESTIONS:
        start = process_time()
        dump_json(retriever.ask(question, 3).as_dict())
        times.append((process_time() - start) * 1000)
    return statistics.median(times), statistics.mean(times)


@contextmanager
def serve(workers: int) -> Iterator[tuple[int, int]]:
    """Run a server of the bundled articles; yield its process id and port."""
    command = [sys.executable, "-m", "bot", "serve", str(bundled_corpus()), "--port", "0"]
    command += ["--workers", str(workers)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr
        lines = (re.search(r"http://[^:]+:(\d+)", line) for line in process.stderr)
        port = next(int(found[1]) for found in lines if found)
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield process.pid, port
        process.terminate()
        drain.wait()


def make_request(method: str, path: str, body: object = None) -> bytes:
    """Return the bytes of a request."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return f"{head}\r\n".encode() + content


def ask_requests() -> Iterator[bytes]:
    """Yield the questions over and over."""
    return itertools.cycle([make_request("POST", "/ask", {"question": text}) for text in QUESTIONS])


def mixed_requests() -> Iterator[bytes]:
    """Yield requests of every kind: conversations, pages, articles, filters, and some refusals."""
    for number, text in enumerate(itertools.cycle(QUESTIONS)):
        talk = f"conversation-{number // 3}"
        yield make_request("POST", "/ask", {"question": text, "conversation": talk})
        yield make_request(
            "POST", "/search", {"question": text, "where": f"since {1990 + number % 30}"}
        )
        yield make_request("GET", "/?q=" + re.sub(r"\W+", "+", text))
        yield make_request("GET", ("/articles", "/articles/titanic.txt", "/health")[number % 3])
        yield make_request("POST", "/ask", {"question": "", "number": number})


class Connection:
    """A connection that is kept open, and opened again if the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, request: bytes) -> bool:
        """Return whether a request has a whole answer."""
        try:
            if self._streams is None:
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
        except (OSError, asyncio.IncompleteReadError):
            self._streams = None
            return False
        return head[9:10] in (b"2", b"4")


async def load_fully(port: int, requests: Iterator[bytes], seconds: float) -> Load:
    """Have each connection send its next request when it has the answer to the last."""
    delays: list[float] = []
    lost = 0
    begin = perf_counter()

    async def run() -> None:
        nonlocal lost
        connection = Connection(port)
        while perf_counter() < begin + seconds:
            start = perf_counter()
            if await connection.exchange(next(requests)):
                delays.append((perf_counter() - start) * 1000)
            else:
                lost += 1

    await asyncio.gather(*(run() for _ in range(CONNECTIONS)))
    return Load(delays, lost, perf_counter() - begin)


async def load_at(port: int, requests: Iterator[bytes], rate: float, seconds: float) -> Load:
    """Send requests at a rate, each by a free connection, whether others are answered or not."""
    delays: list[float] = []
    lost = 0
    free = [Connection(port) for _ in range(CONNECTIONS)]

    async def send() -> None:
        nonlocal lost
        start = perf_counter()
        connection = free.pop() if free else Connection(port)
        is_answered = await connection.exchange(next(requests))
        free.append(connection)
        if is_answered:
            delays.append((perf_counter() - start) * 1000)
        else:
            lost += 1

    begin = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begin + number / rate - perf_counter()))
            group.create_task(send())
    return Load(delays, lost, perf_counter() - begin)


def read_memory(pid: int) -> float:
    """Return the megabytes of a process and its children, shared pages by their share."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    sizes = [
        int(re.findall(r"(?m)^Pss:\s+(\d+)", Path(f"/proc/{each}/smaps_rollup").read_text())[0])
        for each in (str(pid), *children)
    ]
    return sum(sizes) / 1024


def measure_round(retriever: bot.Retriever, port: int, seconds: float) -> tuple[float, ...]:
    """Return and print the figures of one round."""
    median, mean = measure_direct(retriever)
    full = asyncio.run(load_fully(port, ask_requests(), seconds))
    half = asyncio.run(load_at(port, ask_requests(), full.rate / 2, seconds))
    row = (
        mean,
        full.rate,
        full.rate * mean / 1000,
        full.percentile(0.5),
        full.percentile(0.99),
        half.percentile(0.5),
        half.percentile(0.99),
        half.percentile(0.99) / median,
        full.lost + half.lost,
    )
    print_row(row)
    return row


def print_row(row: Sequence[float]) -> None:
    """Print figures below their names."""
    print("".join(f"{figure:12.2f}" for figure in row), flush=True)


NAMES = (
    "direct ms", "answers/s", "x direct", "full p50", "full p99", "half p50", "half p99",
    "p99/direct", "lost",
)  # fmt: skip


def main() -> None:
    """Measure, and print the medians of the rounds last."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    retriever = bot.Retriever.from_path(bundled_corpus())
    measure_direct(retriever)
    with serve(options.workers) as (pid, port):
        asyncio.run(load_fully(port, ask_requests(), 1.0))
        print("".join(f"{name:>12}" for name in NAMES))
        rows = [measure_round(retriever, port, options.seconds) for _ in range(options.rounds)]
        print("medians:")
        print_row([statistics.median(column) for column in zip(*rows, strict=True)])
        requests = mixed_requests()
        for minute in range(round(options.minutes * 2)):
            load = asyncio.run(load_fully(port, requests, 30.0))
            memory = read_memory(pid)
            print(f"{(minute + 1) / 2} min: {memory:.1f} MB, {load.rate:.0f}/s, {load.lost} lost")


if __name__ == "__main__":
    main()
