"""``bot index``: update, check or delete the cache of a library."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from bot.articles.library import Library
from bot.cli.exit_code import ExitCode
from bot.cli.library import open_source
from bot.cli.output import Output
from bot.config.paths import LibrarySource, choose_source
from bot.config.settings import Settings
from bot.render.library import count_library, describe_folder
from bot.render.structure import describe_shares, measure_shares
from bot.render.text import pluralize, sanitize
from bot.storage import verify
from bot.storage.folders import (
    default_cache,
    delete_library,
    delete_other_versions,
    folder_size,
    library_folder,
)
from bot.storage.opened_library import OpenedLibrary

# Files named on one line of the summary.
MAX_NAMES = 5
# The list of files is short, and not made where all articles had to be read from disk for it.
MAX_SHARE_ROWS = 10
MAX_ARTICLES_TO_DESCRIBE = 5_000


def run(paths: tuple[Path, ...], settings: Settings, action: str) -> int:
    """Update, "rebuild", "check" or "forget" the cache; return the exit code."""
    output = Output.from_settings(settings)
    source = choose_source(paths, settings.library)
    if action == "forget":
        return forget(source, output)
    if action == "check":
        return check(source, output)
    start = perf_counter()
    opened = open_source(source, output, wait=True, rebuild=action == "rebuild")
    if opened.folder and (cache := default_cache()):
        delete_other_versions(cache)
    seconds = perf_counter() - start
    output.write_lines(f"{name:<11}{text}" for name, text in summary_rows(opened, seconds))
    if rows := [*share_rows(opened.library)]:
        output.write_lines(["cannot answer"])
        output.write_lines(f"{name:<11}{text}" for name, text in rows)
    return ExitCode.ANSWERED


def share_rows(library: Library) -> Iterator[tuple[str, str]]:
    """Yield a row for each of the files of which the largest part cannot answer."""
    if len(library.articles) > MAX_ARTICLES_TO_DESCRIBE:
        return
    rows = [(measure_shares(article), article.source) for article in library.articles]
    notable = sorted((row for row in rows if row[0].is_notable), key=lambda row: -row[0].silent)
    for shares, source in notable[:MAX_SHARE_ROWS]:
        yield "", f"{sanitize(source)}: {describe_shares(shares)}"
    if len(notable) > MAX_SHARE_ROWS:
        yield "", f"and {pluralize(len(notable) - MAX_SHARE_ROWS, 'other file')}"


def forget(source: LibrarySource, output: Output) -> int:
    """Delete the cache of ``source``; the articles stay."""
    cache = default_cache()
    is_deleted = cache is not None and delete_library(library_folder(source.paths, cache))
    names = ", ".join(map(str, source.paths))
    output.note(f"Deleted the cache of {names}." if is_deleted else f"No cache of {names}.")
    return ExitCode.ANSWERED


def check(source: LibrarySource, output: Output) -> int:
    """Print damage to the cache, and its differences from the files."""
    cache = default_cache()
    faults = [*verify.verify_library(source.paths, cache)] if cache else [verify.NOT_CACHED]
    output.write_lines(faults or [verify.NO_FAULT])
    return ExitCode.UNANSWERED if faults else ExitCode.ANSWERED


def summary_rows(opened: OpenedLibrary, seconds: float) -> Iterator[tuple[str, str]]:
    """Yield the rows of the summary: files read, files left out, and the cache."""
    library, report = opened.library, opened.report
    yield "read", f"{report.added:,} new, {report.changed:,} changed, in {seconds:.2f} s"
    yield "unchanged", f"{report.unchanged:,}"
    yield "removed", f"{report.removed:,}"
    yield "skipped", f"{len(library.skipped):,} unreadable"
    yield "ignored", f"{library.ignored:,} hidden or of another type"
    if silent := silent_articles(library):
        yield "silent", f"{len(silent):,} without a sentence that can answer: {name_some(silent)}"
    yield "library", count_library(library)
    if opened.folder:
        yield "cache", describe_folder(opened.folder, folder_size(opened.folder))


def silent_articles(library: Library) -> list[str]:
    """Return the paths of the articles that have no sentence, only headings, tables or captions."""
    rows = range(len(library.articles))
    silent = [row for row in rows if not library.sentence_numbers(row)]
    return [library.listings[row].source for row in silent]


def name_some(names: Sequence[str]) -> str:
    """Return the first ``MAX_NAMES`` names, and the number of the others.

    >>> name_some([f"{number}.md" for number in range(7)])
    '0.md, 1.md, 2.md, 3.md, 4.md and 2 more'
    """
    more = f" and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more
