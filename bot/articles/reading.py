"""Files → what is kept of them: articles, where their sentences lie, and their terms."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.articles.files import File
from bot.articles.formats import content, parsed
from bot.articles.library import cut
from bot.articles.rows import Row, packed
from bot.errors import Unreadable
from bot.language.terms import terms


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: an article, as the ``row`` that a store has of it.

    Or none, then the row is () and ``fault`` says why. ``terms`` are the article's, ``int32``,
    sentence after sentence, as their numbers in the batch; ``lengths``, ``int32``, how many each
    sentence has; ``opens``, ``bool``, which sentences begin a paragraph; each as bytes.
    ``digest`` tells the file's content from another; it is empty where it could not be read at all.
    """

    file: File
    digest: bytes = b""
    fault: str = ""
    row: Row = ()
    terms: bytes = b""
    lengths: bytes = b""
    opens: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some files, and the ``terms`` that the numbers in it mean."""

    readings: tuple[Reading, ...]
    terms: tuple[str, ...]


def read_batch(files: Sequence[File]) -> Batch:
    """Read ``files``, and find the sentences and terms in them."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    readings = tuple(_reading(file, numbers) for file in files)
    return Batch(readings, tuple(numbers))


def digest(data: bytes) -> bytes:
    """Return what tells ``data`` from any other content."""
    return blake2b(data, digest_size=16).digest()


def _reading(file: File, numbers: Mapping[str, int]) -> Reading:
    known = b""
    try:
        data = content(file)
        known = digest(data)
        article = parsed(file.path, file.source, data)
    except Unreadable as error:
        return Reading(file, known, error.fault)
    where = cut(article)
    text, lengths, numbered = article.text, array("i"), array("i")
    for start, end in zip(where.starts, where.ends, strict=True):
        found = terms(text[start:end])
        lengths.append(len(found))
        numbered.extend(map(numbers.__getitem__, found))
    opens = opening(where.blocks)
    row = packed(article, where)
    return Reading(file, known, "", row, numbered.tobytes(), lengths.tobytes(), opens)


def opening(blocks: Iterable[int]) -> bytes:
    """Return which sentences are the first of their block, ``bool[sentences]``."""
    last = -1
    opens = bytearray()
    for block in blocks:
        opens.append(block != last)
        last = block
    return bytes(opens)
