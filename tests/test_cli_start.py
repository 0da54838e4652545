"""The start of the command under hardship: Ctrl-C at any instant, no home, bad descriptors."""

import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = shutil.which("bot", path=str(Path(sys.executable).parent)) or "bot"
QUESTION = "What did Ada Thorne design?"
NO_HOME = "bot: warning: no home folder is known (set HOME); config, history and cache are off"
# Instants after the start at which Ctrl-C arrives, in seconds; a start takes up to half a second.
# The commands start alike, and each has instants of its own: together, every 5 milliseconds.
INSTANTS = {
    command: [number / 50 + offset / 200 for number in range(20)]
    for offset, command in enumerate(("ask", "index", "chat", "--help"))
}
# The modules that Python loads before it calls ours; a traceback from there is Python's own.
LOADING = ("bot/__init__.py", "bot/cli/__init__.py", "bot/cli/start.py")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with empty folders of its own."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE", "CACHE")}
    return os.environ | folders | {"HOME": str(tmp_path), "PYTHONUTF8": "1", "TERM": "xterm"}


def interrupt(words: list[str], environment: dict[str, str], instant: float) -> tuple[int, str]:
    """Start the command on a terminal, send Ctrl-C; return its exit code and what it printed."""
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *words], stdin=screen, stdout=screen, stderr=subprocess.PIPE, env=environment,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        process.wait(instant)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
    os.close(keyboard)  # the window is closed, which ends a conversation
    os.close(screen)
    _, errors = process.communicate()
    return process.returncode, errors


@pytest.mark.parametrize("command", INSTANTS)
def test_ctrl_c_at_any_instant(environment: dict[str, str], folder: Path, command: str) -> None:
    """Exit code 130 and no traceback from the first line of this program on.

    Before it, Python starts. A conversation at its prompt takes Ctrl-C, and its window is closed.
    """
    words = {"ask": ["ask", QUESTION, str(folder)], "index": ["index", str(folder)],
             "chat": ["chat", str(folder)], "--help": ["--help"]}[command]  # fmt: skip
    ours = str(Path(__file__).parent.parent / "bot")

    for instant in INSTANTS[command]:
        code, errors = interrupt(words, environment, instant)

        frames = [line for line in errors.splitlines() if ours in line]
        assert [line for line in frames if not any(name in line for name in LOADING)] == []
        if "KeyboardInterrupt" not in errors:  # Python's own, as it starts
            assert code in (0, 130, -signal.SIGINT), (instant, errors)


def test_nothing_is_imported_before_ctrl_c_is_handled(environment: dict[str, str]) -> None:
    """From the first module of this program to the handler takes a millisecond."""
    code = """
import _signal, os, sys
before = {*sys.modules}
handle = _signal.signal
_signal.signal = lambda *args: (print(*sorted({*sys.modules} - before)), handle(*args))
import bot.cli.start
"""
    root = Path(__file__).parent.parent

    done = subprocess.run(
        [sys.executable, "-S", "-c", code], env=environment | {"PYTHONPATH": str(root)},
        capture_output=True, text=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("bot bot.cli bot.cli.start\n", "")


def can_hide_the_user() -> bool:
    """Return whether a process may run as a user whom the system does not know."""
    command = ["unshare", "--user", "--map-user=54321", "true"]
    return bool(shutil.which("unshare")) and not subprocess.run(command, check=False).returncode


@pytest.mark.skipif(not can_hide_the_user(), reason="needs user namespaces")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["ask", QUESTION], 0),
        (["index"], 0),
        (["index", "--check"], 1),
        (["index", "--forget"], 0),
        (["info"], 0),
    ],
)
def test_no_home_and_no_passwd_entry(folder: Path, words: list[str], code: int) -> None:
    """A warning; config, history and cache are off, and the command does its work."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}

    done = subprocess.run(
        ["unshare", "--user", "--map-user=54321", COMMAND, *words, str(folder)],
        env=environment, capture_output=True, text=True, cwd=folder,
    )  # fmt: skip

    assert NO_HOME in done.stderr.splitlines()
    assert "Traceback" not in done.stderr
    assert done.returncode == code
    assert not (folder / "~").exists()


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        ("<&-", 0),
        (">&-", 0),
        ("2>&-", 0),
        ("2>/dev/full", 0),
        (">/dev/full", 2),
        ("1</dev/null", 2),
        ("2</dev/null", 0),
        ("2> >(exit)", 0),
    ],
)
def test_descriptors(
    environment: dict[str, str], folder: Path, redirection: str, code: int
) -> None:
    """An answer that cannot be written is an error, a warning that cannot is none."""
    (folder.parent / "empty.txt").write_text("")
    line = f'"{COMMAND}" ask "{QUESTION}" "{folder}" "{folder.parent}/nowhere" {redirection}'

    done = subprocess.run(["bash", "-c", line], env=environment, capture_output=True, text=True)

    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_questions_that_cannot_be_read(environment: dict[str, str], folder: Path) -> None:
    """The error names standard input."""
    line = f'"{COMMAND}" ask - "{folder}" 0>/dev/null'

    done = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True)

    assert done.returncode == 2
    assert done.stderr == (
        "bot: error: cannot read the questions from standard input: Bad file descriptor\n"
    )


def test_deleted_current_folder(environment: dict[str, str], tmp_path: Path) -> None:
    """A relative path has no meaning there, and the error says why."""
    (tmp_path / "gone").mkdir()
    line = f'cd "{tmp_path}/gone" && rmdir ../gone && "{COMMAND}" index notes'

    done = subprocess.run(["sh", "-c", line], env=environment, capture_output=True, text=True)

    assert done.stderr == "bot: error: the current folder was deleted; change to another one\n"
    assert done.returncode == 2
