"""Retrievers of some of another's articles, without reading or analyzing them again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.articles.searched_library import SearchedLibrary
from bot.lazy import lazy_function
from bot.retrieval.arguments import Where

if TYPE_CHECKING:
    from bot.retrieval.filters import Filter

read_filter: Callable[[str | Mapping[str, Any]], "Filter"] = lazy_function(
    "bot.retrieval.filters", "parse_where"
)

Value = TypeVar("Value")

# Subsets that are kept. Of 100,000 sentences, one with half of them takes about 5 MB.
MAX_SUBSETS = 8
# Filters whose articles are kept.
MAX_FILTERS = 64


class RecentValues(Generic[Value]):
    """The values used last, by key; many threads may ask at once.

    >>> recent = RecentValues(1)
    >>> recent.get("a", lambda: 1), recent.get("a", lambda: 2), recent.get("b", lambda: 3)
    (1, 1, 3)
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, build: Callable[[], Value]) -> Value:
        """Return the value of ``key``, built if it is none of the last ones."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = build()  # not within the lock: others need not wait for it
        with self._lock:
            value = self._values.setdefault(key, value)
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


class Subsets(Generic[Value]):
    """The articles of ``library`` that filters choose, and values kept by their set.

    It does not know the retriever that builds them: an old one would stay in memory, and its index
    with it, until Python looks for cycles.
    """

    def __init__(self, library: SearchedLibrary) -> None:
        self._library = library
        self._rows = RecentValues[tuple[int, ...]](MAX_FILTERS)
        self._subsets = RecentValues[Value](MAX_SUBSETS)

    def find_rows(self, where: Where) -> tuple[int, ...]:
        """Return the numbers of the articles that ``where`` chooses. Raises FilterError.

        A function is called with each article at every question; a filter is not read again.
        """
        if callable(where):
            numbers = (number for number, _ in self._library.numbered_listings())
            return tuple(number for number in numbers if where(self._library.articles[number]))
        wanted = read_filter(where)
        # By its text, in which 1 and True differ.
        return self._rows.get(
            repr(wanted), lambda: tuple(wanted.find_matches(self._library.numbered_listings()))
        )

    def get(self, rows: tuple[int, ...], build: Callable[[], Value]) -> Value:
        """Return the value of the articles in ``rows``, ascending, built if none is kept."""
        return self._subsets.get(rows, build)
