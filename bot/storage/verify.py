"""Compare a cached library with the files it was read from, and verify its checksums."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bot.articles.files import Files, printable_path
from bot.articles.formats import find_files, read_bytes
from bot.errors import CacheNotWritable, DamagedCache, UnreadableFile
from bot.index.merge import check_all
from bot.storage.changes import compare_files
from bot.storage.database import Database
from bot.storage.folders import library_folder
from bot.storage.ingest import content_digest
from bot.storage.rows import FileRecord
from bot.storage.snapshot import DATABASE_NAME, check_version, load_current_index

NO_FAULT = "The cache is intact and matches the files."
NOT_CACHED = "these articles are not cached; to cache them, run: bot index"
UNFINISHED = "the last update was not finished; to finish it, run: bot index"


def verify_library(paths: Sequence[str | os.PathLike[str]], cache: Path) -> Iterator[str]:
    """Yield a line about each fault of the library of ``paths`` under ``cache``."""
    folder = library_folder(paths, cache)
    file = folder / DATABASE_NAME
    if not file.exists():
        yield NOT_CACHED
        return
    try:
        with closing(Database(file)) as database:
            database.begin_snapshot()
            database.check_integrity()
            records = database.file_records()
            yield from compare_contents(find_files(paths), records)
            ids = {number for row in records.values() for number in row.article_ids}
            yield from verify_index(folder, database, ids)
    except (DamagedCache, CacheNotWritable) as fault:
        yield str(fault)


def compare_contents(files: Files, records: Mapping[bytes, FileRecord]) -> Iterator[str]:
    """Yield a line about each file that differs from its record; every file is read."""
    changes = compare_files(files, records)
    unread = {file.path for file in changes.unread}
    for file in files.files:
        record = records.get(os.fsencode(file.path))
        try:
            is_same = record is not None and content_digest(read_bytes(file)) == record.digest
        except UnreadableFile as fault:
            yield str(fault)
        else:
            if file.path in unread or not is_same:
                yield f"{printable_path(file.path)}: new or changed; to read it, run: bot index"
    for path in changes.removed:
        yield f"{printable_path(os.fsdecode(path))}: removed; to forget it, run: bot index"


def verify_index(folder: Path, database: Database, article_ids: Collection[int]) -> Iterator[str]:
    """Yield a line if the index is not that of ``article_ids``. Raises DamagedCache."""
    manifest = database.manifest()
    check_version(database.file, manifest)
    if not manifest.index_file:
        yield UNFINISHED
        return
    index = load_current_index(folder, manifest)
    check_all(index.inverted.postings)
    database.verify_checksums(index.article_ids.tolist(), len(index.vocabulary))
    if {*index.article_ids.tolist()} != article_ids:
        yield UNFINISHED
