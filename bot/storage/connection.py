"""A connection to an SQLite file of the cache: opening, transactions, snapshots, errors."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple

from bot.errors import CacheNotWritable, DamagedCache, OutdatedCache

# Pages of 4 KB in SQLite's memory: as many as a question needs.
PAGE_CACHE_SIZE = 1_000
BUSY_TIMEOUT_MS = 10_000
# Error codes of SQLite for a file that is broken or, in its extended codes, cut off.
FILE_ERRORS = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR}
READ_ERRORS = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}


class Access(Enum):
    """How an SQLite file is opened.

    READ leaves SQLite free to recover and tidy up its own files beside it; FROZEN changes none.
    """

    READ = "read"
    WRITE = "write"
    FROZEN = "frozen"


class Schema(NamedTuple):
    """The tables of a file as SQL, and the two numbers in its header that identify them."""

    application_id: int
    version: int
    tables: str


class Connection:
    """A connection to the SQLite ``file`` of ``schema``, usable by several threads.

    Opened for writing, a missing or empty file gets the tables of ``schema``. Every method raises
    DamagedCache where the file is missing, foreign, outdated or broken, and CacheNotWritable where
    it cannot be written.
    """

    def __init__(self, file: Path, schema: Schema, access: Access) -> None:
        self.file = file
        self._access = access
        self._lock = RLock()
        self._connection = self._connect(schema)

    def _connect(self, schema: Schema) -> sqlite3.Connection:
        is_writer = self._access is Access.WRITE
        if not is_writer and not self.file.is_file():
            raise DamagedCache(self.file, "the file is missing")
        with self._translate_errors():
            connection = sqlite3.connect(
                self._uri(), uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.execute(f"PRAGMA cache_size = {PAGE_CACHE_SIZE}")
            if is_writer:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
            is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
            if is_writer and is_empty:
                connection.executescript(
                    f"BEGIN; {schema.tables} PRAGMA application_id = {schema.application_id};"
                    f"PRAGMA user_version = {schema.version}; COMMIT;"
                )
            header = [
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("application_id", "user_version")
            ]
        # A reader may meet a file that is still empty because a writer is just creating it.
        if header != [*schema[:2]] and (is_writer or not is_empty):
            connection.close()
            if header[0] == schema.application_id:
                raise OutdatedCache(self.file)
            raise DamagedCache(self.file, "it belongs to another program")
        return connection

    def _uri(self) -> str:
        """Return the file as a URI with the parameters of its access."""
        uri = self.file.resolve().as_uri()
        if self._access is Access.WRITE:
            return f"{uri}?mode=rwc"
        if self._access is Access.READ and os.access(self.file.parent, os.W_OK):
            return f"{uri}?mode=rw"
        # Without a write-ahead log nobody writes, and SQLite needs no files for coordination.
        has_log = self.file.with_name(f"{self.file.name}-wal").exists()
        return f"{uri}?mode=ro" if has_log else f"{uri}?immutable=1"

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Raise SQLite's errors as errors of the cache."""
        try:
            yield
        except sqlite3.OperationalError as error:
            # Python's own error about text that is not UTF-8 has no code.
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
            if code in READ_ERRORS or code & 0xFF in FILE_ERRORS or self._is_blocked():
                raise DamagedCache(self.file, str(error)) from error
            raise CacheNotWritable(self.file, str(error)) from error
        # UnicodeDecodeError: SQLite quotes text in its message that is not UTF-8.
        except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as error:
            raise DamagedCache(self.file, str(error)) from error

    def _is_blocked(self) -> bool:
        """Return whether a folder has the name of one of SQLite's files beside ``file``."""
        return any(
            self.file.with_name(f"{self.file.name}-{suffix}").is_dir() for suffix in ("wal", "shm")
        )

    @contextmanager
    def transaction(self, finish: str) -> Iterator[None]:
        """Commit the writes of the ``with`` block and the statement ``finish``, or nothing."""
        with self._lock, self._translate_errors():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute(finish)
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def begin_snapshot(self) -> None:
        """Read the present content from now on, whatever other processes write."""
        with self._translate_errors():
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def fetch(self, query: str, *values: object) -> list[Any]:
        """Return the rows of a query outside of a transaction."""
        with self._lock, self._translate_errors():
            return self._connection.execute(query, values).fetchall()

    def execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run a statement within a transaction."""
        return self._connection.execute(statement, values)

    def execute_many(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        """Run a statement for each of ``rows`` within a transaction."""
        self._connection.executemany(statement, rows)

    def check_integrity(self) -> None:
        """Read the whole file. Raises DamagedCache if SQLite finds a fault in it."""
        result = self.fetch("PRAGMA integrity_check(1)")
        if result != [("ok",)]:
            raise DamagedCache(self.file, str(result[0][0]))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
