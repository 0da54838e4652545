"""The search of :mod:`bot.index.memory` as loops compiled by numba: ``article-bot[fast]``.

MaxScore as in :mod:`bot.index.maxscore`, but one window of paragraphs at a time, so that scores
stay in the processor's cache, and with a threshold that rises from window to window (as in Lucene's
``MaxScoreBulkScorer``). A term is essential while it and the more frequent ones can reach the
threshold without others; the rest are looked up only for paragraphs with an essential term. Each
score is the result of NumPy's operations in their order, in single precision, none fused with
another, so that it is the same to the bit.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types

from bot.index.kernel import BLOCK, WINDOW
from bot.index.maxscore import ROUNDING
from bot.index.postings import Floats, Ints

# The first window is small, as it is searched without a threshold; each is twice as large as the
# one before, up to the last size.
FIRST_WINDOW = 256

READ_ONLY = {
    name: types.Array(dtype, 1, "C", readonly=True)  # or writable: those of a mapped file are not
    for name, dtype in (("ints", types.int32), ("freqs", types.uint8), ("floats", types.float32))
}
SIGNATURE = types.int64(
    types.Tuple([READ_ONLY[name] for name in "ints freqs ints ints floats floats".split()]),
    types.Tuple([types.int64[::1], types.int64[::1], types.float32[:, ::1], types.float64[::1]]),
    types.Tuple([types.float32[::1]] * 4 + [types.int32[::1]]),
    types.Tuple([types.int32[::1], types.float64[:, ::1]]),
)
# Inlined, and without counts of references to arrays, which outlive each call, for these take two
# thirds of the time.
OPTIONS: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False}
INLINE: dict[str, Any] = OPTIONS | {"forceinline": True}


class Arrays(NamedTuple):
    """Arrays of :class:`~bot.index.memory.MemoryEngine`, ``term_freqs`` as ``uint8``."""

    doc_ids: Ints
    term_freqs: Ints
    paragraphs: Ints
    first_sentences: Ints
    sentence_norms: Floats
    paragraph_norms: Floats


class Terms(NamedTuple):
    """The terms, rarest first: the next posting of each, the end of its postings, its weights.

    ``weights``, ``float32[terms, 2]``, has those for sentence and paragraph; ``remaining``,
    ``float64[terms + 1]``, the most that the terms from each on can add.
    """

    cursors: Ints
    ends: Ints
    weights: Floats
    remaining: Floats


class Window(NamedTuple):
    """``float32`` scores of sentences, paragraphs, and of each paragraph's best sentence.

    ``flags`` says for each ``BLOCK`` of paragraphs whether one has a score. All of these are 0
    between two windows. ``kept``, ``int32``, has room for paragraphs that may be among the best.
    """

    sentences: Floats
    paragraphs: Floats
    best: Floats
    flags: Floats
    kept: Ints


class Hits(NamedTuple):
    """Sentences, best first, ``int32[limit]``, and their scores, ``float64[limit, 2]``.

    The scores are those of the sentence with its paragraph, and of the paragraph alone.
    """

    rows: Ints
    scores: Floats


@njit(**INLINE)
def seek(doc_ids: Ints, position: int, end: int, row: int) -> int:
    """Return the first position from ``position`` on whose row is at least ``row``, or ``end``."""
    step = 1
    while position + step < end and doc_ids[position + step] < row:
        position += step
        step *= 2
    high = min(position + step, end)
    while position < high:
        middle = (position + high) >> 1
        if doc_ids[middle] < row:
            position = middle + 1
        else:
            high = middle
    return position


@njit(**INLINE)
def add(arrays: Arrays, terms: Terms, window: Window, term: int, first: int, end_row: int) -> None:
    """Add the weights of ``term`` to rows up to ``end_row``; ``first`` is the first paragraph."""
    position, end = terms.cursors[term], terms.ends[term]
    sentence_weight, paragraph_weight = terms.weights[term, 0], terms.weights[term, 1]
    first_row = arrays.first_sentences[first]
    while position < end and arrays.doc_ids[position] < end_row:
        number = arrays.paragraphs[arrays.doc_ids[position]]
        paragraph = np.uint32(number - first)
        total, best = np.float32(0), window.best[paragraph]
        while position < end and arrays.paragraphs[arrays.doc_ids[position]] == number:
            row, freq = arrays.doc_ids[position], np.float32(arrays.term_freqs[position])
            weight = freq / (freq + arrays.sentence_norms[row]) * sentence_weight
            score = window.sentences[np.uint32(row - first_row)] + weight
            window.sentences[np.uint32(row - first_row)] = score
            best, total = max(best, score), total + freq
            position += 1
        window.best[paragraph] = best
        weight = total / (total + arrays.paragraph_norms[number]) * paragraph_weight
        window.paragraphs[paragraph] += weight
        window.flags[paragraph // np.uint32(BLOCK)] = 1
    terms.cursors[term] = position


@njit(**INLINE)
def insert(hits: Hits, found: int, row: int, score: float, paragraph_score: float) -> int:
    """Insert a row behind those with an equal score; return the number of hits."""
    if found == len(hits.rows):
        if score <= hits.scores[found - 1, 0]:
            return found
        found -= 1
    place = found
    while place and hits.scores[place - 1, 0] < score:
        hits.rows[place] = hits.rows[place - 1]
        hits.scores[place, 0] = hits.scores[place - 1, 0]
        hits.scores[place, 1] = hits.scores[place - 1, 1]
        place -= 1
    hits.rows[place] = row
    hits.scores[place, 0], hits.scores[place, 1] = score, paragraph_score
    return found + 1


@njit(**INLINE)
def threshold(terms: Terms, hits: Hits, found: int) -> float:
    """Return a score that the last hit has, however its sum is rounded; 0 while there are few."""
    if found < len(hits.rows):
        return 0.0
    return hits.scores[found - 1, 0] * (1 - len(terms.ends) * ROUNDING)


@njit(**INLINE)
def first_row(arrays: Arrays, terms: Terms, essential: int) -> int:
    """Return the next row with one of the ``essential`` first terms, or the number of rows."""
    row = len(arrays.paragraphs)
    for term in range(essential):
        if terms.cursors[term] < terms.ends[term]:
            row = min(row, arrays.doc_ids[terms.cursors[term]])
    return row


@njit(**INLINE)
def collect(
    arrays: Arrays,
    terms: Terms,
    window: Window,
    hits: Hits,
    found: int,
    essential: int,
    first: int,
    paragraph: int,
) -> int:
    """Complete a paragraph and insert its sentences; return the number of hits."""
    start, end = arrays.first_sentences[first + paragraph : first + paragraph + 2]
    reached = threshold(terms, hits, found)
    score = np.float64(window.best[paragraph]) + window.paragraphs[paragraph]
    for term in range(essential, len(terms.ends)):
        if score + terms.remaining[term] < reached:
            break
        terms.cursors[term] = seek(arrays.doc_ids, terms.cursors[term], terms.ends[term], start)
        add(arrays, terms, window, term, first, end)
        score = np.float64(window.best[paragraph]) + window.paragraphs[paragraph]
    if score >= reached:
        paragraph_score = np.float64(window.paragraphs[paragraph])
        for row in range(start, end):
            sentence_score = window.sentences[row - arrays.first_sentences[first]]
            if sentence_score > 0:
                score = sentence_score + paragraph_score
                found = insert(hits, found, row, score, paragraph_score)
    return found


@njit(**INLINE)
def collect_window(
    arrays: Arrays,
    terms: Terms,
    window: Window,
    hits: Hits,
    found: int,
    essential: int,
    first: int,
    end: int,
) -> int:
    """Insert the sentences of the paragraphs from ``first`` to ``end``; clear the window."""
    bound, kept = threshold(terms, hits, found) - terms.remaining[essential], 0
    for block in range((end - first) // BLOCK + 1):
        if window.flags[block]:
            for paragraph in range(block * BLOCK, (block + 1) * BLOCK):
                score = window.best[paragraph] + window.paragraphs[paragraph]
                window.kept[kept] = paragraph
                kept += (score >= bound) & (score > 0)  # no branch, which is often mispredicted
    for paragraph in window.kept[:kept]:
        found = collect(arrays, terms, window, hits, found, essential, first, paragraph)
    for block in range((end - first) // BLOCK + 1):
        if window.flags[block]:
            for paragraph in range(block * BLOCK, (block + 1) * BLOCK):
                window.paragraphs[paragraph] = window.best[paragraph] = 0
            window.flags[block] = 0
    window.sentences[: arrays.first_sentences[end] - arrays.first_sentences[first]] = 0
    return found


@njit(SIGNATURE, nogil=True, **OPTIONS)
def find_hits(arrays: Arrays, terms: Terms, window: Window, hits: Hits) -> int:
    """Fill ``hits`` with the best; return their number. The arguments are plain tuples."""
    arrays_, terms_ = Arrays(*arrays), Terms(*terms)
    window_, hits_ = Window(*window), Hits(*hits)
    found, essential, size = 0, len(terms_.ends), FIRST_WINDOW
    row = first_row(arrays_, terms_, essential)
    while row < len(arrays_.paragraphs):
        first = arrays_.paragraphs[row]
        last = min(arrays_.first_sentences[first] + size, len(arrays_.paragraphs)) - 1
        end = arrays_.paragraphs[last] + 1
        for term in range(essential):
            add(arrays_, terms_, window_, term, first, arrays_.first_sentences[end])
        found = collect_window(arrays_, terms_, window_, hits_, found, essential, first, end)
        while essential > 1 and terms_.remaining[essential - 1] < threshold(terms_, hits_, found):
            essential -= 1
        size = min(2 * size, WINDOW)
        row = first_row(arrays_, terms_, essential)
    return found
