"""The history of typed lines."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.repl.history import MAX_LINE_LENGTH, open_history


@pytest.fixture
def no_warnings() -> Iterator[list[str]]:
    """Warnings; the test fails if there are any."""
    warnings: list[str] = []
    yield warnings
    assert not warnings


def test_lines_are_saved_in_a_private_file(tmp_path: Path, no_warnings: list[str]) -> None:
    """The next conversation has them, and nobody else can read them."""
    file = tmp_path / "state" / "bot" / "history"

    open_history(file, no_warnings.append).append_string("Who designed the bridge?")
    lines = list(open_history(file, no_warnings.append).load_history_strings())

    assert lines == ["Who designed the bridge?"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_permissions_are_narrowed(tmp_path: Path, no_warnings: list[str]) -> None:
    """A file that others could read keeps its lines."""
    file = tmp_path / "history"
    file.write_text("\n# 2024\n+before\n", encoding="utf-8")
    file.chmod(0o644)

    lines = list(open_history(file, no_warnings.append).load_history_strings())

    assert lines == ["before"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_invalid_utf8_is_replaced(tmp_path: Path, no_warnings: list[str]) -> None:
    """A byte that is not UTF-8 becomes a question mark."""
    file = tmp_path / "history"

    open_history(file, no_warnings.append).append_string("caf\udce9")

    assert list(open_history(file, no_warnings.append).load_history_strings()) == ["caf?"]


@pytest.mark.parametrize("obstacle", ["state", "state/bot", "state/bot/history"])
def test_unwritable_file(tmp_path: Path, obstacle: str) -> None:
    """A warning names the file, and lines are kept in memory."""
    file = tmp_path / "state" / "bot" / "history"
    path = tmp_path / obstacle
    path.parent.mkdir(parents=True, exist_ok=True)
    if path == file:
        path.mkdir()
    else:
        path.touch()
    warnings: list[str] = []

    history = open_history(file, warnings.append)
    history.append_string("a line")

    assert history.get_strings() == ["a line"]
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}: ")
    assert warnings[0].endswith("; the history is not saved")


def test_file_that_becomes_unwritable(tmp_path: Path) -> None:
    """A line that cannot be saved is a warning and stays in memory."""
    warnings: list[str] = []
    history = open_history(tmp_path / "history", warnings.append)
    (tmp_path / "history").unlink()
    (tmp_path / "history").mkdir()

    history.append_string("a line")

    assert history.get_strings() == ["a line"]
    assert len(warnings) == 1


def test_long_pastes_are_not_saved(tmp_path: Path, no_warnings: list[str]) -> None:
    """Lines longer than anyone types stay out of the file."""
    file = tmp_path / "history"

    open_history(file, no_warnings.append).append_string("x" * (MAX_LINE_LENGTH + 1))

    assert not list(open_history(file, no_warnings.append).load_history_strings())
