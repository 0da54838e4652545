"""Conversations: keys typed into a real prompt, and the screen that they give."""

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.config.console import Console
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render.text import count_columns
from bot.repl.background import BackgroundLoader
from bot.repl.faults import MAX_LOG_SIZE, log_fault
from bot.repl.interpreter import Interpreter
from bot.repl.loop import HOW_TO_LEAVE, INTERRUPTED, converse
from bot.repl.progress import READING, WRITING_INDEX, ReadingProgress
from bot.repl.prompt import create_prompt
from bot.repl.terminal import Terminal
from bot.repl.terminal_output import TerminalOutput
from bot.repl.watcher import LibraryWatcher

TESTS = Path(__file__).parent
SCRIPTS = sorted((TESTS / "data" / "transcripts" / "scripts").glob("*.txt"))
TRANSCRIPTS = sorted((TESTS / "data" / "transcripts").glob("*.txt"))
ENTER, CTRL_C, CTRL_D, ESCAPE = "\r", "\x03", "\x04", "\x1b"
# One answer wherever a word is shared: the threshold is measured on larger libraries.
# An answer's source, and how sure it is, which depends on calibration.
RATED_RE = re.compile(r"^ +▰.*\n(?: {4}.*\n)?", re.MULTILINE)
SETTINGS = Settings(limit=1, confidence=0.0, color="never", plain="never")
NO_PROGRESS = ReadingProgress(lambda: None)


class Echo(InMemoryHistory):
    """Shows each typed line, as a terminal would."""

    def __init__(self, screen: list[str]) -> None:
        super().__init__()
        self.screen = screen

    def append_string(self, string: str) -> None:
        """Store a line and show it."""
        self.screen.append(f"> {string}\n")
        super().append_string(string)


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """The articles in a folder that may be written to."""
    return shutil.copytree(folder, tmp_path / "articles")


def start_loader(
    paths: tuple[Path, ...], settings: Settings, finish: Callable[[BaseException | None], object]
) -> BackgroundLoader:
    """Return the loader of the articles at ``paths``."""

    def make(interpreter: type[Interpreter]) -> Interpreter:
        return interpreter(LibrarySource(paths, Origin.GIVEN), settings, NO_PROGRESS, print)

    return BackgroundLoader(make, finish)


def conversation(
    folder: Path,
    keys: str,
    *,
    settings: Settings = SETTINGS,
    log: Path = Path(os.devnull),
    put: Callable[[str], object] = str,
) -> str:
    """Return the screen of a user who types ``keys`` in a window of 80 columns.

    ``put`` is called before anything is written, and may raise.
    """
    screen: list[str] = []

    def write(text: str) -> None:
        put(text)
        screen.append(text)

    loader = start_loader((folder,), settings, str)
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        prompt = create_prompt(loader, Echo(screen), str, (pipe, DummyOutput()))
        converse(loader, Terminal(prompt, write, settings, Console({})), log)
    return "".join(screen)


def raise_once(fault: BaseException, text: str) -> Callable[[str], None]:
    """Return a function that raises ``fault`` at the first call whose argument has ``text``."""
    faults = [fault]

    def put(written: str) -> None:
        if text in written and faults:
            raise faults.pop()

    return put


def type_lines(*lines: str) -> str:
    """Return the keys of lines and of leaving."""
    return "".join(line + ENTER for line in lines) + CTRL_D


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, folder: Path) -> None:
    """A conversation typed key by key gives the screen of its transcript."""
    expected = path.read_text(encoding="utf-8")
    lines = [line[2:] for line in expected.splitlines() if line.startswith("> ")]

    screen = conversation(folder, type_lines(*lines))

    assert screen == expected


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_transcript_of_another_script(path: Path) -> None:
    """No line is wider than 40 columns, and no word is torn, in the scripts of the world."""
    expected = path.read_text(encoding="utf-8")
    lines = [line[2:] for line in expected.splitlines() if line.startswith("> ")]
    folder, settings = path.with_suffix(""), SETTINGS._replace(width=40, confidence=None)

    screen = conversation(folder, type_lines(*lines), settings=settings)

    assert RATED_RE.sub("", screen) == expected
    assert all(count_columns(line) <= 40 for line in screen.split("\n"))


def test_lines_are_erased_from_their_start(folder: Path) -> None:
    """Also of a text whose columns the terminal counts otherwise, nothing is left."""
    written = StringIO()
    output = TerminalOutput(written, lambda: Size(24, 80))
    loader = start_loader((folder,), SETTINGS, str)

    with create_pipe_input() as pipe:
        pipe.send_text("टेलीफोन" + ENTER)
        create_prompt(loader, InMemoryHistory(), str, (pipe, output)).prompt()

    erased = written.getvalue().split("\x1b[J")
    assert len(erased) > 1
    assert all(before.endswith("\r") for before in erased[:-1])


def test_transcripts_exist() -> None:
    """The tests above have something to do."""
    assert TRANSCRIPTS
    assert SCRIPTS


def test_readme_screen() -> None:
    """The first screen of the README is that of a conversation about the bundled articles."""
    root = TESTS.parent
    screen = (root / "README.md").read_text(encoding="utf-8").split("\n\n", 1)[1]
    expected = dedent(screen[: screen.index("\n\nAsk a folder")]).removeprefix("$ bot -k 1\n")
    lines = [line[2:] for line in expected.splitlines() if line.startswith("> ")]

    settings = Settings(limit=1, color="never", plain="never")
    actual = conversation(root / "corpus", type_lines(*lines), settings=settings)

    assert actual == f"{expected}\n\n"


def test_ctrl_c_clears_the_line(folder: Path) -> None:
    """A half-typed line is discarded, and the conversation continues."""
    assert conversation(folder, "Who desig" + CTRL_C + "/quit" + ENTER) == "> /quit\n"


def test_ctrl_c_on_an_empty_line(folder: Path) -> None:
    """It does not leave, but says how to."""
    screen = conversation(folder, CTRL_C + "quit" + ENTER)

    assert screen == f"{HOW_TO_LEAVE}\n> quit\n"


def test_ctrl_c_stops_an_answer(folder: Path) -> None:
    """An interrupted answer ends with a notice, and the next question is answered."""
    put = raise_once(KeyboardInterrupt(), "mentions that")

    screen = conversation(folder, type_lines("quokka?", "zebra?"), put=put)

    assert screen.startswith(f"> quokka?\n{INTERRUPTED}\n\n> zebra?\nNothing in the articles")


def test_blank_lines_are_ignored(folder: Path) -> None:
    """The prompt comes back without an answer."""
    assert conversation(folder, type_lines("", "  ")) == ">   \n"


def test_alt_enter_continues_the_line(folder: Path) -> None:
    """The rows of a line are one question."""
    screen = conversation(folder, type_lines("quokka" + ESCAPE + ENTER + "zebra?"))

    assert screen.startswith("> quokka\nzebra?\n")
    assert "No article has the words: quokka, zebra" in screen


def test_nul_is_ignored(folder: Path) -> None:
    """Ctrl-Space, which sends NUL, does not swallow the keys after it."""
    assert conversation(folder, type_lines("qu\0okka\0?")).startswith("> quokka?\n")


def test_internal_fault_is_logged(tmp_path: Path, folder: Path) -> None:
    """A line names the fault and the log; the conversation continues."""
    log = tmp_path / "state" / "faults.log"
    put = raise_once(ZeroDivisionError("no reason"), "mentions that")

    screen = conversation(folder, type_lines("quokka?", "zebra?"), log=log, put=put)

    first, second = screen.removeprefix("> quokka?\n").split("> zebra?\n")
    assert " ".join(first.split()).startswith("bot: error: ZeroDivisionError: no reason (details")
    assert second.startswith("Nothing in the articles mentions that.")
    assert log.read_text(encoding="utf-8").count("Traceback") == 1
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_unwritable_fault_log(tmp_path: Path) -> None:
    """The line names the second error as well."""
    (tmp_path / "state").touch()

    line = log_fault(tmp_path / "state" / "faults.log", ValueError("odd\nvalue"))

    assert line.startswith("bot: error: ValueError: odd (")
    assert "\n" not in line


def test_large_fault_log_starts_again(tmp_path: Path) -> None:
    """The log does not grow without bound."""
    log = tmp_path / "faults.log"
    log.write_bytes(b"x" * (MAX_LOG_SIZE + 1))

    log_fault(log, ValueError("odd"))

    assert log.stat().st_size < 1_000


def test_changed_articles_are_announced(articles: Path) -> None:
    """A change between two questions is a notice above the second answer."""

    def change(text: str) -> None:
        if "mentions that" in text:
            (articles / "zebra.txt").write_text("Zebras\n\nThe zebra ran.", encoding="utf-8")

    screen = conversation(articles, type_lines("quokka?", "zebra?"), put=change)

    first, second = screen.split("> zebra?\n")
    assert first.startswith("> quokka?\nNothing in the articles mentions that.")
    assert second.startswith("1 article added.\nThe zebra ran.")


def test_folder_without_articles(tmp_path: Path) -> None:
    """The error of the background job ends the conversation."""
    with pytest.raises(NothingToRead):
        conversation(tmp_path, type_lines("quokka?"))


def test_static_lines_need_no_articles(tmp_path: Path) -> None:
    """Before the articles are read, /help answers, commands are completed and /quit leaves."""
    source = LibrarySource((tmp_path,), Origin.GIVEN)
    interpreter = Interpreter(source, SETTINGS, NO_PROGRESS, print)
    screen: list[str] = []
    with create_pipe_input() as pipe:
        loader = start_loader((tmp_path,), SETTINGS, str)
        prompt = create_prompt(loader, InMemoryHistory(), str, (pipe, DummyOutput()))
        terminal = Terminal(prompt, screen.append, SETTINGS, Console({}))

        assert interpreter.run("/help", terminal)
        assert interpreter.run("/hlep", terminal)
        assert not interpreter.run("/quit", terminal)
    assert "/filter" in screen[0]
    assert "did you mean /help?" in screen[1]
    assert [completion.text for completion in interpreter.complete("/fi")] == ["/filter"]
    assert interpreter.describe() == []
    assert interpreter.settings == SETTINGS


def test_failed_start_is_raised() -> None:
    """An error of the background job reaches its end and whoever waits for it."""
    faults: list[BaseException | None] = []

    def make(_: type[Interpreter]) -> Interpreter:
        raise ZeroDivisionError

    loader = BackgroundLoader(make, faults.append)
    with pytest.raises(ZeroDivisionError):
        loader.interpreter()

    assert loader.peek() is None
    assert isinstance(faults[0], ZeroDivisionError)


def test_prompt_loads_nothing_slow() -> None:
    """The modules of the prompt import neither retrieval nor storage nor their libraries."""
    program = TESTS / "programs" / "import_prompt.py"

    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_reading_progress() -> None:
    """It counts files, then names the index; after a cancellation it ends the thread."""
    texts: list[str] = []
    progress = ReadingProgress(lambda: texts.append(progress.text()))

    with progress:
        texts.append(progress.text())
        progress(1200, 33897)
        progress(33897, 33897)

    assert texts == [READING, f"{READING} 1,200 of 33,897", WRITING_INDEX]
    assert not progress.text()
    progress.cancel()
    with pytest.raises(SystemExit):
        progress(1, 2)


def test_watcher_sees_changes_of_articles(tmp_path: Path) -> None:
    """Each change of an article in any folder, and of nothing else."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "back").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_text("one")
    watcher = LibraryWatcher((tmp_path, tmp_path / "missing"), NO_PROGRESS, print)
    watcher.load()

    assert not watcher.has_changed()
    for act, is_seen in (
        (lambda: (tmp_path / "a.txt").write_text("other"), True),
        (lambda: (inner / "b.md").write_text("two"), True),
        (lambda: (inner / "b.exe").write_text("two"), False),
        (lambda: (inner / ".b.md").write_text("two"), False),
        (lambda: (inner / "b.md").rename(inner / "c.md"), True),
        (lambda: (inner / "c.md").unlink(), True),
    ):
        act()
        assert watcher.has_changed() == is_seen
        watcher.load()


def test_watcher_warns_once(tmp_path: Path) -> None:
    """A file that cannot be read is named the first time only."""
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "broken.txt").write_bytes(b"\x7fELF\x00\x01\x02\x03\x00\x00")
    warnings: list[str] = []
    watcher = LibraryWatcher((tmp_path,), NO_PROGRESS, warnings.append)

    watcher.load()
    watcher.load()

    assert len(warnings) == 1
    assert "broken.txt" in warnings[0]
