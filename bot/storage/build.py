"""Build indexes: of stored articles, in chunks that fit in memory, and of a library in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.articles.library import Library
from bot.index.inverted_index import InvertedIndex
from bot.index.memory import MemoryEngine
from bot.index.postings import Postings, invert
from bot.language.terms import terms
from bot.storage.array_file import load_arrays, write_arrays
from bot.storage.database import Database
from bot.storage.rows import ArticleTerms


@dataclass(frozen=True, slots=True)
class IndexChunk:
    """The index of some articles, and the number of sentences of each by its id."""

    index: InvertedIndex
    sentence_counts: Mapping[int, int]


def build_engine(library: Library) -> MemoryEngine:
    """Return an engine in memory over the sentences of ``library``."""
    return MemoryEngine.build(map(terms, library.sentence_texts()), [*library.paragraph_numbers()])


def build_chunks(
    database: Database,
    article_ids: Sequence[int],
    vocabulary_size: int,
    chunk_terms: int,
    folder: Path,
) -> Iterator[IndexChunk]:
    """Yield the indexes of the articles, in chunks of some ``chunk_terms`` terms.

    The postings of all chunks but the last are memory-mapped from files in ``folder``.
    """
    chunk: dict[int, ArticleTerms] = {}
    size = 0
    for article_id, article in zip(article_ids, database.article_terms(article_ids), strict=True):
        chunk[article_id] = article
        size += len(article.term_ids) // np.dtype(np.int32).itemsize
        if size > chunk_terms:
            file = folder / f"chunk-{article_id}"
            yield spill_chunk(build_chunk(chunk, vocabulary_size), file)
            chunk, size = {}, 0
    if chunk:
        yield build_chunk(chunk, vocabulary_size)


def build_chunk(articles: Mapping[int, ArticleTerms], vocabulary_size: int) -> IndexChunk:
    """Return the index of the terms of articles, given by id."""
    rows = articles.values()
    term_ids = np.frombuffer(b"".join(row.term_ids for row in rows), np.int32)
    lengths = np.frombuffer(b"".join(row.lengths for row in rows), np.int32)
    starts_paragraph = np.frombuffer(b"".join(row.starts_paragraph for row in rows), np.bool_)
    postings = invert(term_ids, lengths, vocabulary_size)
    max_freq = int(postings.term_freqs.max(initial=0))
    term_freqs = postings.term_freqs.astype(np.min_scalar_type(max_freq), copy=False)
    narrow = Postings(postings.starts, postings.doc_ids, term_freqs, lengths)
    return IndexChunk(
        # Paragraphs are counted once, in the merged index.
        InvertedIndex(narrow, starts_paragraph, np.zeros(0, np.int32)),
        {article_id: len(row.starts_paragraph) for article_id, row in articles.items()},
    )


def spill_chunk(chunk: IndexChunk, file: Path) -> IndexChunk:
    """Return ``chunk`` with its postings moved from memory into ``file``."""
    index = chunk.index
    postings = index.postings
    with write_arrays(file) as writer:
        for name in ("starts", "doc_ids", "term_freqs"):
            values = getattr(postings, name)
            writer.add(name, values.dtype, [values])
    arrays = load_arrays(file)
    spilled = Postings(arrays["starts"], arrays["doc_ids"], arrays["term_freqs"], postings.lengths)
    return IndexChunk(
        InvertedIndex(spilled, index.starts_paragraph, index.paragraph_frequencies),
        chunk.sentence_counts,
    )
