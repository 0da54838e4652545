"""Ingest batches of files in several processes at once."""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice, repeat
from multiprocessing import get_context, resource_tracker

from bot.articles.files import File
from bot.language.analysis import Analysis
from bot.storage.ingest import IngestedBatch, ingest_batch

# Starting a process takes half a second, in which this one ingests about as many batches.
MIN_BATCHES = 4
# Windows waits for no more at once, and ``ProcessPoolExecutor`` refuses them there.
MAX_PROCESSES = 61
# Batches submitted per process: enough that none is idle, few enough for little memory.
MAX_PENDING_PER_PROCESS = 2


def ingest_in_parallel(
    batches: Iterable[Sequence[File]], analysis: Analysis
) -> Iterator[IngestedBatch]:
    """Ingest batches of files on all processors, and yield the results in order.

    Few batches, and all where there is one processor, are ingested in this process. The main
    module of the program must be importable without side effects, as ``multiprocessing`` requires.
    """
    processes = count_processes(usable_processors())
    batches = iter(batches)
    first = [*islice(batches, MIN_BATCHES)]
    if len(first) < MIN_BATCHES or processes == 1:
        yield from map(ingest_batch, chain(first, batches), repeat(analysis))
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), ignore_interrupts) as pool:
        pending: deque[Future[IngestedBatch]] = deque()
        if hasattr(signal, "pthread_sigmask"):
            # Starting the tracker unblocks Ctrl-C, so start it before the first process.
            resource_tracker.ensure_running()
        try:
            for batch in chain(first, batches):
                with block_interrupts():
                    pending.append(pool.submit(ingest_batch, batch, analysis))
                if len(pending) > MAX_PENDING_PER_PROCESS * processes:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def usable_processors() -> int | None:
    """Return the number of processors of this process, None where the system does not tell."""
    # Linux may give a process, or a container, some of them; others have no such call.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def count_processes(processors: int | None) -> int:
    """Return how many processes to ingest in on so many ``processors``.

    >>> count_processes(8), count_processes(128), count_processes(None)
    (8, 61, 1)
    """
    return min(processors or 1, MAX_PROCESSES)


@contextmanager
def block_interrupts() -> Iterator[None]:
    """Delay Ctrl-C until the end of the ``with`` block.

    Processes started in it inherit that, and do not print a traceback if Ctrl-C arrives before
    they call :func:`ignore_interrupts`.
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
    """Leave Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
