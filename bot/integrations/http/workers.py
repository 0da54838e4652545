"""The processes of a server: one, or several at one address, forked, watched, stopped together.

The library is read before, so that they share its memory. Each has a listening socket of its own;
the parent holds these too, so that connections to a worker that died wait for the next.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import socket
from time import monotonic
from types import FrameType

# Runs the worker of an index at its socket.
RunWorker = Callable[[int, socket], None]
# A worker that ends sooner than this is not replaced: the next one would end as well.
MIN_LIFE = 5.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_workers(
    listeners: Sequence[socket], run_worker: RunWorker, note: Callable[[str], None]
) -> bool:
    """Run a worker at each of ``listeners`` until a signal; return whether it was Ctrl-C."""
    if len(listeners) > 1:
        return WorkerPool(listeners, run_worker, note).run()
    caught: list[int] = []
    for number in STOP_SIGNALS:
        # uvicorn raises the signals that stopped it again, once it has stopped.
        signal.signal(number, lambda number, _: caught.append(number))
    run_worker(0, listeners[0])
    return signal.SIGINT in caught[:1]


class WorkerPool:
    """A worker process for each of ``listeners``; one that ends unasked is replaced."""

    def __init__(
        self, listeners: Sequence[socket], run_worker: RunWorker, note: Callable[[str], None]
    ) -> None:
        self._listeners, self._run_worker, self._note = listeners, run_worker, note
        # Process id → index and start of the worker.
        self._workers: dict[int, tuple[int, float]] = {}
        self._signal = 0

    def run(self) -> bool:
        """Serve until a signal; return whether it was Ctrl-C."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop)
        for index in range(len(self._listeners)):
            self._start(index)
        while self._workers:
            pid, status = os.wait()
            if pid in self._workers:
                self._replace(pid, os.waitstatus_to_exitcode(status))
        return self._signal == signal.SIGINT

    def _start(self, index: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        pid = os.fork()
        if not pid:
            self._run_child(index)
        self._workers[pid] = index, monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def _run_child(self, index: int) -> None:
        """Run a worker in the process just forked, and end that."""
        code = 1
        try:
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
            for other, listener in enumerate(self._listeners):
                if other != index:
                    listener.close()
            self._run_worker(index, self._listeners[index])
            code = 0
        except BaseException:  # nothing that the parent has yet to do may run here
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _replace(self, pid: int, code: int) -> None:
        index, start = self._workers.pop(pid)
        if self._signal:
            return
        if monotonic() - start < MIN_LIFE:
            self._stop(signal.SIGTERM)
            self._note(f"worker {index} ended at once, with exit code {code}; all are stopped")
        else:
            self._note(f"worker {index} ended, with exit code {code}; another takes its place")
            self._start(index)

    def _stop(self, number: int, _: FrameType | None = None) -> None:
        self._signal = self._signal or number
        for listener in self._listeners:
            listener.close()
        for pid in self._workers:
            with suppress(ProcessLookupError):  # ended a moment ago
                os.kill(pid, signal.SIGTERM)
