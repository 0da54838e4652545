"""Kill a process that updates a library, twenty times; the next finds a fresh build's answers.

    python kill_writers.py ARTICLES CACHE

Prints how many were killed. The first argument is a folder for articles, which this writes.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter

from child_process import fork

import bot
from bot.storage.cache import open_library
from bot.storage.options import OpenOptions, WorkSizes

KILLS = 20
WORDS = "bridge river tower old stone opened the of harbour built ferry light keeper".split()
QUESTIONS = ("old stone tower", "the ferry of 42", "harbour")
# Batches and chunks are small, so that an update has many steps to be interrupted in.
SIZES = WorkSizes(batch_bytes=6_000, chunk_terms=100, block_postings=100)

articles, cache = map(Path, sys.argv[1:3])
random = Random(7)


def change_files(count: int) -> None:
    """Write or delete files chosen at random."""
    for _ in range(count):
        file = articles / f"{random.randrange(150)}.txt"
        if random.random() < 0.2:
            file.unlink(missing_ok=True)
        else:
            text = ". ".join(" ".join(random.choices(WORDS, k=6)) for _ in range(3))
            file.write_text(f"{text} {random.randrange(99)}.")


def open_retriever(notify: Callable[[str], None] = print) -> bot.Retriever:
    """Return a retriever over the cached library, after an update."""
    opened = open_library([articles], cache, OpenOptions(notify=notify, sizes=SIZES))
    return bot.Retriever(opened.library, engine=opened.engine)


def check_answers() -> None:
    """Compare the answers of the cached library with those of a fresh one."""
    notices: list[str] = []
    retriever = open_retriever(notices.append)
    fresh = bot.Retriever(bot.Library.from_path(articles))
    for question in QUESTIONS:
        assert retriever.search(question, 10) == fresh.search(question, 10), question
    assert not notices, notices


def main() -> None:
    """Kill updates at random instants."""
    change_files(300)
    os.waitpid(fork(open_retriever), 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    killed, duration = 0, 0.0
    while killed < KILLS:
        change_files(40)
        signal.sigtimedwait([signal.SIGCHLD], 0)  # left over from the process before
        writer = fork(open_retriever)
        # A process that was not killed tells how long an update takes.
        start = perf_counter()
        timeout = random.random() * duration if duration else 60
        ended = signal.sigtimedwait([signal.SIGCHLD], timeout)
        duration = perf_counter() - start if ended else duration * 1.02
        os.kill(writer, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(writer, 0)[1])
        assert os.waitpid(fork(check_answers), 0)[1] == 0, killed
    print(killed)


if __name__ == "__main__":
    main()
