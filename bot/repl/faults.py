"""What went wrong inside, kept in a file, so that it can be reported."""

import os
import traceback
from datetime import datetime
from pathlib import Path

# A file that has grown so large begins anew.
LARGEST = 1_000_000


def log_fault(file: Path, fault: Exception) -> str:
    """Add ``fault`` to ``file``; return a line that says so."""
    said = f"bot: error: {type(fault).__name__}: {fault}".splitlines()[0]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        if file.exists() and file.stat().st_size > LARGEST:
            flags |= os.O_TRUNC
        with os.fdopen(os.open(file, flags, 0o600), "w", encoding="utf-8", errors="replace") as log:
            log.write(f"{datetime.now()}\n{''.join(traceback.format_exception(fault))}\n")
    except OSError as error:
        return f"{said} ({file}: {error.strerror})"
    return f"{said} (more in {file})"
