"""The log of unexpected exceptions, so that users can report them."""

import os
import traceback
from datetime import datetime
from pathlib import Path

from bot.config.private_file import open_private_file

# A log beyond this size, in bytes, starts again empty.
MAX_LOG_SIZE = 1_000_000


def log_fault(log: Path | None, fault: Exception) -> str:
    """Append the traceback of ``fault`` to ``log``, if there is one; return a line for the user."""
    summary = f"bot: error: {type(fault).__name__}: {fault}".splitlines()[0]
    if log is None:
        return summary
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND
        if log.exists() and log.stat().st_size > MAX_LOG_SIZE:
            flags |= os.O_TRUNC
        handle = open_private_file(log, flags)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write(f"{datetime.now()}\n{''.join(traceback.format_exception(fault))}\n")
    except OSError as error:
        return f"{summary} ({log}: {error.strerror})"
    return f"{summary} (details in {log})"
