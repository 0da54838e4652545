"""``bot index``: update, check or delete the cache of a library."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bot.articles.library import Library
from bot.cli.exit_code import ExitCode
from bot.cli.info import describe_folder
from bot.cli.library import open_source
from bot.cli.output import Output
from bot.config.paths import LibrarySource, choose_source
from bot.config.settings import Settings
from bot.render.library import count_library
from bot.render.structure import describe_shares
from bot.render.text import pluralize, sanitize
from bot.storage import verify
from bot.storage.cache import OpenedLibrary
from bot.storage.folders import (
    default_cache,
    delete_library,
    delete_other_versions,
    library_folder,
)

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
    if opened.folder:
        delete_other_versions(default_cache())
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
    rows = [(describe_shares(article), article.source) for article in library.articles]
    notable = sorted(filter(lambda row: row[0], rows), key=lambda row: -silent_percent(row[0]))
    for shares, source in notable[:MAX_SHARE_ROWS]:
        yield "", f"{sanitize(source)}: {shares}"
    if len(notable) > MAX_SHARE_ROWS:
        yield "", f"and {pluralize(len(notable) - MAX_SHARE_ROWS, 'other file')}"


def silent_percent(shares: str) -> int:
    """Return the sum of the percentages in a line of ``describe_shares``, 100 if it has none."""
    return sum(map(int, re.findall(r"\d+", shares))) or 100


def forget(source: LibrarySource, output: Output) -> int:
    """Delete the cache of ``source``; the articles stay."""
    is_deleted = delete_library(library_folder(source.paths, default_cache()))
    names = ", ".join(map(str, source.paths))
    output.note(f"Deleted the cache of {names}." if is_deleted else f"No cache of {names}.")
    return ExitCode.ANSWERED


def check(source: LibrarySource, output: Output) -> int:
    """Print damage to the cache, and its differences from the files."""
    faults = [*verify.verify_library(source.paths, default_cache())]
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
    yield "library", count_library(library)
    if opened.folder:
        yield "cache", describe_folder(opened.folder)
