"""A saved library → what in it is not as its files are, or not as it was saved."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bot.articles.changes import compared
from bot.articles.files import Files, shown
from bot.articles.formats import content
from bot.articles.library import found
from bot.articles.reading import digest
from bot.articles.rows import Known
from bot.articles.store import Store
from bot.errors import Damaged, Unreadable
from bot.index import generation
from bot.index.merging import Merging, Part
from bot.retrieval.saved import cache_folder, folder_of
from bot.retrieval.saving import STORE, chunks, moved

SOUND = "What is saved is what the files say, and whole."
NOTHING = "nothing is saved of these articles; save it with: bot index"
REMEDY = "make it again with: bot index --rebuild"
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
        yield from _index(folder, store)
    except Damaged as fault:
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


def _index(folder: Path, store: Store) -> Iterator[str]:
    """Yield in what the index is not that of the articles."""
    name = store.facts().get("generation")
    if name is None:
        yield UNFINISHED
        return
    made = generation.load(folder / name)
    articles = made.articles.tolist()
    for number in articles:
        store.fetched(number)
    places = dict(zip(articles, made.first.tolist(), strict=False))
    with TemporaryDirectory() as scratch:
        terms = len(made.vocabulary)
        parts = [
            Part(chunk.arrays, moved(chunk.sizes, places))
            for chunk in chunks(store, articles, Path(scratch), terms)
        ]
        again = Merging(parts, terms).whole()
    for part in ("starts", "rows", "counts", "lengths"):
        if not np.array_equal(getattr(again.postings, part), getattr(made.arrays.postings, part)):
            yield f"{folder / name}: its {part} are not those of the articles; {REMEDY}"
            return
