"""Where config, history, saved indexes and articles lie on this system."""

from enum import Enum
from pathlib import Path
from typing import NamedTuple

import platformdirs

PACKAGE = Path(__file__).parent.parent
# A wheel carries the corpus inside of the package; a checkout has it beside.
BUNDLED = (PACKAGE / "corpus", PACKAGE.parent / "corpus")


class Origin(Enum):
    """Who named the articles."""

    GIVEN = "the command line"
    CONFIG = "the config file"
    BUNDLED = "nobody"


class LibrarySource(NamedTuple):
    """The files and folders whose articles are asked, and who named them."""

    paths: tuple[Path, ...]
    origin: Origin

    @property
    def name(self) -> str:
        """What to call them in a word or two."""
        if self.origin is Origin.BUNDLED:
            return "bundled"
        first = self.paths[0].name or str(self.paths[0])
        return f"{first} +{len(self.paths) - 1}" if len(self.paths) > 1 else first


def config_file() -> Path:
    """Return where the config file lies, if there is one."""
    return platformdirs.user_config_path("bot", appauthor=False) / "config.toml"


def history_file() -> Path:
    """Return where the questions that were typed are kept."""
    return platformdirs.user_state_path("bot", appauthor=False) / "history"


def fault_file() -> Path:
    """Return where faults of the program are kept."""
    return history_file().with_name("faults.log")


def bundled_corpus() -> Path:
    """Return the folder of the articles that come with the program."""
    return next((folder for folder in BUNDLED if folder.is_dir()), BUNDLED[0])


def choose_source(given: tuple[Path, ...], configured: tuple[Path, ...]) -> LibrarySource:
    """Return what is asked: the paths ``given``, else those ``configured``, else the bundled."""
    if given:
        return LibrarySource(given, Origin.GIVEN)
    if configured:
        return LibrarySource(configured, Origin.CONFIG)
    return LibrarySource((bundled_corpus(),), Origin.BUNDLED)
