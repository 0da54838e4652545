"""The rows of the cache's database as named records, and their checksums."""

import datetime
import json
import os
from array import array
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple
from zlib import crc32

from bot.articles.article import Article, Block, FilePlace, Json, Role
from bot.articles.files import FileState, printable_path
from bot.articles.sentence_spans import SentenceSpans
from bot.errors import UnreadableFile

ROLES = tuple(Role)
ROLE_ROWS = {role: row for row, role in enumerate(ROLES)}


class Manifest(NamedTuple):
    """The state of a cached library; "" is the value of everything not known yet.

    ``version`` is that of the code that built it, ``index_file`` the name of the index that goes
    with the articles. ``fingerprint`` identifies the list of files, with their states, once all
    of them are clean. ``transaction`` differs after each write to the database: equal manifests
    mean that nothing was written between them.
    """

    version: str = ""
    index_file: str = ""
    fingerprint: str = ""
    transaction: str = ""


class FileRecord(NamedTuple):
    """A file as it was when it was read, and the articles it gave.

    ``clean``, 0 or 1, says whether any change since then shows in the size and times, see
    cache.py. ``digest`` is that of its content, empty if it could not be read at all. Its articles
    have the ``article_count`` ids from ``first_article`` on. ``faults`` is JSON: a pair of part and
    reason for each part that could not be read, "" being the whole file.
    """

    path: bytes
    source: str
    size: int
    mtime_ns: int
    ctime_ns: int
    clean: int
    digest: bytes
    first_article: int
    article_count: int
    faults: str

    @property
    def state(self) -> FileState:
        """The file's size and times when it was read."""
        return FileState(self.size, self.mtime_ns, self.ctime_ns)

    @property
    def article_ids(self) -> range:
        """The ids of the file's articles, in reading order."""
        return range(self.first_article, self.first_article + self.article_count)

    def unreadable_parts(self) -> list[UnreadableFile]:
        """Return the errors of the file."""
        shown = printable_path(os.fsdecode(self.path))
        return [UnreadableFile(shown + part, fault) for part, fault in json.loads(self.faults)]

    def checksum(self) -> int:
        """Return the CRC-32 of the record, computed in one call because it is short."""
        return crc32(repr(tuple(self)).encode("utf-8", "surrogatepass"))


class ArticleListing(NamedTuple):
    """The columns of an article that lists and filters of articles read."""

    title: str
    source: str
    date: datetime.date | None
    id: str | int
    metadata: Mapping[str, Json]


class ArticleTerms(NamedTuple):
    """The terms of an article: ``int32[terms]``, ``int32[sentences]`` and ``bool[sentences]``.

    ``term_ids`` are those of all sentences in order, ``lengths`` the number in each sentence, and
    ``starts_paragraph`` marks the first sentence of each paragraph. All three as bytes.
    """

    term_ids: bytes = b""
    lengths: bytes = b""
    starts_paragraph: bytes = b""


class ArticleRow(NamedTuple):
    """An article and its sentence spans as SQLite values.

    ``date`` is in ISO format or "", ``language`` a code, ``has_lines`` 0 or 1. ``id``, ``path``,
    ``metadata``, ``headings`` and ``places`` are JSON, "" for no places. ``blocks`` is
    ``int32[blocks, 4]``: start, end, index in ``headings``, twice the row of its role in
    ``ROLES`` plus 1 for boilerplate. ``spans`` is ``int32[3, sentences]``: block, start, end.
    ``text`` is UTF-8, lone surrogates included.
    """

    title: str
    source: str
    id: str
    path: str
    date: str
    language: str
    metadata: str
    has_lines: int
    part: str
    places: str
    link: str
    headings: str
    blocks: bytes
    spans: bytes
    text: bytes

    @classmethod
    def from_article(cls, article: Article, spans: SentenceSpans) -> "ArticleRow":
        """Return the row of ``article``."""
        headings: dict[tuple[str, ...], int] = {}
        blocks: list[int] = []
        for start, end, path, boilerplate, role in article.blocks:
            heading = headings.setdefault(path, len(headings))
            blocks += (start, end, heading, 2 * ROLE_ROWS[role] + boilerplate)
        return cls(
            title=article.title,
            source=article.source,
            id=json.dumps(article.id),
            path=json.dumps(article.path),
            date=article.date.isoformat() if article.date else "",
            language=spans.language,
            metadata=json.dumps(dict(article.metadata)),
            has_lines=int(article.has_lines),
            part=article.part,
            places=json.dumps(article.places) if article.places else "",
            link=article.link,
            headings=json.dumps([*headings]),
            blocks=array("i", blocks).tobytes(),
            spans=(spans.blocks + spans.starts + spans.ends).tobytes(),
            text=article.text.encode("utf-8", "surrogatepass"),
        )

    def decode_text(self) -> str:
        """Return the text of the article."""
        return self.text.decode("utf-8", "surrogatepass")

    def decode_spans(self) -> SentenceSpans:
        """Return the spans of the article's sentences."""
        values = array("i", self.spans)
        size = len(values) // 3
        blocks, starts, ends = values[:size], values[size : 2 * size], values[2 * size :]
        return SentenceSpans(blocks, starts, ends, self.language)

    def decode_article(self, text: str) -> Article:
        """Return the article, given its decoded ``text``."""
        headings = [tuple(path) for path in json.loads(self.headings)]
        blocks = zip(*[iter(array("i", self.blocks))] * 4, strict=True)
        return Article(
            title=self.title,
            source=self.source,
            id=json.loads(self.id),
            path=json.loads(self.path),
            text=text,
            date=parse_date(self.date),
            blocks=tuple(
                Block(start, end, headings[heading], bool(role & 1), ROLES[role >> 1])
                for start, end, heading, role in blocks
            ),
            metadata=json.loads(self.metadata),
            has_lines=bool(self.has_lines),
            part=self.part,
            places=tuple(FilePlace(*place) for place in json.loads(self.places or "[]")),
            link=self.link,
        )


class StoredArticle:
    """An article from the database; the article itself is decoded only when it is used.

    Decoding takes most of the time, and a question needs only text and spans of most candidates.
    """

    def __init__(self, row: ArticleRow) -> None:
        self._row = row
        self.title: str = row.title
        self.text: str = row.decode_text()
        self.spans: SentenceSpans = row.decode_spans()

    @cached_property
    def article(self) -> Article:
        """The whole article."""
        return self._row.decode_article(self.text)


def row_checksum(*values: object) -> int:
    """Return the CRC-32 of the values of a row, their types and lengths included."""
    kinds = [[len(value)] if isinstance(value, bytes) else value for value in values]
    total = crc32(repr(kinds).encode("utf-8", "surrogatepass"))
    for value in values:
        if isinstance(value, bytes):
            total = crc32(value, total)
    return total


def parse_date(text: str) -> datetime.date | None:
    """Return the date in a row, None for ""."""
    return datetime.date.fromisoformat(text) if text else None
