"""The reader of each file format, by suffix, and the articles that it makes of a file."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from bot.articles.article import Article
from bot.articles.files import File, Files, describe_os_error, printable_path
from bot.errors import NothingToRead, UnreadableFile
from bot.lazy import lazy_function

# A reader takes a file's bytes and its source, and yields its articles. Raised, UnreadableFile
# means that nothing of the file can be read; yielded, that a part of it cannot.
Reader = Callable[..., Iterable[Article | UnreadableFile]]


class Format(NamedTuple):
    """A file format.

    ``is_container`` says that a file of it holds files of other formats, so that its reader takes
    the depth of nesting as well, and ``is_archive`` that it holds nothing else.
    """

    read: Reader
    is_container: bool = False
    is_archive: bool = False


def _reader(module: str, name: str) -> Reader:
    return lazy_function(f"bot.articles.{module}", name)


def _text_reader(module: str, name: str) -> Reader:
    """Return the reader of a format with one article a file."""
    read: Callable[[bytes, str], Article] = lazy_function(f"bot.articles.{module}", name)

    def read_one(data: bytes, source: str) -> Iterator[Article]:
        yield read(data, source)

    return read_one


TEXT = Format(_text_reader("plain", "read_plain"))
MARKDOWN = Format(_text_reader("markdown", "read_markdown"))
HTML = Format(_reader("html", "read_html"))
MHTML = Format(_reader("mail", "read_mhtml"))
PDF = Format(_reader("pdf", "read_pdf"))
DOCX = Format(_reader("docx", "read_docx"))
ODT = Format(_reader("odt", "read_odt"))
PPTX = Format(_reader("pptx", "read_pptx"))
EPUB = Format(_reader("epub", "read_epub"))
RTF = Format(_reader("rtf", "read_rtf"))
MAIL = Format(_reader("mail", "read_eml"), is_container=True)
MBOX = Format(_reader("mail", "read_mbox"), is_container=True)
FEED = Format(_reader("feeds", "read_feed"))
JSONL = Format(_reader("tables", "read_jsonl"))
CSV = Format(_reader("tables", "read_csv"))
SUBTITLES = Format(_reader("subtitles", "read_subtitles"))
ZIP = Format(_reader("archives", "read_zip"), is_container=True, is_archive=True)
GZ = Format(_reader("archives", "read_gz"), is_container=True, is_archive=True)

FORMATS: dict[str, Format] = {
    suffix: each
    for each, suffixes in (
        (TEXT, ".txt .text"),
        (MARKDOWN, ".md .markdown"),
        (HTML, ".html .htm .xhtml .xht .shtml"),
        (MHTML, ".mhtml .mht"),
        (PDF, ".pdf"),
        (DOCX, ".docx .docm .dotx"),
        (ODT, ".odt .ott"),
        (PPTX, ".pptx .pptm .ppsx"),
        (EPUB, ".epub"),
        (RTF, ".rtf"),
        (MAIL, ".eml"),
        (MBOX, ".mbox .mbx"),
        (FEED, ".rss .atom .rdf .xml .json"),
        (JSONL, ".jsonl .ndjson"),
        (CSV, ".csv .tsv"),
        (SUBTITLES, ".srt .vtt"),
        (ZIP, ".zip"),
        (GZ, ".gz"),
    )
    for suffix in suffixes.split()
}
# Of these files a folder has many that are no articles; see is_article_name.
AMBIGUOUS = (".xml", ".json", ".gz")
FOLDER_SUFFIXES = FORMATS.keys() - {*AMBIGUOUS}
FEED_NAMES = frozenset(
    f"{stem}{suffix}"
    for stem in ("feed", "feeds", "rss", "atom", "index", "rdf")
    for suffix in (".xml", ".json")
)

# Formats that are no text, so that an editor would show their bytes.
VIEWED_SUFFIXES = frozenset(
    suffix
    for suffix, each in FORMATS.items()
    if each in (HTML, MHTML, PDF, DOCX, ODT, PPTX, EPUB, RTF, ZIP, GZ)
)

# Bytes. The longest novels have 10 MB; a larger file is a dump, and reading it takes ten times
# its size in memory.
MAX_FILE_SIZE = 100_000_000
# How deep files may be nested: a mail is one level, an archive two. An archive within an archive is
# more often a bomb than not; one in a mail, or mail in mail in mail, is real.
MAX_DEPTH, MAX_ARCHIVE_DEPTH = 3, 1
# Faults of one file that are told one by one.
MAX_FAULTS = 5


def format_of(name: str) -> Format | None:
    """Return the format of the file ``name``, None for an unknown one.

    >>> format_of("page.HTML") is HTML, format_of("page.exe")
    (True, None)
    """
    return FORMATS.get(PurePosixPath(name).suffix.lower())


def is_article_name(name: str) -> bool:
    """Return whether a file in a folder is read although its suffix alone does not tell.

    >>> is_article_name("feed.xml"), is_article_name("pom.xml"), is_article_name("a.html.gz")
    (True, False, True)
    """
    name = name.lower()
    if not name.endswith(AMBIGUOUS):
        return False
    packed = name.removesuffix(".gz")
    return name in FEED_NAMES or (packed != name and packed[packed.rfind(".") :] in FOLDER_SUFFIXES)


def find_files(paths: Sequence[str | os.PathLike[str]]) -> Files:
    """Return the files at ``paths`` that a library is read from. Raises ValueError for no path."""
    if not paths:
        raise ValueError("no path to read from")
    return Files(paths, FOLDER_SUFFIXES.__contains__, is_article_name)


def read_files(
    paths: Sequence[str | os.PathLike[str]],
) -> tuple[list[Article], tuple[UnreadableFile, ...], int]:
    """Return the articles at ``paths``, what cannot be read, and the number of ignored files.

    Raises NothingToRead if none of several can be read, and ValueError without a path.
    """
    files = find_files(paths)
    articles, skipped = list[Article](), [*files.skipped]
    for file in files.files:
        try:
            for part in read_articles(file):
                if isinstance(part, Article):
                    articles.append(part)
                else:
                    skipped.append(part)
        except UnreadableFile as error:
            skipped.append(error)
    if skipped and not articles:
        raise NothingToRead(tuple(os.fspath(path) for path in paths), tuple(skipped))
    return articles, tuple(skipped), files.ignored


def read_articles(file: File) -> Iterator[Article | UnreadableFile]:
    """Yield the articles in ``file``, and its parts that cannot be read. Raises UnreadableFile."""
    return parse_articles(file.path, file.source, read_bytes(file))


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


def parse_articles(path: str, source: str, data: bytes) -> Iterator[Article | UnreadableFile]:
    """Yield the articles in ``data``, the content of the file at ``path``.

    A file whose suffix has no reader is read as plain text. Parts that cannot be read are yielded
    as UnreadableFile, the first ``MAX_FAULTS`` of them and then their number. Raises
    UnreadableFile, and nothing else, if the whole cannot be read.
    """
    shown, faults = printable_path(path), 0
    try:
        for part in read_part(Path(path).name, data, source, 0, FORMATS[".txt"]):
            if isinstance(part, Article):
                yield replace(part, path=path)
                continue
            faults += 1
            if faults <= MAX_FAULTS:
                yield UnreadableFile(shown + part.path.removeprefix(source), part.fault)
    except UnreadableFile as error:
        raise UnreadableFile(shown, error.fault) from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableFile(shown, "nested too deep, or too large, to read; split it") from error
    if faults > MAX_FAULTS:
        yield UnreadableFile(shown, f"{faults - MAX_FAULTS:,} more parts cannot be read")


def read_part(
    name: str, data: bytes, source: str, depth: int, fallback: Format | None = None
) -> Iterator[Article | UnreadableFile]:
    """Yield the articles of the file ``name``, which lies ``depth`` levels deep in another.

    A file of an unknown format is read as ``fallback``, or not at all.
    """
    found = format_of(name) or fallback
    if found is None:
        return
    if depth > (MAX_ARCHIVE_DEPTH if found.is_archive else MAX_DEPTH):
        yield UnreadableFile(source, "an archive within an archive; unpack it")
        return
    arguments: tuple[Any, ...] = (depth,) if found.is_container else ()
    try:
        yield from found.read(data, source, *arguments)
    except UnreadableFile as error:
        if not depth:
            raise
        yield error
