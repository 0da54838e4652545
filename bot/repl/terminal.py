"""The terminal of a conversation: text written to it, and programs run in it."""

import os
import shlex
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.output import ColorDepth

from bot.config.console import Console, reading_width
from bot.config.settings import NO_RERANKER, Settings
from bot.render.text import Fragments, drop_symbols, sanitize, to_ansi, to_plain, wrap
from bot.repl.history import LineHistory
from bot.repl.signals import leave_interrupts_to_program

if TYPE_CHECKING:
    from bot.render.articles import Page

# -R shows colours; -F exits at once if the text fits; -X leaves the text on the screen.
LESS_OPTIONS = "-RFX"
PAGER = "less"
# Pagers that start at a line if told so.
LINE_PAGERS = ("less", "more", "most")
# Seconds of work after which a spinner appears, and of each of its frames.
SPINNER_DELAY, SPINNER_STEP = 0.3, 0.1
SPINNER_FRAMES = "|/-\\"
MODEL_READS = "the model reads the best sentences …"


class Terminal:
    """The terminal around a prompt. ``put`` writes text; ``activity`` names the work going on."""

    def __init__(
        self,
        prompt: PromptSession[str],
        put: Callable[[str], None],
        settings: Settings,
        console: Console,
        activity: Callable[[], str] = str,
    ) -> None:
        self.prompt = prompt
        self.console: Console = console
        self._put, self._activity = put, activity
        self._announcements: list[str] = []
        # As last set here: the user may have changed the editing mode by a key since.
        self._is_vi = False
        self.apply_settings(settings)

    def apply_settings(self, settings: Settings) -> None:
        """Use the colours, the width and the keys of ``settings`` from now on."""
        self._settings = settings
        self._waiting = "" if settings.reranker == NO_RERANKER else MODEL_READS
        self.prompt.color_depth = None if self.is_coloured else ColorDepth.MONOCHROME
        if settings.vi != self._is_vi:
            self._is_vi = settings.vi
            self.prompt.editing_mode = EditingMode.VI if self._is_vi else EditingMode.EMACS
        if isinstance(self.prompt.history, LineHistory):
            self.prompt.history.is_saved = settings.history

    @property
    def columns(self) -> int:
        """The number of columns to wrap text to."""
        window = self.prompt.output.get_size().columns
        return reading_width(window, self._settings.width)

    @property
    def is_coloured(self) -> bool:
        """Whether styles are shown."""
        return self.console.has_colours(self._settings.color)

    @property
    def is_animated(self) -> bool:
        """Whether the cursor may be moved to show progress."""
        return not self.console.has_line_input(self._settings.plain)

    def write(self, fragments: Fragments) -> None:
        """Write styled text."""
        self._put(self._encode(fragments))

    def say(self, line: str) -> None:
        """Write a notice or message, wrapped."""
        self.write(wrap([("note", sanitize(line))], self.columns))

    def announce(self, line: str) -> None:
        """Write a message above the prompt, or before the next one; any thread may call this."""
        self._announcements.append(line)
        self._call_at_prompt(lambda: run_in_terminal(self.write_announcements))

    def write_announcements(self) -> None:
        """Write the messages that were announced while no prompt was shown."""
        while self._announcements:
            self.say(self._announcements.pop(0))

    def leave(self, fault: BaseException) -> None:
        """Raise ``fault`` from the prompt if it is shown; any thread may call this."""
        self._call_at_prompt(lambda: self.prompt.app.exit(exception=fault))

    def redraw(self) -> None:
        """Redraw the toolbar; any thread may call this."""
        self.prompt.app.invalidate()

    def copy(self, text: str) -> bool:
        """Send ``text`` to the clipboard; return whether the terminal may take it."""
        if self.console.has_clipboard:
            # "Manipulate selection data" of xterm (OSC 52), which works over SSH as well.
            self._put(f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07")
        return self.console.has_clipboard

    def clear(self) -> None:
        """Clear the window."""
        if self.console.has_cursor:
            self.prompt.output.erase_screen()
            self.prompt.output.cursor_goto(0, 0)
            self.prompt.output.flush()

    def show_page(self, page: "Page") -> None:
        """Show a text: in the pager if it is taller than the window, else or if that fails here."""
        fits = to_plain(page.fragments).count("\n") < self.prompt.output.get_size().rows
        if fits or not self.console.has_cursor or not self._run_pager(page):
            self.write(page.fragments)

    def run_program(self, command: list[str], text: bytes | None = None) -> bool:
        """Run a program until it exits, ``text`` its input; return whether it succeeded.

        It alone reacts to Ctrl-C meanwhile.
        """
        # An environment with LESS has the options that the user likes.
        environment = {"LESS": LESS_OPTIONS, **self.console.environment}
        try:
            with leave_interrupts_to_program():
                process = subprocess.run(command, input=text, check=False, env=environment)
        except OSError as error:
            self.say(f"{command[0]}: {error.strerror}")
            return False
        return not process.returncode

    def start_program(self, command: list[str]) -> None:
        """Start a program with a window of its own; nothing that it prints is shown."""
        try:
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self.console.environment,
                start_new_session=True,
            )
        except OSError as error:
            self.say(f"{command[0]}: {error.strerror}")

    @contextmanager
    def show_activity(self) -> Iterator[None]:
        """Show a spinner while the block runs, if it takes long."""
        if not self.is_animated:
            yield
            return
        is_done = Event()
        spinner = Thread(target=self._spin, args=(is_done,), daemon=True)
        spinner.start()
        try:
            yield
        finally:
            is_done.set()
            spinner.join()

    def _encode(self, fragments: Fragments) -> str:
        if self.console.has_words_only(self._settings.plain):
            fragments = drop_symbols(fragments)
        return (to_ansi if self.is_coloured else to_plain)(fragments)

    def _call_at_prompt(self, act: Callable[[], object]) -> None:
        """Call ``act`` in the prompt's event loop, unless no prompt is shown."""
        app = self.prompt.app
        loop = app.loop
        if loop and app.is_running:
            loop.call_soon_threadsafe(lambda: None if app.is_done else act(), context=app.context)

    def _run_pager(self, page: "Page") -> bool:
        chosen = self.console.environment.get("PAGER", "").strip()
        if not (chosen or shutil.which(PAGER)):  # as on Windows: no fault of the user
            return False
        command = split_command(chosen) if chosen else [PAGER, "-R"]
        program = os.path.basename(command[0])  # noqa: PTH119 - a program's name, not a path
        if program in LINE_PAGERS:
            # A third of the window above the line.
            above = self.prompt.output.get_size().rows // 3
            command.append(f"+{max(1, page.line - above)}")
        text = self._encode(page.fragments) if program == "less" else to_plain(page.fragments)
        return self.run_program(command, text.encode("utf-8", "replace"))

    def _spin(self, is_done: Event) -> None:
        if is_done.wait(SPINNER_DELAY):
            return
        frame = 0
        while not is_done.wait(SPINNER_STEP):
            # Room for the frame, a space, and the "^C" that the terminal echoes.
            activity = (self._activity() or self._waiting)[: self.columns - 5]
            self._put(f"\r\x1b[K{SPINNER_FRAMES[frame % len(SPINNER_FRAMES)]} {activity}")
            frame += 1
        self._put("\r\x1b[K")


def split_command(command: str, system: str = os.name) -> list[str]:
    r"""Return the words of a command as the shell of ``system`` would; a lone quote is a letter.

    >>> split_command('"C:\\Program Files\\vim.exe" -n', "nt")
    ['C:\\Program Files\\vim.exe', '-n']
    """
    try:
        words = shlex.split(command, posix=system != "nt")
    except ValueError:
        return command.split()
    return [word.strip('"') for word in words] if system == "nt" else words
