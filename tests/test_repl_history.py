"""The history of typed lines."""

import os
import resource
import signal
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


def test_permissions_of_an_existing_file_stay(tmp_path: Path, no_warnings: list[str]) -> None:
    """The mode is set only on a file that is created here."""
    file = tmp_path / "history"
    file.write_text("\n# 2024\n+before\n", encoding="utf-8")
    file.chmod(0o644)

    history = open_history(file, no_warnings.append)
    history.append_string("after")

    assert list(history.load_history_strings()) == ["after", "before"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_link_to_the_null_device(tmp_path: Path, no_warnings: list[str]) -> None:
    """It is the usual way to keep no history: no warning, and the device stays as it was."""
    before = Path(os.devnull).stat()
    file = tmp_path / "history"
    file.symlink_to(os.devnull)

    open_history(file, no_warnings.append).append_string("a line")

    after = Path(os.devnull).stat()
    assert (after.st_mode, after.st_ctime_ns) == (before.st_mode, before.st_ctime_ns)
    assert file.is_symlink()


@pytest.mark.parametrize("kind", ["FIFO", "folder", "device", "another user's", "link to nothing"])
def test_what_is_not_the_users_file_is_left_alone(tmp_path: Path, kind: str) -> None:
    """A warning says why, nothing is waited for, and the mode is the same as before."""
    file = tmp_path / "history"
    make_obstacle(file, kind)
    before = file.lstat()
    warnings: list[str] = []

    open_history(file, warnings.append).append_string("a line")

    after = file.lstat()
    assert len(warnings) == 1
    assert (after.st_mode, after.st_size, after.st_mtime_ns) == (
        before.st_mode, before.st_size, before.st_mtime_ns,
    )  # fmt: skip


def make_obstacle(file: Path, kind: str) -> None:
    """Put something in place of ``file`` that is no file of the user's own."""
    if kind == "FIFO":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    elif kind == "device":
        file.symlink_to("/dev/zero")
    elif kind == "link to nothing":
        file.symlink_to("nowhere")
    elif os.geteuid() == 0:
        file.touch()
        os.chown(file, 65534, 65534)
    else:
        file.symlink_to("/etc/passwd")


def test_link_to_a_file_stays(tmp_path: Path, no_warnings: list[str]) -> None:
    """Lines are appended to its target, however long that is."""
    target = tmp_path / "dotfiles"
    target.write_text("\n# 2024\n+before\n" * 11_500, encoding="utf-8")
    file = tmp_path / "history"
    file.symlink_to(target)

    open_history(file, no_warnings.append).append_string("after")

    assert file.is_symlink()
    assert target.read_text(encoding="utf-8").endswith("\n+after\n")


def test_lines_that_begin_with_a_blank_are_not_kept(tmp_path: Path, no_warnings: list[str]) -> None:
    """Neither in the file nor for the arrow keys."""
    file = tmp_path / "history"
    history = open_history(file, no_warnings.append)

    history.append_string(" a secret")

    assert history.get_strings() == []
    assert file.read_text(encoding="utf-8") == ""


def test_nothing_is_saved_on_request(tmp_path: Path, no_warnings: list[str]) -> None:
    """Lines stay for the arrow keys of this conversation."""
    file = tmp_path / "history"
    history = open_history(file, no_warnings.append)

    history.is_saved = False
    history.append_string("a line")

    assert history.get_strings() == ["a line"]
    assert file.read_text(encoding="utf-8") == ""


def test_full_disk_is_one_warning(tmp_path: Path) -> None:
    """Not one for each line; the lines stay in memory."""
    warnings: list[str] = []
    history = open_history(tmp_path / "history", warnings.append)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        for number in range(3):
            history.append_string(f"line {number}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)

    assert len(history.get_strings()) == 3
    assert len(warnings) == 1


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
