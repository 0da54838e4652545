"""Articles read and saved for the command line, and what ``bot index`` says of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from bot.articles.files import File
from bot.cli.progress import ProgressBar
from bot.config.paths import LibrarySource, config_file, history_file
from bot.errors import NothingToRead
from bot.render.library import count_library
from bot.storage.cache import (
    OpenedLibrary,
    default_cache,
    delete_library,
    delete_other_versions,
    library_folder,
    open_library,
)
from bot.storage.ingest import IngestedBatch
from bot.storage.update import OpenOptions

STOPPED = "Stopped. What was read is kept; the same command goes on from there."


def on_all_processors(files: Iterable[Sequence[File]]) -> Iterator[IngestedBatch]:
    """Read batches of files on all processors."""
    from bot.storage.parallel import ingest_in_parallel  # 20 ms, which only those who read need

    return ingest_in_parallel(files)


def read(
    paths: Sequence[Path],
    tell: Callable[[str], None],
    warn: Callable[[str], None],
    *,
    wait: bool,
    rebuild: bool,
) -> OpenedLibrary:
    """Read the articles at ``paths``, and save them; each fault is a warning.

    Raises NothingToRead, and KeyboardInterrupt, with a word on what is kept.
    """
    far = ProgressBar()
    try:
        with closing(far):
            ways = OpenOptions(on_all_processors, partial(far.above, warn), far, wait)
            found = open_library(paths, default_cache(), ways, rebuild=rebuild).require_articles(
                paths
            )
    except KeyboardInterrupt:
        if far.read:
            tell(STOPPED)
        raise
    for fault in found.library.skipped:
        warn(str(fault))
    if not found.library.articles:
        raise NothingToRead(tuple(map(str, paths)))
    return found


def summary(found: OpenedLibrary, seconds: float) -> list[tuple[str, str]]:
    """Return the rows of what was read and saved."""
    library, report = found.library, found.report
    rows = [
        ("read", f"{report.added:,} new, {report.changed:,} changed, in {seconds:.2f} s"),
        ("unchanged", f"{report.unchanged:,}"),
        ("removed", f"{report.removed:,}"),
        ("skipped", f"{len(library.skipped):,} that could not be read"),
        ("passed over", f"{library.ignored:,} hidden or of another kind"),
        ("library", count_library(library)),
    ]
    if found.folder:
        delete_other_versions(default_cache())
        rows.append(("saved", describe_saved(found.folder)))
    return rows


def describe_saved(folder: Path) -> str:
    """Return where a library is saved and how large that is, in words."""
    return f"{size(folder) / 1e6:,.1f} MB in {folder}"


def facts(asked: LibrarySource, found: OpenedLibrary) -> dict[str, object]:
    """Return the version, how much there is of what is ``asked``, and where things lie."""
    from importlib.metadata import version

    library, folder = found.library, found.folder
    return {
        "version": version("article-bot"),
        "library": [str(path) for path in asked.paths],
        "articles": len(library.articles),
        "sentences": len(library),
        "config": str(config_file()),
        "history": str(history_file()),
        "indexes": str(default_cache()),
        "saved": str(folder) if folder else None,
        "bytes": size(folder) if folder else None,
    }


def places_of(asked: LibrarySource, found: OpenedLibrary) -> Iterator[tuple[str, str]]:
    """Yield the rows of the same facts, for people."""
    for name, value in facts(asked, found).items():
        if name == "saved":
            yield name, describe_saved(found.folder) if found.folder else "nowhere"
        elif name != "bytes":
            yield name, ", ".join(value) if isinstance(value, list) else str(value)


def size(folder: Path) -> int:
    """Return how many bytes the files in ``folder`` take, less those that go meanwhile."""
    total = 0
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def forget_library(paths: Sequence[Path]) -> str:
    """Delete what is saved of the articles at ``paths``; return what was done, in words."""
    named = ", ".join(map(str, paths))
    if delete_library(library_folder(paths, default_cache())):
        return f"Forgot what was saved of {named}."
    return f"Nothing was saved of {named}."
