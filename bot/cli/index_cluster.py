"""``bot index --engine``: bring the library on a cluster up to date, or delete it."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter

from bot.cli.cluster import cluster_address
from bot.cli.exit_code import ExitCode
from bot.cli.library import open_source
from bot.cli.output import Output
from bot.cli.progress import ProgressBar
from bot.cluster.connection import ClusterConnection
from bot.cluster.errors import PublishingFault
from bot.cluster.publish import Publication, PublishingOptions, delete_publication, publish
from bot.config.paths import choose_source
from bot.config.settings import Settings
from bot.render.text import pluralize
from bot.repl.signals import raise_on_interrupt
from bot.storage.snapshot import library_version

INTERRUPTED = "Interrupted; what is complete stays. Run the same command to continue."


def run(paths: tuple[Path, ...], settings: Settings, action: str, copies: Mapping[str, int]) -> int:
    """Publish the articles at ``paths``, or "forget" the library; return the exit code."""
    output = Output.from_settings(settings)
    address = cluster_address(settings)
    connection = ClusterConnection(address)
    if action == "check":
        raise PublishingFault(address, "--check compares the cache of this machine; drop --engine")
    if action == "forget":
        delete_publication(connection)
        output.note(f"Deleted {address.name}.")
        return ExitCode.ANSWERED
    source = choose_source(paths, settings.library)
    opened = open_source(source, output, wait=True)
    progress = ProgressBar()
    options = PublishingOptions(
        rebuild=action == "rebuild",
        reader=library_version(opened.library.analysis),
        notify=partial(progress.print_above, output.note),
        progress=progress,
        **copies,
    )
    start = perf_counter()
    try:
        with raise_on_interrupt(), closing(progress):
            publication = publish(connection, opened.library, options)
    except KeyboardInterrupt:
        output.note(INTERRUPTED)
        raise
    rows = summary_rows(publication, perf_counter() - start, address.name)
    output.write_lines(f"{name:<11}{text}" for name, text in rows)
    return ExitCode.ANSWERED


def summary_rows(publication: Publication, seconds: float, name: str) -> Iterator[tuple[str, str]]:
    """Yield the rows of the summary: what was written, and what is there now."""
    changes, totals = publication.changes, publication.totals
    yield (
        "written",
        (f"{changes['added']:,} new, {changes['changed']:,} changed, in {seconds:.2f} s"),
    )
    yield "unchanged", f"{publication.unchanged:,}"
    yield "removed", f"{changes['removed']:,}"
    counts = pluralize(totals.articles, "article"), pluralize(totals.sentences, "sentence")
    yield "library", ", ".join(counts)
    yield "cluster", name
