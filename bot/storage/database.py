"""The database of a cached library: its manifest, files, articles, and their terms.

Articles are never changed. A file that changed gives a new one, and the old one is dropped once
an index without it is saved, so that every reader's snapshot stays whole.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.articles.article import Title
from bot.articles.files import Files
from bot.errors import DamagedCache, UnreadableFile
from bot.index.vocabulary import decode_term, encode_term
from bot.storage.connection import Access, Connection
from bot.storage.rows import (
    ArticleListing,
    ArticleRow,
    ArticleTerms,
    FileRecord,
    Manifest,
    StoredArticle,
    parse_date,
    row_checksum,
)
from bot.storage.schema import SCHEMA

if TYPE_CHECKING:
    from bot.storage.ingest import IngestedFile

ARTICLE_COLUMNS = ", ".join(ArticleRow._fields)
TERM_COLUMNS = ", ".join(ArticleTerms._fields)
FILE_COLUMNS = ", ".join(FileRecord._fields)
# Articles of one query; SQLite takes so many parameters at most, in old versions.
MAX_FETCHED = 999
NEXT_TRANSACTION = 'UPDATE manifest SET "transaction" = hex(randomblob(8))'


class Database:
    """The database in ``file``; its methods raise DamagedCache as those of Connection do.

    The methods after :meth:`transaction` write, and belong in its ``with`` block.
    """

    def __init__(self, file: Path, access: Access = Access.READ) -> None:
        self.file = file
        self._connection = Connection(file, SCHEMA, access)
        self.begin_snapshot: Callable[[], None] = self._connection.begin_snapshot
        self.check_integrity: Callable[[], None] = self._connection.check_integrity
        self.close: Callable[[], None] = self._connection.close

    def manifest(self) -> Manifest:
        """Return the manifest, an empty one where a writer has just created the file."""
        if not self._connection.fetch("SELECT 1 FROM sqlite_schema LIMIT 1"):
            return Manifest()
        rows = self._connection.fetch("SELECT * FROM manifest")
        if len(rows) != 1:
            raise DamagedCache(self.file, "its manifest is missing")
        return Manifest(*map(str, rows[0]))

    def file_records(self) -> dict[bytes, FileRecord]:
        """Return the record of each file by its path, in order."""
        return {record.path: record for record in self._records("TRUE")}

    def unreadable_files(self) -> list[UnreadableFile]:
        """Return the errors of the files, and parts of files, that could not be read, in order."""
        records = self._records("faults != '[]'")
        return [error for record in records for error in record.unreadable_parts()]

    def _records(self, condition: str) -> Iterator[FileRecord]:
        query = f"SELECT {FILE_COLUMNS}, checksum FROM files WHERE {condition} ORDER BY path"
        for *row, checksum in self._connection.fetch(query):
            record = FileRecord._make(row)
            if record.checksum() != checksum:
                raise DamagedCache(self.file, "wrong checksum of a file's record")
            yield record

    def article_ids(self, files: Files) -> list[int]:
        """Return the ids of the articles of ``files``, in the order of the files."""
        query = "SELECT path, first_article, article_count FROM files"
        by_path = {
            path: range(first, first + count)
            for path, first, count in self._connection.fetch(query)
        }
        paths = (os.fsencode(file.path) for file in files.files)
        return [article_id for path in paths for article_id in by_path.get(path, ())]

    def terms(self, first: int) -> dict[int, bytes]:
        """Return the terms from id ``first`` on, UTF-8 by id, in order."""
        query = "SELECT term_id, term, checksum FROM terms WHERE term_id >= ? ORDER BY term_id"
        terms = {}
        for expected, (term_id, term, checksum) in enumerate(
            self._connection.fetch(query, first), first
        ):
            if term_id != expected or row_checksum(term_id, term) != checksum:
                raise DamagedCache(self.file, "a term is missing or has a wrong checksum")
            terms[term_id] = term
        return terms

    def article_terms(self, article_ids: Iterable[int]) -> Iterator[ArticleTerms]:
        """Yield the terms of each article."""
        query = f"SELECT article_id, checksum, {TERM_COLUMNS} FROM article_terms"
        for article_id in article_ids:
            for terms in self._fetch_checked(query, [article_id]):
                yield ArticleTerms(*terms)

    def fetch_articles(self, article_ids: Sequence[int]) -> list[StoredArticle]:
        """Return articles with their sentence spans, in the order of their ids."""
        query = f"SELECT article_id, checksum, {ARTICLE_COLUMNS} FROM articles"
        return [StoredArticle(ArticleRow(*row)) for row in self._fetch_checked(query, article_ids)]

    def fetch_titles(self, article_ids: Sequence[int]) -> list[Title]:
        """Return the titles of articles, in the order of their ids."""
        query = "SELECT article_id, title_checksum, title, language FROM articles"
        return [Title(*row) for row in self._fetch_checked(query, article_ids)]

    def find_unsearched(self, term: str) -> list[int]:
        """Return the ids of the articles that have ``term`` only outside of sentences."""
        query = "SELECT article_id FROM unsearched WHERE term = ?"
        return [article_id for (article_id,) in self._connection.fetch(query, encode_term(term))]

    def unsearched_terms(self) -> Mapping[int, list[str]]:
        """Return the terms that each article has only outside of sentences, by article id."""
        terms: dict[int, list[str]] = {}
        for article_id, term in self._connection.fetch("SELECT article_id, term FROM unsearched"):
            terms.setdefault(article_id, []).append(decode_term(term))
        return terms

    def _fetch_checked(self, query: str, article_ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the rows of articles without their first columns, id and checksum."""
        rows: dict[int, tuple[Any, ...]] = {}
        for first in range(0, len(article_ids), MAX_FETCHED):
            some = article_ids[first : first + MAX_FETCHED]
            condition = f"WHERE article_id IN ({', '.join('?' * len(some))})"
            for article_id, checksum, *values in self._connection.fetch(
                f"{query} {condition}", *some
            ):
                if row_checksum(article_id, *values) != checksum:
                    raise DamagedCache(self.file, "wrong checksum of an article")
                rows[article_id] = (*values,)
        if not rows.keys() >= {*article_ids}:
            raise DamagedCache(self.file, "an article is missing")
        return [rows[article_id] for article_id in article_ids]

    def listings(self) -> Mapping[int, ArticleListing]:
        """Return the listing of each article by id."""
        query = "SELECT article_id, title, source, date, id, metadata FROM articles"
        try:
            return {
                article_id: ArticleListing(
                    title, source, parse_date(date), json.loads(record_id), json.loads(metadata)
                )
                for article_id, title, source, date, record_id, metadata in self._connection.fetch(
                    query
                )
            }
        except (TypeError, ValueError) as error:
            raise DamagedCache(self.file, "an article has no valid date or metadata") from error

    def languages(self) -> Mapping[int, str]:
        """Return the code of the language of each article by id."""
        return dict(self._connection.fetch("SELECT article_id, language FROM articles"))

    def language_counts(self) -> Mapping[str, int]:
        """Return the number of articles in each language, by its code: read from an index alone."""
        return dict(
            self._connection.fetch("SELECT language, count(*) FROM articles GROUP BY language")
        )

    def verify_checksums(self, article_ids: Iterable[int], vocabulary_size: int) -> None:
        """Verify every term and these articles. Raises DamagedCache."""
        if len(self.terms(0)) < vocabulary_size:
            raise DamagedCache(self.file, "terms are missing")
        for term, article_id, checksum in self._connection.fetch("SELECT * FROM unsearched"):
            if row_checksum(term, article_id) != checksum:
                raise DamagedCache(self.file, "wrong checksum of a word")
        for article_id in article_ids:
            self.fetch_articles([article_id])
            self.fetch_titles([article_id])
            next(self.article_terms([article_id]))

    def transaction(self) -> AbstractContextManager[None]:
        """Commit everything written in the ``with`` block, or nothing; see Manifest."""
        return self._connection.transaction(finish=NEXT_TRANSACTION)

    def add(self, files: Iterable[tuple["IngestedFile", bool]], terms: Mapping[int, bytes]) -> None:
        """Add files, each with whether it is clean, their articles, and new ``terms`` by id."""
        self._connection.execute_many(
            "INSERT INTO terms (term_id, term, checksum) VALUES (?, ?, ?)",
            ((term_id, term, row_checksum(term_id, term)) for term_id, term in terms.items()),
        )
        (last,) = self._connection.execute(
            "SELECT coalesce(max(article_id), 0) FROM articles"
        ).fetchone()
        unsearched: list[tuple[bytes, int]] = []
        for ingested, is_clean in files:
            first = last + 1
            for article in ingested.articles:
                last += 1
                self._add_article(last, article.row, article.terms)
                unsearched += [(encode_term(term), last) for term in article.unsearched]
            file = ingested.file
            self._put_file(
                FileRecord(
                    path=os.fsencode(file.path),
                    source=file.source,
                    **file.state._asdict(),
                    clean=int(is_clean),
                    digest=ingested.digest,
                    first_article=first,
                    article_count=len(ingested.articles),
                    faults=json.dumps(ingested.faults),
                )
            )
        self._add_unsearched(unsearched)

    def _add_article(self, article_id: int, article: ArticleRow, terms: ArticleTerms) -> None:
        insert = self._connection.execute
        insert(
            f"INSERT INTO articles (article_id, checksum, title_checksum, {ARTICLE_COLUMNS})"
            f" VALUES (?, ?, ?{', ?' * len(article)})",
            article_id,
            row_checksum(article_id, *article),
            row_checksum(article_id, article.title, article.language),
            *article,
        )
        insert(
            f"INSERT INTO article_terms (article_id, checksum, {TERM_COLUMNS})"
            f" VALUES (?, ?{', ?' * len(terms)})",
            *(article_id, row_checksum(article_id, *terms), *terms),
        )

    def _add_unsearched(self, rows: Iterable[tuple[bytes, int]]) -> None:
        """Add terms, each with an article that has it only outside of sentences."""
        self._connection.execute_many(
            "INSERT INTO unsearched (term, article_id, checksum) VALUES (?, ?, ?)",
            # Sorted, they take two thirds of the time.
            ((*row, row_checksum(*row)) for row in sorted(rows)),
        )

    def _put_file(self, record: FileRecord) -> None:
        self._connection.execute(
            f"REPLACE INTO files ({FILE_COLUMNS}, checksum) VALUES (?{', ?' * len(record)})",
            *(*record, record.checksum()),
        )

    def update_files(self, records: Iterable[FileRecord]) -> None:
        """Replace the records of files whose articles stay as they are."""
        for record in records:
            self._put_file(record)

    def remove_files(self, paths: Iterable[bytes]) -> None:
        """Remove the records of files; their articles stay until :meth:`drop_orphans`."""
        self._connection.execute_many(
            "DELETE FROM files WHERE path = ?", ((path,) for path in paths)
        )

    def drop_orphans(self) -> None:
        """Delete the articles that no file gives any more."""
        ids = {row[0] for row in self._connection.fetch("SELECT article_id FROM articles")}
        for record in self._records("article_count"):
            ids.difference_update(record.article_ids)
        execute = self._connection.execute
        execute("CREATE TEMP TABLE orphans (article_id INTEGER PRIMARY KEY)")
        self._connection.execute_many(
            "INSERT INTO orphans VALUES (?)", ((article_id,) for article_id in sorted(ids))
        )
        for table in ("articles", "article_terms", "unsearched"):
            execute(f"DELETE FROM {table} WHERE article_id IN (SELECT article_id FROM orphans)")
        execute("DROP TABLE orphans")

    def has_only_clean_files(self) -> bool:
        """Return whether every file is clean and could be read."""
        query = "SELECT 1 FROM files WHERE NOT clean OR digest = x'' LIMIT 1"
        return not self._connection.execute(query).fetchall()

    def set_manifest(self, manifest: Manifest) -> None:
        """Replace the manifest but for its ``transaction``, which each transaction sets."""
        self._connection.execute(
            "UPDATE manifest SET version = ?, index_file = ?, fingerprint = ?", *manifest[:3]
        )
