"""Arrays → a file, and back: mapped, not read.

A file is the mark ``BOT ARRAYS 1``, the arrays one after the other, each at a multiple of 64
bytes, a directory of them as JSON, and in the last 16 bytes where that begins and its CRC-32.
"""

import json
import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.errors import DamagedCache

Array = npt.NDArray[Any]

MARK = b"BOT ARRAYS 1\n".ljust(64, b"\0")
END = Struct("<QII")
ALIGNED = 64
# Bytes read at once to be compared with their checksum: of 64 KB to 4 MB all take the same time.
READ = 1 << 20


class ArrayWriter:
    """Writes arrays to a file, block by block; see :func:`writing`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: dict[str, tuple[str, int, int, int]] = {}
        file.write(MARK)

    def add(self, name: str, dtype: npt.DTypeLike, blocks: Iterable[Array]) -> None:
        """Write the array that ``blocks`` make, one after the other, as ``dtype``."""
        start, checksum, kind = self._file.tell(), 0, np.dtype(dtype)
        for block in blocks:
            data = np.ascontiguousarray(block, kind).data.cast("B")
            checksum = crc32(data, checksum)
            self._file.write(data)
        end = self._file.tell()
        self._directory[name] = (kind.str, start, end - start, checksum)
        self._file.write(bytes(-end % ALIGNED))

    def finish(self) -> None:
        """Write the directory."""
        place, directory = self._file.tell(), json.dumps(self._directory).encode()
        self._file.write(directory)
        self._file.write(END.pack(place, len(directory), crc32(directory)))


@contextmanager
def write_arrays(file: Path) -> Iterator[ArrayWriter]:
    """Write arrays to what becomes ``file`` once all is written, and not before."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as opened:
            writer = ArrayWriter(opened)
            yield writer
            writer.finish()
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def load_arrays(file: Path) -> Mapping[str, Array]:
    """Return the arrays in ``file``, mapped and not to be written to.

    Each is read once, to compare its checksum. Raises Damaged.
    """
    found = {}
    try:
        with file.open("rb", buffering=0) as opened:
            if not os.fstat(opened.fileno()).st_size:
                raise DamagedCache(file, "it is empty")
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            # As a plain array, of which a slice costs a tenth of a memmap's.
            whole = np.frombuffer(mapped, np.uint8)
            for name, (kind, start, length, checksum) in read_directory(file, whole).items():
                opened.seek(start)
                if read_checksum(opened, length) != checksum:
                    raise DamagedCache(file, "a part of it is not what was written")
                found[name] = whole[start : start + length].view(kind)
    except OSError as error:
        raise DamagedCache(file, error.strerror or "it cannot be read") from error
    return found


def read_checksum(opened: RawIOBase, length: int) -> int:
    """Return the CRC-32 of the next ``length`` bytes, or of as many as there are.

    They are read, not mapped: what is looked at for its checksum alone counts then not as this
    process's memory, at a million sentences 70 MB, and it takes a third less time.
    """
    room, total = memoryview(bytearray(READ)), 0
    while length and (count := opened.readinto(room[: min(length, READ)])):
        total = crc32(room[:count], total)
        length -= count
    return total


def read_directory(file: Path, whole: Array) -> Mapping[str, tuple[str, int, int, int]]:
    """Return what stands where in ``whole``: type, start, bytes and checksum. Raises Damaged."""
    if len(whole) < len(MARK) + END.size or whole[: len(MARK)].tobytes() != MARK:
        raise DamagedCache(file, "it is of another program or version")
    place, length, checksum = END.unpack(whole[-END.size :].tobytes())
    text = whole[place : place + length].tobytes()
    if not text or len(text) != length or crc32(text) != checksum:
        raise DamagedCache(file, "its end is missing or wrong")
    entries: Mapping[str, tuple[str, int, int, int]] = json.loads(text)
    return entries
