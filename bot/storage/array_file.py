"""Read and write files of NumPy arrays, which are memory-mapped rather than read.

A file is the magic ``BOT ARRAYS 1``, the arrays, each at a multiple of 64 bytes, a directory of
them as JSON, and a footer of 16 bytes: offset, length and CRC-32 of the directory.
"""

import json
import mmap
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.errors import DamagedCache
from bot.storage.atomic import replace_file

Array = npt.NDArray[Any]

MAGIC = b"BOT ARRAYS 1\n".ljust(64, b"\0")
FOOTER = Struct("<QII")
ALIGNMENT = 64
# Bytes read at once to compute a checksum: anything from 64 KB to 4 MB takes the same time.
READ_SIZE = 1 << 20


class ArrayEntry(NamedTuple):
    """Directory entry of an array: NumPy's name of its dtype, offset, bytes and CRC-32."""

    dtype: str
    offset: int
    size: int
    checksum: int


class ArrayWriter:
    """Writes named arrays to a file, block by block; see :func:`write_arrays`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: dict[str, ArrayEntry] = {}
        file.write(MAGIC)

    def add(self, name: str, dtype: npt.DTypeLike, blocks: Iterable[Array]) -> None:
        """Write an array of ``dtype``, the concatenation of ``blocks``."""
        offset, checksum, kind = self._file.tell(), 0, np.dtype(dtype)
        for block in blocks:
            data = np.ascontiguousarray(block, kind).data.cast("B")
            checksum = crc32(data, checksum)
            self._file.write(data)
        end = self._file.tell()
        self._directory[name] = ArrayEntry(kind.str, offset, end - offset, checksum)
        self._file.write(bytes(-end % ALIGNMENT))

    def finish(self) -> None:
        """Write the directory and the footer."""
        offset, directory = self._file.tell(), json.dumps(self._directory).encode()
        self._file.write(directory)
        self._file.write(FOOTER.pack(offset, len(directory), crc32(directory)))


@contextmanager
def write_arrays(file: Path, *, sync: bool = False) -> Iterator[ArrayWriter]:
    """Yield a writer of arrays; ``file`` is replaced when the ``with`` block ends.

    Without ``sync``, which takes a second where an index is large, a power failure may cut the
    file off, and its checksums tell.
    """
    with replace_file(file, sync=sync) as stream:
        writer = ArrayWriter(stream)
        yield writer
        writer.finish()


def load_arrays(file: Path, unread: Collection[str] = ()) -> Mapping[str, Array]:
    """Return the arrays in ``file`` by name, memory-mapped and read-only.

    They are read once to verify the checksums, but for those named by ``unread``, whose parts the
    caller verifies when it reads them. Raises DamagedCache.
    """
    arrays = {}
    try:
        with file.open("rb", buffering=0) as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise DamagedCache(file, "the file is empty")
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            # A plain array: slicing it costs a tenth of slicing a numpy.memmap.
            content = np.frombuffer(mapped, np.uint8)
            for name, entry in read_directory(file, content).items():
                stream.seek(entry.offset)
                if name not in unread and read_checksum(stream, entry.size) != entry.checksum:
                    raise DamagedCache(file, f"wrong checksum of {name}")
                end = entry.offset + entry.size
                arrays[name] = content[entry.offset : end].view(entry.dtype)
    except OSError as error:
        raise DamagedCache(file, error.strerror or "cannot be read") from error
    return arrays


def read_checksum(stream: RawIOBase, size: int) -> int:
    """Return the CRC-32 of the next ``size`` bytes, fewer at the end of the file.

    Reading rather than mapping them takes a third less time, and keeps the pages, 70 MB for a
    million sentences, out of this process's resident memory.
    """
    buffer, checksum = memoryview(bytearray(READ_SIZE)), 0
    while size and (count := stream.readinto(buffer[: min(size, READ_SIZE)])):
        checksum = crc32(buffer[:count], checksum)
        size -= count
    return checksum


def read_directory(file: Path, content: Array) -> Mapping[str, ArrayEntry]:
    """Return the directory in ``content``, ``uint8[bytes]`` of ``file``. Raises DamagedCache."""
    if len(content) < len(MAGIC) + FOOTER.size or content[: len(MAGIC)].tobytes() != MAGIC:
        raise DamagedCache(file, "not an array file of this version")
    offset, size, checksum = FOOTER.unpack(content[-FOOTER.size :].tobytes())
    directory = content[offset : offset + size].tobytes()
    if not directory or len(directory) != size or crc32(directory) != checksum:
        raise DamagedCache(file, "its end is missing or wrong")
    return {name: ArrayEntry(*entry) for name, entry in json.loads(directory).items()}
