"""The conversation on a real terminal: what stands on the screen, keys, signals, files."""

import os
import re
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pexpect
import pyte
import pytest

COMMAND = shutil.which("bot", path=str(Path(sys.executable).parent)) or "bot"
ASKED = "When did the Thornwick Bridge open?"
ENTER, CTRL_C, CTRL_D, ESCAPE, F4 = "\r", "\x03", "\x04", "\x1b", "\x1bOS"
WAIT = 4  # seconds, for what is never shown
PASTED, PASTE_END = "\x1b[200~", "\x1b[201~"
# What tells a program which terminal it has, and which programs and colours are wanted there.
TOLD = (
    "NO_COLOR",
    "PROMPT_TOOLKIT_NO_CPR",
    "TERM_PROGRAM",
    "COLORFGBG",
    "VTE_VERSION",
    "PAGER",
    "LESS",
    "VISUAL",
    "EDITOR",
)


class Screen(pyte.Screen):
    """A screen that answers where its cursor stands: only then is there a line at the bottom."""

    def __init__(self, columns: int, answer: Callable[[str], object]) -> None:
        super().__init__(columns, 24)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        """Send an answer."""
        self._answer(data)


class Window:
    """A terminal with a conversation in it; ``screen`` is what stands there."""

    def __init__(self, *words: str | Path, home: dict[str, str], columns: int = 80) -> None:
        self.process = pexpect.spawn(
            COMMAND,
            [str(word) for word in words],
            env=home,
            encoding="utf-8",
            dimensions=(24, columns),
            timeout=WAIT,
        )
        self.screen = Screen(columns, self.process.send)
        self._stream = pyte.Stream(self.screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    @property
    def lines(self) -> list[str]:
        """The lines on the screen, from the first to the last that is not blank."""
        return "\n".join(line.rstrip() for line in self.screen.display).strip().split("\n")

    def wait(self, shown: Callable[[list[str]], object]) -> list[str]:
        """Wait until the lines on the screen are such; return them."""
        while not shown(self.lines):
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=WAIT))
            except (pexpect.TIMEOUT, pexpect.EOF):
                pytest.fail("never shown; the screen is:\n" + "\n".join(self.lines))
        return self.lines

    def until(self, text: str) -> list[str]:
        """Wait until ``text`` stands on the screen; return its lines."""
        return self.wait(lambda lines: text in "\n".join(lines))

    def ready(self) -> list[str]:
        """Wait for an empty prompt and for the articles; return the lines."""
        return self.wait(lambda lines: " article" in lines[-1] and "reading" not in lines[-1]
                         and [line for line in lines[:-1] if line][-1:] == [">"])  # fmt: skip

    def ask(self, line: str) -> list[str]:
        """Type a line; return the lines on the screen when the prompt is back."""
        self.process.send(line + ENTER)
        self.until("> " + line[:10])
        return self.ready()

    def style(self, text: str) -> pyte.screens.Char:
        """Return how the first letter of ``text`` looks, which must be on the screen."""
        row = next(row for row, line in enumerate(self.screen.display) if text in line)
        char: pyte.screens.Char = self.screen.buffer[row][self.screen.display[row].index(text)]
        return char

    def ended(self) -> int:
        """Wait for the end; return the exit code, a signal's as a shell does."""
        while True:
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=WAIT))
            except pexpect.EOF:
                break
        self.process.close()
        assert "Traceback" not in "\n".join(self.lines)
        return int(
            self.process.exitstatus
            if self.process.exitstatus is not None
            else 128 + self.process.signalstatus
        )


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose folders are empty and its own."""
    kept = {name: value for name, value in os.environ.items() if name not in TOLD}
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    return kept | folders | {"HOME": str(tmp_path), "TERM": "xterm-256color", "PYTHONUTF8": "1"}


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """The articles in a folder that may be written to."""
    return shutil.copytree(folder, tmp_path / "articles")


@pytest.fixture
def window(home: dict[str, str], articles: Path) -> Iterator[Window]:
    """A conversation about them, with its prompt."""
    with Window(articles, "-k1", home=home) as window:
        window.ready()
        yield window


def history(home: dict[str, str]) -> Path:
    return Path(home["XDG_STATE_HOME"]) / "bot" / "history"


# The screen


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (40, """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and
walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the
    Thornwick Bridge · 8 Mar 2022 ·
    bridge.txt, line 4"""),
        (80, """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt,
    line 4"""),
        (200, """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4"""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}])
def test_a_screen(
    home: dict[str, str],
    articles: Path,
    columns: int,
    expected: str,
    environment: dict[str, str],
) -> None:
    """At any width, the question, its answer, how sure it is and whence; with colour or without."""
    with Window(articles, "-k1", home=home | environment, columns=columns) as window:
        window.ready()
        lines = window.ask(ASKED)

        start = lines.index(f"> {ASKED}")
        shown = re.sub(r"[▰▱]+ \w+", "▰▰▰▰▰ sure", "\n".join(lines[start:]))
        assert shown.startswith(expected + "\n\n>")
        assert re.fullmatch(r" articles · 3 articles · \d+ ms", lines[-1])
        assert window.style("opened").bold != bool(environment)
        assert window.style("March 1932").underscore != bool(environment)
        assert not window.style("carts").bold


def test_a_terminal_without_cursor_control(home: dict[str, str], articles: Path) -> None:
    """The conversation takes place, in plain text: no toolbar, no colour."""
    process = pexpect.spawn(
        COMMAND, [str(articles), "-k1"], env=home | {"TERM": "dumb"}, encoding="utf-8", timeout=10
    )
    process.expect("> ")
    process.send(ASKED + "\r")
    process.expect("March 1932")
    process.expect("> ")
    process.send("/quit\r")
    process.expect(pexpect.EOF)
    process.close()

    assert process.exitstatus == 0


def test_a_window_that_changes(window: Window) -> None:
    """The prompt and what is answered from then on fit the new width."""
    window.process.setwinsize(24, 40)
    window.screen.resize(24, 40)
    window.process.send(ASKED)
    window.process.send(ENTER)

    window.until("walkers in March 1932.")


def test_a_long_article_is_paged(home: dict[str, str], articles: Path) -> None:
    """What is taller than the window goes to the pager, the answer in view; else to the screen."""
    (articles / "long.txt").write_text(
        "A long story\n\n" + "Nothing here.\n\n" * 60 + "The zebra ran home.\n\n" * 1,
        encoding="utf-8",
    )
    pager = articles.parent / "pager"
    pager.write_text('#!/bin/sh\necho "paged: $@"; grep zebra\n', encoding="utf-8")
    pager.chmod(0o755)
    with Window(articles, "-k1", home=home | {"PAGER": f"{pager} -x"}) as window:
        window.ready()
        window.ask("Where did the zebra run?")
        window.ask("/show")

        assert "paged: -x" in window.lines
        window.ask(ASKED)
        window.process.send("/show" + ENTER)
        window.until("years and eleven thousand tonnes")


# Keys


def test_a_pager_that_is_odd(home: dict[str, str], articles: Path) -> None:
    """A stray quote in its name, or none of that name: what it was to show is on the screen."""
    for pager in ("less 'x", "nosuch -R"):
        with Window(articles, "-k1", home=home | {"PAGER": pager}) as window:
            window.ready()
            window.ask(ASKED)
            window.process.setwinsize(6, 80)
            window.process.send("/show" + ENTER)
            window.until("years and eleven thousand tonnes")
            window.process.send("/quit" + ENTER)
            assert window.ended() == 0


def test_a_completion_is_only_taken(window: Window) -> None:
    """Enter on a chosen completion takes it; a second one asks."""
    window.process.send("where is Thorn")
    window.until("Thornwick Bridge")
    window.process.send("\x1b[B" + ENTER)
    window.until("> where is Thornwick")
    window.process.send(ENTER)

    window.until("opened to carts")


def test_commands_and_arguments_are_completed(window: Window) -> None:
    """Commands, settings, and what a setting takes."""
    window.process.send("/se")
    window.until("the settings, or change one")
    window.process.send("t co")
    window.until("confidence")
    window.process.send("lor ")
    window.until("always")


def test_ctrl_c_and_ctrl_d(window: Window) -> None:
    """Ctrl-C clears the line, and on an empty one says how to leave; Ctrl-D leaves, exit 0."""
    window.process.send("Who desig")
    window.until("Who desig")
    window.process.send(CTRL_C)
    window.ready()
    window.process.send(CTRL_C)
    window.until("Ctrl-D or /quit leaves.")
    window.ready()
    window.process.send(CTRL_D)

    assert window.ended() == 0


def test_what_is_typed_before_is_suggested(window: Window) -> None:
    """The rest of a line from the history, to be taken with the right arrow."""
    window.ask(ASKED)
    window.process.send("When did")
    window.wait(lambda lines: lines.count(f"> {ASKED}") == 2)
    window.process.send("\x1b[C" + ENTER)

    window.wait(lambda lines: "\n".join(lines).count("walkers in March 1932") == 2)


def test_keys_of_vi(window: Window) -> None:
    """F4 changes to them and back; the line at the bottom says so."""
    window.process.send(F4)
    window.until("· vi")
    window.process.send("Who desigXed" + ESCAPE)
    window.process.send("FXrn")
    window.until("> Who designed")
    window.process.send(F4)

    window.wait(lambda lines: "vi" not in lines[-1])


def test_a_paste_is_one_question(window: Window, home: dict[str, str]) -> None:
    """Its line ends send nothing; NUL bytes are left out."""
    window.process.send(f"{PASTED}When did the\r\nThornwick\0 Bridge\nopen?{PASTE_END}")
    window.until("open?")
    window.process.send(ENTER)
    window.until("March 1932")
    window.ready()

    assert "+When did the\n+Thornwick Bridge\n+open?\n" in history(home).read_text("utf-8")


def test_a_long_line(window: Window) -> None:
    """Ten thousand characters are a question like another."""
    window.process.send(PASTED + "quokka " * 1_500 + PASTE_END)
    window.process.send(ENTER)

    window.until("No article has the word")


def test_an_endless_paste(window: Window) -> None:
    """Of a million characters, the first are kept, and the line at the bottom says so."""
    window.process.send(PASTED + "word " * 200_000 + PASTE_END)
    window.until("cut at 20,000 characters")
    window.process.send(CTRL_C)

    window.ready()


# Signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end(window: Window, home: dict[str, str], number: signal.Signals) -> None:
    """It ends at once, as a shell expects, without a traceback; the history is whole."""
    window.ask(ASKED)
    window.process.kill(number)

    assert window.ended() == 128 + number
    assert history(home).read_text("utf-8").endswith(f"\n+{ASKED}\n")


def test_a_closed_window(window: Window, home: dict[str, str]) -> None:
    """The history is whole."""
    window.ask(ASKED)
    window.process.close(force=False)

    assert history(home).read_text("utf-8").endswith(f"\n+{ASKED}\n")


# Files


def test_articles_that_change(window: Window, articles: Path) -> None:
    """A changed, added or removed one shows in the next answer, and a line says so."""
    (articles / "bridge.txt").write_text(
        "A bridge\n\nThe Thornwick Bridge opened to carts in May 1940.\n", encoding="utf-8"
    )
    window.ask(ASKED)
    assert "1 article changed." in window.lines
    assert any("May 1940." in line for line in window.lines)

    (articles / "zebra.md").write_text("# Zebra\n\nThe zebra ran home.\n", encoding="utf-8")
    assert "1 article added." in window.ask("Where did the zebra run?")
    assert "The zebra ran home." in window.lines

    window.ask("/clear")
    (articles / "zebra.md").unlink()
    assert "1 article removed." in window.ask("Where did the zebra run?")
    assert "The zebra ran home." not in window.lines


def test_two_conversations(home: dict[str, str], articles: Path) -> None:
    """What is typed in either is kept; nobody else can read it."""
    with (
        Window(articles, "-k1", home=home) as one,
        Window(articles, "-k1", home=home) as other,
    ):
        one.ready()
        other.ready()
        for number in range(3):
            one.ask(f"quokka {number}?")
            other.ask(f"zebra {number}?")

    kept = re.findall(r"(?m)^\+(.*)$", history(home).read_text("utf-8"))
    assert kept == [f"{word} {n}?" for n in range(3) for word in ("quokka", "zebra")]
    assert stat.S_IMODE(history(home).stat().st_mode) == 0o600


def test_a_home_that_cannot_be_written(home: dict[str, str], articles: Path) -> None:
    """A line says what is not kept, and the conversation takes place."""
    Path(home["XDG_STATE_HOME"]).write_text("a file where a folder is wanted", encoding="utf-8")

    with Window(articles, "-k1", home=home) as window:
        window.until("what you type is not kept")
        window.ready()
        assert any("March 1932" in line for line in window.ask(ASKED))
        window.process.send(CTRL_D)

        assert window.ended() == 0


def test_a_folder_without_articles(home: dict[str, str], tmp_path: Path) -> None:
    """The prompt gives way to the error, and the exit is 2."""
    (tmp_path / "empty").mkdir()

    with Window(tmp_path / "empty", home=home) as window:
        window.until("nothing to read in")

        assert window.ended() == 2


def test_an_article_that_cannot_be_read(home: dict[str, str], articles: Path) -> None:
    """It is named above the prompt, once, and the others are asked."""
    (articles / "broken.txt").write_bytes(b"\x7fELF\x00\x01\x02\x03\x00\x00")

    with Window(articles, "-k1", home=home) as window:
        window.until("not a text file")
        window.ready()
        assert any("March 1932" in line for line in window.ask(ASKED))
        (articles / "new.txt").write_text("News\n\nThe quokka came.\n", encoding="utf-8")
        assert "1 article added." in window.ask("quokka?")
        assert "\n".join(window.lines).count("not a text file") == 1
