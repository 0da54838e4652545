"""Archives (.gz, .zip) → the articles of the files in them; nothing is ever written."""

import gzip
import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from bot.articles.article import Article
from bot.articles.formats import format_of, read_part
from bot.articles.zip_xml import LARGEST_UNPACKED
from bot.errors import UnreadableFile

MOST_MEMBERS = 10_000
CHUNK = 1_000_000
TOO_LARGE = "larger than 100 MB inside; unpack it"
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def read_gz(data: bytes, source: str, depth: int = 0) -> Iterator[Article | UnreadableFile]:
    """Read the one file that a .gz holds, by the suffix before it."""
    name = source[: -len(".gz")] if source.lower().endswith(".gz") else source
    if format_of(name) is None:
        raise UnreadableFile(source, "a file of unknown kind inside; unpack it")
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            content = packed.read(LARGEST_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(source, "damaged: it cannot be unpacked") from error
    if len(content) > LARGEST_UNPACKED:
        raise UnreadableFile(source, TOO_LARGE)
    yield from read_part(PurePosixPath(name).name, content, source, depth + 2)


def read_zip(data: bytes, source: str, depth: int = 0) -> Iterator[Article | UnreadableFile]:
    """Read the files in a zip whose suffixes are known; their names are labels, and no more."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise UnreadableFile(source, "damaged, or no zip") from error
    members = [info for info in archive.infolist() if _is_read(info)]
    left = LARGEST_UNPACKED
    seen: dict[str, int] = {}
    for info in members[:MOST_MEMBERS]:
        label = f"{source}/{_label(info.filename, seen)}"
        try:
            content = _unpack(archive, info, label, left)
        except UnreadableFile as fault:
            yield fault
            if fault.fault == TOO_LARGE:
                return
            continue
        left -= len(content)
        yield from read_part(info.filename, content, label, depth + 2)
    if len(members) > MOST_MEMBERS:
        yield UnreadableFile(source, f"more than {MOST_MEMBERS:,} files inside; unpack it")
    if not members:
        raise UnreadableFile(source, "no file in it that can be read")


def _is_read(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a file of a known kind, and not hidden."""
    parts = info.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part.strip(".") for part in parts)
    return not (info.is_dir() or hidden or "__MACOSX" in parts) and bool(format_of(parts[-1]))


def _label(name: str, seen: dict[str, int]) -> str:
    """Return how a member is called: its path without "..", and a number if it is there twice."""
    name = posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/")
    seen[name] = count = seen.get(name, 0) + 1
    return name if count == 1 else f"{name} ({count})"


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, left: int) -> bytes:
    """Return the content of a member, of ``left`` bytes at most. Raises UnreadableFile."""
    pieces: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as member:
            while piece := member.read(CHUNK):
                size += len(piece)
                if size > left:
                    raise UnreadableFile(label, TOO_LARGE)
                pieces.append(piece)
    except RuntimeError as error:  # zipfile's word for a password
        raise UnreadableFile(label, "password-protected; unpack it") from error
    except DAMAGE as error:
        raise UnreadableFile(label, "damaged: it cannot be unpacked") from error
    return b"".join(pieces)
