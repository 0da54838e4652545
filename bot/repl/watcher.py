"""Whether the files behind a library are still those that were read."""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.articles.article import Article
    from bot.articles.files import File, FileState

# The files, in order, each with its size and when it was last changed.
Snapshot = tuple["File", ...]
# A look that took so many seconds is long: the next are taken behind the prompt, while the user
# types, one as many seconds after the other as ``PAUSE`` says; one that is no older than ``FRESH``
# will do. A look at 32,000 files takes .1 s.
LONG = 0.05
PAUSE, FRESH = 1.0, 3.0


class FileStates:
    """The files as they were when a look at them began, at ``began`` by the monotonic clock."""

    def __init__(self, files: Snapshot, began: float) -> None:
        self.files, self.began = files, began

    @cached_property
    def states(self) -> "dict[str, FileState]":
        """By their paths, the states of the files."""
        return {file.path: file.state for file in self.files}


class FileWatcher:
    """The files and folders at ``paths``, as they were when they were last read."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._read = self._last = FileStates((), -FRESH)
        self._takes = 0.0
        self._looking = Lock()

    def look(self) -> FileStates:
        """Return the files as they are now; to be taken before they are read."""
        # Here, and not above, so that a prompt stands before the readers are loaded.
        from bot.articles.library import find_files

        began = monotonic()
        files, read = tuple(find_files(self._paths).files), self._read.files
        self._takes = monotonic() - began
        # The same one, where nothing differs, so that this is told at once.
        self._last = FileStates(read if files == read else files, began)
        return self._last

    def recent(self) -> FileStates:
        """Return the files as they are now, or were a moment ago if that takes long."""
        last = self._last
        if self._takes > LONG and monotonic() - last.began < FRESH:
            return last
        with self._looking:
            # Another look may just have ended.
            return self._last if self._last is not last else self.look()

    def glance(self) -> None:
        """Let another thread look if that takes long, and was not done just now."""
        due = self._takes > LONG and monotonic() - self._last.began > PAUSE
        if due and not self._looking.locked():
            Thread(target=self._glance, daemon=True).start()

    def _glance(self) -> None:
        with self._looking:
            self.look()

    def note(self, seen: FileStates) -> None:
        """Take what was read for what was there when it was ``seen``."""
        self._read = seen

    def differs(self, seen: FileStates) -> bool:
        """Return whether other files were ``seen`` than those that were read."""
        return seen.files is not self._read.files and seen.files != self._read.files

    def stands(self, article: "Article") -> bool:
        """Return whether the file of ``article`` is as it was when it was read."""
        from bot.articles.files import FileState

        path = article.metadata.get("path", "")
        before = self._read.states.get(path)
        if before is None:
            return True
        try:
            now = os.stat(path)  # noqa: PTH116 - as the files were looked at
        except OSError:
            same = False
        else:
            same = FileState(now.st_size, now.st_mtime_ns, now.st_ctime_ns) == before
        if not same:
            self._last = FileStates((), -FRESH)  # it tells no more how things are
        return same
