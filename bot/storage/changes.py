"""Compare files with their records in the cache to find those that need reading."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.articles.files import File, Files
from bot.articles.formats import read_bytes
from bot.errors import UnreadableFile
from bot.storage.ingest import content_digest
from bot.storage.rows import FileRecord

# Memory that a file takes beside its content while it is ingested, so that a batch of empty files
# has an end.
FILE_OVERHEAD = 1_000


@dataclass(slots=True)
class Changes:
    """The difference between files and their records.

    ``unread`` are new or have another content. The content of those in ``recheck``, by path, is
    the same, but their state is new or was racily clean. ``removed`` are the paths of the rest.
    """

    unread: list[File] = field(default_factory=list)
    recheck: dict[bytes, File] = field(default_factory=dict)
    removed: list[bytes] = field(default_factory=list)


def compare_files(files: Files, records: Mapping[bytes, FileRecord]) -> Changes:
    """Return the changes of ``files``; only those that are not clean are read."""
    changes = Changes()
    rest = dict(records)
    for file in files.files:
        path = os.fsencode(file.path)
        record = rest.pop(path, None)
        if record and record.digest and record.source == file.source:
            if record.clean and record.state == file.state:
                continue
            if is_unchanged(file, record):
                changes.recheck[path] = file
                continue
        changes.unread.append(file)
    changes.removed = [*rest]
    return changes


def is_unchanged(file: File, record: FileRecord) -> bool:
    """Return whether the content of ``file`` is that of its record."""
    if file.size != record.size:
        return False
    try:
        return content_digest(read_bytes(file)) == record.digest
    except UnreadableFile:
        return False


def split_batches(files: Iterable[File], batch_bytes: int) -> Iterator[list[File]]:
    """Yield ``files`` in order, in batches of some ``batch_bytes``."""
    batch: list[File] = []
    size = 0
    for file in files:
        batch.append(file)
        size += file.size + FILE_OVERHEAD
        if size > batch_bytes:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
