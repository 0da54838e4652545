"""Read and write files of NumPy arrays, which are memory-mapped rather than read.

A file is the magic ``BOT ARRAYS 2``, the arrays, each at a multiple of 64 bytes, a directory of
them as JSON, and a footer of 16 bytes: offset, length and CRC-32 of the directory.
"""

import json
import mmap
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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

MAGIC = b"BOT ARRAYS 2\n".ljust(64, b"\0")
FOOTER = Struct("<QII")
ALIGNMENT = 64
# Bytes of an array that have a checksum of their own: anything from 64 KB to 4 MB takes the same
# time for each byte.
BLOCK_SIZE = 1 << 16


class ArrayEntry(NamedTuple):
    """Directory entry of an array: NumPy's name of its dtype, offset, bytes, CRC-32 by block."""

    dtype: str
    offset: int
    size: int
    checksums: list[int]


class ArrayWriter:
    """Writes named arrays to a file, block by block; see :func:`write_arrays`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._directory: dict[str, ArrayEntry] = {}
        file.write(MAGIC)

    def add(self, name: str, dtype: npt.DTypeLike, blocks: Iterable[Array]) -> None:
        """Write an array of ``dtype``, the concatenation of ``blocks``."""
        offset, checksums, kind = self._file.tell(), BlockChecksums(), np.dtype(dtype)
        for block in blocks:
            data = np.ascontiguousarray(block, kind).data.cast("B")
            checksums.add(data)
            self._file.write(data)
        end = self._file.tell()
        self._directory[name] = ArrayEntry(kind.str, offset, end - offset, checksums.values)
        self._file.write(bytes(-end % ALIGNMENT))

    def finish(self) -> None:
        """Write the directory and the footer."""
        offset, directory = self._file.tell(), json.dumps(self._directory).encode()
        self._file.write(directory)
        self._file.write(FOOTER.pack(offset, len(directory), crc32(directory)))


class BlockChecksums:
    """The CRC-32 of each ``BLOCK_SIZE`` bytes of data that comes in parts of any size."""

    def __init__(self) -> None:
        self.values: list[int] = []
        self._room = 0  # in the last block

    def add(self, data: memoryview) -> None:
        """Add the next bytes."""
        while data:
            if not self._room:
                self.values.append(0)
                self._room = BLOCK_SIZE
            part, data = data[: self._room], data[self._room :]
            self.values[-1] = crc32(part, self.values[-1])
            self._room -= len(part)


class LazyCheck:
    """Verifies an array of a mapped file: each block once, before it is read."""

    def __init__(self, file: Path, name: str, array: Array, checksums: Sequence[int]) -> None:
        self._file, self._name, self._item_size = file, name, array.itemsize
        self._bytes = array.view(np.uint8).data
        self._checksums = checksums
        self._is_unread = bytearray(b"\1" * len(checksums))

    def verify(self, start: int, stop: int) -> None:
        """Verify the items from ``start`` to ``stop``. Raises DamagedCache."""
        first = start * self._item_size // BLOCK_SIZE
        end = -(-stop * self._item_size // BLOCK_SIZE)  # rounded up
        while (block := self._is_unread.find(1, first, end)) >= 0:
            data = self._bytes[block * BLOCK_SIZE : (block + 1) * BLOCK_SIZE]
            if crc32(data) != self._checksums[block]:
                raise DamagedCache(self._file, f"wrong checksum of {self._name}")
            self._is_unread[block] = 0


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
    return load_lazily(file, unread)[0]


def load_lazily(
    file: Path, lazy: Collection[str]
) -> tuple[Mapping[str, Array], Mapping[str, LazyCheck]]:
    """Return the arrays in ``file``, and a check for each of ``lazy``, which were not verified."""
    arrays, checks = {}, {}
    try:
        with file.open("rb", buffering=0) as stream:
            if not os.fstat(stream.fileno()).st_size:
                raise DamagedCache(file, "the file is empty")
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            # A plain array: slicing it costs a tenth of slicing a numpy.memmap.
            content = np.frombuffer(mapped, np.uint8)
            for name, entry in read_directory(file, content).items():
                end = entry.offset + entry.size
                array = content[entry.offset : end].view(entry.dtype)
                arrays[name] = array
                if name in lazy:
                    checks[name] = LazyCheck(file, name, array, entry.checksums)
                elif read_checksums(stream, entry) != entry.checksums:
                    raise DamagedCache(file, f"wrong checksum of {name}")
    except OSError as error:
        raise DamagedCache(file, error.strerror or "cannot be read") from error
    return arrays, checks


def read_checksums(stream: RawIOBase, entry: ArrayEntry) -> list[int]:
    """Return the CRC-32 of each block of an array, fewer if the file ends before it.

    Reading rather than mapping them takes a third less time, and keeps the pages out of this
    process's resident memory.
    """
    buffer, size, checksums = memoryview(bytearray(BLOCK_SIZE)), entry.size, BlockChecksums()
    stream.seek(entry.offset)
    while size and (count := stream.readinto(buffer[: min(size, BLOCK_SIZE)])):
        checksums.add(buffer[:count])
        size -= count
    return checksums.values


def read_directory(file: Path, content: Array) -> Mapping[str, ArrayEntry]:
    """Return the directory in ``content``, ``uint8[bytes]`` of ``file``. Raises DamagedCache."""
    if len(content) < len(MAGIC) + FOOTER.size or content[: len(MAGIC)].tobytes() != MAGIC:
        raise DamagedCache(file, "not an array file of this version")
    offset, size, checksum = FOOTER.unpack(content[-FOOTER.size :].tobytes())
    directory = content[offset : offset + size].tobytes()
    if not directory or len(directory) != size or crc32(directory) != checksum:
        raise DamagedCache(file, "its end is missing or wrong")
    return {name: ArrayEntry(*entry) for name, entry in json.loads(directory).items()}
