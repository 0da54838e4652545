"""Conversations in a pseudo-terminal: screens, keys, signals and changing files."""

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
QUESTION = "When did the Thornwick Bridge open?"
ENTER, CTRL_C, CTRL_D, ESCAPE, F4 = "\r", "\x03", "\x04", "\x1b", "\x1bOS"
TIMEOUT = 60  # seconds until a test fails that waits for the screen
PASTED, PASTE_END = "\x1b[200~", "\x1b[201~"
# Variables of the environment that change the screen.
UNSET = ("NO_COLOR", "PROMPT_TOOLKIT_NO_CPR", "PAGER", "LESS", "VISUAL", "EDITOR")

pytestmark = pytest.mark.slow


class Screen(pyte.Screen):
    """A screen that reports its cursor's position, without which there is no toolbar."""

    def __init__(self, columns: int, answer: Callable[[str], object]) -> None:
        super().__init__(columns, 24)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        """Send an answer."""
        self._answer(data)


class Window:
    """A terminal window with a conversation, shown on ``screen``."""

    def __init__(self, *words: str | Path, home: dict[str, str], columns: int = 80) -> None:
        self.process = pexpect.spawn(
            COMMAND,
            [str(word) for word in words],
            env=home,
            encoding="utf-8",
            dimensions=(24, columns),
            timeout=TIMEOUT,
        )
        self.screen = Screen(columns, self.process.send)
        self._stream = pyte.Stream(self.screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
        self.process.wait()
        self.process.close()

    @property
    def lines(self) -> list[str]:
        """The lines on the screen, from the first to the last that is not blank."""
        return "\n".join(line.rstrip() for line in self.screen.display).strip().split("\n")

    def wait(self, condition: Callable[[list[str]], object]) -> list[str]:
        """Wait until the lines on the screen meet ``condition``; return them."""
        while not condition(self.lines):
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=TIMEOUT))
            except (pexpect.TIMEOUT, pexpect.EOF):
                pytest.fail("never shown; the screen is:\n" + "\n".join(self.lines))
        return self.lines

    def until(self, text: str) -> list[str]:
        """Wait until ``text`` is on the screen, on one line or wrapped; return its lines."""
        return self.wait(lambda lines: text in " ".join(lines))

    def wait_for_prompt(self) -> list[str]:
        """Wait for an empty prompt and for the articles; return the lines."""
        return self.wait(lambda lines: " article" in lines[-1] and "reading" not in lines[-1]
                         and [line for line in lines[:-1] if line][-1:] == [">"])  # fmt: skip

    def ask(self, line: str) -> list[str]:
        """Type a line; return the screen's lines when the prompt is back."""
        self.process.send(line + ENTER)
        self.until("> " + line[:10])
        return self.wait_for_prompt()

    def style(self, text: str) -> pyte.screens.Char:
        """Return the first character of ``text`` on the screen, with its style."""
        row = next(row for row, line in enumerate(self.screen.display) if text in line)
        char: pyte.screens.Char = self.screen.buffer[row][self.screen.display[row].index(text)]
        return char

    def wait_for_exit(self) -> int:
        """Return the exit code, for signal n 128 + n as in a shell."""
        while True:
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=TIMEOUT))
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
    """An environment with empty folders of its own."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    return (
        environment | folders | {"HOME": str(tmp_path), "TERM": "xterm-256color", "PYTHONUTF8": "1"}
    )


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """The articles in a folder that may be written to."""
    return shutil.copytree(folder, tmp_path / "articles")


@pytest.fixture
def window(home: dict[str, str], articles: Path) -> Iterator[Window]:
    """A conversation about the articles, at its prompt."""
    with Window(articles, "-k1", home=home) as window:
        window.wait_for_prompt()
        yield window


def history_of(home: dict[str, str]) -> Path:
    return Path(home["XDG_STATE_HOME"]) / "bot" / "history"


# The screen


SCREENS = {
    40: """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and
walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the
    Thornwick Bridge · 8 Mar 2022 ·
    bridge.txt, line 4""",
    80: """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt,
    line 4""",
    200: """\
> When did the Thornwick Bridge open?
The Thornwick Bridge opened to carts and walkers in March 1932.
  ▰▰▰▰▰ sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4""",
}


@pytest.mark.parametrize(
    ("columns", "environment"), [(40, {}), (80, {}), (80, {"NO_COLOR": "1"}), (200, {})]
)
def test_screen(
    home: dict[str, str],
    articles: Path,
    columns: int,
    environment: dict[str, str],
) -> None:
    """The answer, its confidence and source at any width, with styles unless NO_COLOR is set."""
    with Window(articles, "-k1", home=home | environment, columns=columns) as window:
        window.wait_for_prompt()
        lines = window.ask(QUESTION)

        start = lines.index(f"> {QUESTION}")
        shown = re.sub(r"[▰▱]+ \w+", "▰▰▰▰▰ sure", "\n".join(lines[start:]))
        assert shown.startswith(SCREENS[columns] + "\n\n>")
        assert re.fullmatch(r" articles · 3 articles · \d+ ms", lines[-1])
        assert window.style("opened").bold != bool(environment)
        assert window.style("March 1932").underscore != bool(environment)
        assert not window.style("carts").bold


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_dumb_terminal(home: dict[str, str], articles: Path, term: str) -> None:
    """Plain lines: reading is announced, Backspace erases, no escape code, words for symbols."""
    process = pexpect.spawn(
        COMMAND,
        [str(articles), "-k1"],
        env=home | {"TERM": term},
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    process.expect_exact("Reading the articles …\r\nReady: articles, 3 articles.\r\n\r\n> ")
    screen = process.before
    for line, shown in [
        ("When did the Thornwick Bridgee\x7f open?", "\r\n  (sure|likely|perhaps)[^▰]* — Ninety"),
        ("/context", "\r\n> The Thornwick Bridge opened"),
        ("/copy", "nothing was copied"),
    ]:
        process.send(line + ENTER)
        process.expect(shown)
        screen += process.before + process.after
        process.expect("\r\n> ")
    process.sendintr()
    process.expect_exact("Ctrl-D or /quit leaves.")
    process.sendeof()
    screen += read_rest(process)

    assert process.exitstatus == 0
    assert "Bridgee\x08 \x08 open?\r\n" in screen
    assert "\x1b" not in screen
    assert "+When did the Thornwick Bridge open?\n" in history_of(home).read_text("utf-8")


def read_rest(process: pexpect.spawn) -> str:
    """Return the output of the process until it ends."""
    process.expect(pexpect.EOF)
    process.close()
    return str(process.before)


def test_plain_setting(home: dict[str, str], articles: Path) -> None:
    """On any terminal, lines without menus, toolbar and symbols, as a screen reader needs."""
    write_config(home, 'plain = "always"')

    process = pexpect.spawn(
        COMMAND, [str(articles), "--color=never"], env=home, encoding="utf-8", timeout=TIMEOUT
    )
    process.expect_exact("Ready: articles, 3 articles.")
    process.send(QUESTION + ENTER + CTRL_D)
    screen = read_rest(process)

    assert re.search(r"\n  1 (perhaps|likely|sure)\b", screen)
    assert "▰" not in screen
    assert "?2004h" not in screen


def test_locale_without_utf_8(home: dict[str, str], articles: Path) -> None:
    """Words replace the symbols that it lacks, and a letter it lacks becomes a question mark."""
    environment = home | {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}

    process = pexpect.spawn(
        COMMAND, [str(articles), "-k1"], env=environment, encoding="latin-1", timeout=TIMEOUT
    )
    process.expect_exact("Searching")
    process.send("Where do traders sell herring?" + ENTER + CTRL_D)
    screen = read_rest(process)

    assert "herring" in screen
    assert "????" in screen
    assert "?????\x1b[0m sure" not in screen
    assert process.exitstatus == 0


def test_a_folder_without_articles_on_a_dumb_terminal(home: dict[str, str], tmp_path: Path) -> None:
    """The error ends the program before a line is typed, with exit code 2."""
    (tmp_path / "empty").mkdir()

    process = pexpect.spawn(
        COMMAND,
        [str(tmp_path / "empty")],
        env=home | {"TERM": "dumb"},
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    process.expect_exact("nothing to read in")
    read_rest(process)

    assert process.exitstatus == 2


def write_config(home: dict[str, str], text: str) -> None:
    config = Path(home["XDG_CONFIG_HOME"]) / "bot" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(text, encoding="utf-8")


def test_no_suggestion_without_colours(home: dict[str, str], articles: Path) -> None:
    """It would look like text that was typed."""
    with Window(articles, "-k1", home=home | {"NO_COLOR": "1"}) as window:
        window.wait_for_prompt()
        window.ask(QUESTION)
        window.process.send("When did")
        window.until("> When did")
        window.process.send("x")

        assert "> When didx" in window.until("> When didx")


def test_up_searches_by_prefix(window: Window) -> None:
    """Only lines that begin with what is typed are offered, whether or not a menu is open."""
    window.ask("the harbour?")
    window.ask("/stats")
    window.process.send("the har")
    window.wait(lambda lines: "harbour" in [line.strip() for line in lines])  # the menu
    window.process.send("\x1b[A" + ENTER)

    window.wait(lambda lines: "\n".join(lines).count("left the harbour on 4 June") == 2)


def test_escape_closes_the_menu(window: Window) -> None:
    """The line stays, and Enter sends it."""
    window.process.send("/se")
    window.until("show the settings")
    window.process.send(ESCAPE)

    window.wait(lambda lines: "show the settings" not in "\n".join(lines))
    assert "> /se" in window.lines


@pytest.mark.parametrize("line", [":q", "bye", "/q", "Thanks, bye!"])
def test_ways_to_leave(window: Window, line: str) -> None:
    """Those of vi and of people."""
    window.process.send(line + ENTER)

    assert window.wait_for_exit() == 0


def test_private_lines(window: Window, home: dict[str, str]) -> None:
    """A line that begins with a blank is answered, and not in the history."""
    window.process.send(" " + QUESTION + ENTER)
    window.until("walkers in March 1932")
    window.wait_for_prompt()

    assert history_of(home).read_text("utf-8") == ""


def test_no_history_on_request(home: dict[str, str], articles: Path) -> None:
    """With the setting, no file is made."""
    write_config(home, "history = false")

    with Window(articles, "-k1", home=home) as window:
        window.wait_for_prompt()
        window.ask(QUESTION)
        window.process.send(CTRL_D)

        assert window.wait_for_exit() == 0
    assert not history_of(home).exists()


def test_environment_of_the_pager(home: dict[str, str], articles: Path) -> None:
    """The options of $LESS are the user's, where there are any."""
    pager = articles.parent / "pager"
    pager.write_text('#!/bin/sh\necho "less: $LESS"; cat >/dev/null\n', encoding="utf-8")
    pager.chmod(0o755)
    for less, expected in [({}, "less: -RFX"), ({"LESS": "-S -i"}, "less: -S -i")]:
        with Window(articles, "-k1", home=home | {"PAGER": str(pager)} | less) as window:
            window.wait_for_prompt()
            window.process.send("/help" + ENTER)
            window.until(expected)


def test_environment_of_the_editor(home: dict[str, str], articles: Path) -> None:
    """The variable that keeps NumPy from starting threads is not for other programs."""
    editor = """sh -c 'echo "threads: <$OPENBLAS_DEFAULT_NUM_THREADS>"'"""

    with Window(articles, "-k1", home=home | {"EDITOR": editor}) as window:
        window.wait_for_prompt()
        window.ask(QUESTION)
        window.ask("/open")

        assert "threads: <>" in window.lines


def test_resized_window(window: Window) -> None:
    """The next answer is wrapped to the new width."""
    window.process.setwinsize(24, 40)
    window.screen.resize(24, 40)
    window.process.send(QUESTION)
    window.process.send(ENTER)

    window.until("walkers in March 1932.")


def test_long_article_in_the_pager(home: dict[str, str], articles: Path) -> None:
    """An article taller than the window goes to $PAGER, a short one to the screen."""
    (articles / "long.txt").write_text(
        "A long story\n\n" + "Nothing here.\n\n" * 60 + "The zebra ran home.\n\n" * 1,
        encoding="utf-8",
    )
    pager = articles.parent / "pager"
    pager.write_text('#!/bin/sh\necho "paged: $@"; grep zebra\n', encoding="utf-8")
    pager.chmod(0o755)
    with Window(articles, "-k1", home=home | {"PAGER": f"{pager} -x"}) as window:
        window.wait_for_prompt()
        window.ask("Where did the zebra run?")
        window.ask("/show")

        assert "paged: -x" in window.lines
        window.ask(QUESTION)
        window.process.send("/show" + ENTER)
        window.until("years and eleven thousand tonnes")


def test_broken_pager(home: dict[str, str], articles: Path) -> None:
    """If $PAGER has a stray quote or does not exist, the article is on the screen."""
    for pager in ("less 'x", "nosuch -R"):
        with Window(articles, "-k1", home=home | {"PAGER": pager}) as window:
            window.wait_for_prompt()
            window.ask(QUESTION)
            window.process.setwinsize(6, 80)
            window.process.send("/show" + ENTER)
            window.until("years and eleven thousand tonnes")
            window.process.send("/quit" + ENTER)
            assert window.wait_for_exit() == 0


# Keys


def test_enter_accepts_a_completion(window: Window) -> None:
    """Enter accepts the selected completion; a second Enter sends the line."""
    window.process.send("where is Thorn")
    window.until("Thornwick Bridge")
    window.process.send("\x1b[B" + ENTER)
    window.until("> where is Thornwick")
    window.process.send(ENTER)

    window.until("opened to carts")


def test_completion_of_commands_and_arguments(window: Window) -> None:
    """Commands, settings, and the values of a setting."""
    window.process.send("/se")
    window.until("show the settings")
    window.process.send("t co")
    window.until("confidence")
    window.process.send("lor ")
    window.until("always")


def test_ctrl_c_and_ctrl_d(window: Window) -> None:
    """Ctrl-C clears the line, and on an empty one says how to leave; Ctrl-D leaves, exit 0."""
    window.process.send("Who desig")
    window.until("Who desig")
    window.process.send(CTRL_C)
    window.wait_for_prompt()
    window.process.send(CTRL_C)
    window.until("Ctrl-D or /quit leaves.")
    window.wait_for_prompt()
    window.process.send(CTRL_D)

    assert window.wait_for_exit() == 0


def test_suggestion_from_history(window: Window) -> None:
    """The right arrow completes a line that was typed before."""
    window.ask(QUESTION)
    window.process.send("When did")
    window.wait(lambda lines: lines.count(f"> {QUESTION}") == 2)
    window.process.send("\x1b[C" + ENTER)

    window.wait(lambda lines: "\n".join(lines).count("walkers in March 1932") == 2)


def test_vi_mode(window: Window) -> None:
    """F4 switches to the keys of vi and back; the toolbar shows the mode."""
    window.process.send(F4)
    window.until("· vi: insert")
    window.process.send("Who desigXed" + ESCAPE)
    window.until("· vi: normal")
    window.process.send("FXrn")
    window.until("> Who designed")
    window.process.send(F4)

    window.wait(lambda lines: "vi" not in lines[-1])


def test_paste_is_one_question(window: Window, home: dict[str, str]) -> None:
    """Line ends in a paste do not send the line; NUL bytes are dropped."""
    window.process.send(f"{PASTED}When did the\r\nThornwick\0 Bridge\nopen?{PASTE_END}")
    window.until("open?")
    window.process.send(ENTER)
    window.until("March 1932")
    window.wait_for_prompt()

    assert "+When did the\n+Thornwick Bridge\n+open?\n" in history_of(home).read_text("utf-8")


def test_long_line(window: Window) -> None:
    """A question of ten thousand characters is answered."""
    window.process.send(PASTED + "quokka " * 1_500 + PASTE_END)
    window.process.send(ENTER)

    window.until("No article has the word")


def test_huge_paste_is_cut(window: Window) -> None:
    """A paste of a million characters is cut, and the toolbar says so."""
    window.process.send(PASTED + "word " * 200_000 + PASTE_END)
    window.until("cut at 20,000 characters")
    window.process.send(CTRL_C)

    window.wait_for_prompt()


# Signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_exit_on_signal(window: Window, home: dict[str, str], number: signal.Signals) -> None:
    """The program ends without a traceback, and the history is complete."""
    window.ask(QUESTION)
    window.process.kill(number)

    assert window.wait_for_exit() == 128 + number
    assert history_of(home).read_text("utf-8").endswith(f"\n+{QUESTION}\n")


def test_closed_window(window: Window, home: dict[str, str]) -> None:
    """The history is complete."""
    window.ask(QUESTION)
    window.process.ptyproc.fileobj.close()

    window.process.wait()
    assert history_of(home).read_text("utf-8").endswith(f"\n+{QUESTION}\n")


# Files


def test_changed_articles(window: Window, articles: Path) -> None:
    """A changed, added or removed article shows in the next answer, under a notice."""
    (articles / "bridge.txt").write_text(
        "A bridge\n\nThe Thornwick Bridge opened to carts in May 1940.\n", encoding="utf-8"
    )
    window.ask(QUESTION)
    assert "1 article changed." in window.lines
    assert any("May 1940." in line for line in window.lines)

    (articles / "zebra.md").write_text("# Zebra\n\nThe zebra ran home.\n", encoding="utf-8")
    assert "1 article added." in window.ask("Where did the zebra run?")
    assert "The zebra ran home." in window.lines

    # Not by ask(): the typed line may be cleared in the moment in which it is shown.
    window.process.send("/clear" + ENTER)
    window.wait(lambda lines: "The zebra ran home." not in lines)
    window.wait_for_prompt()
    (articles / "zebra.md").unlink()
    assert "1 article removed." in window.ask("Where did the zebra run?")
    assert "The zebra ran home." not in window.lines


def test_two_conversations_share_the_history(home: dict[str, str], articles: Path) -> None:
    """The lines of both are saved in order, in a private file."""
    with (
        Window(articles, "-k1", home=home) as one,
        Window(articles, "-k1", home=home) as other,
    ):
        one.wait_for_prompt()
        other.wait_for_prompt()
        for number in range(3):
            one.ask(f"quokka {number}?")
            other.ask(f"zebra {number}?")

    lines = re.findall(r"(?m)^\+(.*)$", history_of(home).read_text("utf-8"))
    assert lines == [f"{word} {n}?" for n in range(3) for word in ("quokka", "zebra")]
    assert stat.S_IMODE(history_of(home).stat().st_mode) == 0o600


def test_unwritable_history(home: dict[str, str], articles: Path) -> None:
    """A warning names the history, and the conversation takes place."""
    Path(home["XDG_STATE_HOME"]).write_text("a file where a folder is wanted", encoding="utf-8")

    with Window(articles, "-k1", home=home) as window:
        window.until("the history is not saved")
        window.wait_for_prompt()
        assert any("March 1932" in line for line in window.ask(QUESTION))
        window.process.send(CTRL_D)

        assert window.wait_for_exit() == 0


def test_a_folder_without_articles(home: dict[str, str], tmp_path: Path) -> None:
    """The prompt gives way to the error, with exit code 2."""
    (tmp_path / "empty").mkdir()

    with Window(tmp_path / "empty", home=home) as window:
        window.until("nothing to read in")

        assert window.wait_for_exit() == 2


def test_unreadable_article(home: dict[str, str], articles: Path) -> None:
    """A warning above the prompt names it once, and the others are searched."""
    (articles / "broken.txt").write_bytes(b"\x7fELF\x00\x01\x02\x03\x00\x00")

    with Window(articles, "-k1", home=home) as window:
        window.until("not a text file")
        window.wait_for_prompt()
        assert any("March 1932" in line for line in window.ask(QUESTION))
        (articles / "new.txt").write_text("News\n\nThe quokka came.\n", encoding="utf-8")
        assert "1 article added." in window.ask("quokka?")
        assert " ".join(window.lines).count("not a text file") == 1
