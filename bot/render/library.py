"""One-line descriptions of a library: which articles are searched, and how many."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.config.paths import LibrarySource, Origin, config_file
from bot.render.text import pluralize, sanitize

if TYPE_CHECKING:
    from bot.articles.searched_library import SearchedLibrary


def describe_source(source: LibrarySource) -> str:
    """Return a line that names the articles, before their number is known."""
    return _describe(source, "articles", "")


def describe_library(source: LibrarySource, library: "SearchedLibrary") -> str:
    """Return a line that names the articles and counts them."""
    counts = count_library(library)
    return _describe(source, counts, f"{counts} of ")


def count_library(library: "SearchedLibrary") -> str:
    """Return the numbers of articles and sentences: "3 articles, 9 sentences"."""
    articles, sentences = len(library), library.sentence_count
    return f"{pluralize(articles, 'article')}, {pluralize(sentences, 'sentence')}"


def describe_folder(folder: Path, size: int) -> str:
    """Return the size, in bytes, and path of a cached library.

    >>> describe_folder(Path("cache"), 12_340_000)
    '12.3 MB in cache'
    """
    return f"{size / 1e6:,.1f} MB in {folder}"


def _describe(source: LibrarySource, bundled: str, counts: str) -> str:
    paths = sanitize(source.cluster or ", ".join(map(str, source.paths)))
    return {
        Origin.GIVEN: f"Searching {counts}{paths}.",
        Origin.CONFIG: f"Searching {counts}{paths}, as set in {config_file()}.",
        Origin.BUNDLED: f"Searching the bundled {bundled}.",
    }[source.origin]
