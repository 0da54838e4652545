"""The search compiled by numba, where that is installed (``article-bot[fast]``) and pays."""

from collections.abc import Callable
from importlib import import_module
from itertools import count
from threading import Thread

# To load the kernel takes .5 s, beside questions 1.3, and it saves .5 ms a question about 10,000
# sentences, 6 ms about a million: one question or a short conversation never loads it, a server
# does at once.
LOAD_AFTER = 100
# Seconds that a search waits: to load the kernel takes longer where it must be compiled first.
MAX_WAIT = 1.0
# Hits are inserted into a sorted list, which is slow for many.
MAX_LIMIT = 1000

FindHits = Callable[..., None]


class Kernel:
    """Loads the function :func:`bot.index.numba_kernel.find_hits` after ``load_after`` searches.

    It does so in a thread of its own, and until that has ended, or without numba, there is none.
    The next search waits for it, once: of a program that asks question after question, hundreds
    would be slowed down threefold. A person reads the last answer meanwhile.
    """

    def __init__(self, load_after: int = LOAD_AFTER) -> None:
        self._load_after = load_after
        self._searches = count(1)
        self._find_hits: FindHits | None = None
        self._loading: Thread | None = None

    def find_hits(self) -> FindHits | None:
        """Return the function, if it is loaded; counts a search."""
        if self._find_hits is None:
            if next(self._searches) == self._load_after:
                # No daemon: the process would end while LLVM works, and that can crash it.
                thread = Thread(target=self.load, name="load-kernel")
                thread.start()
                self._loading = thread
            elif loading := self._loading:
                loading.join(MAX_WAIT)
                self._loading = None
        return self._find_hits

    def load(self) -> bool:
        """Load the function; return whether numba is installed and works here."""
        try:
            self._find_hits = import_module("bot.index.numba_kernel").find_hits
        except Exception:  # no numba, a NumPy too new for it, no folder to cache in: NumPy will do
            return False
        return True
