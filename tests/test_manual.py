"""The manual page: it says what the commands say, and ``man`` can show it."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.cli.main import cli
from bot.cli.manual import escaped, manual
from bot.config.settings import SETTINGS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "bot" / "chat" / "bot.1"


def test_the_page_is_what_the_commands_say() -> None:
    """Where it is not: ``python tests/test_manual.py`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == manual(cli)


def test_everything_is_in_the_page() -> None:
    """Every command, every option, every setting."""
    page = manual(cli)

    for name, command in cli.commands.items():
        assert f".SS bot {name} " in page
        for option in (option for param in command.params for option in param.opts):
            assert escaped(option) in page or not option.startswith("-")
    for setting in SETTINGS:
        assert f".TP\n\\fB{setting.name}\\fR\n{escaped(setting.help)}" in page


def test_the_page_is_in_the_wheel() -> None:
    """It lies where ``man`` looks, beside the folder of the command."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    shared = build["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]

    assert shared == {PAGE.relative_to(ROOT).as_posix(): "share/man/man1/bot.1"}


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_page_can_be_shown() -> None:
    """Without a warning, with every hyphen as it is typed."""
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tascii", "-P-cbou", PAGE],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stderr == ""
    assert "--min-confidence X" in done.stdout
    assert "~/.config/bot/config.toml" in done.stdout


@pytest.mark.parametrize(
    ("text", "expected"),
    [(".TH", "\\&.TH"), ("'x'", "\\&'x'"), ("a.b", "a.b"), ("a\\n", "a\\en"), ("-k", "\\-k")],
)
def test_a_text_is_no_macro(text: str, expected: str) -> None:
    """It is shown to the letter."""
    assert escaped(text) == expected


if __name__ == "__main__":
    PAGE.write_text(manual(cli), encoding="utf-8", newline="\n")
