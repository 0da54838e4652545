"""Build indexes of stored articles, in chunks that fit in memory, and a library in memory."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path

import numpy as np

from bot.articles.edit import Edit
from bot.articles.files import Files, printable_path
from bot.articles.library import Library
from bot.errors import UnreadableFile
from bot.index.engine import Engine
from bot.index.inverted_index import InvertedIndex
from bot.index.memory import MemoryEngine
from bot.index.merge import DROPPED, IndexPart, check_all, renumber_sentences
from bot.index.outline import Outline
from bot.index.postings import Postings, invert
from bot.index.vocabulary import Vocabulary, encode_term
from bot.lazy import lazy_function
from bot.storage.array_file import load_arrays, write_arrays
from bot.storage.changes import split_batches
from bot.storage.database import Database
from bot.storage.options import OpenOptions
from bot.storage.rows import ArticleTerms

# Needed where a library is edited.
splice_index: Callable[..., InvertedIndex] = lazy_function("bot.index.splice", "splice_index")


@dataclass(frozen=True, slots=True)
class IndexChunk:
    """The index of some articles, and the number of sentences of each by its id."""

    index: InvertedIndex
    sentence_counts: Mapping[int, int]


def build_library(files: Files, options: OpenOptions) -> Library:
    """Read ``files`` into a library in memory."""
    batches = split_batches(files.files, options.sizes.batch_bytes)
    ingested = [file for batch in options.ingest(batches, options.analysis) for file in batch.files]
    rows = [article.row for file in ingested for article in file.articles]
    spans = [row.decode_spans() for row in rows]
    library = Library.from_spans(
        [row.decode_article(row.decode_text()) for row in rows],
        spans,
        array("i", accumulate(map(len, spans), initial=0)),
    ).with_analysis(options.analysis)
    faults = (
        UnreadableFile(printable_path(file.file.path) + part, fault)
        for file in ingested
        for part, fault in file.faults
    )
    library.skipped, library.ignored = (*files.skipped, *faults), files.ignored
    return library


def build_engine(library: Library) -> MemoryEngine:
    """Return an engine in memory over the sentences of ``library``."""
    documents = find_terms(library, range(len(library.articles)))
    return MemoryEngine.build(documents, [*library.paragraph_numbers()])


def find_terms(library: Library, articles: Sequence[int]) -> Iterator[Sequence[str]]:
    """Yield the terms of every sentence of some articles, in order."""
    for article in articles:
        texts = library.spans[article].texts(library.articles[article].text)
        yield from library.analysis_of(article).index_terms(texts)


def edit_library(library: Library, engine: Engine, edit: Edit) -> tuple[Library, MemoryEngine]:
    """Return ``library`` after ``edit``, and its engine, given that of before.

    Only the new articles are analyzed. Hits and scores are those of an engine that was built anew,
    as one is where ``engine`` is of another kind. Raises DamagedCache.

    >>> library = Library.from_texts(["It rained.", "It snowed."])
    >>> edited, engine = edit_library(library, build_engine(library), Edit(removed={0}))
    >>> [hit.sentence for hit in engine.search(["snow"], 3)]
    [0]
    """
    edited = library.edit(edit)
    if not isinstance(engine, MemoryEngine):
        return edited, build_engine(edited)
    check_all(engine.index.postings)
    rows = np.array(edit.rows(len(library.articles)), np.int64)
    first_sentences = np.cumsum([0, *edited.sentence_counts()])[:-1]
    starts = np.full(len(library.articles), DROPPED)
    starts[rows[rows >= 0]] = first_sentences[rows >= 0]
    numbers = renumber_sentences(np.array(library.sentence_counts(), np.int64), starts)
    new_rows: list[int] = np.flatnonzero(rows < 0).tolist()
    vocabulary, index = index_sentences(engine.vocabulary, edited, new_rows)
    new_numbers = chain.from_iterable(map(edited.sentence_numbers, new_rows))
    new = IndexPart(index, np.array([*new_numbers], np.int32))
    index = splice_index(IndexPart(engine.index, numbers), new)
    return edited, MemoryEngine(*drop_dead_terms(vocabulary, index), engine.min_pruned)


def index_sentences(
    vocabulary: Vocabulary, library: Library, articles: Sequence[int]
) -> tuple[Vocabulary, InvertedIndex]:
    """Return ``vocabulary`` with the terms of some articles, and the index of their sentences."""
    numbers = chain.from_iterable(map(library.sentence_numbers, articles))
    documents = [*find_terms(library, articles)]
    lengths = np.fromiter(map(len, documents), np.int32, len(documents))
    found = [*dict.fromkeys(chain.from_iterable(documents))]
    ids = vocabulary.lookup(found)
    new = [term for term in found if term not in ids]
    ids |= {term: term_id for term_id, term in enumerate(new, len(vocabulary))}
    vocabulary = vocabulary.extend([*map(encode_term, new)])
    tokens = np.fromiter(map(ids.__getitem__, chain.from_iterable(documents)), np.int32)
    starts_paragraph = [library.paragraph_range(number).start == number for number in numbers]
    postings = invert(tokens, lengths, len(vocabulary))
    return vocabulary, InvertedIndex.from_postings(postings, np.array(starts_paragraph, np.bool_))


def drop_dead_terms(
    vocabulary: Vocabulary, index: InvertedIndex
) -> tuple[Vocabulary, InvertedIndex]:
    """Return both without the terms that no sentence holds, if these are the most."""
    postings = index.postings
    is_held = postings.document_frequencies() > 0
    if 2 * int(np.count_nonzero(is_held)) >= len(vocabulary):
        return vocabulary, index
    starts = np.append(postings.starts[:-1][is_held], postings.starts[-1])
    index = index._replace(
        postings=postings._replace(starts=starts),
        paragraph_frequencies=index.paragraph_frequencies[is_held],
    )
    return vocabulary.select(is_held), index


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
    outline = Outline.from_lengths(lengths, starts_paragraph)
    postings = invert(term_ids, lengths, vocabulary_size)
    return IndexChunk(
        # Paragraphs are counted once, in the merged index.
        InvertedIndex(postings, outline, np.zeros(0, np.int32)),
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
        InvertedIndex(spilled, index.outline, index.paragraph_frequencies),
        chunk.sentence_counts,
    )
