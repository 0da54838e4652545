"""The window: what is written there, and what runs in it."""

import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.output import ColorDepth

from bot.config.settings import NARROWEST, Settings
from bot.render.looks import look
from bot.render.text import Fragments, sanitize, to_plain, wrap

if TYPE_CHECKING:
    from bot.render.articles import Page

# -R: colours; -F: no wait at the end of what fits; -X: what was read stays on the screen.
PAGER = "less -RFX"
AT_LINE = ("less", "more", "most")
# Work that takes longer, in seconds, shows that it goes on.
PATIENCE = 0.3
FRAMES = "|/-\\"
# The program was told to end; a shell would say so by this exit code.
SIGNALLED = 128


class Terminal:
    """Where a conversation takes place. ``put`` writes a text there; settings may change.

    ``doing`` says what long work is about.
    """

    def __init__(
        self,
        session: PromptSession[str],
        put: Callable[[str], None],
        settings: Callable[[], Settings],
        environment: Mapping[str, str] = os.environ,
        doing: Callable[[], str] = str,
    ) -> None:
        self.session = session
        self._put = put
        self._settings = settings
        self._environment = environment
        self._doing = doing
        self._vi = False  # as last set; a key may have changed it since
        self._waiting: list[str] = []

    def prepare(self) -> None:
        """Let the prompt be as the settings say, and say what waited to be said."""
        self._say_waiting()
        settings = self._settings()
        plain_one = not look(settings, self._environment).coloured
        self.session.color_depth = ColorDepth.MONOCHROME if plain_one else None
        if settings.vi != self._vi:
            self._vi = settings.vi
            self.session.editing_mode = EditingMode.VI if self._vi else EditingMode.EMACS

    @property
    def columns(self) -> int:
        """How many columns a text fills."""
        window = self.session.output.get_size().columns
        return max(NARROWEST, min(self._settings().width or window, window))

    @property
    def moves(self) -> bool:
        """Whether the cursor can be moved."""
        return self._environment.get("TERM", "dumb") not in ("dumb", "unknown")

    def write(self, fragments: Fragments) -> None:
        """Write styled text."""
        self._put(look(self._settings(), self._environment).text(fragments))

    def say(self, line: str) -> None:
        """Write a line that is no answer."""
        self.write(wrap([("note", sanitize(line))], self.columns))

    def announce(self, line: str) -> None:
        """Write a line above the prompt, from any thread; if there is none now, before the next."""
        self._waiting.append(line)
        self._at_prompt(lambda: run_in_terminal(self._say_waiting))

    def leave(self, fault: BaseException) -> None:
        """Raise ``fault`` from the prompt, if there is one; any thread may call it."""
        self._at_prompt(lambda: self.session.app.exit(exception=fault))

    def redraw(self) -> None:
        """Let the line at the bottom be as things are now."""
        self.session.app.invalidate()

    def _at_prompt(self, act: Callable[[], object]) -> None:
        app = self.session.app
        loop = app.loop
        if loop and app.is_running:
            loop.call_soon_threadsafe(lambda: None if app.is_done else act(), context=app.context)

    def _say_waiting(self) -> None:
        while self._waiting:
            self.say(self._waiting.pop(0))

    def send(self, sequence: str) -> None:
        """Send what the terminal is to obey, if it is one that obeys."""
        if self.moves:
            self._put(sequence)

    def clear(self) -> None:
        """Empty the window."""
        if self.moves:
            self.session.output.erase_screen()
            self.session.output.cursor_goto(0, 0)
            self.session.output.flush()

    def page(self, page: "Page") -> None:
        """Show a text, in a pager if it is taller than the window."""
        fits = to_plain(page.fragments).count("\n") < self.session.output.get_size().rows
        if fits or not self.moves or not self._paged(page):
            self.write(page.fragments)

    def _paged(self, page: "Page") -> bool:
        """Run the pager; return whether there is one that did well."""
        words = split(self._environment.get("PAGER", "").strip() or PAGER)
        program = os.path.basename(words[0])  # noqa: PTH119 - a word, no path
        if program in AT_LINE:
            words.append(f"+{max(1, page.line - self.session.output.get_size().rows // 3)}")
        styled = look(self._settings(), self._environment).text(page.fragments)
        text = styled if program == "less" else to_plain(page.fragments)
        return self.run(words, text.encode("utf-8", "replace"))

    def run(self, words: list[str], text: bytes | None = None) -> bool:
        """Run a program until it ends, ``text`` its input; return whether it did well.

        Ctrl-C is the program's meanwhile.
        """
        # What we ignored, the program would ignore as well; what we hear, it hears anew.
        ours = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            ended = subprocess.run(
                words, input=text, check=False, env={**self._environment, "LESS": "-RFX"}
            )
        except OSError as error:
            self.say(f"{words[0]}: {error.strerror}")
            return False
        finally:
            signal.signal(signal.SIGINT, ours)
        return not ended.returncode

    @contextmanager
    def working(self) -> Iterator[None]:
        """Show that work goes on, if it takes long."""
        done = Event()
        spinner = Thread(target=self._spin, args=(done,), daemon=True)
        if self.moves:
            spinner.start()
        try:
            yield
        finally:
            done.set()
            if self.moves:
                spinner.join()

    def _spin(self, done: Event) -> None:
        if done.wait(PATIENCE):
            return
        frame = 0
        while not done.wait(0.1):
            doing = self._doing()[: self.columns - 3]
            self._put(f"\r\x1b[K{FRAMES[frame % len(FRAMES)]} {doing}")
            frame += 1
        self._put("\r\x1b[K")


def split(command: str) -> list[str]:
    """Return the words of a command, as a shell reads them; a stray quote is a letter."""
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def leave_when_told() -> None:
    """Leave in good order when told to end, and when the window is closed."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(SIGNALLED + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), leave)
