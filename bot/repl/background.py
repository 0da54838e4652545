"""What a thread makes while the prompt already stands."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class BackgroundSession(Generic[T]):
    """A value that is made once, by a thread of its own, which does not hold up leaving.

    It is begun by ``start``, which the prompt calls when it stands, or else by ``get``. With
    ``after`` the same thread goes on, once there is a value.
    """

    def __init__(self, make: Callable[[], T], after: Callable[[T], None]) -> None:
        self._make, self._after = make, after
        self._value: Future[T] = Future()
        self._begun = False

    def start(self) -> None:
        """Begin, unless that was done. To be called by one thread only."""
        if not self._begun:
            self._begun = True
            Thread(target=self._run, daemon=True).start()

    @property
    def is_ready(self) -> bool:
        """Whether there is a value."""
        return self._value.done() and self._value.exception() is None

    def get(self) -> T:
        """Return the value, and wait for it; raise what its making raised."""
        self.start()
        return self._value.result()

    def _run(self) -> None:
        try:
            value = self._make()
        except BaseException as error:  # whoever gets the value is told
            self._value.set_exception(error)
        else:
            self._value.set_result(value)
            self._after(value)
