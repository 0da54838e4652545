"""The README is true: its screens are what the program shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click import Group

from bot.cli.main import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
# A screen: indented, and begun by what is typed in a shell.
SCREENS = [
    re.sub(r"(?m)^    ", "", block).strip("\n")
    for block in re.findall(r"(?m)^    \$ (?:.*\n|(?=\n    )\n)+?(?=\n\S|\Z)", README)
]
COMMANDS = [screen for screen in SCREENS if "bot ask" in screen]


@pytest.mark.parametrize("screen", COMMANDS)
def test_commands(screen: str) -> None:
    """Each ``bot ask`` shows what stands beneath it."""
    line, expected = screen.removeprefix("$ ").split("\n", 1)
    words = shlex.split(line)
    typed = words[words.index("echo") + 1] if "echo" in words else ""

    done = subprocess.run(
        [sys.executable, "-m", *words[words.index("bot") :]],
        cwd=ROOT,
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.strip() == expected.strip()


def test_every_command_has_its_line() -> None:
    """The table names them all, and each has help."""
    assert isinstance(cli, Group)
    for name, command in cli.commands.items():
        assert f"`bot {name} " in README
        assert command.help
