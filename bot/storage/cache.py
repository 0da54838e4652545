"""Paths → a library and its engine, kept on disk: only files that are new or changed are read."""

import os
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple, Self

import platformdirs

from bot.articles.files import fingerprint, identity, shown
from bot.articles.library import Library, found
from bot.errors import BotError, Damaged, NothingToRead, Unreadable, Unsaved
from bot.index.memory import MemoryEngine
from bot.storage.build import index
from bot.storage.changes import batches, compared
from bot.storage.database import Store
from bot.storage.index_file import Generation
from bot.storage.lock import LOCK, alone, moment
from bot.storage.rows import article_of, cut_of, text_of
from bot.storage.stored_library import SavedLibrary, Shelved
from bot.storage.update import (
    STORE,
    VERSION,
    Report,
    Saving,
    Seen,
    Ways,
    made,
    note_settled,
    tidy,
)

# The folder in which saved libraries lie, and how other versions called theirs.
FOLDER, OTHERS = "libraries-1", "libraries-*"
# The mark of a reader that an article is damaged, so that the next makes all again.
DAMAGED = "damaged"


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
    opening = Opening(paths, folder_of(paths, cache), ways)
    try:
        if rebuild:
            forget(opening.folder)
        return opening.kept()
    except Unsaved as error:
        ways.tell(str(error))
    except Damaged as damage:  # again: what made it anew did not make it well
        ways.tell(str(Unsaved(damage.file, damage.fault)))
    except OSError as error:
        ways.tell(str(Unsaved(opening.folder, error.strerror or str(error))))
    return opening.unsaved()


def forget(folder: Path) -> bool:
    """Delete the library that is saved in ``folder``; return whether there was one."""
    if not folder.is_dir():
        return False
    with alone(folder, wait=True):
        empty(folder)
        with suppress(OSError):  # a system that keeps open files
            (folder / LOCK).unlink()
            folder.rmdir()
    return True


def renew(folder: Path, damaged: tuple[int, int]) -> None:
    """Delete what is saved in ``folder``, unless it is no more what was found ``damaged``."""
    with alone(folder, wait=True):
        if identity(folder / STORE) == damaged:
            empty(folder)


def empty(folder: Path) -> None:
    """Delete all that is in ``folder``, where no other writes."""
    for inside in folder.iterdir():
        if inside.name == LOCK:
            continue
        if inside.is_dir() and not inside.is_symlink():
            rmtree(inside)
        else:
            inside.unlink(missing_ok=True)


def clean(cache: Path) -> None:
    """Delete what other versions of this program saved under ``cache``, and nothing else."""
    for other in cache.glob(OTHERS):
        if other.name != FOLDER:
            rmtree(other, ignore_errors=True)


class Held(NamedTuple):
    """What is saved, as it was at one moment."""

    store: Store
    facts: Mapping[str, str]
    made: Generation


def held(folder: Path) -> Held | None:
    """Return what is saved in ``folder``, None where it has no index of this version.

    Raises Damaged.
    """
    file = folder / STORE
    while file.exists():
        before = identity(file)
        if (folder / DAMAGED).exists():
            raise Damaged(file, "a part of it was not what was saved")
        store = Store(file)
        store.hold()
        facts = store.facts()
        if facts.get("version") != VERSION or "generation" not in facts:
            store.close()
            return None
        try:
            found = made(folder, facts)
        except Damaged:
            # Or another made the next index meanwhile, and deleted this one.
            if identity(file) == before and Store(file).facts() == facts:
                raise
        else:
            if identity(file) == before:
                return Held(store, facts, found)
        store.close()
    return None


class Marking:
    """Tells of the first damage in ``folder``, and has the next one make all there again."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder, self._tell, self._told = folder, tell, False

    def __call__(self, fault: BotError) -> None:
        """Mark the folder, unless that was done."""
        if not self._told:
            self._told = True
            self._tell(str(fault))
            with suppress(OSError):
                (self._folder / DAMAGED).touch()


class Opening:
    """The library of ``paths`` on its way from ``folder``, and there."""

    def __init__(self, paths: Sequence[str | os.PathLike[str]], folder: Path, ways: Ways) -> None:
        self.paths, self.folder, self.ways = paths, folder, ways
        self.files = found(paths)
        self._seen: Seen | None = None

    def kept(self) -> Opened:
        """Return what is saved, brought up to date."""
        before = identity(self.folder / STORE)
        try:
            return self.current() or self.updated()
        except Damaged as damage:
            self.ways.tell(str(damage))
        renew(self.folder, before)
        return self.updated()

    def current(self) -> Opened | None:
        """Return what is saved, None where that is not of the files as they are."""
        if not (saved := held(self.folder)):
            return None
        files = self.files
        if saved.facts.get("files") != fingerprint(files.files):
            known = saved.store.known()
            changes = compared(files, known)
            self._seen = Seen(saved.facts, saved.made, known, changes)
            if changes.unread or changes.gone:
                return None
            if saved.made.articles.tolist() != saved.store.numbers(files):
                return None
            self._settle(saved, self._seen)
        return self._opened(saved, Report(unchanged=len(saved.made.articles)))

    def _settle(self, saved: Held, seen: Seen) -> None:
        """Note the states of files that are what they were, if that can be done at once."""
        folder = self.folder
        # What cannot be noted is looked at again.
        with suppress(BotError, OSError), alone(folder, wait=False) as free:
            if not free:
                return
            store = Store(folder / STORE, writing=True)
            if store.facts() == saved.facts:
                note_settled(store, moment(folder), self.files, seen.known, seen.changes.settled)
                tidy(folder, saved.facts)
            store.close()

    def updated(self) -> Opened:
        """Read what is new or changed, save it, and return the library.

        While another does so, what was saved before is returned, unless it is to be waited for.
        """
        with alone(self.folder, wait=False) as free:
            if free:
                return self._saved()
        if not self.ways.wait and (saved := held(self.folder)):
            self.ways.tell("another bot reads these articles; asked is what was saved before")
            return self._opened(saved, Report())
        self.ways.tell("another bot reads these articles; waiting for it")
        with alone(self.folder, wait=True):
            self.files, self._seen = found(self.paths), None
            return self._saved()

    def _saved(self) -> Opened:
        report = Saving(self.files, self.folder, self.ways, self._seen).done()
        saved = held(self.folder)
        assert saved
        return self._opened(saved, report)

    def _opened(self, saved: Held, report: Report) -> Opened:
        store, files = saved.store, self.files
        faults = store.faults()
        marking = Marking(self.folder, self.ways.tell)
        shelved = Shelved(store, saved.made.articles.tolist(), marking)
        library = SavedLibrary.of(store, shelved, saved.made.first.data)
        library.skipped = (
            *files.skipped,
            *(Unreadable(shown(path), fault) for path, fault in faults.items()),
        )
        library.passed_over = files.passed_over
        engine = MemoryEngine(saved.made.vocabulary, saved.made.arrays)
        return Opened(library, engine, report, self.folder)

    def unsaved(self) -> Opened:
        """Return the library of the files, all in memory."""
        files = self.files
        readings = [one for batch in self.ways.read(batches(files.files)) for one in batch.readings]
        faults = [Unreadable(shown(one.file.path), one.fault) for one in readings if one.fault]
        rows = [one.row for one in readings if one.row]
        articles = [article_of(row, text_of(row)) for row in rows]
        cuts = [*map(cut_of, rows)]
        library = Library.kept(articles, cuts, array("i", accumulate(map(len, cuts), initial=0)))
        library.skipped, library.passed_over = (*files.skipped, *faults), files.passed_over
        return Opened(library, index(library), Report(added=len(articles)), None)
