"""Where config, history, saved indexes and articles lie on this system."""

from enum import Enum
from pathlib import Path
from typing import NamedTuple

import platformdirs

from bot.articles.library import Library
from bot.chat.screen import shown

PACKAGE = Path(__file__).parent.parent
# A wheel carries the corpus inside of the package; a checkout has it beside.
BUNDLED = (PACKAGE / "corpus", PACKAGE.parent / "corpus")


class Origin(Enum):
    """Who named the articles."""

    GIVEN = "the command line"
    CONFIG = "the config file"
    BUNDLED = "nobody"


class Shelf(NamedTuple):
    """The files and folders whose articles are asked, and who named them."""

    paths: tuple[Path, ...]
    origin: Origin


def config_file() -> Path:
    """Return where the config file lies, if there is one."""
    return platformdirs.user_config_path("bot", appauthor=False) / "config.toml"


def history_file() -> Path:
    """Return where the questions that were typed are kept."""
    return platformdirs.user_state_path("bot", appauthor=False) / "history"


def cache_folder() -> Path:
    """Return where saved indexes lie."""
    return platformdirs.user_cache_path("bot", appauthor=False)


def bundled() -> Path:
    """Return the folder of the articles that come with the program."""
    return next((folder for folder in BUNDLED if folder.is_dir()), BUNDLED[0])


def shelf(given: tuple[Path, ...], configured: tuple[Path, ...]) -> Shelf:
    """Return what is asked: the paths ``given``, else those ``configured``, else the bundled."""
    if given:
        return Shelf(given, Origin.GIVEN)
    if configured:
        return Shelf(configured, Origin.CONFIG)
    return Shelf((bundled(),), Origin.BUNDLED)


def greeting(asked: Shelf, library: Library) -> str:
    """Return which articles are asked, and who named them."""
    folder = shown(", ".join(map(str, asked.paths)))
    return {
        Origin.GIVEN: f"Asking {counted(library)} of {folder}.",
        Origin.CONFIG: f"Asking {counted(library)} of {folder}, as {config_file()} says.",
        Origin.BUNDLED: f"Asking the bundled {counted(library)}.",
    }[asked.origin]


def counted(library: Library) -> str:
    """Return how many articles and sentences there are, in words."""
    counts = (len(library.articles), "article"), (len(library), "sentence")
    return ", ".join(f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in counts)
