"""Replace a file as a whole: its readers see the old content or the new, never a part."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

# Pattern of the names of temporary files, for whoever cleans up after a killed process.
TEMPORARY_GLOB = ".bot-*.tmp"
# Python opens files in text mode on Windows unless told otherwise.
CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def replace_file(file: Path, *, mode: int = 0o666, sync: bool = True) -> Iterator[BinaryIO]:
    """Yield a new binary file that replaces ``file`` at the end of the ``with`` block.

    The new file is written beside ``file`` under a random name, with permissions ``mode`` less
    the umask. If the block raises, it is deleted and ``file`` keeps its content. A symbolic link
    at ``file`` is replaced itself; its target stays as it is. ``sync`` has the content reach the
    disk before the name does, so that a power failure cannot leave an empty file; it costs a few
    milliseconds per file and more for large ones. Raises OSError.
    """
    temporary = file.with_name(TEMPORARY_GLOB.replace("*", os.urandom(8).hex()))
    handle = os.open(temporary, CREATE_FLAGS, mode)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor, not a path
            yield stream
            if sync:
                stream.flush()
                os.fsync(handle)
        temporary.replace(file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
