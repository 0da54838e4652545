"""The differences of macOS and Windows, as far as Linux can show them.

No test was ever run on those systems. Each difference stands in one module, which these tests
and those of the module try with the names, paths and errors of the others.
"""

import os
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import platformdirs.windows
import pytest
from platformdirs.api import PlatformDirsABC
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from bot.articles.files import stat_entry
from bot.config.paths import user_folder
from bot.config.private_file import set_mode

PROGRAM = Path(__file__).parent / "programs" / "ask_without_posix.py"


@pytest.mark.slow
def test_an_answer_without_posix(folder: Path) -> None:
    """Every module can be imported, and a question answered, without what only POSIX has."""
    done = subprocess.run(
        [sys.executable, PROGRAM, "What did Ada Thorne design?", folder],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert done.stdout.startswith("Ada Thorne, an engineer from Leith, designed its three arches.")
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("system", "config", "state", "cache"),
    [
        (Unix, "/home/ann/.config/bot", "/home/ann/.local/state/bot", "/home/ann/.cache/bot"),
        (
            MacOS,
            "/home/ann/Library/Application Support/bot",
            "/home/ann/Library/Application Support/bot",
            "/home/ann/Library/Caches/bot",
        ),
        (
            Windows,
            r"C:\Users\ann\AppData\Local\bot",
            r"C:\Users\ann\AppData\Local\bot",
            r"C:\Users\ann\AppData\Local\bot\Cache",
        ),
    ],
)
def test_folders_of_each_system(
    monkeypatch: pytest.MonkeyPatch,
    system: type[PlatformDirsABC],
    config: str,
    state: str,
    cache: str,
) -> None:
    """Files lie where each system has them; the cache is never the folder of the other files."""
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME")
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("LOCALAPPDATA", r"C:\Users\ann\AppData\Local")
    # Windows itself is asked otherwise; this is how platformdirs does it where it cannot.
    by_environment = platformdirs.windows.get_win_folder_from_env_vars
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", by_environment)
    spelling = PureWindowsPath if system is Windows else PurePosixPath

    folders = [user_folder(kind, system) for kind in ("config", "state", "cache")]

    assert [spelling(str(path)) for path in folders] == [*map(spelling, (config, state, cache))]


def test_a_listing_without_inodes(tmp_path: Path) -> None:
    """Windows lists files without inodes; each file is one of its own all the same."""
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for file in files:
        file.write_text("It rained.")
    listed = os.stat_result((0o100644, 0, 0, 1, 0, 0, 10, 0, 0, 0))
    entries = [SimpleNamespace(stat=lambda: listed, path=str(file)) for file in files]

    states = [stat_entry(entry) for entry in entries]  # type: ignore[arg-type]

    assert states == [file.stat() for file in files]


def test_modes_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the call that sets a mode, a new file keeps that which it was created with."""
    monkeypatch.delattr(os, "fchmod")
    with (tmp_path / "a.md").open("wb") as stream:
        before = os.fstat(stream.fileno())

        set_mode(stream.fileno(), 0o600)

        assert os.fstat(stream.fileno()).st_mode == before.st_mode
