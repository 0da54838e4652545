"""The saved terms of articles → their postings, so many at once as fit in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.articles.library import Library
from bot.index.inverted_index import Arrays
from bot.index.memory import MemoryEngine
from bot.index.postings import Postings, inverted
from bot.language.terms import terms
from bot.storage import array_file as storage
from bot.storage.database import Store, Tokens

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


def index(library: Library) -> MemoryEngine:
    """Return an engine in memory over the sentences of ``library``."""
    return MemoryEngine.build(map(terms, library.texts()), [*library.paragraphs()])
