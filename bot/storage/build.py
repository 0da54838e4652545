"""The saved terms of articles → their postings, so many at once as fit in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.articles.library import Library
from bot.index.inverted_index import InvertedIndex
from bot.index.memory import MemoryEngine
from bot.index.postings import Postings, invert
from bot.language.terms import terms
from bot.storage import array_file as storage
from bot.storage.database import ArticleTerms, Database

# Terms whose postings are made in memory at once: some 70 bytes each.
CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class IndexChunk:
    """The arrays of some articles, and how many sentences each article has, by its number."""

    arrays: InvertedIndex
    sizes: Mapping[int, int]


def build_chunks(
    store: Database, articles: Sequence[int], scratch: Path, terms: int
) -> Iterator[IndexChunk]:
    """Yield the arrays of ``articles``, so many at once as have some ``CHUNK`` terms."""
    taken: list[ArticleTerms] = []
    sizes: dict[int, int] = {}
    room = CHUNK
    for number, tokens in zip(articles, store.article_terms(articles), strict=True):
        taken.append(tokens)
        sizes[number] = len(tokens.starts_paragraph)
        room -= len(tokens.terms) // 4
        if room < 0:
            yield spill_chunk(build_chunk(taken, sizes, terms), scratch / f"chunk-{number}")
            taken, sizes, room = [], {}, CHUNK
    if taken:
        yield build_chunk(taken, sizes, terms)


def build_chunk(taken: Sequence[ArticleTerms], sizes: Mapping[int, int], terms: int) -> IndexChunk:
    """Return the arrays of the articles ``taken``."""
    numbered = np.frombuffer(b"".join(one.terms for one in taken), np.int32)
    lengths = np.frombuffer(b"".join(one.lengths for one in taken), np.int32)
    opens = np.frombuffer(b"".join(one.starts_paragraph for one in taken), np.bool_)
    postings = invert(numbered, lengths, terms)
    most = int(postings.term_freqs.max(initial=0))
    counts = postings.term_freqs.astype(np.min_scalar_type(most), copy=False)
    narrow = Postings(postings.starts, postings.doc_ids, counts, lengths)
    return IndexChunk(InvertedIndex(narrow, opens, np.zeros(0, np.int32)), sizes)


def spill_chunk(one: IndexChunk, file: Path) -> IndexChunk:
    """Return ``one`` with its postings in ``file``, no longer in memory."""
    postings = one.arrays.postings
    with storage.write_arrays(file) as writer:
        for name in ("starts", "doc_ids", "term_freqs"):
            values = getattr(postings, name)
            writer.add(name, values.dtype, [values])
    mapped = storage.load_arrays(file)
    return IndexChunk(
        InvertedIndex(
            Postings(mapped["starts"], mapped["doc_ids"], mapped["term_freqs"], postings.lengths),
            one.arrays.starts_paragraph,
            one.arrays.paragraph_frequencies,
        ),
        one.sizes,
    )


def build_engine(library: Library) -> MemoryEngine:
    """Return an engine in memory over the sentences of ``library``."""
    return MemoryEngine.build(map(terms, library.sentence_texts()), [*library.paragraph_numbers()])
