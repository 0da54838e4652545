"""The paths of the config file, the history and the articles to read."""

from enum import Enum
from pathlib import Path
from typing import NamedTuple

import platformdirs
from platformdirs.api import PlatformDirsABC

PACKAGE = Path(__file__).parent.parent
# A wheel carries the corpus inside the package; in a checkout it lies beside the package.
BUNDLED = (PACKAGE / "corpus", PACKAGE.parent / "corpus")


class Origin(Enum):
    """Who chose the articles to search."""

    GIVEN = "the command line"
    CONFIG = "the config file"
    BUNDLED = "nobody"


class LibrarySource(NamedTuple):
    """The files and folders to read articles from, and who chose them.

    ``cluster`` names a library on a cluster, which is searched in their place.
    """

    paths: tuple[Path, ...]
    origin: Origin
    cluster: str = ""

    @property
    def name(self) -> str:
        """A short name: "bundled", or the first path's with the number of the others."""
        if self.cluster:
            return self.cluster.partition(" ")[0]
        if self.origin is Origin.BUNDLED:
            return "bundled"
        first = self.paths[0].name or str(self.paths[0])
        return f"{first} +{len(self.paths) - 1}" if len(self.paths) > 1 else first


def config_file() -> Path | None:
    """Return the path of the config file, which need not exist; None without a home folder."""
    folder = user_folder("config")
    return folder / "config.toml" if folder else None


def history_file() -> Path | None:
    """Return the path of the history of typed lines; None without a home folder."""
    folder = user_folder("state")
    return folder / "history" if folder else None


def fault_file() -> Path | None:
    """Return the path of the log of internal errors; None without a home folder."""
    folder = user_folder("state")
    return folder / "faults.log" if folder else None


def user_folder(
    kind: str, system: type[PlatformDirsABC] = platformdirs.PlatformDirs
) -> Path | None:
    """Return the user's folder for "config", "state" or "cache", as the system has it.

    None for a user without HOME whom the system does not know, as in some containers: platformdirs
    then raises an error, or in older versions leaves the "~", of which a folder would be made.
    """
    try:
        folder: Path = getattr(system("bot", appauthor=False), f"user_{kind}_path")
    except RuntimeError:
        return None
    return None if folder.parts[0].startswith("~") else folder


def bundled_corpus() -> Path:
    """Return the folder of the articles that come with the program."""
    return next((folder for folder in BUNDLED if folder.is_dir()), BUNDLED[0])


def choose_source(given: tuple[Path, ...], configured: tuple[Path, ...]) -> LibrarySource:
    """Return the paths ``given``, else those ``configured``, else the bundled corpus."""
    if given:
        return LibrarySource(given, Origin.GIVEN)
    if configured:
        return LibrarySource(configured, Origin.CONFIG)
    return LibrarySource((bundled_corpus(),), Origin.BUNDLED)
