"""Paths → a library and its engine, kept on disk: only files that are new or changed are read."""

import os
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from shutil import rmtree
from typing import Self

import platformdirs

from bot.articles.alone import alone, moment
from bot.articles.changes import batches, compared, numbers
from bot.articles.files import File, Files, fingerprint, shown
from bot.articles.library import Library, Listing, found
from bot.articles.rows import article_of, cut_of, text_of
from bot.articles.shelved import Cuts, Shelved
from bot.articles.store import Store
from bot.errors import Damaged, NothingToRead, Unreadable, Unsaved
from bot.index import generation
from bot.index.generation import Generation
from bot.index.memory import MemoryEngine
from bot.language.terms import terms
from bot.retrieval.saving import STORE, VERSION, Report, Saving, Ways, note_settled

# The folder in which saved libraries lie, and how other versions called theirs.
FOLDER, OTHERS = "libraries-1", "libraries-*"


class SavedLibrary(Library):
    """A library whose articles are fetched from a store when they are asked for."""

    @classmethod
    def of(cls, store: Store, made: Generation) -> Self:
        """Return the library of what was ``made``."""
        shelved = Shelved(store, made.articles.tolist())
        library = cls.kept(shelved, Cuts(shelved), made.first.data)
        library._store, library._shelved = store, shelved
        return library

    _store: Store
    _shelved: Shelved

    def title(self, article: int) -> str:
        """Return the title of ``article``, of which no more is made than it takes."""
        return self._shelved.fetched(article).title

    def text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""
        sentence = self.sentence(number)
        return self._shelved.fetched(sentence.article).text[sentence.start : sentence.end]

    @cached_property
    def listings(self) -> Sequence[Listing]:
        """The articles, as far as lists need them, in reading order: without their texts."""
        found = self._store.listings()
        return [found[number] for number in self._shelved.numbers]

    @cached_property
    def versions(self) -> Mapping[str, bytes]:
        """By the source of each article, the digest of its file."""
        return self._store.digests()


@dataclass(frozen=True, slots=True)
class Opened:
    """A library and its engine, what became of its files, and where it is saved.

    ``folder`` is None where nothing could be saved.
    """

    library: Library
    engine: MemoryEngine
    report: Report
    folder: Path | None

    def something(self, paths: Sequence[str | os.PathLike[str]]) -> Self:
        """Return this, if an article was found or nothing went wrong. Raises NothingToRead."""
        if self.library.skipped and not self.library.articles:
            raise NothingToRead(tuple(os.fspath(path) for path in paths), self.library.skipped)
        return self


def cache_folder() -> Path:
    """Return the folder in which this user's saved libraries lie."""
    return platformdirs.user_cache_path("bot", appauthor=False)


def folder_of(paths: Sequence[str | os.PathLike[str]], cache: Path) -> Path:
    """Return the folder under ``cache`` in which the library of ``paths`` is saved."""
    named = "\0".join(os.path.abspath(path) for path in paths)  # noqa: PTH100 # links are kept
    return cache / FOLDER / blake2b(os.fsencode(named), digest_size=10).hexdigest()


def opened(
    paths: Sequence[str | os.PathLike[str]], cache: Path, ways: Ways, *, rebuild: bool = False
) -> Opened:
    """Return the library of ``paths``, with what is new or changed read and saved.

    What is saved and damaged is read again, as all is to ``rebuild``; what cannot be saved is
    read and asked all the same.
    """
    files, folder = found(paths), folder_of(paths, cache)
    try:
        if rebuild:
            forget(folder)
        try:
            return _current(files, folder) or _updated(files, folder, ways)
        except Damaged as damage:
            ways.tell(str(damage))
            forget(folder)
            return _updated(files, folder, ways)
    except Unsaved as error:
        ways.tell(str(error))
    except OSError as error:
        ways.tell(str(Unsaved(folder, error.strerror or str(error))))
    return _unsaved(files, ways)


def forget(folder: Path) -> bool:
    """Delete the library that is saved in ``folder``; return whether there was one."""
    if not (folder / STORE).exists():
        return False
    with alone(folder, wait=True):
        for file in folder.iterdir():
            if file.name != "lock":
                file.unlink(missing_ok=True)
    return True


def clean(cache: Path) -> None:
    """Delete what other versions of this program saved under ``cache``, and nothing else."""
    for other in cache.glob(OTHERS):
        if other.name != FOLDER:
            rmtree(other, ignore_errors=True)


def index(library: Library) -> MemoryEngine:
    """Return an engine in memory over the sentences of ``library``."""
    return MemoryEngine.build(map(terms, library.texts()), [*library.paragraphs()])


def _current(files: Files, folder: Path) -> Opened | None:
    """Return what is saved, None where that is not of ``files`` as they are."""
    if not (store := _held(folder)):
        return None
    facts = store.facts()
    made = generation.load(folder / facts["generation"])
    if facts.get("files") != fingerprint(files.files):
        known = store.known()
        changes = compared(files, known)
        if changes.unread or changes.gone or made.articles.tolist() != numbers(files, known):
            return None
        _settle(folder, files, changes.settled)
    return _opened(files, store, made, Report(unchanged=len(files.files)))


def _updated(files: Files, folder: Path, ways: Ways) -> Opened:
    """Read what is new or changed, save it, and return the library.

    While another does so, what was saved before is returned, unless ``ways`` are to wait for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder, wait=False) as free:
        if free:
            return _saved(files, folder, ways)
    if not ways.wait and (store := _held(folder)):
        ways.tell("another bot reads these articles; asked is what was saved before")
        made = generation.load(folder / store.facts()["generation"])
        return _opened(files, store, made, Report())
    ways.tell("another bot reads these articles; waiting for it")
    with alone(folder, wait=True):
        return _saved(files, folder, ways)


def _saved(files: Files, folder: Path, ways: Ways) -> Opened:
    report = Saving(files, folder, ways).done()
    store = _held(folder)
    assert store
    made = generation.load(folder / store.facts()["generation"])
    return _opened(files, store, made, report)


def _held(folder: Path) -> Store | None:
    """Return the store in ``folder`` as it is now, None where it has no index of this version."""
    if not (folder / STORE).exists():
        return None
    store = Store(folder / STORE)
    store.hold()
    facts = store.facts()
    return store if facts.get("version") == VERSION and "generation" in facts else None


def _opened(files: Files, store: Store, made: Generation, report: Report) -> Opened:
    library = SavedLibrary.of(store, made)
    faults = [Unreadable(shown(path), fault) for path, fault in store.faults().items()]
    library.skipped, library.passed_over = (*files.skipped, *faults), files.passed_over
    return Opened(library, MemoryEngine(made.vocabulary, made.arrays), report, store.file.parent)


def _unsaved(files: Files, ways: Ways) -> Opened:
    """Return the library of ``files``, all in memory."""
    readings = [one for batch in ways.read(batches(files.files)) for one in batch.readings]
    faults = [Unreadable(shown(one.file.path), one.fault) for one in readings if one.fault]
    rows = [one.row for one in readings if one.row]
    articles = [article_of(row, text_of(row)) for row in rows]
    cuts = [*map(cut_of, rows)]
    library = Library.kept(articles, cuts, array("i", accumulate(map(len, cuts), initial=0)))
    library.skipped, library.passed_over = (*files.skipped, *faults), files.passed_over
    return Opened(library, index(library), Report(added=len(articles)), None)


def _settle(folder: Path, files: Files, settled: Mapping[bytes, File]) -> None:
    """Note the states of files that are what they were, if that can be done at once."""
    try:
        with alone(folder, wait=False) as free:
            if free:
                note_settled(Store(folder / STORE, writing=True), moment(folder), files, settled)
    except (Unsaved, OSError):  # then their content is looked at again
        return
