"""The reader of each file format, by suffix."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bot.articles.article import Article
from bot.articles.files import File, describe_os_error, printable_path
from bot.articles.lazy import lazy_function
from bot.errors import UnreadableFile

# A reader takes a file's bytes and its source, and raises UnreadableFile if they are no text.
Reader = Callable[[bytes, str], Article]

read_plain: Reader = lazy_function("bot.articles.plain", "read_plain")
read_markdown: Reader = lazy_function("bot.articles.markdown", "read_markdown")

READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
}

# Bytes. The longest novels have 10 MB; a larger file is a dump, and reading it takes ten times
# its size in memory.
MAX_FILE_SIZE = 100_000_000


def read_article(file: File) -> Article:
    """Return the article in ``file``. Raises UnreadableFile."""
    return parse_article(file.path, file.source, read_bytes(file))


def read_bytes(file: File) -> bytes:
    """Return the content of ``file``. Raises UnreadableFile."""
    if file.size > MAX_FILE_SIZE:
        raise UnreadableFile(printable_path(file.path), "larger than 100 MB; split it")
    try:
        return Path(file.path).read_bytes()
    except OSError as error:
        raise UnreadableFile(
            printable_path(file.path), describe_os_error(file.path, error)
        ) from error


def parse_article(path: str, source: str, data: bytes) -> Article:
    """Return the article in ``data``, the content of the file at ``path``.

    A file whose suffix has no reader is read as plain text. Raises UnreadableFile.
    """
    reader = READERS.get(Path(path).suffix.lower(), read_plain)
    try:
        article = reader(data, source)
    except UnreadableFile as error:
        raise UnreadableFile(printable_path(path), error.fault) from error
    metadata = {**article.metadata, "path": path}
    return replace(article, metadata=MappingProxyType(metadata))
