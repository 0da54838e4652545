"""Bring a cached library up to date: ingest new and changed files, merge them into the index."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from bot.articles.files import Files, fingerprint
from bot.errors import BotError, DamagedCache
from bot.index.merge import DROPPED, IndexPart, Merge, check_all, renumber_sentences
from bot.index.postings import Ints
from bot.index.vocabulary import Vocabulary, decode_term, encode_term
from bot.storage.atomic import TEMPORARY_GLOB
from bot.storage.build import IndexChunk, build_chunks
from bot.storage.changes import Changes, compare_files, split_batches
from bot.storage.connection import Access
from bot.storage.database import Database
from bot.storage.index_file import EMPTY_INDEX, StoredIndex, save_index
from bot.storage.ingest import IngestedFile
from bot.storage.lock import filesystem_time, hold_lock
from bot.storage.opened_library import UpdateReport
from bot.storage.options import OpenOptions
from bot.storage.rows import ArticleTerms, FileRecord, Manifest
from bot.storage.snapshot import (
    DATABASE_NAME,
    INDEX_PREFIX,
    Snapshot,
    check_version,
    index_number,
    library_version,
    load_current_index,
)

CHUNKS_PREFIX = "chunks-"


class Comparison(NamedTuple):
    """The changes of files since a snapshot; valid while the manifest stays the same."""

    manifest: Manifest
    stored_index: StoredIndex
    records: Mapping[bytes, FileRecord]
    changes: Changes


def update_library(
    files: Files, folder: Path, options: OpenOptions, comparison: Comparison | None = None
) -> UpdateReport:
    """Update the library in ``folder`` to ``files``; this process holds the lock."""
    return LibraryUpdate(files, folder, options, comparison).run()


def compare_with_snapshot(files: Files, snapshot: Snapshot) -> Comparison:
    """Return the changes of ``files`` since ``snapshot``."""
    records = snapshot.database.file_records()
    changes = compare_files(files, records)
    return Comparison(snapshot.manifest, snapshot.stored_index, records, changes)


class LibraryUpdate:
    """An update of the library in ``folder`` to ``files``, by the process that holds the lock.

    ``comparison``, if it is still valid, saves comparing the files again.
    """

    def __init__(
        self,
        files: Files,
        folder: Path,
        options: OpenOptions,
        comparison: Comparison | None = None,
    ) -> None:
        self.files: Files = files
        self.folder: Path = folder
        self.options: OpenOptions = options
        self.now: int = filesystem_time(folder)
        self.database: Database = Database(folder / DATABASE_NAME, Access.WRITE)
        self.manifest: Manifest = self.database.manifest()
        check_version(self.database.file, self.manifest, options.analysis)
        if not comparison or comparison.manifest != self.manifest:
            records = self.database.file_records()
            changes = compare_files(files, records)
            comparison = Comparison(self.manifest, self._load_index(), records, changes)
        self.index: StoredIndex = comparison.stored_index
        self.records: Mapping[bytes, FileRecord] = comparison.records
        self.changes: Changes = comparison.changes

    def run(self) -> UpdateReport:
        """Update the library and return the number of changes."""
        before = {path: row.article_count for path, row in self.records.items()}
        ingested = self._ingest()
        article_ids = self.database.article_ids(self.files)
        if self.index.article_ids.tolist() != article_ids or not self.manifest.index_file:
            self._build_index(article_ids)
        self.record_clean_files()
        self.database.close()
        changed = sum(count for path, count in ingested.items() if before.get(path))
        return UpdateReport(
            added=sum(ingested.values()) - changed,
            changed=changed,
            unchanged=len(article_ids) - sum(ingested.values()),
            removed=sum(before[path] for path in self.changes.removed),
        )

    def record_clean_files(self) -> None:
        """Record the new states of unchanged files, and delete files of earlier updates.

        Once all files are clean, the manifest gets their fingerprint.
        """
        database, resolution = self.database, self.options.timestamp_resolution
        with database.transaction():
            database.update_files(
                self.records[path]._replace(
                    **file.state._asdict(), clean=int(file.state.is_clean(self.now, resolution))
                )
                for path, file in self.changes.recheck.items()
            )
            is_clean = database.has_only_clean_files()
            self._set_manifest(fingerprint=fingerprint(self.files.files) if is_clean else "")
        delete_leftovers(self.folder, self.manifest)

    def _set_manifest(self, **fields: str) -> None:
        self.manifest = self.manifest._replace(
            version=library_version(self.options.analysis), **fields
        )
        self.database.set_manifest(self.manifest)

    def _load_index(self) -> StoredIndex:
        """Return the last index, an empty one if there is none or it is damaged."""
        try:
            return load_current_index(self.folder, self.manifest)
        except DamagedCache:
            return EMPTY_INDEX

    def _ingest(self) -> dict[bytes, int]:
        """Add new and changed files batch by batch, and remove the records of the others.

        Return the number of articles in each file that was read, by its path.
        """
        database, unread, count = self.database, self.changes.unread, 0
        resolution = self.options.timestamp_resolution
        article_counts: dict[bytes, int] = {}
        term_ids = TermIds(self.index.vocabulary, database)
        batches = split_batches(unread, self.options.sizes.batch_bytes)
        for batch in self.options.ingest(batches, self.options.analysis):
            ids, new_terms = term_ids.assign(batch.terms)
            files = [
                (renumber_terms(file, ids), file.file.state.is_clean(self.now, resolution))
                for file in batch.files
            ]
            with database.transaction():
                database.add(files, new_terms)
                self._set_manifest(fingerprint="")
            count += len(batch.files)
            article_counts |= {
                os.fsencode(file.file.path): len(file.articles) for file in batch.files
            }
            self.options.progress(count, len(unread))
        if self.changes.removed:
            with database.transaction():
                database.remove_files(self.changes.removed)
                self._set_manifest(fingerprint="")
        return article_counts

    def _build_index(self, article_ids: Sequence[int]) -> None:
        """Merge the last index and the new articles, and name the result in the manifest.

        Raises DamagedCache.
        """
        check_all(self.index.inverted.postings)
        name = f"{INDEX_PREFIX}{index_number(self.manifest) + 1}"
        vocabulary = self.index.vocabulary
        vocabulary = vocabulary.extend([*self.database.terms(len(vocabulary)).values()])
        last = IndexChunk(self.index.inverted, self.index.sentence_counts())
        new_ids = [number for number in article_ids if number not in last.sentence_counts]
        with TemporaryDirectory(dir=self.folder, prefix=CHUNKS_PREFIX) as scratch:
            sizes = self.options.sizes
            chunks = [
                last,
                *build_chunks(
                    self.database, new_ids, len(vocabulary), sizes.chunk_terms, Path(scratch)
                ),
            ]
            counts = {
                key: count for chunk in chunks for key, count in chunk.sentence_counts.items()
            }
            first_sentences = np.cumsum([0, *map(counts.__getitem__, article_ids)], dtype=np.int32)
            starts = dict(zip(article_ids, first_sentences.tolist(), strict=False))
            parts = [IndexPart(chunk.index, renumber_chunk(chunk, starts)) for chunk in chunks]
            merge = Merge(parts, len(vocabulary), sizes.block_postings)
            ids = np.array(article_ids, np.int64)
            save_index(self.folder / name, merge, vocabulary, ids, first_sentences)
        with self.database.transaction():
            self._set_manifest(index_file=name)
            self.database.drop_orphans()


def renumber_chunk(chunk: IndexChunk, starts: Mapping[int, int]) -> Ints:
    """Return the new number of each sentence of ``chunk``; ``starts`` has those of articles."""
    counts = chunk.sentence_counts
    return renumber_sentences(
        np.array([*counts.values()], np.int64),
        np.array([starts.get(article_id, DROPPED) for article_id in counts], np.int64),
    )


def record_clean_files(
    files: Files, folder: Path, options: OpenOptions, comparison: Comparison
) -> bool:
    """Record the states of ``files``, all of them unchanged; return whether that was possible.

    It is not while another process writes, or if one did since ``comparison``. The contents are
    then compared at the next opening once more.
    """
    with suppress(BotError, OSError), hold_lock(folder, wait=False) as is_free:
        if is_free:
            update = LibraryUpdate(files, folder, options, comparison)
            is_valid = update.manifest == comparison.manifest
            if is_valid:
                update.record_clean_files()
            update.database.close()
            return is_valid
    return False


def delete_leftovers(folder: Path, manifest: Manifest) -> None:
    """Delete the files in ``folder`` that no later reader needs."""
    for file in [*folder.glob(f"{INDEX_PREFIX}*"), *folder.glob(TEMPORARY_GLOB)]:
        if file.name != manifest.index_file:
            with suppress(OSError):  # Windows keeps a file that a reader has mapped
                file.unlink()
    for scratch in folder.glob(f"{CHUNKS_PREFIX}*"):
        rmtree(scratch, ignore_errors=True)


class TermIds:
    """The ids of the terms of a library: the indexed ones, those added since, and new ones."""

    def __init__(self, vocabulary: Vocabulary, database: Database) -> None:
        self._vocabulary = vocabulary
        added = database.terms(len(vocabulary))
        self._size = len(vocabulary) + len(added)
        self._ids = {decode_term(term): term_id for term_id, term in added.items()}

    def assign(self, terms: Sequence[str]) -> tuple[Ints, dict[int, bytes]]:
        """Return the id of each of ``terms``, ``int32[terms]``, and the new terms by id."""
        ids = self._ids
        if len(self._vocabulary):
            ids.update(self._vocabulary.lookup([term for term in terms if term not in ids]))
        added = {}
        for term in terms:
            if term not in ids:
                ids[term] = self._size
                added[self._size] = encode_term(term)
                self._size += 1
        return np.fromiter(map(ids.__getitem__, terms), np.int32, len(terms)), added


def renumber(terms: ArticleTerms, ids: Ints) -> ArticleTerms:
    """Return the terms of an article with the ids that ``ids`` has for them."""
    return terms._replace(term_ids=ids[np.frombuffer(terms.term_ids, np.int32) - 1].tobytes())


def renumber_terms(file: IngestedFile, ids: Ints) -> IngestedFile:
    """Return ``file`` with the library's term ids in place of those of its batch.

    ``ids[i]`` is the library's id of the batch's term ``i + 1``.
    """
    articles = (article._replace(terms=renumber(article.terms, ids)) for article in file.articles)
    return replace(file, articles=tuple(articles))
