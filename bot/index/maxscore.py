"""Which rows can be among the best: parts of a search that does not add every posting.

MaxScore: Turtle & Flood, *Query evaluation: strategies and optimizations*, 1995. A question's
terms are added rarest first. Once some rows are sure to reach more than all the terms that are left
can give, a row without one of those that were added is out.
"""

import numpy as np
import numpy.typing as npt

from bot.index.postings import Ints

Flags = npt.NDArray[np.bool_]

# Lists of so many postings are added without asking whether they matter. At a million sentences
# 2,000 to 16,000 take the same time; at 100,000 32,000 takes half as much again.
MIN_PRUNED = 8192
# Of the rows that lead, so many times as many as are wanted are looked up among the terms that are
# left: of 1, 2, and 4 the last took least time by a hair.
TRIAL_FACTOR = 4
# So many times as many postings as rows that matter are not read through, but searched for them.
SEEK_FACTOR = 16


def rounding_slack(terms: int) -> float:
    """Return by how much of it a sum over so many terms may differ from its bound.

    Sums are in single precision: each weight and each addition may be off by 2^-24 of the sum, in
    the sum and in what it is compared with.
    """
    return terms * 2.0**-21


def find_sorted(rows: Ints, holding: Ints) -> tuple[Ints, Flags]:
    """Return where each of ``rows`` stands in ``holding``, which ascends, and whether it does.

    Where it does not, the place is one past the last, or that of another row.
    """
    # Of one type, or all of ``holding`` would be copied to be of that of ``rows``.
    rows = rows.astype(holding.dtype, copy=False)
    places = holding.searchsorted(rows)
    return places, holding.take(places, mode="clip") == rows
