"""One-line descriptions of a library: which articles are searched, and how many."""

from typing import TYPE_CHECKING

from bot.config.paths import LibrarySource, Origin, config_file
from bot.render.text import pluralize, sanitize

if TYPE_CHECKING:
    from bot.articles.library import Library


def describe_source(source: LibrarySource) -> str:
    """Return a line that names the articles, before their number is known."""
    return _describe(source, "articles", "")


def describe_library(source: LibrarySource, library: "Library") -> str:
    """Return a line that names the articles and counts them."""
    counts = count_library(library)
    return _describe(source, counts, f"{counts} of ")


def count_library(library: "Library") -> str:
    """Return the numbers of articles and sentences: "3 articles, 9 sentences"."""
    articles, sentences = len(library.articles), len(library)
    return f"{pluralize(articles, 'article')}, {pluralize(sentences, 'sentence')}"


def _describe(source: LibrarySource, bundled: str, counts: str) -> str:
    paths = sanitize(", ".join(map(str, source.paths)))
    return {
        Origin.GIVEN: f"Searching {counts}{paths}.",
        Origin.CONFIG: f"Searching {counts}{paths}, as set in {config_file()}.",
        Origin.BUNDLED: f"Searching the bundled {bundled}.",
    }[source.origin]
