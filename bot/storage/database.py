"""A library on disk, in SQLite: articles, their sentences and terms, and the files they are of.

Articles are never changed: one whose file changed is added anew, and the old one goes when the
index has been made without it. So whoever reads sees what stood there when the reading began.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from bot.articles.files import Files
from bot.errors import CacheNotWritable, DamagedCache
from bot.storage.ingest import IngestedFile
from bot.storage.rows import (
    FileRecord,
    StoredArticle,
    StoredListing,
    checksum,
    is_intact,
    parse_date,
    seal_row,
)

# "bot" in the header of a file that is ours, and the version of the tables in it.
OURS = 0x626F7400
SCHEMA = 2
TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY, source TEXT NOT NULL, size INTEGER NOT NULL, written INTEGER NOT NULL,
    changed INTEGER NOT NULL, settled INTEGER NOT NULL, digest BLOB NOT NULL,
    article INTEGER, fault TEXT NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, title TEXT NOT NULL, source TEXT NOT NULL, date TEXT NOT NULL,
    metadata TEXT NOT NULL, headings TEXT NOT NULL, blocks BLOB NOT NULL, cut BLOB NOT NULL,
    checksum INTEGER NOT NULL, text BLOB NOT NULL
);
CREATE TABLE tokens (
    article INTEGER PRIMARY KEY, terms BLOB NOT NULL, lengths BLOB NOT NULL, opens BLOB NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE terms (
    number INTEGER PRIMARY KEY, term BLOB NOT NULL, checksum INTEGER NOT NULL
);
"""
# Pages of 4 KB that SQLite keeps: what a question needs, no more.
CACHE = 1_000


@dataclass(frozen=True, slots=True)
class ArticleTerms:
    """The terms of an article: their numbers, how many each sentence has, which open a paragraph.

    ``int32`` twice, and ``bool``, as bytes.
    """

    terms: bytes
    lengths: bytes
    starts_paragraph: bytes


class Database:
    """The saved articles at ``file``. Raises Damaged where that is not a store of this version."""

    def __init__(self, file: Path, *, writing: bool = False) -> None:
        self.file = file
        self._lock = Lock()
        self._database = self._connect(writing)

    def _connect(self, writing: bool) -> sqlite3.Connection:
        if not writing and not self.file.is_file():
            raise DamagedCache(self.file, "it is not there")
        with self._translate_errors():
            database = sqlite3.connect(
                self._address(writing), uri=True, isolation_level=None, check_same_thread=False
            )
            database.execute("PRAGMA busy_timeout = 10000")
            database.execute(f"PRAGMA cache_size = {CACHE}")
            if writing:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
            fresh = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
            if writing and fresh:
                database.executescript(
                    f"BEGIN; {TABLES} PRAGMA application_id = {OURS};"
                    f"PRAGMA user_version = {SCHEMA}; COMMIT;"
                )
            marks = [
                database.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            ]
        # A file in which nothing stands yet may be one that another begins at this moment.
        if marks != [OURS, SCHEMA] and (writing or not fresh):
            database.close()
            raise DamagedCache(self.file, "it is of another program or version")
        return database

    def _address(self, writing: bool) -> str:
        """Return how SQLite is to open the file; where it can write nothing there, as it stands."""
        address = self.file.resolve().as_uri()
        if writing or os.access(self.file.parent, os.W_OK):
            return f"{address}?mode={'rwc' if writing else 'rw'}"
        return f"{address}?immutable=1"

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Raise what SQLite raises as what it means for us."""
        try:
            yield
        except sqlite3.OperationalError as error:
            # Python's own, of a text that is no UTF-8, has no code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR) or self._is_blocked():
                raise DamagedCache(self.file, str(error)) from error
            raise CacheNotWritable(self.file, str(error)) from error
        # A text that SQLite quotes in its error may be no UTF-8, too.
        except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as error:
            raise DamagedCache(self.file, str(error)) from error

    def _is_blocked(self) -> bool:
        """Whether folders stand where SQLite has its files beside ``file``."""
        return any(
            self.file.with_name(f"{self.file.name}-{end}").is_dir() for end in ("wal", "shm")
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of what is done within, or nothing of it.

        Each has a mark of its own among the facts, so that equal facts tell that all else is, too.
        """
        with self._lock, self._translate_errors():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("REPLACE INTO facts VALUES ('mark', hex(randomblob(8)))")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def begin_snapshot(self) -> None:
        """See from now on what stands there now, whatever is written."""
        with self._translate_errors():
            self._database.execute("BEGIN")
            self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock, self._translate_errors():
            return self._database.execute(query, values).fetchall()

    def verify(self) -> None:
        """Read the whole file. Raises Damaged where SQLite finds it broken."""
        found = self._rows("PRAGMA integrity_check(1)")
        if found != [("ok",)]:
            raise DamagedCache(self.file, str(found[0][0]))

    # What is asked.

    def facts(self) -> dict[str, str]:
        """Return what was noted of the whole: nothing where nothing was saved yet."""
        if not self._rows("SELECT 1 FROM sqlite_schema LIMIT 1"):
            return {}
        return {str(name): str(value) for name, value in self._rows("SELECT * FROM facts")}

    def file_records(self) -> dict[bytes, FileRecord]:
        """Return what is known of each file, by its path as bytes."""
        return {known.path: known for known in self._files("TRUE")}

    def file_of_article(self, article: int) -> FileRecord | None:
        """Return what is known of the file that gave ``article``, None if it gives another now."""
        return next(self._files("article = ?", article), None)

    def _files(self, which: str, *values: object) -> Iterator[FileRecord]:
        """Yield what is known of files, by their paths in order."""
        for *row, sum_ in self._rows(f"SELECT * FROM files WHERE {which} ORDER BY path", *values):
            known = FileRecord._make(row)
            if known.checksum() != sum_:
                raise DamagedCache(self.file, "what is known of a file is not what was saved")
            yield known

    def article_numbers(self, files: Files) -> list[int]:
        """Return the numbers of the articles of ``files``, in reading order."""
        given = dict(self._rows("SELECT path, article FROM files WHERE article IS NOT NULL"))
        found = (given.get(os.fsencode(file.path)) for file in files.files)
        return [number for number in found if number is not None]

    def terms(self, first: int) -> dict[int, bytes]:
        """Return the terms from number ``first`` on, in UTF-8, in order."""
        rows = self._rows("SELECT * FROM terms WHERE number >= ? ORDER BY number", first)
        found = {number: term for number, term, sum_ in rows if checksum(number, term) == sum_}
        if [*found] != [*range(first, first + len(rows))]:
            raise DamagedCache(self.file, "terms are missing")
        return found

    def article_terms(self, articles: Iterable[int]) -> Iterator[ArticleTerms]:
        """Yield the terms of ``articles``, in that order."""
        query = "SELECT terms, lengths, opens, checksum FROM tokens WHERE article = ?"
        for number in articles:
            row = next(iter(self._rows(query, number)), None)
            if row is None or checksum(number, *row[:3]) != row[3]:
                raise DamagedCache(
                    self.file, "the terms of an article are not those that were saved"
                )
            yield ArticleTerms(*row[:3])

    def faults(self) -> dict[str, str]:
        """Return the files that gave no article, by their paths, and why."""
        return {os.fsdecode(known.path): known.fault for known in self._files("article IS NULL")}

    def digests(self) -> dict[str, bytes]:
        """Return the digest of each article's file, by its source."""
        return {known.source: known.digest for known in self._files("article IS NOT NULL")}

    def fetch_article(self, number: int) -> StoredArticle:
        """Return an article, and where its sentences lie."""
        query = "SELECT * FROM articles WHERE number = ?"
        row = next(iter(self._rows(query, number)), ())[1:]
        if not row or not is_intact(number, row):
            raise DamagedCache(self.file, "an article is not what was saved")
        return StoredArticle(row)

    def listings(self) -> Mapping[int, StoredListing]:
        """Return every article as far as lists need it, by its number."""
        rows = self._rows("SELECT number, title, source, date FROM articles")
        try:
            return {
                number: StoredListing(title, source, parse_date(date))
                for number, title, source, date in rows
            }
        except (TypeError, ValueError) as error:
            raise DamagedCache(self.file, "a date is not what was saved") from error

    # What is written; all but ``note`` within a transaction.

    def add(
        self, readings: Iterable[tuple[IngestedFile, bool]], terms: Mapping[int, bytes]
    ) -> None:
        """Add what was read of files, and whether that is settled; and new terms."""
        write = self._database.execute
        self._database.executemany(
            "INSERT INTO terms VALUES (?, ?, ?)",
            ((number, term, checksum(number, term)) for number, term in terms.items()),
        )
        (last,) = write("SELECT coalesce(max(number), 0) FROM articles").fetchone()
        for reading, settled in readings:
            number = None
            if reading.row:
                number = last = last + 1
                row, tokens = reading.row, (reading.terms, reading.lengths, reading.opens)
                write(
                    "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (number, *seal_row(number, row)),
                )
                write(
                    "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
                    (number, *tokens, checksum(number, *tokens)),
                )
            file = reading.file
            path, content = os.fsencode(file.path), (reading.digest, number, reading.fault)
            self._put(FileRecord(path, file.source, *file.state, int(settled), *content))

    def _put(self, known: FileRecord) -> None:
        self._database.execute(
            "REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*known, known.checksum())
        )

    def is_clean(self) -> bool:
        """Whether a change of any file would show in its state, and each could be read."""
        query = "SELECT 1 FROM files WHERE NOT settled OR digest = x'' LIMIT 1"
        return not self._database.execute(query).fetchall()

    def mark_clean(self, files: Iterable[FileRecord]) -> None:
        """Note what is known of files whose content was found to be what it was."""
        for known in files:
            self._put(known)

    def forget_files(self, paths: Iterable[bytes]) -> None:
        """Forget the files at ``paths``; their articles stay until they are dropped."""
        self._database.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in paths))

    def drop_orphans(self) -> None:
        """Drop the articles that no file gives any more."""
        kept = "(SELECT article FROM files WHERE article IS NOT NULL)"
        self._database.execute(f"DELETE FROM articles WHERE number NOT IN {kept}")
        self._database.execute(f"DELETE FROM tokens WHERE article NOT IN {kept}")

    def set_facts(self, facts: Mapping[str, str]) -> None:
        """Note facts of the whole."""
        self._database.executemany("REPLACE INTO facts VALUES (?, ?)", facts.items())
