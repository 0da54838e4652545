"""The installed command as a process: streams, terminals, interrupts, and what it imports."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Timer

import pexpect
import pyte
import pytest

from bot.cli.library import INTERRUPTED

pytestmark = pytest.mark.slow

COMMAND = shutil.which("bot", path=str(Path(sys.executable).parent)) or "bot"
QUESTION = "What did Ada Thorne design?"
ANSWER = "Ada Thorne, an engineer from Leith, designed its three arches."
SOURCE = "▰▰▰▰▰ sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4"
UNKNOWN = "Nothing in the articles mentions that."
# Variables of the caller's environment that change the output or its timing.
UNWANTED = ("NO_COLOR", "TERM", "COLUMNS", "LINES", "PYTHONUNBUFFERED", "PYTHONIOENCODING")
# The terminals of these tests do not answer a query for the cursor's position.
NO_CURSOR_QUERY = {"PROMPT_TOOLKIT_NO_CPR": "1"}
PATIENCE = 60  # seconds until a test fails that waits in vain
READY = r"(?s)\?2004h.*?\?25h"  # bracketed paste is on, and the prompt's cursor is shown


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with empty folders for config, state and cache."""
    inherited = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    own = {"HOME": str(tmp_path), "PYTHONUTF8": "1", "TERM": "xterm"}
    return inherited | folders | own | NO_CURSOR_QUERY


def spawn(*words: str | Path, home: Mapping[str, str], columns: int = 80) -> pexpect.spawn:
    """Start the command on a terminal."""
    return pexpect.spawn(
        COMMAND,
        [str(word) for word in words],
        env=home,
        encoding="utf-8",
        dimensions=(24, columns),
        timeout=PATIENCE,
    )


def read_all(process: pexpect.spawn) -> str:
    """Return the output of the process until it ends."""
    process.expect(pexpect.EOF)
    process.close()
    return str(process.before)


def screen_lines(text: str, columns: int) -> list[str]:
    """Return the lines on the screen of a terminal that was sent ``text``."""
    screen = pyte.Screen(columns, 24)
    pyte.Stream(screen).feed(text)
    return [line.rstrip() for line in screen.display if line.strip()]


def test_light_imports(home: dict[str, str]) -> None:
    """Help needs none of the slow modules, and an answer not the prompt."""
    slow = "{'numpy', 'Stemmer', 'prompt_toolkit', 'wcwidth', 'platformdirs'} & sys.modules.keys()"
    code = f"import sys, bot.cli.run; print({slow}); sys.argv[1:] = ['ask', 'Biden']; "
    code += "bot.cli.run.run_cli(); print('prompt_toolkit' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=home)

    assert done.stdout.startswith("set()\n")
    assert done.stdout.endswith("\nFalse\n")


def test_light_second_start(home: dict[str, str], folder: Path) -> None:
    """A question to a library in the cache needs nothing that reads, edits or filters articles."""
    unused = {
        *(
            "bot.articles.sentences bot.articles.program_records bot.articles.composed_library "
            "bot.config.cluster_address bot.index.splice bot.language.detect bot.language.scripts "
            "bot.retrieval.filters bot.storage.saved_library numba tomllib wcwidth"
        ).split()
    }
    code = f"import sys, bot.cli.run; sys.argv[1:] = ['ask', {QUESTION!r}, {str(folder)!r}]; "
    code += f"bot.cli.run.run_cli(); print(sorted({unused} & sys.modules.keys()))"

    command = [sys.executable, "-c", code]

    subprocess.run(command, check=True, capture_output=True, env=home)
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=home)

    assert ANSWER in done.stdout
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists threads there")
def test_one_thread_answers(home: dict[str, str], folder: Path) -> None:
    """NumPy's linear algebra starts no threads, which would turn around and wait for work."""
    code = f"import os, sys, bot.cli.run; sys.argv[1:] = ['ask', {QUESTION!r}, {str(folder)!r}]; "
    code += "bot.cli.run.run(); print(len(os.listdir('/proc/self/task')), 'numpy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=home)

    assert done.stdout.endswith("\n1 True\n")


# Streams


def test_answers_are_flushed(home: dict[str, str], folder: Path) -> None:
    """Another program can wait for an answer before it asks the next question."""
    with subprocess.Popen(
        [COMMAND, "ask", "-", folder, "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=home,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        timeout = Timer(PATIENCE, process.kill)
        timeout.start()
        for question in (QUESTION, "quokka?"):
            process.stdin.write(question + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        timeout.cancel()


def test_closed_pipe_ends_quietly(home: dict[str, str], folder: Path) -> None:
    """A reader that closes the pipe is no error."""
    with subprocess.Popen(
        [COMMAND, "ask", "-", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=home,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(f"{QUESTION}\n".encode() * 3)
        process.stdin.close()

        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_closed_pipe_ends_help_quietly(home: dict[str, str]) -> None:
    """As it ends an answer: no error, and not the exit code of a silence."""
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run([COMMAND, "--help"], stdout=writing, stderr=subprocess.PIPE, env=home)
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a Linux device")
def test_full_disk(home: dict[str, str], folder: Path) -> None:
    """An answer that cannot be written is an error."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, "ask", QUESTION, folder], stdout=full, stderr=subprocess.PIPE, env=home
        )

    assert done.stderr == b"bot: error: cannot write the answer: No space left on device\n"
    assert done.returncode == 2


def test_closed_streams(home: dict[str, str], folder: Path) -> None:
    """With stdin, stdout and stderr closed, the exit code is still right."""
    line = f'"{COMMAND}" ask quokka "{folder}" <&- >&- 2>&-'

    assert subprocess.run(["sh", "-c", line], env=home).returncode == 1


def test_stream_without_unicode(home: dict[str, str], folder: Path) -> None:
    """Letters that it cannot encode become question marks, and in JSON escapes."""
    command = [COMMAND, "ask", "crab", str(folder), "-k1"]
    home |= {"PYTHONIOENCODING": "ascii"}

    text = subprocess.run(command, capture_output=True, env=home)
    reply = subprocess.run([*command, "--json"], capture_output=True, env=home)

    assert b"herring, crab and ???? in" in text.stdout
    assert "猫の缶詰" in json.loads(reply.stdout)["answers"][0]["text"]


# Terminals


@pytest.mark.parametrize(
    ("words", "environment", "is_coloured"),
    [([], {}, True), ([], {"NO_COLOR": "1"}, False), (["--color", "never"], {}, False)],
)
def test_colour_on_a_terminal(
    home: dict[str, str],
    folder: Path,
    words: list[str],
    environment: dict[str, str],
    is_coloured: bool,
) -> None:
    """It is used unless NO_COLOR or the user forbids it."""
    text = read_all(spawn("ask", QUESTION, folder, *words, home=home | environment))

    assert ("\x1b[1mdesigned\x1b[0m" in text) == is_coloured


@pytest.mark.parametrize("columns", [20, 40])
def test_answer_is_wrapped_to_the_window(home: dict[str, str], folder: Path, columns: int) -> None:
    """Lines end between words within the window's width."""
    text = read_all(spawn("ask", QUESTION, folder, "-k1", home=home, columns=columns))

    lines = screen_lines(text, columns)
    assert " ".join(line.strip() for line in lines) == f"{ANSWER} {SOURCE}"
    assert len(lines) > len(ANSWER) // columns


def test_width_setting(home: dict[str, str], folder: Path) -> None:
    """On a terminal, lines are wrapped to the width that is set."""
    config = Path(home["XDG_CONFIG_HOME"]) / "bot" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("width = 30\n", encoding="utf-8")

    text = read_all(spawn("ask", QUESTION, folder, "-k1", "--color=never", home=home))

    assert 20 < max(len(line) for line in text.splitlines()) <= 30


def test_hostile_article(home: dict[str, str], tmp_path: Path) -> None:
    """An article cannot clear the screen, set the title or reverse a line."""
    article = tmp_path / "evil.txt"
    hostile = "The zebra\x1b[2J\x1b]0;mine\x07 runs\u202e on\x9b1A grass."
    article.write_text(hostile + "\n\nNobody rides it.\n" * 20, encoding="utf-8")

    text = read_all(spawn("ask", "zebra", article, "--color", "never", home=home))

    assert "The zebra␛[2J␛]0;mine␇ runs⟨U+202E⟩ on⟨U+009B⟩1A grass." in text
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_interrupt_while_questions_are_read(home: dict[str, str], folder: Path) -> None:
    """Ctrl-C ends with exit code 130 and without a traceback."""
    process = spawn("ask", "-", folder, home=home)
    process.send(f"{QUESTION}\n")
    process.expect("line 4")
    process.sendintr()

    rest = read_all(process)

    assert process.exitstatus == 130
    assert "Traceback" not in rest


def test_interrupted_index_continues(home: dict[str, str], tmp_path: Path) -> None:
    """A bar shows the progress; after Ctrl-C, the next run reads only the remaining files."""
    articles = tmp_path / "articles"
    articles.mkdir()
    text = "".join(f"The ferry left at noon {row}, by the clock.\n\n" for row in range(3_000))
    for number in range(120):  # many seconds of work, of which one or two are done
        (articles / f"{number:03}.txt").write_text(text, encoding="utf-8")

    process = spawn("index", articles, home=home)
    process.expect(r"[1-9]\d* of 120 files · .*/s · .* left")
    process.sendintr()
    interrupted = read_all(process)
    for article in sorted(articles.iterdir())[1:]:
        article.unlink()
    again = subprocess.run(
        [COMMAND, "index", articles], capture_output=True, env=home, encoding="utf-8"
    )

    assert process.exitstatus == 130
    assert INTERRUPTED in interrupted
    assert "Traceback" not in interrupted
    assert "\nunchanged  1\n" in again.stdout
    assert again.stderr == ""


# Conversations


@pytest.fixture
def chat(home: dict[str, str], folder: Path) -> Iterator[pexpect.spawn]:
    """A conversation that waits for its first line."""
    process = spawn(folder, "-k1", home=home)
    process.expect("Searching ")
    process.expect(READY)
    yield process
    if process.isalive():
        process.kill(signal.SIGKILL)
    process.wait()
    process.close()


def test_conversation(chat: pexpect.spawn) -> None:
    """First line, prompt, answer; Ctrl-D ends it with exit code 0."""
    chat.send(f"{QUESTION}\r")
    chat.expect("bridge.txt")
    chat.expect(READY)
    chat.send("\x04")
    read_all(chat)

    assert chat.exitstatus == 0


def test_ctrl_c_does_not_end_a_conversation(chat: pexpect.spawn) -> None:
    """``/quit`` does."""
    chat.send("\x03")
    chat.expect("Ctrl-D")
    chat.expect(READY)
    chat.send("/quit\r")
    read_all(chat)

    assert chat.exitstatus == 0


def test_invalid_utf8_is_typed(chat: pexpect.spawn, home: dict[str, str]) -> None:
    """The conversation continues, and the history is written."""
    os.write(chat.fileno(), b"quokka \xff\xe9\r")
    chat.expect(UNKNOWN)
    chat.expect(READY)
    chat.send("/quit\r")
    read_all(chat)

    history = Path(home["XDG_STATE_HOME"]) / "bot" / "history"
    assert chat.exitstatus == 0
    assert "+quokka" in history.read_text(encoding="utf-8")


def test_unwritable_history_is_a_warning(home: dict[str, str], folder: Path) -> None:
    """The conversation takes place without one."""
    Path(home["XDG_STATE_HOME"]).write_text("a file, not a folder", encoding="utf-8")

    process = spawn(folder, home=home)
    process.expect("bot: warning: .*history: ")
    process.expect(READY)
    process.send(f"{QUESTION}\r")
    process.expect("bridge.txt")
    process.expect(READY)
    process.send("\x04")
    read_all(process)

    assert process.exitstatus == 0
