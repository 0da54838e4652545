"""What a term weighs in a row that holds it: the formulas of BM25.

Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009, §3.4.
"""

from math import log1p
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.index.postings import Floats, Ints, Postings

# Postings weighed at a time: few enough that what lies between stays in the processor's cache.
CHUNK = 1 << 17


def idf(holding: int, total: int) -> float:
    """Return a term's idf: ln(1 + (N - n + ½) / (n + ½)), never ≤ 0.

    ``holding`` is n, how many of the ``total``, N, rows hold the term. The 1 inside is
    Lucene's (``BM25Similarity.idf``): a term in more than half of the rows weighs little
    where Robertson's idf is negative. As n ≤ N, the logarithm is of 1 + ½ / (N + ½) or more.
    """
    return log1p((total - holding + 0.5) / (holding + 0.5))


def posting_weights(
    postings: Postings, idf: Floats, k1: float, b: float, kind: type[np.floating[Any]]
) -> Floats:
    """Return what each posting adds to the score of its row, ``kind[postings]``.

    idf · f · (k1 + 1) / (f + k1 · (1 - b + b · length / mean length)), f the term's count in
    the row. The operations and their order are those of ``BM25Okapi.get_scores`` in
    rank_bm25 0.2.2, so that in ``float64`` the weights are the same to the bit.
    """
    weighed: npt.NDArray[Any] = np.empty(len(postings.doc_ids), kind)
    if not len(weighed):
        return weighed
    mean = int(postings.lengths.sum(dtype=np.int64)) / len(postings.lengths)
    norms = k1 * (1 - b + b * postings.lengths / mean)
    holding = postings.document_frequencies()
    # Whole terms at a time, so that the idf of a term is repeated within one chunk.
    cuts = np.searchsorted(postings.starts, np.arange(0, len(weighed), CHUNK)).tolist()
    for first, last in zip(cuts, [*cuts[1:], len(holding)], strict=True):
        chunk = slice(int(postings.starts[first]), int(postings.starts[last]))
        counts = postings.term_freqs[chunk]
        shares = counts * (k1 + 1) / (counts + norms[postings.doc_ids[chunk]])
        weighed[chunk] = np.repeat(idf[first:last], holding[first:last]) * shares
    return weighed


def length_norms(lengths: Ints, k1: float, b: float) -> Floats:
    """Return k1 · (1 - b + b · length / mean length) of each row, ``float32[rows]``."""
    mean = int(lengths.sum(dtype=np.int64)) / max(1, len(lengths))
    each = lengths * (k1 * b / (mean or 1.0))
    each += k1 * (1 - b)
    return each.astype(np.float32)


def saturation(counts: Ints, norms: Floats) -> Floats:
    """Return f / (f + norm) of rows that hold a term f times, ``float32[rows]``, from 0 to 1.

    Times idf · (k1 + 1) it is what :func:`weights` gives. ``norms`` are
    overwritten.
    """
    held = counts.astype(np.float32)
    norms += held
    held /= norms
    return held
