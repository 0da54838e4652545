"""Options of opening a library: who reads the files, who hears of it, how much at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from bot.articles.files import TIMESTAMP_RESOLUTION, File
from bot.index.postings import BLOCK_POSTINGS
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.lazy import lazy_function

if TYPE_CHECKING:
    from bot.storage.ingest import IngestedBatch

# Needed where a file is new or changed.
ingest_batch: Callable[[Sequence[File], Analysis], "IngestedBatch"] = lazy_function(
    "bot.storage.ingest", "ingest_batch"
)


def ingest_in_order(
    batches: Iterable[Sequence[File]], analysis: Analysis
) -> Iterator["IngestedBatch"]:
    """Ingest batches of files in this process, one after the other."""
    return map(ingest_batch, batches, repeat(analysis))


def ignore(*_: object) -> None:
    """Do nothing."""


class WorkSizes(NamedTuple):
    """Amounts of work done at once.

    ``batch_bytes`` of files are ingested at a time and saved in one transaction. ``chunk_terms``
    are inverted at a time, which takes some 70 bytes of memory each. ``block_postings`` are merged
    at a time, see merge.py.
    """

    batch_bytes: int = 2_000_000
    chunk_terms: int = 4_000_000
    block_postings: int = BLOCK_POSTINGS


DEFAULT_SIZES = WorkSizes()


class OpenOptions(NamedTuple):
    """Options of ``open_library``.

    ``ingest`` reads batches of files, and yields the results in order; ``analysis`` finds their
    terms. ``notify`` is called with a line about anything unusual, ``inform`` with one about a
    usual thing that takes long, ``progress`` with the number of files read and that of all to read.
    With ``wait``, an update by another process is waited for, even where a cached library could be
    used at once. With ``read_only``, a current cache is used and nothing is written.

    ``timestamp_resolution`` is the time in nanoseconds within which the file system may give two
    changes of a file the same timestamp.
    """

    ingest: Callable[[Iterable[Sequence[File]], Analysis], Iterator["IngestedBatch"]] = (
        ingest_in_order
    )
    notify: Callable[[str], None] = ignore
    progress: Callable[[int, int], None] = ignore
    wait: bool = False
    read_only: bool = False
    inform: Callable[[str], None] = ignore
    sizes: WorkSizes = DEFAULT_SIZES
    analysis: Analysis = DEFAULT_ANALYZER
    timestamp_resolution: int = TIMESTAMP_RESOLUTION


DEFAULT_OPTIONS = OpenOptions()
