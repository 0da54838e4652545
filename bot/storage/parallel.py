"""Batches of files, read by several processes at once."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context, resource_tracker

from bot.articles.files import File
from bot.storage.ingest import IngestedBatch, ingest_batch

# A process takes half a second to start: as long as one reads so many batches.
WORTH = 4
# Batches that wait for a process, a process: it is never idle, and few are in memory.
WAITING = 2


def ingest_in_parallel(files: Iterable[Sequence[File]]) -> Iterator[IngestedBatch]:
    """Read batches of files on all processors, and yield them in order.

    Where there are few batches or one processor, they are read here. Not for a program that does
    not guard its main module, as ``multiprocessing`` asks for.
    """
    processes = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    batches = iter(files)
    few = [*islice(batches, WORTH)]
    if len(few) < WORTH or not processes or processes == 1:
        yield from map(ingest_batch, chain(few, batches))
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), ignore_interrupts) as pool:
        waiting: deque[Future[IngestedBatch]] = deque()
        if hasattr(signal, "pthread_sigmask"):
            # Once it runs, no process that is begun lets go of Ctrl-C before its time.
            resource_tracker.ensure_running()
        try:
            for batch in chain(few, batches):
                with block_interrupts():
                    waiting.append(pool.submit(ingest_batch, batch))
                if len(waiting) > WAITING * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def block_interrupts() -> Iterator[None]:
    """Let Ctrl-C wait until this is over, and pass by the processes that are begun meanwhile.

    They would hear it until they are so far as to be ``deaf``, and say so at length.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that began this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
