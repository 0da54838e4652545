"""The threads of OpenBLAS, NumPy's linear algebra, of which this program needs none.

It starts one for each processor when NumPy is imported, and each waits for work by turning around,
which costs a start 50 ms of processor time.
"""

import os

# OpenBLAS's number of threads where the user has set none.
VARIABLE = "OPENBLAS_DEFAULT_NUM_THREADS"


def start_no_blas_threads() -> None:
    """Have OpenBLAS start no threads once NumPy is imported, unless the user has set a number."""
    os.environ[VARIABLE] = "1"


def leave_blas_threads_to_programs() -> None:
    """Take that back, now that NumPy is imported, for the programs that are started from here."""
    os.environ.pop(VARIABLE, None)
