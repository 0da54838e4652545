"""Batches of files, read by several processes at once."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context

from bot.articles.files import File
from bot.articles.reading import Batch, read_batch

# A process takes half a second to start: as long as one reads so many batches.
WORTH = 4
# Batches that wait for a process, a process: it is never idle, and few are in memory.
WAITING = 2


def in_parallel(files: Iterable[Sequence[File]]) -> Iterator[Batch]:
    """Read batches of files on all processors, and yield them in order.

    Where there are few batches or one processor, they are read here. Not for a program that does
    not guard its main module, as ``multiprocessing`` asks for.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    batches = iter(files)
    few = [*islice(batches, WORTH)]
    if len(few) < WORTH or not processes or processes == 1:
        yield from map(read_batch, chain(few, batches))
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), undisturbed) as pool:
        waiting: deque[Future[Batch]] = deque()
        try:
            for batch in chain(few, batches):
                waiting.append(pool.submit(read_batch, batch))
                if len(waiting) > WAITING * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def undisturbed() -> None:
    """Leave Ctrl-C to the process that began this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
