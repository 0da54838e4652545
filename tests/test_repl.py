"""Conversations: real keys through a real prompt."""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from textwrap import dedent

import pytest
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import bot
from bot.articles.article import Block
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.repl import watcher as alive
from bot.repl.background import BackgroundSession
from bot.repl.faults import log_fault
from bot.repl.history import FULL, KEPT, LONGEST, entry, history
from bot.repl.loop import HOW_TO_LEAVE, converse
from bot.repl.progress import BEGUN, WRITTEN, ReadingProgress
from bot.repl.prompt import session
from bot.repl.session import ChatSession
from bot.repl.terminal import Terminal
from bot.repl.watcher import FileWatcher

TRANSCRIPTS = sorted((Path(__file__).parent / "data" / "transcripts").glob("*.txt"))
ENTER, CTRL_C, CTRL_D, ESCAPE = "\r", "\x03", "\x04", "\x1b"


class Echo(InMemoryHistory):
    """Shows each line that was typed, as a terminal would."""

    def __init__(self, seen: list[str]) -> None:
        super().__init__()
        self.seen = seen

    def append_string(self, string: str) -> None:
        """Keep a line, and show it."""
        self.seen.append(f"> {string}\n")
        super().append_string(string)


def conversation(
    retriever: bot.Retriever,
    keys: str,
    refresh: Callable[[ChatSession], str] = lambda _: "",
    log: Path = Path(os.devnull),
) -> str:
    """Return what a user sees who types ``keys``, in a window of 80 columns."""
    seen: list[str] = []
    talk = ChatSession(
        lambda: retriever, Settings(limit=1), LibrarySource((Path("notes"),), Origin.GIVEN)
    )
    later = BackgroundSession(lambda: talk, lambda _: None)
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        prompt = session(later, Echo(seen), (pipe, DummyOutput()))
        terminal = Terminal(prompt, seen.append, lambda: Settings(color="never"), {})
        converse(later, terminal, refresh, log)
    return "".join(seen)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, retriever: bot.Retriever) -> None:
    """A conversation, typed key by key, shows what its transcript shows."""
    expected = path.read_text(encoding="utf-8")
    typed = [line[2:] for line in expected.splitlines() if line.startswith("> ")]

    seen = conversation(retriever, "".join(line + ENTER for line in typed) + CTRL_D)

    assert seen == expected


def test_there_are_transcripts() -> None:
    """So that the test above cannot pass by having nothing to do."""
    assert TRANSCRIPTS


def test_the_readme_begins_with_a_conversation() -> None:
    """Its first screen, typed key by key, is what the bundled articles answer."""
    root = Path(__file__).parent.parent
    screen = (root / "README.md").read_text(encoding="utf-8").split("\n\n", 1)[1]
    expected = dedent(screen[: screen.index("\n\nAsk a folder")]).removeprefix("$ bot -k 1\n")
    typed = [line[2:] for line in expected.splitlines() if line.startswith("> ")]

    seen = conversation(
        bot.Retriever.from_path(root / "corpus"), "".join(line + ENTER for line in typed) + CTRL_D
    )

    assert seen == f"{expected}\n\n"


def test_ctrl_c_clears_the_line(retriever: bot.Retriever) -> None:
    """What was typed is gone, and the conversation goes on."""
    seen = conversation(retriever, "Who desig" + CTRL_C + "/quit" + ENTER)

    assert seen == "> /quit\n"


def test_ctrl_c_on_an_empty_line(retriever: bot.Retriever) -> None:
    """It does not leave, but says how to."""
    seen = conversation(retriever, CTRL_C + "quit" + ENTER)

    assert seen == f"{HOW_TO_LEAVE}\n> quit\n"


def test_blank_lines_are_no_questions(retriever: bot.Retriever) -> None:
    """The prompt comes back, and nothing else."""
    assert conversation(retriever, ENTER + "  " + ENTER + CTRL_D) == ">   \n"


@pytest.fixture
def unwanted() -> Iterator[list[str]]:
    """Warnings; there are to be none."""
    warnings: list[str] = []
    yield warnings
    assert not warnings


def test_history_is_kept(tmp_path: Path, unwanted: list[str]) -> None:
    """From one conversation to the next, in a file that nobody else can read."""
    file = tmp_path / "state" / "bot" / "history"

    history(file, unwanted.append).append_string("Who designed the bridge?")
    again = history(file, unwanted.append)

    assert list(again.load_history_strings()) == ["Who designed the bridge?"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_history_that_others_could_read(tmp_path: Path, unwanted: list[str]) -> None:
    """A file with wider rights gets narrow ones, and its lines stay."""
    file = tmp_path / "history"
    file.write_text("\n# 2024\n+before\n", encoding="utf-8")
    file.chmod(0o644)

    kept = history(file, unwanted.append)

    assert list(kept.load_history_strings()) == ["before"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_history_of_broken_bytes(tmp_path: Path, unwanted: list[str]) -> None:
    """A key that sends no UTF-8 does not end the conversation."""
    kept = history(tmp_path / "history", unwanted.append)

    kept.append_string("caf\udce9")

    assert list(history(tmp_path / "history", unwanted.append).load_history_strings()) == ["caf?"]


@pytest.mark.parametrize("where", ["state", "state/bot", "state/bot/history"])
def test_history_that_cannot_be_written(tmp_path: Path, where: str) -> None:
    """A warning names the file, and what is typed is kept for this conversation only."""
    file = tmp_path / "state" / "bot" / "history"
    obstacle = tmp_path / where
    obstacle.parent.mkdir(parents=True, exist_ok=True)
    if obstacle == file:
        obstacle.mkdir()
    else:
        obstacle.touch()
    warnings: list[str] = []

    kept = history(file, warnings.append)
    kept.append_string("a line")

    assert kept.get_strings() == ["a line"]
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}: ")
    assert warnings[0].endswith("; what you type is not kept")


def test_an_internal_fault(tmp_path: Path, retriever: bot.Retriever) -> None:
    """One line says what and where it is kept, and the conversation goes on."""
    asked: list[str] = []

    def refresh(_: ChatSession) -> str:
        asked.append("")
        return "" if len(asked) > 1 else str(1 // 0)

    log = tmp_path / "state" / "faults.log"
    seen = conversation(retriever, "quokka?" + ENTER + "zebra?" + ENTER + CTRL_D, refresh, log)

    first, second = seen.removeprefix("> quokka?\n").split("> zebra?\n")
    assert " ".join(first.split()).startswith("bot: error: ZeroDivisionError: ")
    assert second.startswith("Nothing in the articles mentions that.")
    assert log.read_text(encoding="utf-8").count("Traceback") == 1
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_fault_of_a_layout(tmp_path: Path) -> None:
    """An answer that cannot be shown is a fault like another."""
    text = "A quokka is small."
    blocks = (Block(0, len(text)),)
    nowhere = bot.Article("Quokkas", "", text, blocks=blocks, metadata={"path": "no/such.txt"})
    retriever = bot.Retriever(bot.Library([nowhere]))
    log = tmp_path / "faults.log"

    seen = conversation(retriever, "small quokka?" + ENTER + "/stats" + ENTER + CTRL_D, log=log)

    assert "bot: error: ValueError: relative path" in " ".join(seen.split())
    assert "questions asked  1" in seen
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_a_fault_that_cannot_be_kept(tmp_path: Path) -> None:
    """The line says so, and that is all."""
    (tmp_path / "state").touch()

    line = log_fault(tmp_path / "state" / "faults.log", ValueError("odd\nvalue"))

    assert line.startswith("bot: error: ValueError: odd (")
    assert "\n" not in line


def test_what_changed_is_said(retriever: bot.Retriever) -> None:
    """Above the answer."""
    seen = conversation(retriever, "quokka?" + ENTER + CTRL_D, lambda _: "1 article changed")

    assert seen.startswith("> quokka?\n1 article changed.\nNothing in the articles")


def test_a_new_line(retriever: bot.Retriever) -> None:
    """Alt-Enter begins one; what is asked is a single question."""
    seen = conversation(retriever, "quokka" + ESCAPE + ENTER + "zebra?" + ENTER + CTRL_D)

    assert seen.startswith("> quokka\nzebra?\n")
    assert "No article has the words: quokka, zebra" in seen


def test_a_nul(retriever: bot.Retriever) -> None:
    """Typed, as Ctrl-Space is, it is nothing, and what follows is not lost."""
    seen = conversation(retriever, "qu\0okka\0?" + ENTER + CTRL_D)

    assert seen.startswith("> quokka?\n")


def test_history_is_bounded(tmp_path: Path, unwanted: list[str]) -> None:
    """The last ten thousand lines are kept; what others add meanwhile, too."""
    file = tmp_path / "history"
    file.write_bytes(b"".join(entry(f"line {number}") for number in range(FULL + 1)))

    kept_lines = list(history(file, unwanted.append).load_history_strings())

    assert kept_lines == [f"line {number}" for number in range(FULL, FULL - KEPT, -1)]
    assert list(history(file, unwanted.append).load_history_strings()) == kept_lines
    assert file.read_bytes().count(b"\n+") == KEPT
    assert [path.name for path in tmp_path.iterdir()] == ["history"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_history_of_a_full_disk(tmp_path: Path) -> None:
    """A line that cannot be written is a warning, not the end."""
    warnings: list[str] = []
    lines = history(tmp_path / "history", warnings.append)
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()

    lines.append_string("a line")

    assert lines.get_strings() == ["a line"]
    assert len(warnings) == 1


def test_a_paste_is_not_kept(tmp_path: Path, unwanted: list[str]) -> None:
    """Lines longer than anyone types are left out of the history."""
    history(tmp_path / "history", unwanted.append).append_string("x" * (LONGEST + 1))

    assert not list(history(tmp_path / "history", unwanted.append).load_history_strings())


def test_a_watch(tmp_path: Path) -> None:
    """It sees each change of an article in any folder, and of nothing else."""
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "back").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_text("one")
    watch = FileWatcher([tmp_path, tmp_path / "missing"])

    def differs() -> bool:
        now = watch.recent()
        found = watch.differs(now)
        watch.note(now)
        return found

    assert differs()
    assert not differs()
    for act, seen in (
        (lambda: (tmp_path / "a.txt").write_text("other"), True),
        (lambda: (inner / "b.md").write_text("two"), True),
        (lambda: (inner / "b.exe").write_text("two"), False),
        (lambda: (inner / ".b.md").write_text("two"), False),
        (lambda: (inner / "b.md").rename(inner / "c.md"), True),
        (lambda: (inner / "c.md").unlink(), True),
    ):
        act()
        assert differs() == seen


def test_a_long_look_is_taken_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then one taken while the user typed will do, for all but the files that are quoted."""
    monkeypatch.setattr(alive, "LONG", -1.0)
    monkeypatch.setattr(alive, "PAUSE", 0.0)
    (tmp_path / "a.txt").write_text("one")
    (article,) = bot.Library.from_path(tmp_path).articles
    watch = FileWatcher([tmp_path])
    watch.note(watch.look())
    others = {*threading.enumerate()}

    (tmp_path / "b.txt").write_text("two")
    assert not watch.differs(watch.recent())
    watch.glance()
    for thread in {*threading.enumerate()} - others:
        thread.join()
    assert watch.differs(watch.recent())
    assert watch.stands(article)
    (tmp_path / "a.txt").unlink()

    assert not watch.stands(article)
    assert [file.source for file in watch.recent().files] == ["b.txt"]


def test_a_value_that_is_made_later() -> None:
    """Whoever asks for it waits; what went wrong is raised there; then the thread goes on."""
    after: Queue[float] = Queue()
    good: BackgroundSession[float] = BackgroundSession(lambda: 1, after.put)
    bad: BackgroundSession[float] = BackgroundSession(lambda: 1 / 0, after.put)

    assert not good.is_ready
    assert good.get() == good.get() == 1
    assert after.get(timeout=5) == 1
    with pytest.raises(ZeroDivisionError):
        bad.get()
    assert not bad.is_ready


def test_how_far_a_reading_has_come() -> None:
    """In figures while files are read; one that is to stop, ends the thread that reads."""
    shown: list[str] = []
    far = ReadingProgress(lambda: shown.append(far.words()))

    with far:
        shown.append(far.words())
        far(1200, 33897)
        far(33897, 33897)

    assert shown == [BEGUN, f"{BEGUN} 1,200 of 33,897", WRITTEN]
    assert not far.words()
    far.stop()
    with pytest.raises(SystemExit):
        far(1, 2)
