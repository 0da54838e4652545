"""A saved library → what in it is not as its files are, or not as it was saved."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.articles.files import Files, shown
from bot.articles.formats import content
from bot.articles.library import found
from bot.errors import Damaged, Unreadable, Unsaved
from bot.index.inverted_index import Flags
from bot.index.merge import Merging, Part, moved
from bot.index.postings import Ints
from bot.index.vocabulary import Vocabulary
from bot.storage.build import chunks
from bot.storage.cache import cache_folder, folder_of
from bot.storage.changes import compared
from bot.storage.database import Store
from bot.storage.index_file import Generation
from bot.storage.ingest import digest
from bot.storage.rows import Known
from bot.storage.update import STORE, made

SOUND = "What is saved is what the files say, and whole."
NOTHING = "nothing is saved of these articles; save it with: bot index"
OTHERS = "are not those of the articles; make it again with: bot index --rebuild"
UNFINISHED = "its index was not finished; finish it with: bot index"


def faults(paths: Sequence[str | os.PathLike[str]]) -> Iterator[str]:
    """Yield what is wrong with the saved library of ``paths``, a line each."""
    folder, files = folder_of(paths, cache_folder()), found(paths)
    if not (folder / STORE).exists():
        yield NOTHING
        return
    try:
        store = Store(folder / STORE)
        store.hold()
        store.verify()
        known = store.known()
        yield from _files(files, known)
        yield from _index(folder, store, known)
    except (Damaged, Unsaved) as fault:
        yield str(fault)


def _files(files: Files, known: dict[bytes, Known]) -> Iterator[str]:
    """Yield in what the files are not what was read."""
    changes = compared(files, known)
    unread = {file.path for file in changes.unread}
    for file in files.files:
        before = known.get(os.fsencode(file.path))
        try:
            same = before is not None and digest(content(file)) == before.digest
        except Unreadable as fault:
            yield str(fault)
        else:
            if file.path in unread or not same:
                yield f"{shown(file.path)}: new or changed since; read it with: bot index"
    for path in changes.gone:
        yield f"{shown(os.fsdecode(path))}: gone since; forget it with: bot index"


def _index(folder: Path, store: Store, known: dict[bytes, Known]) -> Iterator[str]:
    """Yield in what the index is not that of the articles."""
    facts = store.facts()
    if "generation" not in facts:
        yield UNFINISHED
        return
    found, file = made(folder, facts), folder / facts["generation"]
    try:
        again = remade(store, found.articles.tolist(), len(found.vocabulary))
    except Damaged:
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


def remade(store: Store, articles: Sequence[int], terms: int) -> Generation:
    """Return the index of ``articles``, with so many ``terms``, made of what is saved of them.

    Raises Damaged.
    """
    sizes = [len(store.fetched(number).cut) for number in articles]
    first = np.cumsum([0, *sizes], dtype=np.int32)
    places = dict(zip(articles, first.tolist(), strict=False))
    vocabulary = Vocabulary.encoded([*store.terms(0).values()][:terms])
    with TemporaryDirectory() as scratch:
        parts = [
            Part(chunk.arrays, moved(chunk.sizes, places))
            for chunk in chunks(store, articles, Path(scratch), len(vocabulary))
        ]
        merged = Merging(parts, len(vocabulary)).whole()
    return Generation(np.array(articles, np.int64), first, vocabulary, merged)


def arrays(index: Generation) -> dict[str, Ints | Flags]:
    """Return each array of an index by its name."""
    inner = (index, index.vocabulary, index.arrays, index.arrays.postings)
    return {
        field.name: value
        for each in inner
        for field in fields(each)
        if isinstance(value := getattr(each, field.name), np.ndarray)
    }
