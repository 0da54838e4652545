"""The prompt: its keys, what it suggests, and the line at the bottom."""

import gc
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import Condition, completion_is_selected
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import Output

from bot.render.text import sanitize
from bot.repl.background import BackgroundSession
from bot.repl.progress import BEGUN

if TYPE_CHECKING:
    from bot.repl.completer import LineCompletions
    from bot.repl.session import ChatSession

PROMPT = "> "
# What is pasted beyond is left out: no question is so long, and a terminal could not show it.
LONGEST = 20_000
# Rows kept free for what can follow.
MENU = 6

keys = KeyBindings()


@keys.add("enter", filter=completion_is_selected)
def take(event: KeyPressEvent) -> None:
    """Take the completion that is chosen, and no more."""
    event.current_buffer.complete_state = None


@keys.add("escape", "enter")
def begin_line(event: KeyPressEvent) -> None:
    """Begin a new line."""
    event.current_buffer.insert_text("\n")


@keys.add("f4")
def change_keys(event: KeyPressEvent) -> None:
    """Change between the keys of Emacs and of vi."""
    vi = event.app.editing_mode == EditingMode.VI
    event.app.editing_mode = EditingMode.EMACS if vi else EditingMode.VI


@keys.add("c-@")
def pass_over(_: KeyPressEvent) -> None:
    """Let a NUL, or Ctrl-Space, be nothing: it would set a mark, and swallow what is typed next."""


@keys.add(Keys.BracketedPaste)
def paste(event: KeyPressEvent) -> None:
    """Insert what is pasted; its line ends send nothing."""
    text = event.data.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    buffer = event.current_buffer
    buffer.insert_text(text[: max(0, LONGEST - len(buffer.text))])


class BackgroundCompleter(Completer):
    """The completions of what is there later, and until then none."""

    def __init__(self, later: "BackgroundSession[ChatSession]") -> None:
        self._later = later
        self._ready: LineCompletions | None = None

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the base's
    ) -> Iterable[Completion]:
        """Return what can follow the text before the cursor."""
        if not self._later.is_ready:
            return ()
        if self._ready is None:
            from bot.repl.completer import LineCompletions

            self._ready = LineCompletions(self._later.get())
        return self._ready.following(document.text_before_cursor)


@Condition
def worth_completing() -> bool:
    """Whether what is typed is a command, or ends with letters enough for a word."""
    text = get_app().current_buffer.document.text_before_cursor
    return text.startswith("/") or (len(text) > 2 and text[-3:].isalnum())


def session(
    later: "BackgroundSession[ChatSession]",
    history: History,
    ends: tuple[Input | None, Output | None] = (None, None),
    *,
    reading: Callable[[], str] = str,
) -> PromptSession[str]:
    """Return the prompt of a conversation that is made ``later``, from when the prompt stands.

    ``ends`` are its keyboard and screen, None: the terminal's. ``reading`` says how far the
    reading of the articles has come.
    """
    made: PromptSession[str] = PromptSession(
        PROMPT,
        auto_suggest=AutoSuggestFromHistory(),
        bottom_toolbar=lambda: status(later, made, reading()),
        complete_in_thread=True,
        complete_while_typing=worth_completing,
        completer=BackgroundCompleter(later),
        enable_open_in_editor=True,
        enable_suspend=True,
        history=history,
        input=ends[0],
        key_bindings=keys,
        output=ends[1],
        prompt_continuation=" " * len(PROMPT),
        reserve_space_for_menu=MENU,
        search_ignore_case=True,
        tempfile_suffix=".txt",
    )

    def stands(_: object) -> None:
        gc.enable()
        later.start()

    made.app.after_render += stands
    # It would warn of a terminal that does not tell where its cursor stands; it works there, too.
    made.app.renderer.cpr_not_supported_callback = None
    return made


def status(later: "BackgroundSession[ChatSession]", made: PromptSession[str], reading: str) -> str:
    """Return the line at the bottom: what is asked, how long the last answer took, the keys."""
    parts = described(later.get()) if later.is_ready and later.get().ready else [reading or BEGUN]
    if made.editing_mode == EditingMode.VI:
        parts.append("vi")
    if len(made.default_buffer.text) >= LONGEST:
        parts.append(f"cut at {LONGEST:,} characters")
    return sanitize(f" {' · '.join(parts)}")


def described(talk: "ChatSession") -> list[str]:
    """Return what is asked, and how long the last answer took."""
    count = len(talk.full_retriever.library.articles)
    parts = [talk.source.name, f"{count:,} article{'s' * (count != 1)}"]
    if talk.filter.text:
        parts.append(f"filter: {talk.filter.text}")
    if talk.milliseconds:
        parts.append(f"{talk.milliseconds:.0f} ms")
    return parts
