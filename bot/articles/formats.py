"""A file → an article, by the reader of its suffix."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bot.articles.article import Article
from bot.articles.files import File, describe_os_error, printable_path
from bot.errors import UnreadableFile

# A reader is given a file's bytes and its source; what is no text it raises as Unreadable.
Reader = Callable[[bytes, str], Article]

# Readers are loaded when there is something to read, here as in library.py: a start that finds all
# read before takes 25 ms of 190 less.


def read_plain(data: bytes, source: str) -> Article:
    """Read plain text."""
    from bot.articles import plain

    return plain.read_plain(data, source)


def read_markdown(data: bytes, source: str) -> Article:
    """Read Markdown."""
    from bot.articles import markdown

    return markdown.read_markdown(data, source)


READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

# The longest of novels has 10 MB; more is a dump, which would take ten times its size in memory.
LARGEST = 100_000_000


def read_article(file: File) -> Article:
    """Read ``file`` by the reader of its suffix. Raises Unreadable."""
    return parse_article(file.path, file.source, read_bytes(file))


def read_bytes(file: File) -> bytes:
    """Return the bytes of ``file``. Raises Unreadable."""
    if file.size > LARGEST:
        raise UnreadableFile(printable_path(file.path), "larger than 100 MB; split it")
    try:
        return Path(file.path).read_bytes()
    except OSError as error:
        raise UnreadableFile(
            printable_path(file.path), describe_os_error(file.path, error)
        ) from error


def parse_article(path: str, source: str, data: bytes) -> Article:
    """Return the article that ``data`` holds, as plain text if the suffix has no reader.

    Raises Unreadable.
    """
    reader = READERS.get(Path(path).suffix.lower(), read_plain)
    try:
        article = reader(data, source)
    except UnreadableFile as error:
        raise UnreadableFile(printable_path(path), error.fault) from error
    metadata = {**article.metadata, "path": path}
    return replace(article, metadata=MappingProxyType(metadata))
