"""A mapping of limited size, for values that are found again when they are forgotten."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """A mapping that forgets the older half of its items when it is full; for many threads.

    >>> cache = BoundedCache(2)
    >>> cache.update({"a": 1, "b": 2, "c": 3})
    >>> cache.get("a"), cache.get("c")
    (None, 3)
    """

    def __init__(self, size: int) -> None:
        self._items: dict[Key, Value] = {}
        self._size, self._lock = size, Lock()

    def get(self, key: Key) -> Value | None:
        """Return the value of ``key``, None if there is none."""
        return self._items.get(key)

    def update(self, items: Mapping[Key, Value]) -> None:
        """Add ``items``."""
        with self._lock:
            self._items.update(items)
            if len(self._items) > self._size:
                kept = [*self._items.items()][-self._size // 2 :]
                self._items = dict(kept)

    def load_all(
        self, keys: Sequence[Key], load: Callable[[Sequence[Key]], Mapping[Key, Value]]
    ) -> list[Value]:
        """Return the values of ``keys``, in order; those that are not there are loaded at once.

        >>> cache = BoundedCache(2)
        >>> [cache.load_all("aba", lambda keys: dict.fromkeys(keys, n)) for n in range(2)]
        [[0, 0, 0], [0, 0, 0]]
        """
        items = self._items
        with suppress(KeyError):  # most often, all are there
            return [*map(items.__getitem__, keys)]
        found = {key: items[key] for key in keys if key in items}
        # None, if another thread has just loaded them.
        if missing := [key for key in dict.fromkeys(keys) if key not in found]:
            loaded = load(missing)
            self.update(loaded)
            found.update(loaded)
        return [*map(found.__getitem__, keys)]
