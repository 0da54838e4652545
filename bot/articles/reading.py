"""Files → what is kept of them: articles, where their sentences lie, and their terms."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from bot.articles.article import Article
from bot.articles.files import File
from bot.articles.formats import content, parsed
from bot.articles.library import Cut, cut
from bot.errors import Unreadable
from bot.language.terms import terms

NO_CUT = Cut(array("i"), array("i"), array("i"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: an article, or none, for the reason in ``fault``.

    ``terms`` are the article's, sentence after sentence, as their numbers in the batch;
    ``lengths`` how many each sentence has; ``opens`` which sentences begin a paragraph.
    ``digest`` tells the file's content from another; "" where it could not be read at all.
    """

    file: File
    digest: bytes = b""
    article: Article | None = None
    fault: str = ""
    cut: Cut = NO_CUT
    terms: "array[int]" = field(default_factory=lambda: array("i"))
    lengths: "array[int]" = field(default_factory=lambda: array("i"))
    opens: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some files, and the ``terms`` that the numbers in it mean."""

    readings: tuple[Reading, ...]
    terms: tuple[str, ...]


def read_batch(files: Sequence[File]) -> Batch:
    """Read ``files``, and find the sentences and terms in them."""
    numbers: dict[str, int] = {}
    readings = tuple(_reading(file, numbers) for file in files)
    return Batch(readings, tuple(numbers))


def digest(data: bytes) -> bytes:
    """Return what tells ``data`` from any other content."""
    return blake2b(data, digest_size=16).digest()


def _reading(file: File, numbers: dict[str, int]) -> Reading:
    found = b""
    try:
        data = content(file)
        found = digest(data)
        article = parsed(file.path, file.source, data)
    except Unreadable as error:
        return Reading(file, found, fault=error.fault)
    where = cut(article)
    text, lengths, numbered = article.text, array("i"), array("i")
    for start, end in zip(where.starts, where.ends, strict=True):
        found_terms = terms(text[start:end])
        lengths.append(len(found_terms))
        numbered.extend(_numbered(found_terms, numbers))
    return Reading(file, found, article, "", where, numbered, lengths, opening(where.blocks))


def _numbered(found: Iterable[str], numbers: dict[str, int]) -> Iterable[int]:
    return [numbers.setdefault(term, len(numbers)) for term in found]


def opening(blocks: Iterable[int]) -> bytes:
    """Return which sentences are the first of their block, ``bool[sentences]``."""
    last = -1
    opens = bytearray()
    for block in blocks:
        opens.append(block != last)
        last = block
    return bytes(opens)
