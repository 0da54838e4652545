"""A thread that works for coroutines, so that an event loop never waits for an answer."""

import os
from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import TypeVar

Result = TypeVar("Result")

# An answer is computed, and threads that compute take turns: under a web server, a question took
# 1.7 times the processor time of a direct call with one thread, 2.2 times with two, 2.9 times with
# the forty of asyncio's own pool. On a machine that was busy otherwise, they were equal.
THREADS = 1


class Worker:
    """A thread that is started by the first call, and ends with this object.

    Calls wait in the order in which they came; one that is cancelled while it waits is not made.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = 0
        self._executor: ThreadPoolExecutor | None = None

    async def run(self, function: Callable[..., Result], *args: object) -> Result:
        """Return the result of a call in the thread.

        If the coroutine is cancelled during the call, the call goes on and its result is dropped.
        """
        return await wrap_future(self._start().submit(copy_context().run, function, *args))

    def _start(self) -> ThreadPoolExecutor:
        """Return the running executor of this process: a forked one has none of its threads."""
        with self._lock:
            if self._executor is None or self._process != os.getpid():
                self._process = os.getpid()
                self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="bot")
            return self._executor
