"""Completion of the command line by click, and in the shells themselves."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pytest
from click.shell_completion import ShellComplete

from bot.cli.main import cli

BIN = Path(sys.executable).parent
# A shell's arguments, and the line that turns completion on, as the manual has it.
SHELLS = {
    "bash": (["--norc", "--noprofile"], 'eval "$(_BOT_COMPLETE=bash_source bot)"'),
    "zsh": (
        ["-f"],
        'autoload -U compinit; compinit -u; eval "$(_BOT_COMPLETE=zsh_source bot)"',
    ),
    "fish": (["--no-config"], "_BOT_COMPLETE=fish_source bot | source"),
}


def complete(*words: str) -> list[str]:
    """Return the completions of the last word; "<file>" stands for the shell's own of paths."""
    shell = ShellComplete(cli, {}, "bot", "_BOT_COMPLETE")
    items = shell.get_completions(list(words[:-1]), words[-1])
    return [f"<{item.type}>" if item.type != "plain" else item.value for item in items]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["as"], ["<file>", "ask"]),
        (["--li"], ["<file>", "--limit"]),
        (["ask", "--js"], ["--json", "--jsonl"]),
        (["--color", ""], ["auto", "always", "never"]),
        (["ask", "--color", "a"], ["auto", "always"]),
        (["-k", "1", "c"], ["<file>"]),
        (["nowhere/at/all", ""], ["<file>"]),
        (["ask", "who?", ""], ["<file>"]),
        (["eval", ""], ["<file>"]),
        (["config", "--e"], ["--explain"]),
    ],
)
def test_completions(words: list[str], expected: list[str]) -> None:
    """Commands, options, their values, and paths; no words before are an error."""
    assert complete(*words) == expected


def test_first_word_may_be_any_command() -> None:
    """All commands are offered."""
    assert set(cli.commands) < set(complete(""))


@contextmanager
def start_shell(shell: str, folder: Path) -> Iterator[pexpect.spawn]:
    """Run a shell in ``folder``, with completion turned on; skip if it is not installed."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (folder / "novels").mkdir()
    (folder / "-x.txt").touch()
    arguments, line = SHELLS[shell]
    environment = os.environ | {
        "HOME": str(folder), "PATH": f"{BIN}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "$ ",
    }  # fmt: skip
    process = pexpect.spawn(
        shell, arguments, env=environment, cwd=str(folder), encoding="utf-8", timeout=60
    )
    process.sendline(f"{line}; echo rea''dy")
    process.expect("ready\r\n")
    yield process
    process.kill(signal.SIGKILL)
    process.wait()
    process.close()


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_completion_in_the_shell(shell: str, tmp_path: Path) -> None:
    """The Tab key completes commands, options and paths."""
    with start_shell(shell, tmp_path) as process:
        for typed, completed in [
            ("bot inf", "bot info "),
            ("bot ask --exp", "bot ask --explain "),
            ("bot nov", "bot novels/"),
            ("bot ask who nov", "bot ask who novels/"),
        ]:
            process.send(f"\x15{typed}\t")
            process.expect_exact(completed)


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_first_word_in_the_shell(shell: str, tmp_path: Path) -> None:
    """Commands and paths are offered together."""
    with start_shell(shell, tmp_path) as process:
        process.send("bot \t\t")

        for word in ("ask", "info", "novels/"):
            process.expect_exact(word)


@pytest.mark.slow
def test_descriptions_in_fish(tmp_path: Path) -> None:
    """They are whole, commas included; a file name that begins with a dash breaks nothing."""
    with start_shell("fish", tmp_path) as process:
        process.sendline("complete -C 'bot '; complete -C 'bot ask x --min'; echo do''ne")
        process.expect_exact("done\r\n")
        lines = process.before.splitlines()

    offered = dict(line.split("\t") if "\t" in line else (line, "") for line in lines)
    assert {"ask", "info", "novels/", "-x.txt"} <= offered.keys()
    assert ", from 0 to 1." in offered["--min-confidence"]
