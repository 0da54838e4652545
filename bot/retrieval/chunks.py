"""The saved terms of articles → their postings, so many at once as fit in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.articles.store import Store, Tokens
from bot.index import storage
from bot.index.arrays import Arrays
from bot.index.merging import DROPPED
from bot.index.postings import Ints, Postings, inverted

# Terms whose postings are made in memory at once: some 70 bytes each.
CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """The arrays of some articles, and how many sentences each article has, by its number."""

    arrays: Arrays
    sizes: Mapping[int, int]


def chunks(store: Store, articles: Sequence[int], scratch: Path, terms: int) -> Iterator[Chunk]:
    """Yield the arrays of ``articles``, so many at once as have some ``CHUNK`` terms."""
    taken: list[Tokens] = []
    sizes: dict[int, int] = {}
    room = CHUNK
    for number, tokens in zip(articles, store.tokens(articles), strict=True):
        taken.append(tokens)
        sizes[number] = len(tokens.opens)
        room -= len(tokens.terms) // 4
        if room < 0:
            yield spilled(chunk(taken, sizes, terms), scratch / f"chunk-{number}")
            taken, sizes, room = [], {}, CHUNK
    if taken:
        yield chunk(taken, sizes, terms)


def chunk(taken: Sequence[Tokens], sizes: Mapping[int, int], terms: int) -> Chunk:
    """Return the arrays of the articles ``taken``."""
    numbered = np.frombuffer(b"".join(one.terms for one in taken), np.int32)
    lengths = np.frombuffer(b"".join(one.lengths for one in taken), np.int32)
    opens = np.frombuffer(b"".join(one.opens for one in taken), np.bool_)
    postings = inverted(numbered, lengths, terms)
    most = int(postings.counts.max(initial=0))
    counts = postings.counts.astype(np.min_scalar_type(most), copy=False)
    narrow = Postings(postings.starts, postings.rows, counts, lengths)
    return Chunk(Arrays(narrow, opens, np.zeros(0, np.int32)), sizes)


def spilled(one: Chunk, file: Path) -> Chunk:
    """Return ``one`` with its postings in ``file``, no longer in memory."""
    postings = one.arrays.postings
    with storage.writing(file) as writer:
        for name in ("starts", "rows", "counts"):
            values = getattr(postings, name)
            writer.add(name, values.dtype, [values])
    mapped = storage.load(file)
    return Chunk(
        Arrays(
            Postings(mapped["starts"], mapped["rows"], mapped["counts"], postings.lengths),
            one.arrays.opens,
            one.arrays.around,
        ),
        one.sizes,
    )


def moved(sizes: Mapping[int, int], places: Mapping[int, int]) -> Ints:
    """Return what number each sentence gets, ``int32``, DROPPED for those of no place.

    ``sizes`` says how many sentences their articles have, ``places`` where those begin.
    """
    lengths = [*sizes.values()]
    starts = np.array([places.get(number, DROPPED) for number in sizes], np.int64)
    own = np.cumsum([0, *lengths])[:-1] if lengths else np.zeros(0, np.int64)
    whole = np.arange(sum(lengths)) + np.repeat(starts - own, lengths)
    whole[np.repeat(starts == DROPPED, lengths)] = DROPPED
    return whole.astype(np.int32)
