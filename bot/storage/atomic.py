"""Replace a file as a whole: its readers see the old content or the new, never a part."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import BinaryIO

from bot.config.private_file import SAFE_FLAGS, exists_as_own, file_mode, set_mode

# Pattern of the names of temporary files, for whoever cleans up after a killed process.
TEMPORARY_GLOB = ".bot-*.tmp"
CREATE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE_FLAGS
# Seconds between attempts to rename a file over one that is open, which only Windows refuses.
RENAME_PAUSES = (0.01, 0.05, 0.2, 0.5) if os.name == "nt" else ()


@contextmanager
def replace_file(file: Path, *, mode: int = 0o666, sync: bool = True) -> Iterator[BinaryIO]:
    """Yield a new binary file that replaces ``file`` at the end of the ``with`` block.

    The new file is written beside ``file`` under a random name, with permissions ``mode`` less
    the umask. If the block raises, it is deleted and ``file`` keeps its content. A symbolic link
    at ``file`` is replaced itself; its target stays as it is: the names in the cache are ours. For
    a file that the user names, see ``replace_own_file``. ``sync`` has the content reach the
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
        replace_patiently(temporary, file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


@contextmanager
def replace_own_file(file: Path) -> Iterator[BinaryIO]:
    """As ``replace_file``, for a file that the user names, which may exist and be a link.

    The link stays and its target is replaced, with the same permissions. Raises OSError, among
    them those of ``exists_as_own``: a device, a FIFO or the file of another user is left alone.
    """
    if not exists_as_own(file):
        with replace_file(file) as stream:
            yield stream
        return
    target = file.resolve()
    mode = file_mode(target)
    with replace_file(target, mode=mode) as stream:
        set_mode(stream.fileno(), mode)  # the umask may have taken bits from it
        yield stream


def replace_patiently(
    source: Path,
    target: Path,
    replace: Callable[[Path, Path], object] = os.replace,
    pauses: Sequence[float] = RENAME_PAUSES,
) -> None:
    """Rename ``source`` to ``target``; if that is refused, once more after each of ``pauses``.

    Windows refuses while another program, such as a virus scanner, has ``target`` open.
    ``replace`` is the call of the system. Raises OSError.
    """
    for pause in pauses:
        with suppress(PermissionError):
            replace(source, target)
            return
        sleep(pause)
    replace(source, target)
