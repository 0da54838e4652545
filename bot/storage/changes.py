"""Files as they are, beside what is known of them: what is to be read."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.articles.files import File, Files
from bot.articles.formats import read_bytes
from bot.errors import UnreadableFile
from bot.storage.ingest import content_digest
from bot.storage.rows import FileRecord

# Bytes of files read in one go, and saved in one transaction.
BATCH = 2_000_000


@dataclass(slots=True)
class Changes:
    """Files as they are now, beside what is known of them."""

    unread: list[File] = field(default_factory=list)
    settled: dict[bytes, File] = field(default_factory=dict)
    gone: list[bytes] = field(default_factory=list)


def compare_files(files: Files, known: Mapping[bytes, FileRecord]) -> Changes:
    """Return what of ``files`` is to be read, by their states and, where need be, their content."""
    changes = Changes()
    left = dict(known)
    for file in files.files:
        path = os.fsencode(file.path)
        before = left.pop(path, None)
        if before and before.digest and before.source == file.source:
            if before.clean and before.state == file.state:
                continue
            if is_unchanged(file, before):
                changes.settled[path] = file
                continue
        changes.unread.append(file)
    changes.gone = [*left]
    return changes


def is_unchanged(file: File, before: FileRecord) -> bool:
    """Return whether the content of ``file`` is what it was."""
    if file.size != before.size:
        return False
    try:
        return content_digest(read_bytes(file)) == before.digest
    except UnreadableFile:
        return False


def batches(files: Iterable[File]) -> Iterator[list[File]]:
    """Yield ``files`` in order, so many at once as have some ``BATCH`` bytes."""
    batch: list[File] = []
    room = BATCH
    for file in files:
        batch.append(file)
        room -= file.size + 1_000  # and what an empty one takes
        if room < 0:
            yield batch
            batch, room = [], BATCH
    if batch:
        yield batch
