"""Work in a child process, for the programs beside this one."""

import os
import sys
import traceback
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
    except BaseException:  # the process ends before Python would print it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
