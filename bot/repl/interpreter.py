"""Runs, completes and shows lines; the only module of this room that loads retrieval and storage.

The modules before the prompt (``app``, ``loop``, ``prompt``, ``terminal``, ``history``,
``progress``, ``background`` and ``faults``) import none of those behind it, which are this one and
all that it imports: ``background`` imports this one by name while the prompt already takes keys.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Future
from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completion

from bot.config.paths import LibrarySource
from bot.config.settings import Settings
from bot.errors import BotError
from bot.lazy import lazy_function
from bot.render.text import pluralize
from bot.repl.commands import run_line, run_static_command
from bot.repl.completer import LineCompletions, complete_command
from bot.repl.progress import ReadingProgress
from bot.repl.results import show_result
from bot.repl.session import ChatSession
from bot.repl.terminal import Terminal
from bot.repl.watcher import LibraryWatcher

if TYPE_CHECKING:
    from bot.repl.cluster_watcher import ClusterWatcher

# The client of a cluster is an extra, half a second's import.
watch_cluster: Callable[[Settings], "ClusterWatcher"] = lazy_function(
    "bot.repl.cluster_watcher", "watch_cluster"
)


class ReadingFailed(BotError):
    """A process that read articles was killed from outside, for example for want of memory."""

    def __init__(self) -> None:
        super().__init__(
            "a process that read articles was killed; progress is saved."
            " Run the same command to continue."
        )


class Interpreter:
    """The lines of one conversation: run, completed and shown.

    It exists before its articles are read, which ``load`` does in another thread; lines that
    need them wait. ``announce`` gets a line for each file that cannot be read.
    """

    def __init__(
        self,
        source: LibrarySource,
        settings: Settings,
        progress: ReadingProgress,
        announce: Callable[[str], None],
    ) -> None:
        self._source, self._settings = source, settings
        self._watcher: LibraryWatcher | ClusterWatcher = (
            watch_cluster(settings)
            if source.cluster
            else LibraryWatcher(source.paths, progress, announce)
        )
        self._session: Future[ChatSession] = Future()
        self._completions: LineCompletions | None = None

    def load(self) -> None:
        """Read the articles. Raises NothingToRead, ReadingFailed, and SystemExit if cancelled."""
        try:
            session = ChatSession(
                self._watcher.load, self._source, self._settings, self._watcher.has_changed
            )
        except BrokenExecutor as fault:
            self._session.set_exception(ReadingFailed())
            raise ReadingFailed from fault
        except BaseException as fault:  # for the thread that waits, whatever it is
            self._session.set_exception(fault)
            raise
        self._completions = LineCompletions(session)
        self._session.set_result(session)

    def wait(self) -> None:
        """Wait for the end of ``load``, and raise its error."""
        self._session.result()

    def cancel(self) -> None:
        """End ``load`` early; the files read so far are saved."""
        self._watcher.cancel()

    @property
    def is_loaded(self) -> bool:
        """Whether the articles have been read."""
        return self._completions is not None

    @property
    def settings(self) -> Settings:
        """The settings as changed by /set."""
        return self._session.result().settings if self.is_loaded else self._settings

    def run(self, line: str, terminal: Terminal) -> bool:
        """Run a line and show its result; return whether the conversation continues.

        Raises the error of ``load`` if the line needs the articles.
        """
        with terminal.show_activity():
            result = run_static_command(line) or run_line(line, self._session.result())
        return show_result(result, terminal)

    def complete(self, text: str) -> Iterable[Completion]:
        """Return the completions of ``text``; until the articles are read, only commands."""
        return self._completions.complete(text) if self._completions else complete_command(text)

    def describe(self) -> list[str]:
        """Return the parts of the toolbar, the most important first; none before it is loaded."""
        if not self.is_loaded:
            return []
        session = self._session.result()
        count = len(session.full_retriever.library.articles)
        parts = [session.source.name]
        if session.filter.text:
            parts.append(f"filter: {session.filter.text}")
        parts.append(pluralize(count, "article"))
        if session.milliseconds:
            parts.append(f"{session.milliseconds:.0f} ms")
        return parts
