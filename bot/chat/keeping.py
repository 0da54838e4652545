"""Articles read and saved for the command line, and what ``bot index`` says of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bot.articles.files import File
from bot.articles.reading import Batch
from bot.chat.places import counted
from bot.chat.progress import progress
from bot.errors import NothingToRead
from bot.retrieval.saved import Opened, cache_folder, clean, folder_of, forget, opened
from bot.retrieval.saving import Ways


def at_once(files: Iterable[Sequence[File]]) -> Iterator[Batch]:
    """Read batches of files on all processors."""
    from bot.articles.parallel import in_parallel  # 20 ms, which only those who read need

    return in_parallel(files)


def read(
    paths: Sequence[Path], warn: Callable[[str], None], *, wait: bool, rebuild: bool
) -> Opened:
    """Read the articles at ``paths``, and save them; each fault is a warning.

    Raises NothingToRead.
    """
    with progress() as far:
        ways = Ways(at_once, warn, far, wait)
        found = opened(paths, cache_folder(), ways, rebuild=rebuild).something(paths)
    for fault in found.library.skipped:
        warn(str(fault))
    if not found.library.articles:
        raise NothingToRead(tuple(map(str, paths)))
    return found


def summary(found: Opened, seconds: float) -> list[tuple[str, str]]:
    """Return the rows of what was read and saved."""
    library, report = found.library, found.report
    rows = [
        ("read", f"{report.added:,} new, {report.changed:,} changed, in {seconds:.2f} s"),
        ("unchanged", f"{report.unchanged:,}"),
        ("removed", f"{report.removed:,}"),
        ("skipped", f"{len(library.skipped):,} that could not be read"),
        ("passed over", f"{library.passed_over:,} hidden or of another kind"),
        ("library", counted(library)),
    ]
    if found.folder:
        clean(cache_folder())
        rows.append(("saved", f"{size(found.folder) / 1e6:,.1f} MB in {found.folder}"))
    return rows


def size(folder: Path) -> int:
    """Return how many bytes the files in ``folder`` take, less those that go meanwhile."""
    total = 0
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):
            total += file.stat().st_size
    return total


def forgotten(paths: Sequence[Path]) -> str:
    """Delete what is saved of the articles at ``paths``; return what was done, in words."""
    named = ", ".join(map(str, paths))
    if forget(folder_of(paths, cache_folder())):
        return f"Forgot what was saved of {named}."
    return f"Nothing was saved of {named}."
