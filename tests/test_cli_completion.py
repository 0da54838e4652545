"""Completion of the command line by click, and in the shells themselves."""

import os
import shutil
import sys
from pathlib import Path

import pexpect
import pytest
from click.shell_completion import ShellComplete

from bot.cli.main import cli

BIN = Path(sys.executable).parent
# A shell's arguments, and the line that turns completion on, as the README has it.
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


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
def test_completion_in_the_shell(shell: str, tmp_path: Path) -> None:
    """The Tab key completes commands, options and paths."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "novels").mkdir()
    arguments, line = SHELLS[shell]
    environment = os.environ | {
        "HOME": str(tmp_path), "PATH": f"{BIN}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "$ ",
    }  # fmt: skip

    process = pexpect.spawn(
        shell, arguments, env=environment, cwd=str(tmp_path), encoding="utf-8", timeout=10
    )
    process.sendline(f"{line}; echo rea''dy")
    process.expect("ready\r\n")
    for typed, completed in [
        ("bot inf", "bot info "),
        ("bot ask --exp", "bot ask --explain "),
        ("bot nov", "bot novels/"),
    ]:
        process.send(f"\x15{typed}\t")
        process.expect_exact(completed)
    process.close(force=True)
