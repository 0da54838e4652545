"""Open the library of some paths through its cache, which reads only files that changed.

Theory of operation
===================
Each list of paths has a folder in the cache. It holds

- ``articles.db``, an SQLite database (database.py): a manifest, a record of every file, and the
  articles with their sentence spans, terms, and terms outside of sentences;
- ``index-N``, the inverted index, memory-mapped (index_file.py). The manifest names it;
- ``lock`` (lock.py), held by the one process that writes, and ``clock``, whose timestamp is the
  time on this file system;
- ``damaged``, if a reader found damage.

Articles and index files are written once. An update adds new ones, names the new index in the
manifest, and only then deletes those that nothing refers to.

States of a cached library
--------------------------
=============  ===================================================  ==============================
State          Recognized by                                        ``open_library``
=============  ===================================================  ==============================
absent         there is no database, or its manifest has no index   updates it
current        the files are those of the records                   loads it
stale          a file is new, changed or removed                    updates it
damaged        a checksum or SQLite says so, or ``damaged`` exists  deletes it, updates it
outdated       the manifest has another version or analyzer         deletes it, updates it
being written  another process holds the lock                       loads the last snapshot, or
                                                                    waits and looks again
=============  ===================================================  ==============================

An update makes an absent or stale library current; any change of a file makes it stale. Checksums
cover every block of an index array, and every row. Those of an index are verified when it is
loaded, but for its postings, of which each block is when a question first reads it, and all are
before an update merges them; that of an article when it is fetched (those of terms outside of
sentences only by ``verify_library``): a reader that finds damage then raises DamagedCache and
leaves the mark ``damaged``, and the next opening rebuilds the library: ``bot ask`` and a
conversation open it again and ask once more, ``bot serve`` opens it again and has the client ask
once more. (On Windows, files that the first opening has mapped cannot be deleted: the second is
then in memory, and the next process rebuilds the cache.) A library that cannot be saved (read-only
folder, full disk) is built in memory, and so is a stale one with ``read_only``. Folders of another
database schema have another name, and are never opened.

States of a file
----------------
A record has the file's size, mtime and ctime, and the digest of its content. The file is *clean*
if those times were, when it was read, older than the resolution of the file system's timestamps:
every later change alters them, so an equal state means equal content. Otherwise the file is, in
git's words, *racily clean*: it may change again within the same tick. Its content is compared
with the digest at every opening, until its record is clean. When all records are, and every file
could be read, the manifest gets the fingerprint of the list of files, and opening takes one
comparison.

Crash safety
------------
Files are added in transactions of some megabytes, the first of which clears the fingerprint: the
library is stale, and an update that was killed continues after the last transaction. The index
is written to a temporary file and renamed; one transaction then names it in the manifest and
deletes the articles no file gives any more. Killed before that transaction, an update leaves the
old manifest with the old index and all its articles; killed after it, only leftovers that the next
update deletes. The lock ends with its process. A power failure may undo the last transactions,
never half of one; it may cut off the index file, which its checksums detect.

Who sees which snapshot
-----------------------
Readers take no lock. A reader begins a read transaction, reads the manifest and maps the index
named there. SQLite's write-ahead log and the mapping keep this snapshot as it is, whatever is
updated or deleted later. A reader that misses its index, because an update replaced it in between,
starts over. While another process updates the library, a reader gets the last snapshot unless it
asks to wait.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.articles.files import Files, file_identity, fingerprint
from bot.articles.formats import find_files
from bot.articles.library import Library
from bot.errors import (
    BotError,
    CacheNotWritable,
    DamagedCache,
    OutdatedCache,
)
from bot.index.memory import MemoryEngine
from bot.lazy import lazy_function
from bot.storage.connection import Access
from bot.storage.database_articles import DatabaseArticles
from bot.storage.folders import delete_damaged, delete_library, library_folder
from bot.storage.lock import hold_lock
from bot.storage.log import log
from bot.storage.opened_library import OpenedLibrary, UpdateReport
from bot.storage.options import DEFAULT_OPTIONS, OpenOptions
from bot.storage.origin import FilesOrigin
from bot.storage.snapshot import DATABASE_NAME, Snapshot, mark_damage, open_snapshot
from bot.storage.stored_library import StoredLibrary

if TYPE_CHECKING:
    from bot.storage.update import Comparison

# Needed where a file is new or changed: 10 ms.
build_engine: Callable[[Library], MemoryEngine] = lazy_function("bot.storage.build", "build_engine")
build_library: Callable[[Files, OpenOptions], Library] = lazy_function(
    "bot.storage.build", "build_library"
)
compare_with_snapshot: Callable[[Files, Snapshot], "Comparison"] = lazy_function(
    "bot.storage.update", "compare_with_snapshot"
)
record_clean_files: Callable[[Files, Path, OpenOptions, "Comparison"], bool] = lazy_function(
    "bot.storage.update", "record_clean_files"
)
update_library: Callable[[Files, Path, OpenOptions, "Comparison | None"], UpdateReport] = (
    lazy_function("bot.storage.update", "update_library")
)

UPDATED = "The program was updated; the index is built anew."
# Bytes of plain text that take about a second to read.
LONG_READING = 5_000_000


def open_library(
    paths: Sequence[str | os.PathLike[str]],
    cache: Path | None,
    options: OpenOptions = DEFAULT_OPTIONS,
    *,
    rebuild: bool = False,
) -> OpenedLibrary:
    """Return the library of ``paths``, reading only files that are new or changed.

    It is saved under ``cache``, from scratch with ``rebuild``. Without ``cache``, nothing is read
    from a cache or written. Anything unusual, such as a damaged cache or one that cannot be
    written, is a line for ``options.notify``, and the library is returned all the same.
    """
    if cache is None:
        files = find_files(paths)
        opened = build_in_memory(files, options)
    else:
        opener = LibraryOpener(paths, library_folder(paths, cache), options)
        opened = opener.open_or_build(rebuild=rebuild)
        files = opener.files
    names = tuple(os.path.abspath(path) for path in paths)  # noqa: PTH100 - links are kept
    opened.library.origin = FilesOrigin(names, cache, options.analysis, tuple(files.files))
    log_opening(names, opened)
    return opened


def log_opening(names: Sequence[str], opened: OpenedLibrary) -> None:
    """Log what was read."""
    report, count = opened.report, len(opened.library.articles)
    log(
        "opened %s: %d articles, of which %d are new and %d changed; %d removed",
        *(", ".join(names), count, report.added, report.changed, report.removed),
    )


class LibraryOpener:
    """The ways to open the library of ``paths``, cached in ``folder``."""

    def __init__(
        self,
        paths: Sequence[str | os.PathLike[str]],
        folder: Path,
        options: OpenOptions,
    ) -> None:
        self.paths: Sequence[str | os.PathLike[str]] = paths
        self.folder: Path = folder
        self.options: OpenOptions = options
        self._comparison: Comparison | None = None

    @cached_property
    def files(self) -> Files:
        """The files at the paths, which are looked for when they are first needed."""
        return find_files(self.paths)

    def open_or_build(self, *, rebuild: bool) -> OpenedLibrary:
        """Return the cached library or, where the cache cannot be used, one in memory."""
        notify = self.options.notify
        if self.options.read_only:
            return self.open_read_only()
        try:
            if rebuild:
                delete_library(self.folder)
            return self.open()
        except CacheNotWritable as error:
            notify(str(error))
        except DamagedCache as damage:  # right after it was rebuilt: the disk fails
            notify(str(CacheNotWritable(damage.file, damage.fault)))
        except OSError as error:
            notify(str(CacheNotWritable(self.folder, error.strerror or str(error))))
        return build_in_memory(self.files, self.options)

    def open(self) -> OpenedLibrary:
        """Return the cached library, after an update if it is not current."""
        identity = file_identity(self.folder / DATABASE_NAME)
        try:
            return self._load_current() or self._update()
        except DamagedCache as damage:
            self._report(damage)
        delete_damaged(self.folder, identity)
        return self._update()

    def open_read_only(self) -> OpenedLibrary:
        """Return the cached library if it is current, else one in memory; write nothing."""
        try:
            if opened := self._load_current():
                return opened
        except BotError as error:
            self._report(error)
        is_cached = (self.folder / DATABASE_NAME).is_file()
        opened = build_in_memory(self.files, self.options)
        return opened._replace(folder=self.folder if is_cached else None)

    def _report(self, error: BotError) -> None:
        """Tell of a cache that cannot be used; of an outdated one only where reading takes long."""
        if not isinstance(error, OutdatedCache):
            self.options.notify(str(error))
        elif sum(file.size for file in self.files.files) > LONG_READING:
            self.options.inform(UPDATED)

    def _load_current(self) -> OpenedLibrary | None:
        """Return the cached library, None if it is absent or stale. Raises DamagedCache."""
        access = Access.FROZEN if self.options.read_only else Access.READ
        snapshot = self._open_snapshot(access)
        files = self.files  # before the folder of the cache is made, which may be among them
        if not snapshot:
            return None
        if snapshot.manifest.fingerprint != fingerprint(files.files):
            self._comparison = compare_with_snapshot(files, snapshot)
            changes, article_ids = self._comparison.changes, snapshot.stored_index.article_ids
            if changes.unread or changes.removed:
                return None
            if article_ids.tolist() != snapshot.database.article_ids(files):
                return None
            if not self.options.read_only:
                record_clean_files(files, self.folder, self.options, self._comparison)
        report = UpdateReport(unchanged=len(snapshot.stored_index.article_ids))
        return self._load(snapshot, report)

    def _open_snapshot(self, access: Access = Access.READ) -> Snapshot | None:
        return open_snapshot(self.folder, access, self.options.analysis)

    def _update(self) -> OpenedLibrary:
        """Update the library and return it; see "being written" for other processes."""
        with hold_lock(self.folder, wait=False) as is_free:
            if is_free:
                return self._update_locked()
        if not self.options.wait and (snapshot := self._open_snapshot()):
            self.options.notify(
                "another bot process is indexing these articles; using the index from before"
            )
            return self._load(snapshot, UpdateReport())
        self.options.notify("another bot process is indexing these articles; waiting for it")
        with hold_lock(self.folder, wait=True):
            self.files, self._comparison = find_files(self.paths), None
            return self._update_locked()

    def _update_locked(self) -> OpenedLibrary:
        report = update_library(self.files, self.folder, self.options, self._comparison)
        snapshot = self._open_snapshot()
        assert snapshot
        return self._load(snapshot, report)

    def _load(self, snapshot: Snapshot, report: UpdateReport) -> OpenedLibrary:
        database, files, index = snapshot.database, self.files, snapshot.stored_index
        guard = nullcontext if self.options.read_only else partial(mark_damage, self.folder)
        store = DatabaseArticles(database, index.article_ids.tolist(), guard)
        library = StoredLibrary.from_store(store, index.first_sentences.data)
        library.analysis = self.options.analysis
        library.skipped = (*files.skipped, *database.unreadable_files())
        library.ignored = files.ignored
        engine = MemoryEngine(index.vocabulary, index.inverted)
        return OpenedLibrary(library, engine, report, self.folder)


def build_in_memory(files: Files, options: OpenOptions) -> OpenedLibrary:
    """Return the library of ``files`` without using the cache."""
    library = build_library(files, options)
    report = UpdateReport(added=len(library.articles))
    return OpenedLibrary(library, build_engine(library), report, None)
