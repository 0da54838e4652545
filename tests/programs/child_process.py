"""Work in a child process, for the programs beside this one."""

import os
import sys
from collections.abc import Callable


def fork(work: Callable[[], object]) -> int:
    """Run ``work`` in a child process; return the id of the process."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)
