"""A saved library → what in it is not as its files are, or not as it was saved."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.articles.files import Files, printable_path
from bot.articles.formats import read_bytes
from bot.articles.library import find_files
from bot.errors import CacheNotWritable, DamagedCache, UnreadableFile
from bot.index.inverted_index import Flags
from bot.index.merge import IndexPart, Merge, renumber_sentences
from bot.index.postings import Ints
from bot.index.vocabulary import Vocabulary
from bot.storage.build import build_chunks
from bot.storage.cache import default_cache, library_folder
from bot.storage.changes import compare_files
from bot.storage.database import Database
from bot.storage.index_file import StoredIndex
from bot.storage.ingest import content_digest
from bot.storage.rows import FileRecord
from bot.storage.update import STORE, current_index

SOUND = "What is saved is what the files say, and whole."
NOTHING = "nothing is saved of these articles; save it with: bot index"
OTHERS = "are not those of the articles; make it again with: bot index --rebuild"
UNFINISHED = "its index was not finished; finish it with: bot index"


def verify_library(paths: Sequence[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield what is wrong with the saved library of ``paths``, a line each."""
    folder, files = library_folder(paths, default_cache()), find_files(paths)
    if not (folder / STORE).exists():
        yield NOTHING
        return
    try:
        store = Database(folder / STORE)
        store.begin_snapshot()
        store.verify()
        known = store.file_records()
        yield from _files(files, known)
        yield from _index(folder, store, known)
    except (DamagedCache, CacheNotWritable) as fault:
        yield str(fault)


def _files(files: Files, known: dict[bytes, FileRecord]) -> Iterator[str]:
    """Yield in what the files are not what was read."""
    changes = compare_files(files, known)
    unread = {file.path for file in changes.unread}
    for file in files.files:
        before = known.get(os.fsencode(file.path))
        try:
            same = before is not None and content_digest(read_bytes(file)) == before.digest
        except UnreadableFile as fault:
            yield str(fault)
        else:
            if file.path in unread or not same:
                yield f"{printable_path(file.path)}: new or changed since; read it with: bot index"
    for path in changes.gone:
        yield f"{printable_path(os.fsdecode(path))}: gone since; forget it with: bot index"


def _index(folder: Path, store: Database, known: dict[bytes, FileRecord]) -> Iterator[str]:
    """Yield in what the index is not that of the articles."""
    facts = store.facts()
    if "generation" not in facts:
        yield UNFINISHED
        return
    found, file = current_index(folder, facts), folder / facts["generation"]
    try:
        again = remade(store, found.articles.tolist(), len(found.vocabulary))
    except DamagedCache:
        # Or only the numbers of the articles are others.
        if all(one.article in found.articles for one in known.values() if one.article is not None):
            raise
        yield f"{file}: its articles {OTHERS}"
        return
    for part, own in arrays(again).items():
        if not np.array_equal(own, arrays(found)[part]):
            yield f"{file}: its {part} {OTHERS}"
            return
    if {*found.articles.tolist()} != {one.article for one in known.values()} - {None}:
        yield UNFINISHED


def remade(store: Database, articles: Sequence[int], terms: int) -> StoredIndex:
    """Return the index of ``articles``, with so many ``terms``, made of what is saved of them.

    Raises Damaged.
    """
    sizes = [len(store.fetch_article(number).spans) for number in articles]
    first = np.cumsum([0, *sizes], dtype=np.int32)
    places = dict(zip(articles, first.tolist(), strict=False))
    vocabulary = Vocabulary.from_bytes([*store.terms(0).values()][:terms])
    with TemporaryDirectory() as scratch:
        parts = [
            IndexPart(chunk.arrays, renumber_sentences(chunk.sizes, places))
            for chunk in build_chunks(store, articles, Path(scratch), len(vocabulary))
        ]
        merged = Merge(parts, len(vocabulary)).to_index()
    return StoredIndex(np.array(articles, np.int64), first, vocabulary, merged)


def arrays(index: StoredIndex) -> dict[str, Ints | Flags]:
    """Return each array of an index by its name."""
    inner = (index, index.vocabulary, index.arrays, index.arrays.postings)
    return {
        field.name: value
        for each in inner
        for field in fields(each)
        if isinstance(value := getattr(each, field.name), np.ndarray)
    }
