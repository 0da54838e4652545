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

from bot.articles.files import file_identity, fingerprint, printable_path
from bot.articles.library import Library, find_files
from bot.errors import BotError, CacheNotWritable, DamagedCache, NothingToRead, UnreadableFile
from bot.index.memory import MemoryEngine
from bot.storage.build import build_engine
from bot.storage.changes import batches, compare_files
from bot.storage.database import Database
from bot.storage.index_file import StoredIndex
from bot.storage.lock import LOCK, filesystem_time, hold_lock
from bot.storage.rows import article_from_row, spans_from_row, text_from_row
from bot.storage.stored_library import StoredArticles, StoredLibrary
from bot.storage.update import (
    DEFAULT_OPTIONS,
    STORE,
    VERSION,
    Comparison,
    LibraryUpdate,
    OpenOptions,
    UpdateReport,
    current_index,
    delete_unused,
    record_clean_files,
)

# The folder in which saved libraries lie, and how other versions called theirs.
FOLDER, OTHERS = "libraries-1", "libraries-*"
# The mark of a reader that an article is damaged, so that the next makes all again.
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class OpenedLibrary:
    """A library and its engine, what became of its files, and where it is saved.

    ``folder`` is None where nothing could be saved.
    """

    library: Library
    engine: MemoryEngine
    report: UpdateReport
    folder: Path | None

    def require_articles(self, paths: Sequence[str | os.PathLike[str]]) -> Self:
        """Return this, if an article was found or nothing went wrong. Raises NothingToRead."""
        if self.library.skipped and not self.library.articles:
            raise NothingToRead(tuple(os.fspath(path) for path in paths), self.library.skipped)
        return self


def default_cache() -> Path:
    """Return the folder in which this user's saved libraries lie."""
    return platformdirs.user_cache_path("bot", appauthor=False)


def library_folder(paths: Sequence[str | os.PathLike[str]], cache: Path) -> Path:
    """Return the folder under ``cache`` in which the library of ``paths`` is saved."""
    named = "\0".join(os.path.abspath(path) for path in paths)  # noqa: PTH100 # links are kept
    return cache / FOLDER / blake2b(os.fsencode(named), digest_size=10).hexdigest()


def open_library(
    paths: Sequence[str | os.PathLike[str]],
    cache: Path | None,
    options: OpenOptions = DEFAULT_OPTIONS,
    *,
    rebuild: bool = False,
) -> OpenedLibrary:
    """Return the library and engine of ``paths``, reading only files that are new or changed.

    The result is saved under ``cache``, and everything is read again with ``rebuild``. Where
    nothing can be saved, ``options.tell`` gets a warning and the library is built in memory. With
    ``cache=None`` no cache is read or written; with ``options.read_only`` a current cache is
    read and none is written.
    """
    ways = options
    if cache is None:
        return LibraryOpener(paths, Path(), ways).unsaved()
    opening = LibraryOpener(paths, library_folder(paths, cache), ways)
    if ways.read_only:
        return opening.current() or opening.unsaved()
    try:
        if rebuild:
            delete_library(opening.folder)
        return opening.kept()
    except CacheNotWritable as error:
        ways.tell(str(error))
    except DamagedCache as damage:  # again: what made it anew did not make it well
        ways.tell(str(CacheNotWritable(damage.file, damage.fault)))
    except OSError as error:
        ways.tell(str(CacheNotWritable(opening.folder, error.strerror or str(error))))
    return opening.unsaved()


def delete_library(folder: Path) -> bool:
    """Delete the library that is saved in ``folder``; return whether there was one."""
    if not folder.is_dir():
        return False
    with hold_lock(folder, wait=True):
        empty_folder(folder)
        with suppress(OSError):  # a system that keeps open files
            (folder / LOCK).unlink()
            folder.rmdir()
    return True


def discard_damaged(folder: Path, damaged: tuple[int, int]) -> None:
    """Delete what is saved in ``folder``, unless it is no more what was found ``damaged``."""
    with hold_lock(folder, wait=True):
        if file_identity(folder / STORE) == damaged:
            empty_folder(folder)


def empty_folder(folder: Path) -> None:
    """Delete all that is in ``folder``, where no other writes."""
    for inside in folder.iterdir():
        if inside.name == LOCK:
            continue
        if inside.is_dir() and not inside.is_symlink():
            rmtree(inside)
        else:
            inside.unlink(missing_ok=True)


def delete_other_versions(cache: Path) -> None:
    """Delete what other versions of this program saved under ``cache``, and nothing else."""
    for other in cache.glob(OTHERS):
        if other.name != FOLDER:
            rmtree(other, ignore_errors=True)


class Snapshot(NamedTuple):
    """What is saved, as it was at one moment."""

    store: Database
    facts: Mapping[str, str]
    made: StoredIndex


def open_snapshot(folder: Path) -> Snapshot | None:
    """Return what is saved in ``folder``, None where it has no index of this version.

    Raises Damaged.
    """
    file = folder / STORE
    while file.exists():
        before = file_identity(file)
        if (folder / DAMAGED).exists():
            raise DamagedCache(file, "a part of it was not what was saved")
        store = Database(file)
        store.begin_snapshot()
        facts = store.facts()
        if facts.get("version") != VERSION or "generation" not in facts:
            store.close()
            return None
        try:
            found = current_index(folder, facts)
        except DamagedCache:
            # Or another made the next index meanwhile, and deleted this one.
            if file_identity(file) == before and Database(file).facts() == facts:
                raise
        else:
            if file_identity(file) == before:
                return Snapshot(store, facts, found)
        store.close()
    return None


class DamageMarker:
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


class LibraryOpener:
    """The library of ``paths`` on its way from ``folder``, and there."""

    def __init__(
        self, paths: Sequence[str | os.PathLike[str]], folder: Path, ways: OpenOptions
    ) -> None:
        self.paths, self.folder, self.ways = paths, folder, ways
        self.files = find_files(paths)
        self._seen: Comparison | None = None

    def kept(self) -> OpenedLibrary:
        """Return what is saved, brought up to date."""
        before = file_identity(self.folder / STORE)
        try:
            return self.current() or self.updated()
        except DamagedCache as damage:
            self.ways.tell(str(damage))
        discard_damaged(self.folder, before)
        return self.updated()

    def current(self) -> OpenedLibrary | None:
        """Return what is saved, None where that is not of the files as they are."""
        if not (saved := open_snapshot(self.folder)):
            return None
        files = self.files
        if saved.facts.get("files") != fingerprint(files.files):
            known = saved.store.file_records()
            changes = compare_files(files, known)
            self._seen = Comparison(saved.facts, saved.made, known, changes)
            if changes.unread or changes.gone:
                return None
            if saved.made.articles.tolist() != saved.store.article_numbers(files):
                return None
            if not self.ways.read_only:
                self._settle(saved, self._seen)
        return self._opened(saved, UpdateReport(unchanged=len(saved.made.articles)))

    def _settle(self, saved: Snapshot, seen: Comparison) -> None:
        """Note the states of files that are what they were, if that can be done at once."""
        folder = self.folder
        # What cannot be noted is looked at again.
        with suppress(BotError, OSError), hold_lock(folder, wait=False) as free:
            if not free:
                return
            store = Database(folder / STORE, writing=True)
            if store.facts() == saved.facts:
                record_clean_files(
                    store, filesystem_time(folder), self.files, seen.known, seen.changes.settled
                )
                delete_unused(folder, saved.facts)
            store.close()

    def updated(self) -> OpenedLibrary:
        """Read what is new or changed, save it, and return the library.

        While another does so, what was saved before is returned, unless it is to be waited for.
        """
        with hold_lock(self.folder, wait=False) as free:
            if free:
                return self._saved()
        if not self.ways.wait and (saved := open_snapshot(self.folder)):
            self.ways.tell("another bot reads these articles; asked is what was saved before")
            return self._opened(saved, UpdateReport())
        self.ways.tell("another bot reads these articles; waiting for it")
        with hold_lock(self.folder, wait=True):
            self.files, self._seen = find_files(self.paths), None
            return self._saved()

    def _saved(self) -> OpenedLibrary:
        report = LibraryUpdate(self.files, self.folder, self.ways, self._seen).done()
        saved = open_snapshot(self.folder)
        assert saved
        return self._opened(saved, report)

    def _opened(self, saved: Snapshot, report: UpdateReport) -> OpenedLibrary:
        store, files = saved.store, self.files
        faults = store.faults()
        marking = DamageMarker(self.folder, self.ways.tell)
        shelved = StoredArticles(store, saved.made.articles.tolist(), marking)
        library = StoredLibrary.from_database(store, shelved, saved.made.first.data)
        library.skipped = (
            *files.skipped,
            *(UnreadableFile(printable_path(path), fault) for path, fault in faults.items()),
        )
        library.ignored = files.ignored
        engine = MemoryEngine(saved.made.vocabulary, saved.made.arrays)
        return OpenedLibrary(library, engine, report, self.folder)

    def unsaved(self) -> OpenedLibrary:
        """Return the library of the files, all in memory."""
        files = self.files
        readings = [one for batch in self.ways.read(batches(files.files)) for one in batch.files]
        faults = [
            UnreadableFile(printable_path(one.file.path), one.fault)
            for one in readings
            if one.fault
        ]
        rows = [one.row for one in readings if one.row]
        articles = [article_from_row(row, text_from_row(row)) for row in rows]
        cuts = [*map(spans_from_row, rows)]
        library = Library.from_spans(
            articles, cuts, array("i", accumulate(map(len, cuts), initial=0))
        )
        library.skipped, library.ignored = (*files.skipped, *faults), files.ignored
        return OpenedLibrary(
            library, build_engine(library), UpdateReport(added=len(articles)), None
        )
