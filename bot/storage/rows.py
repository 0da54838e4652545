"""What a store has in its rows: of a file, and of an article and where its sentences lie."""

import datetime
import json
from array import array
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from bot.articles.article import Article, Block
from bot.articles.files import FileState
from bot.articles.library import SentenceSpans

# The values of an article's row, but its number.
Row = tuple[object, ...]


class StoredListing(NamedTuple):
    """An article, as far as lists need it."""

    title: str
    source: str
    date: datetime.date | None


class FileRecord(NamedTuple):
    """What is known of a file: as it was when it was read, and the article that it gave.

    ``settled`` says, by 1, that a change since then would show in its ``state``. ``article`` is
    None where it gave none, for the reason in ``fault``.
    """

    path: bytes
    source: str
    size: int
    mtime_ns: int
    ctime_ns: int
    clean: int
    digest: bytes
    article: int | None
    fault: str

    @property
    def state(self) -> FileState:
        """The file's state when it was read."""
        return FileState(self.size, self.mtime_ns, self.ctime_ns)

    def checksum(self) -> int:
        """Return what tells this from anything else; a short row, so that one call is enough."""
        return crc32(repr(tuple(self)).encode("utf-8", "surrogatepass"))


def checksum(*values: object) -> int:
    """Return the CRC-32 of a row's values, which tells their types and lengths, too."""
    kinds = [[len(value)] if isinstance(value, bytes) else value for value in values]
    total = crc32(repr(kinds).encode())
    for value in values:
        if isinstance(value, bytes):
            total = crc32(value, total)
    return total


def pack_article(article: Article, cut: SentenceSpans) -> Row:
    """Return the row of an article."""
    headings: dict[tuple[str, ...], int] = {}
    blocks: list[int] = []
    for start, end, above, furniture in article.blocks:
        blocks += (start, end, headings.setdefault(above, len(headings)), furniture)
    spans = cut.blocks + cut.starts + cut.ends
    values: Row = (
        article.title,
        article.source,
        article.date.isoformat() if article.date else "",
        json.dumps(dict(article.metadata)),
        json.dumps([*headings]),
        array("i", blocks).tobytes(),
        spans.tobytes(),
    )
    text = article.text.encode("utf-8", "surrogatepass")
    return (*values, checksum(*values, text), text)


def text_from_row(row: Row) -> str:
    """Return the text of the article of ``row``."""
    text = row[8]
    assert isinstance(text, bytes)
    return text.decode("utf-8", "surrogatepass")


def spans_from_row(row: Row) -> SentenceSpans:
    """Return where the sentences of the article of ``row`` lie."""
    spans = row[6]
    assert isinstance(spans, bytes)
    cut = array("i", spans)
    size = len(cut) // 3
    return SentenceSpans(cut[:size], cut[size : 2 * size], cut[2 * size :])


def article_from_row(row: Row, text: str) -> Article:
    """Return the article of ``row``, whose text is ``text``."""
    title, source, date, metadata, headings, blocks, *_ = row
    assert isinstance(blocks, bytes)
    above = [tuple(each) for each in json.loads(str(headings))]
    return Article(
        title=str(title),
        source=str(source),
        text=text,
        date=parse_date(str(date)),
        blocks=tuple(
            Block(start, end, above[heading], bool(furniture))
            for start, end, heading, furniture in zip(*[iter(array("i", blocks))] * 4, strict=True)
        ),
        metadata=MappingProxyType(json.loads(str(metadata))),
    )


def seal_row(number: int, row: Row) -> Row:
    """Return ``row`` with a checksum that tells its ``number`` in the store, too."""
    return (*row[:7], checksum(number, row[7]), row[8])


def is_intact(number: int, row: Row) -> bool:
    """Return whether ``row`` is what was packed and sealed as ``number``."""
    return row[7] == checksum(number, checksum(*row[:7], row[8]))


def parse_date(text: str) -> datetime.date | None:
    """Return the date that a row has, None for ""."""
    return datetime.date.fromisoformat(text) if text else None


class StoredArticle:
    """An article's row; the article is made of it when it is asked for, which costs the most."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.title, self.text = str(row[0]), text_from_row(row)
        self.spans = spans_from_row(row)

    @cached_property
    def article(self) -> Article:
        """The whole article."""
        return article_from_row(self._row, self.text)
