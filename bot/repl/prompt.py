"""The prompt: keys, completions, suggestions and the toolbar."""

from collections.abc import Callable, Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory, ConditionalAutoSuggest
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.filters import (
    Always,
    Condition,
    completion_is_selected,
    emacs_mode,
    has_completions,
)
from prompt_toolkit.history import History
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from bot.render.text import sanitize
from bot.repl.background import BackgroundLoader
from bot.repl.progress import READING

PROMPT = "> "
# Characters of a line; more may be pasted, but no question is so long and no terminal shows it.
MAX_LINE = 20_000
# Letters from which on a word is completed.
MIN_LETTERS = 3
# Rows kept free below the prompt for the menu of completions.
MENU_ROWS = 6
# Seconds after which Esc is a key of its own, and not the beginning of Alt and another key, or of
# an arrow key, whose bytes come together. The defaults, 1 and 0.5, make Esc feel broken.
ESCAPE_DELAYS = (0.3, 0.1)
# The names of vi's modes in the toolbar.
VI_MODES = {
    InputMode.NAVIGATION: "vi: normal",
    InputMode.REPLACE: "vi: replace",
    InputMode.REPLACE_SINGLE: "vi: replace",
}
# prompt-toolkit's own suggestion has a contrast of 3.7 on a dark screen, its selected completion
# 3.5; these have at least the 4.5 that WCAG 2.2 asks for, on light and dark screens.
STYLE = Style.from_dict(
    {
        "auto-suggestion": "#767676",
        "completion-menu.completion.current": "noreverse bg:#444444 #ffffff",
    }
)

keys: KeyBindings = KeyBindings()


@keys.add("enter", filter=completion_is_selected)
def accept_completion(event: KeyPressEvent) -> None:
    """Accept the selected completion without sending the line."""
    event.current_buffer.complete_state = None


@keys.add("escape", "enter")
def insert_newline(event: KeyPressEvent) -> None:
    """Start another row of the line (Alt-Enter)."""
    event.current_buffer.insert_text("\n")


@keys.add("escape", filter=has_completions & emacs_mode)
def close_menu(event: KeyPressEvent) -> None:
    """Close the menu of completions, and keep the line."""
    event.current_buffer.cancel_completion()


@keys.add("up", filter=has_completions & ~completion_is_selected)
def search_history(event: KeyPressEvent) -> None:
    """Find the line of before that begins with this one; the menu is entered by Down or Tab."""
    event.current_buffer.cancel_completion()
    event.current_buffer.auto_up()


@keys.add("f4")
def toggle_editing_mode(event: KeyPressEvent) -> None:
    """Switch between the keys of Emacs and of vi."""
    is_vi = event.app.editing_mode == EditingMode.VI
    event.app.editing_mode = EditingMode.EMACS if is_vi else EditingMode.VI


@keys.add("c-@")
def ignore_nul(_: KeyPressEvent) -> None:
    """Ignore NUL (Ctrl-Space), which would set a mark and swallow the text typed next."""


@keys.add(Keys.BracketedPaste)
def paste_text(event: KeyPressEvent) -> None:
    """Insert pasted text up to ``MAX_LINE``; its line ends do not send the line."""
    text = event.data.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    buffer = event.current_buffer
    buffer.insert_text(text[: max(0, MAX_LINE - len(buffer.text))])


class BackgroundCompleter(Completer):
    """The completions of an interpreter; none while it is being imported."""

    def __init__(self, loader: BackgroundLoader) -> None:
        self._loader = loader

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - the signature of the base class
    ) -> Iterable[Completion]:
        """Return the completions of the text before the cursor."""
        interpreter = self._loader.peek()
        return interpreter.complete(document.text_before_cursor) if interpreter else ()


@Condition
def is_completable() -> bool:
    """Whether the text before the cursor is a command, or ends with enough letters of a word."""
    text = get_app().current_buffer.document.text_before_cursor
    return text.startswith("/") or (len(text) >= MIN_LETTERS and text[-MIN_LETTERS:].isalnum())


def create_prompt(
    loader: BackgroundLoader,
    history: History,
    progress: Callable[[], str],
    ends: tuple[Input | None, Output | None] = (None, None),
) -> PromptSession[str]:
    """Return the prompt of a conversation, which starts ``loader`` once it is on the screen.

    ``progress`` returns the progress of the loader in words. ``ends`` are the keyboard and the
    screen; None means those of the terminal.
    """
    # Without colours, a suggestion looks like text that was typed.
    is_coloured = Condition(lambda: prompt.color_depth != ColorDepth.MONOCHROME)
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        auto_suggest=ConditionalAutoSuggest(AutoSuggestFromHistory(), is_coloured),
        bottom_toolbar=lambda: toolbar_text(prompt, loader, progress()),
        complete_in_thread=True,
        complete_while_typing=is_completable,
        completer=BackgroundCompleter(loader),
        enable_open_in_editor=True,
        enable_suspend=True,
        history=history,
        input=ends[0],
        key_bindings=keys,
        output=ends[1],
        prompt_continuation=" " * len(PROMPT),
        reserve_space_for_menu=MENU_ROWS,
        search_ignore_case=True,
        style=STYLE,
        tempfile_suffix=".txt",
    )
    # Up finds the lines that begin with what is typed. The parameter of this name would also switch
    # the menu off while a line is typed.
    prompt.default_buffer.enable_history_search = Always()
    prompt.app.timeoutlen, prompt.app.ttimeoutlen = ESCAPE_DELAYS
    prompt.app.after_render += lambda _: loader.start()
    # Without it, a terminal that does not report its cursor's position causes a warning.
    prompt.app.renderer.cpr_not_supported_callback = None
    return prompt


def toolbar_text(prompt: PromptSession[str], loader: BackgroundLoader, progress: str) -> str:
    """Return the line at the bottom: the library or its progress, the time taken, the keys.

    In a narrow window, the last parts of the library are left out.
    """
    interpreter = loader.peek()
    parts = (interpreter.describe() if interpreter else []) or [progress or READING]
    modes = []
    if prompt.editing_mode == EditingMode.VI:
        modes.append(VI_MODES.get(prompt.app.vi_state.input_mode, "vi: insert"))
    if len(prompt.default_buffer.text) >= MAX_LINE:
        modes.append(f"cut at {MAX_LINE:,} characters")
    return fit_parts(parts, modes, prompt.output.get_size().columns)


def fit_parts(parts: list[str], modes: list[str], columns: int) -> str:
    """Return ``parts`` and ``modes`` on a line; of ``parts`` as many as there is room for.

    >>> fit_parts(["notes", "3 articles", "48 ms"], ["vi: insert"], 33)
    ' notes · 3 articles · vi: insert'
    """
    line = sanitize(f" {' · '.join([*parts, *modes])}")
    if get_cwidth(line) <= columns or len(parts) == 1:
        return line
    return fit_parts(parts[:-1], modes, columns)
