"""Save a library and its index in a folder, and load both from there.

The folder has one file of arrays (array_file.py): the index, the articles, and the version of the
program that wrote them. It is written beside the old one and takes its place at the end, so that a
reader, and whoever comes after a crash, finds the one or the other, whole. It is mapped, not read:
a library that is loaded holds one open file.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG

import numpy as np

from bot.articles.library import Library
from bot.errors import DamagedCache, LibraryNotSaved, UnusableLibrary
from bot.index.engine import Engine
from bot.index.memory import MemoryEngine
from bot.index.merge import IndexPart, Merge, check_all
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.storage.array_file import MAGIC, Array, load_arrays, write_arrays
from bot.storage.atomic import TEMPORARY_GLOB
from bot.storage.build import build_engine
from bot.storage.index_file import add_index, read_index
from bot.storage.origin import FolderOrigin
from bot.storage.saved_articles import BODIES, SavedArticles, add_articles
from bot.storage.snapshot import library_version
from bot.storage.stored_library import StoredLibrary

FILE_NAME = "library.bot"
# Names of other files that are told where a folder is not ours.
MAX_NAMES = 3


def save_library(library: Library, engine: Engine, folder: Path) -> None:
    """Save ``library`` and its index in ``folder``, which is new, empty, or has a saved library.

    Raises LibraryNotSaved, and leaves the folder as it was.
    """
    if not isinstance(engine, MemoryEngine):
        engine = build_engine(library)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        leftovers = check_folder(folder)
        write_library(library, engine, folder / FILE_NAME)
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
    except OSError as error:
        fault = (error.strerror or str(error)).lower()
        remedy = "give a folder that can be written, on a disk with space"
        raise LibraryNotSaved(folder, fault, remedy) from error
    except (TypeError, ValueError) as error:  # metadata of an article that a program made itself
        remedy = "leave such values out"
        raise LibraryNotSaved(folder, f"metadata that is no JSON: {error}", remedy) from error


def check_folder(folder: Path) -> list[Path]:
    """Return the leftovers of a save that was killed. Raises LibraryNotSaved for foreign files."""
    leftovers = [*folder.glob(TEMPORARY_GLOB)]
    file = folder / FILE_NAME
    others = sorted({entry.name for entry in folder.iterdir()} - {each.name for each in leftovers})
    if FILE_NAME in others and is_ours(file):
        others.remove(FILE_NAME)
    if others:
        names = ", ".join(others[:MAX_NAMES]) + (" …" if len(others) > MAX_NAMES else "")
        fault = f"the folder has files of others: {names}"
        raise LibraryNotSaved(folder, fault, "give a new or empty folder")
    return leftovers


def is_ours(file: Path) -> bool:
    """Return whether ``file`` is a file of arrays, and no link to one."""
    if not S_ISREG(file.lstat().st_mode):
        return False
    with file.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def write_library(library: Library, engine: MemoryEngine, file: Path) -> None:
    """Write ``library`` and its index into ``file``."""
    check_all(engine.index.postings)
    version = {"version": library_version(library.analysis)}
    counts = np.array(library.sentence_counts(), np.int64)
    numbers = np.arange(library.sentence_count, dtype=np.int32)
    merge = Merge([IndexPart(engine.index, numbers)], len(engine.vocabulary))
    with write_arrays(file, sync=True) as writer:
        writer.add("version", np.uint8, [np.frombuffer(json.dumps(version).encode(), np.uint8)])
        add_articles(writer, library)
        first_sentences = np.append(0, np.cumsum(counts))
        add_index(writer, merge, engine.vocabulary, np.arange(len(counts)), first_sentences)


def load_library(
    folder: Path, analysis: Analysis = DEFAULT_ANALYZER
) -> tuple[Library, MemoryEngine]:
    """Return the library in ``folder`` and its engine. Raises UnusableLibrary."""
    file = folder / FILE_NAME
    if not file.is_file():
        raise UnusableLibrary(file, "there is no saved library")
    try:
        arrays = load_arrays(file, unread={BODIES})
        check_saved_version(file, arrays, analysis)
        index = read_index(file, arrays)
        library = StoredLibrary.from_store(SavedArticles(file, arrays), index.first_sentences.data)
    except DamagedCache as damage:
        raise UnusableLibrary(file, damage.fault) from damage
    except KeyError as error:
        raise UnusableLibrary(file, f"the array {error} is missing") from error
    library.analysis, library.origin = analysis, FolderOrigin(folder, analysis)
    return library, MemoryEngine(index.vocabulary, index.inverted)


def check_saved_version(file: Path, arrays: Mapping[str, Array], analysis: Analysis) -> None:
    """Raise UnusableLibrary if another version or analyzer saved ``file``."""
    expected, saved = library_version(analysis), ""
    if "version" in arrays:
        saved = json.loads(arrays["version"].tobytes())["version"]
    if saved != expected:
        raise UnusableLibrary(
            file, f"another version of bot or another analyzer saved it ({saved or 'unknown'})"
        )
