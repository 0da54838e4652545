"""A conversation about files, from its first line: the prompt stands before they are read."""

from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

from bot.cli.options import path_exists
from bot.config import paths as places
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render.library import describe_source
from bot.repl import loop as repl
from bot.repl.background import BackgroundSession
from bot.repl.history import history
from bot.repl.progress import ReadingProgress
from bot.repl.prompt import session
from bot.repl.terminal import Terminal, leave_when_told
from bot.repl.watcher import FileWatcher

if TYPE_CHECKING:
    from bot.repl.session import ChatSession
    from bot.retrieval.retriever import Retriever

HELP = "/help shows what can be typed."


class Chat:
    """A conversation about what is ``asked``. ``put`` writes to the terminal, ``warn`` beside."""

    def __init__(
        self,
        asked: places.LibrarySource,
        settings: Settings,
        put: Callable[[str], None],
        warn: Callable[[str], None],
    ) -> None:
        self._asked, self._settings = asked, settings
        self._told: set[str] = set()  # faults of files; each is named once
        self._far = ReadingProgress(lambda: self._terminal.redraw())
        self._watch = FileWatcher(asked.paths)
        self._later = BackgroundSession(self._talk, self._read)
        kept = history(places.history_file(), warn)
        prompt = session(self._later, kept, reading=self._far.words)
        prompt.default_buffer.on_text_changed += self._typing
        self._terminal = Terminal(prompt, put, self.settings, doing=self._far.words)

    def run(self) -> None:
        """Converse until the user leaves. Raises NothingToRead."""
        if not any(map(path_exists, self._asked.paths)):
            raise NothingToRead(tuple(map(str, self._asked.paths)))
        leave_when_told()
        self._terminal.say(f"{describe_source(self._asked)} {HELP}")
        self._terminal.write([("", "\n")])
        try:
            repl.converse(self._later, self._terminal, self.refreshed, places.fault_file())
        finally:
            self._far.stop()

    def settings(self) -> Settings:
        """Return the settings as they are now."""
        return self._later.get().settings if self._later.is_ready else self._settings

    def refreshed(self, talk: "ChatSession") -> str:
        """Read the articles again if their files changed; return what changed, in words."""
        return talk.reload() if talk.ready and self._watch.differs(self._watch.recent()) else ""

    def _typing(self, _: object) -> None:
        """Look at the files while a line is typed, so that its answer need not wait for that."""
        if self._later.is_ready and self._later.get().ready:
            self._watch.glance()

    def _talk(self) -> "ChatSession":
        from bot.repl.session import ChatSession

        return ChatSession(self._load, self._settings, self._asked, self._watch.stands)

    def _load(self) -> "Retriever":
        """Read the articles; those that cannot be read are named."""
        from bot.cli.index import on_all_processors
        from bot.retrieval.retriever import Retriever
        from bot.storage.cache import default_cache, open_library
        from bot.storage.update import OpenOptions

        before = self._watch.recent()
        with self._far as far:
            ways = OpenOptions(on_all_processors, self._warn, far)
            found = open_library(self._asked.paths, default_cache(), ways)
        library = found.library
        if not library.articles:
            raise NothingToRead(tuple(map(str, self._asked.paths)), library.skipped)
        self._watch.note(before)
        for fault in library.skipped:
            self._warn(str(fault))
        return Retriever(library, engine=found.engine)

    def _warn(self, warning: str) -> None:
        """Announce a warning, once however often the articles are read."""
        if warning not in self._told:
            self._told.add(warning)
            self._terminal.announce(f"bot: warning: {warning}")

    def _read(self, talk: "ChatSession") -> None:
        try:
            talk.full_retriever  # noqa: B018 - it is read when it is first asked for
        except NothingToRead as fault:
            self._terminal.leave(fault)
        except BrokenExecutor:  # those who read for us were killed: by us, or asking tells why
            return
        self._terminal.redraw()
