"""Replace files: the user's own through links, and where the system refuses for a moment."""

import os
import stat
from pathlib import Path

import pytest

from bot.config.private_file import ForeignFile, NotRegularFile
from bot.storage.atomic import replace_own_file, replace_patiently
from bot.storage.folders import delete_library
from bot.storage.lock import filesystem_time, hold_lock


def write(file: Path, text: str) -> None:
    with replace_own_file(file) as stream:
        stream.write(text.encode())


def test_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    """The permissions of the target stay, too."""
    target, file = tmp_path / "target.md", tmp_path / "link.md"
    target.write_text("old")
    target.chmod(0o666)
    file.symlink_to(target)

    write(file, "new")

    assert file.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o666


def test_new_file(tmp_path: Path) -> None:
    """It is created as any other program would create it."""
    (tmp_path / "other").touch()

    write(tmp_path / "new.md", "new")

    assert (tmp_path / "new.md").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("kind", ["FIFO", "folder", "device", "link to nothing"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    """It stays as it was, and no temporary file is left."""
    file = tmp_path / "file.md"
    if kind == "FIFO":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to(os.devnull if kind == "device" else "nowhere")
    before = file.lstat()

    with pytest.raises((NotRegularFile, FileNotFoundError)):
        write(file, "new")

    assert file.lstat().st_mode == before.st_mode
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_file_of_another_user_is_refused(tmp_path: Path) -> None:
    """Root would otherwise become its owner."""
    file = tmp_path / "file.md"
    file.write_text("theirs")
    os.chown(file, 65534, 65534)

    with pytest.raises(ForeignFile, match="belongs to another user"):
        write(file, "mine")

    assert file.read_text() == "theirs"
    assert file.stat().st_uid == 65534


def test_a_rename_is_tried_again_where_it_is_refused(tmp_path: Path) -> None:
    """On Windows a file that another program has open cannot be replaced for a moment."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("new")
    refusals = [PermissionError(13, "in use"), PermissionError(13, "in use")]

    def replace(old: Path, new: Path) -> None:
        if refusals:
            raise refusals.pop()
        old.replace(new)

    replace_patiently(source, target, replace, pauses=(0, 0))

    assert target.read_text() == "new"


def test_a_rename_that_stays_refused_is_an_error(tmp_path: Path) -> None:
    """After the last pause, the error of the system is raised."""

    def replace(_: Path, __: Path) -> None:
        raise PermissionError(13, "in use")

    with pytest.raises(PermissionError):
        replace_patiently(tmp_path / "a", tmp_path / "b", replace, pauses=(0,))


@pytest.mark.parametrize("name", ["lock", "clock", "library.sqlite"])
def test_links_in_the_cache_are_deleted_and_not_followed(tmp_path: Path, name: str) -> None:
    """The target of a link in place of the cache's own files stays as it was."""
    folder, precious = tmp_path / "cache", tmp_path / "precious.txt"
    folder.mkdir()
    precious.write_text("mine")
    (folder / name).symlink_to(precious)

    with hold_lock(folder, wait=True):
        filesystem_time(folder)

    assert precious.read_text() == "mine"
    assert not (folder / name).is_symlink()


def test_a_link_in_place_of_a_librarys_cache(tmp_path: Path) -> None:
    """Its target may be anything, so that nothing in it is written or deleted."""
    link, target = tmp_path / "cache", tmp_path / "documents"
    target.mkdir()
    (target / "precious.txt").write_text("mine")
    link.symlink_to(target)

    with pytest.raises(OSError, match="is a link"), hold_lock(link, wait=True):
        pass

    assert not delete_library(link)
    assert [path.name for path in target.iterdir()] == ["precious.txt"]
