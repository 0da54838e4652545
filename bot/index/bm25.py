"""The BM25 formula: idf, length normalisation, saturation.

Robertson & Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009, §3.4.
"""

from collections.abc import Callable
from math import log1p

import numpy as np

from bot.index.postings import Floats, Ints, Postings

# Postings weighted at a time: few enough that the temporary arrays stay in the processor's cache.
CHUNK_POSTINGS = 1 << 17


def idf(document_frequency: int, total: int) -> float:
    """Return the idf of a term that ``document_frequency`` of ``total`` documents hold.

    ln(1 + (N - df + ½) / (df + ½)), always above 0. The 1 inside is Lucene's
    (``BM25Similarity.idf``): a term in more than half of the documents has a small idf, where
    Robertson's is negative.

    >>> [round(idf(document_frequency, 10), 2) for document_frequency in (1, 5, 10)]
    [1.99, 0.69, 0.05]
    """
    return log1p((total - document_frequency + 0.5) / (document_frequency + 0.5))


# The weight of postings by the idf of their term, their frequency, and their document's length as
# a norm: 1 - b + b · length / mean length.
Formula = Callable[[Floats, Ints, Floats], Floats]


def posting_weights(postings: Postings, idf: Floats, b: float, formula: Formula) -> Floats:
    """Return the score that each posting adds to its document, ``float64[postings]``.

    ``idf`` is ``float64[terms]``. ``formula`` is called with a part of the postings at a time; the
    norms that it gets are computed in the order of rank_bm25 0.2.2, so that they equal its own to
    the bit.
    """
    weights = np.empty(len(postings.doc_ids))
    if not len(weights):
        return weights
    mean_length = int(postings.lengths.sum(dtype=np.int64)) / len(postings.lengths)
    norms = 1 - b + b * postings.lengths / mean_length
    document_frequencies = postings.document_frequencies()
    # A chunk has whole terms, so that the idf of each can be repeated within it.
    firsts = np.searchsorted(postings.starts, np.arange(0, len(weights), CHUNK_POSTINGS)).tolist()
    for first, end in zip(firsts, [*firsts[1:], len(document_frequencies)], strict=True):
        chunk = slice(int(postings.starts[first]), int(postings.starts[end]))
        weights[chunk] = formula(
            np.repeat(idf[first:end], document_frequencies[first:end]),
            postings.term_freqs[chunk].astype(np.int32),  # a smaller type might overflow
            norms[postings.doc_ids[chunk]],
        )
    return weights


def length_norms(lengths: Ints, mean_length: float, k1: float, b: float) -> Floats:
    """Return k1 · (1 - b + b · length / mean length) for each length, ``float32[lengths]``."""
    norms = lengths * (k1 * b / (mean_length or 1.0))
    norms += k1 * (1 - b)
    return norms.astype(np.float32)


def saturation(term_freqs: Floats, norms: Floats) -> Floats:
    """Return f / (f + norm) for each term frequency f and norm, ``float32``, from 0 to 1.

    Times idf · (k1 + 1), it is a posting's weight. It is written over ``norms``.
    """
    norms += term_freqs
    return np.divide(term_freqs, norms, out=norms)
