"""Where config, history, saved indexes and articles lie on this system."""

import tomllib
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import platformdirs

from bot.articles.library import Library
from bot.chat.screen import shown
from bot.errors import BotError

PACKAGE = Path(__file__).parent.parent
# A wheel carries the corpus inside of the package; a checkout has it beside.
BUNDLED = (PACKAGE / "corpus", PACKAGE.parent / "corpus")
SETTINGS = ("library",)


class BrokenConfig(BotError):
    """A config file, or a setting in it, that cannot be used."""

    def __init__(self, file: Path, fault: str) -> None:
        self.file, self.fault = file, fault
        super().__init__(f"{file}: {fault}; the bundled articles are asked until it is mended")


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


def shelf(given: tuple[Path, ...], warn: Callable[[str], None]) -> Shelf:
    """Return what is asked: the paths ``given``, else the config file's, else the bundled ones."""
    if given:
        return Shelf(given, Origin.GIVEN)
    try:
        configured = library(config_file())
    except BrokenConfig as error:
        warn(str(error))
        configured = ()
    if configured:
        return Shelf(configured, Origin.CONFIG)
    return Shelf((bundled(),), Origin.BUNDLED)


def library(file: Path) -> tuple[Path, ...]:
    """Return the paths that ``file`` names as ``library``: none where it names none.

    A path may begin with ``~``; one that is not absolute starts from the file's folder.
    """
    settings = read(file)
    for name in sorted(settings.keys() - set(SETTINGS)):
        raise BrokenConfig(file, f"unknown setting {name!r} (known: {', '.join(SETTINGS)})")
    value = settings.get("library", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise BrokenConfig(file, 'library is no path or list of paths; write library = "folder"')
    return tuple(file.parent / Path(name).expanduser() for name in names)


def read(file: Path) -> dict[str, object]:
    """Return the settings in ``file``, none where it does not exist."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BrokenConfig(file, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise BrokenConfig(file, "is not in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise BrokenConfig(file, f"is no TOML: {error}") from error


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
