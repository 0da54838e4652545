"""The folders of cached libraries: their paths, and deleting them."""

import os
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from shutil import rmtree
from typing import Final

from bot.articles.digest import blake2b
from bot.articles.files import file_identity
from bot.config.paths import user_folder
from bot.storage.lock import LOCK_NAME, hold_lock
from bot.storage.snapshot import DATABASE_NAME

# The folder of all cached libraries; its number grows with each change of their files.
LIBRARIES_NAME, LIBRARIES_GLOB = "libraries-3", "libraries-*"


class CacheLocation(Enum):
    """A place for saved libraries that is not given as a path."""

    USER = "the user's cache folder"


USER_CACHE: Final = CacheLocation.USER


def default_cache() -> Path | None:
    """Return the user's cache folder; None for a user without a home folder."""
    return user_folder("cache")


def library_folder(paths: Sequence[str | os.PathLike[str]], cache: Path) -> Path:
    """Return the folder under ``cache`` for the library of ``paths``."""
    names = "\0".join(os.path.abspath(path) for path in paths)  # noqa: PTH100 # links are kept
    return cache / LIBRARIES_NAME / blake2b(os.fsencode(names), digest_size=10).hexdigest()


def folder_size(folder: Path) -> int:
    """Return the total size of the files in ``folder``, in bytes."""
    total = 0
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):  # another process may delete an old index meanwhile
            total += file.stat().st_size
    return total


def delete_library(folder: Path) -> bool:
    """Delete the cached library in ``folder``; return whether there was one."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    with hold_lock(folder, wait=True):
        empty_folder(folder)
        with suppress(OSError):  # Windows keeps open files
            (folder / LOCK_NAME).unlink()
            folder.rmdir()
    return True


def delete_damaged(folder: Path, identity: tuple[int, int]) -> None:
    """Delete the library in ``folder`` if its database file still has this ``identity``."""
    with hold_lock(folder, wait=True):
        if file_identity(folder / DATABASE_NAME) == identity:
            empty_folder(folder)


def empty_folder(folder: Path) -> None:
    """Delete everything in ``folder`` but the lock, which the caller holds."""
    for path in folder.iterdir():
        if path.name == LOCK_NAME:
            continue
        if path.is_dir() and not path.is_symlink():
            rmtree(path)
        else:
            path.unlink(missing_ok=True)


def delete_other_versions(cache: Path) -> None:
    """Delete the folders of other versions of this program under ``cache``, and nothing else."""
    for folder in cache.glob(LIBRARIES_GLOB):
        if folder.name != LIBRARIES_NAME:
            rmtree(folder, ignore_errors=True)
