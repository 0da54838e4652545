"""Change the sentences of an index without merging all of its postings again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.index.inverted_index import InvertedIndex, count_groups
from bot.index.merge import DROPPED, IndexPart, merge_outlines, pad_starts
from bot.index.postings import Flags, Ints, Postings


def splice_index(kept: IndexPart, new: IndexPart) -> InvertedIndex:
    """Return the index of the sentences of ``kept`` that are not ``DROPPED``, and of ``new``.

    The vocabulary is that of ``new``, which may have more terms than ``kept``. The result is the
    one of :class:`~bot.index.merge.Merge`, in a fifth of the time where ``new`` is small: with
    100,000 sentences, an article is added in 9 ms.
    """
    rest, added = drop_postings(kept, len(new.index.postings.starts) - 1), new.index.postings
    added_ids = new.numbers[added.doc_ids]
    positions = insert_positions(rest, added, added_ids)
    type_ = np.promote_types(
        rest.term_freqs.dtype, np.min_scalar_type(int(added.term_freqs.max(initial=0)))
    )
    term_freqs = rest.term_freqs.astype(type_, copy=False)
    outline = merge_outlines((kept, new))
    postings = Postings(
        rest.starts + added.starts,
        np.insert(rest.doc_ids, positions, added_ids),
        np.insert(term_freqs, positions, added.term_freqs),
        outline.lengths,
    )
    return InvertedIndex(
        postings,
        outline,
        rest.paragraph_frequencies + new.index.paragraph_frequencies,
    )


@dataclass(frozen=True, slots=True)
class RenumberedPostings:
    """The postings of the sentences that stay, with their new numbers, and paragraph counts."""

    starts: Ints
    doc_ids: Ints
    term_freqs: Ints
    paragraph_frequencies: Ints


def drop_postings(part: IndexPart, term_count: int) -> RenumberedPostings:
    """Return the postings of ``part`` without those of dropped sentences, for ``term_count``."""
    postings = part.index.postings
    starts = pad_starts(postings.starts, term_count)
    paragraph_frequencies = np.zeros(term_count, np.int32)
    paragraph_frequencies[: len(part.index.paragraph_frequencies)] = (
        part.index.paragraph_frequencies
    )
    doc_ids = part.numbers[postings.doc_ids]
    is_dropped = doc_ids == DROPPED
    dropped = np.flatnonzero(is_dropped)
    if not len(dropped):
        return RenumberedPostings(starts, doc_ids, postings.term_freqs, paragraph_frequencies)
    dropped_starts = np.searchsorted(dropped, starts)
    paragraphs = part.index.outline.paragraph_numbers[postings.doc_ids[dropped]]
    paragraph_frequencies -= count_groups(paragraphs, dropped_starts)
    is_kept: Flags = ~is_dropped
    return RenumberedPostings(
        starts - dropped_starts,
        doc_ids[is_kept],
        postings.term_freqs[is_kept],
        paragraph_frequencies,
    )


def insert_positions(rest: RenumberedPostings, added: Postings, added_ids: Ints) -> Ints:
    """Return the position among the postings of ``rest`` of each of ``added``, ascending."""

    def positions() -> Iterator[Ints]:
        for term in np.flatnonzero(np.diff(added.starts)).tolist():
            start, end = int(rest.starts[term]), int(rest.starts[term + 1])
            yield start + np.searchsorted(rest.doc_ids[start:end], added_ids[added.span(term)])

    return np.concatenate([np.zeros(0, np.int64), *positions()])
