"""The search of :mod:`bot.index.memory` as loops compiled by numba: ``article-bot[fast]``.

MaxScore as in :mod:`bot.index.maxscore`, but one paragraph after the other, with a threshold that
rises on the way. A term is essential while it and the more frequent ones can reach the threshold
without others. All postings of essential terms are read; others are looked up while a paragraph may
reach it with them. The few that may with all terms are scored as NumPy does, with none fused.
"""

from typing import Any

from numba import float32, float64, njit, types, uint8, uint32, uint64

from bot.index.maxscore import ROUNDING
from bot.index.postings import Floats

Arrays = tuple[Any, ...]  # those of ``MemoryEngine._search_compiled``
# Read-only or not; those of a mapped file are. Unsigned, as a signed index may be negative.
DTYPES = (uint32, uint8, uint64, uint64, float32, float32)
ARRAYS = types.Tuple([types.Array(dtype, 1, "C", True) for dtype in DTYPES])
TERMS = types.Tuple([*[uint32[::1]] * 4, float32[:, ::1], float64[::1]])
# Inlined, and without counts of references to arrays, which outlive each call.
OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "forceinline": True}


@njit(**OPTIONS)
def bound(arrays: Arrays, terms: Arrays, term: int, paragraph: int) -> tuple[float, float]:
    """Move ``term`` to a paragraph; return its highest weight in a sentence, and in the whole."""
    doc_ids, freqs, sentences, paragraphs, sentence_norms, paragraph_norms = arrays
    _, _, positions, ends, weights, _ = terms
    first, end = paragraphs[paragraph] >> 32, paragraphs[paragraph + 1] >> 32
    position, best, total = positions[term], float32(0), float32(0)
    for step in (256, 16, 1):
        while position + step <= ends[term] and doc_ids[position + step - 1] < first:
            position += uint32(step)
    positions[term] = position
    while position < ends[term] and doc_ids[position] < end:
        freq, norm = float32(freqs[position]), sentence_norms[uint32(sentences[doc_ids[position]])]
        best, total = max(best, freq / (freq + norm) * weights[term, 0]), total + freq
        position += uint32(1)
    return best, total / (total + paragraph_norms[uint32(paragraphs[paragraph])]) * weights[term, 1]


@njit(**OPTIONS)
def insert(arrays: Arrays, terms: Arrays, hits: Floats, paragraph: int) -> None:
    """Insert the sentences of a paragraph into ``hits``, each behind those with an equal score."""
    doc_ids, freqs, sentences, paragraphs, sentence_norms, _ = arrays
    _, _, positions, ends, weights, _ = terms
    paragraph_score = float32(0)
    for term in range(len(ends)):
        paragraph_score += bound(arrays, terms, term, paragraph)[1]
    for row in range(paragraphs[paragraph] >> 32, paragraphs[paragraph + 1] >> 32):
        score, place = float32(0), len(hits) - 1
        for term in range(len(ends)):
            if positions[term] < ends[term] and doc_ids[positions[term]] == row:
                freq = float32(freqs[positions[term]])
                score += freq / (freq + sentence_norms[uint32(sentences[row])]) * weights[term, 0]
                positions[term] += uint32(1)
        total = float64(score) + paragraph_score
        while score > 0 and place and hits[place - 1, 1] < total:
            for column in range(3):
                hits[place, column] = hits[place - 1, column]
            place -= 1
        hits[place, 0], hits[place, 1], hits[place, 2] = row, total, paragraph_score


@njit(types.void(ARRAYS, TERMS, float64[:, ::1]), cache=True, nogil=True, **OPTIONS)
def find_hits(arrays: Arrays, terms: Arrays, hits: Floats) -> None:
    """Fill all ``hits`` but the last with the best; ``MemoryEngine`` explains the arrays."""
    doc_ids, freqs, sentences, paragraphs, sentence_norms, paragraph_norms = arrays
    rows, cursors, _, ends, weights, remaining = terms
    essential, paragraph, end, previous, threshold = len(ends), uint64(0), uint64(0), uint32(0), 0.0
    score, best, norm, paragraph_score = float32(0), float32(0), float32(0), 0.0
    while True:
        row, term = uint32(len(sentences)), uint32(0)
        for each in range(essential):
            term = uint32(each) if rows[each] < row else term
            row = min(row, rows[each])
        if row >= end:  # the paragraph is complete
            each = essential
            while each < len(ends) and best + paragraph_score + remaining[each] > threshold:
                most, part = bound(arrays, terms, each, paragraph)
                best, paragraph_score, each = best + most, paragraph_score + part, each + 1
            if best + paragraph_score + remaining[each] > threshold:
                insert(arrays, terms, hits, paragraph)
                threshold = hits[len(hits) - 2, 1] * (1 - len(ends) * ROUNDING)
            while essential and remaining[essential - 1] < threshold:
                essential -= 1
            if row == len(sentences):
                return
            paragraph, best, paragraph_score = sentences[row] >> 32, float32(0), 0.0
            end = paragraphs[paragraph + 1] >> 32
            norm = paragraph_norms[uint32(paragraphs[paragraph])]
        freq = float32(freqs[cursors[term]])
        score = score if row == previous else float32(0)
        score += freq / (freq + sentence_norms[uint32(sentences[row])]) * weights[term, 0]
        best, previous = max(best, score), row
        paragraph_score += freq / (freq + norm) * weights[term, 1]
        cursors[term] += uint32(1)
        rows[term] = doc_ids[cursors[term]] if cursors[term] < ends[term] else len(sentences)
