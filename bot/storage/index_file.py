"""Save and load the index of a cached library."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bot.errors import DamagedCache
from bot.index.inverted_index import InvertedIndex
from bot.index.outline import Outline
from bot.index.postings import Ints, Postings, invert, trust
from bot.index.vocabulary import Vocabulary
from bot.storage.array_file import Array, ArrayWriter, LazyCheck, load_lazily, write_arrays
from bot.storage.database_articles import DamageGuard

if TYPE_CHECKING:
    from bot.index.merge import Merge

VOCABULARY_ARRAYS: dict[str, type[np.number[Any]]] = {
    "letters": np.uint8,
    "ends": np.int64,
    "hashes": np.uint32,
    "term_ids": np.int32,
}
# Five sixths of an index, of which a question reads few parts.
LAZY_ARRAYS = ("doc_ids", "term_freqs")


class StoredIndex(NamedTuple):
    """The index of a library and the articles it was built from.

    ``article_ids``, ``int64[articles]``, are in reading order. ``first_sentences``,
    ``int32[articles + 1]``, has the number of each article's first sentence, then that of all
    sentences.
    """

    article_ids: Ints
    first_sentences: Ints
    vocabulary: Vocabulary
    inverted: InvertedIndex

    def sentence_counts(self) -> dict[int, int]:
        """Return the number of sentences of each article by its id."""
        counts = np.diff(self.first_sentences).tolist()
        return dict(zip(self.article_ids.tolist(), counts, strict=True))


EMPTY_INDEX = StoredIndex(
    np.zeros(0, np.int64),
    np.zeros(1, np.int32),
    Vocabulary.from_terms(()),
    InvertedIndex.from_postings(
        invert(np.zeros(0, np.int32), np.zeros(0, np.int32), 0), np.zeros(0, np.bool_)
    ),
)


class PostingsCheck:
    """Verifies postings by ``checks`` of their arrays; DamagedCache is raised within ``guard``."""

    def __init__(self, checks: Collection[LazyCheck], guard: DamageGuard) -> None:
        self._checks, self._guard = checks, guard

    def __call__(self, start: int, stop: int) -> None:
        """Verify the postings from ``start`` to ``stop``. Raises DamagedCache."""
        try:
            for check in self._checks:
                check.verify(start, stop)
        except DamagedCache:
            with self._guard():
                raise


def load_index(file: Path, guard: DamageGuard = nullcontext) -> StoredIndex:
    """Return the index in ``file``, memory-mapped. Raises DamagedCache.

    Postings are verified when they are read, within ``guard``.
    """
    arrays, checks = load_lazily(file, LAZY_ARRAYS)
    return read_index(file, arrays, PostingsCheck([*checks.values()], guard))


def read_index(
    file: Path, arrays: Mapping[str, Array], check: Callable[[int, int], None] = trust
) -> StoredIndex:
    """Return the index among the ``arrays`` of ``file``; ``check`` is that of its postings.

    Raises DamagedCache.
    """
    try:
        outline = Outline(arrays["sentences"], arrays["paragraphs"])
        postings = Postings(
            arrays["starts"], arrays["doc_ids"], arrays["term_freqs"], outline.lengths, check
        )
        return StoredIndex(
            arrays["article_ids"],
            arrays["first_sentences"],
            read_vocabulary(arrays),
            InvertedIndex(postings, outline, arrays["paragraph_frequencies"]),
        )
    except KeyError as error:
        raise DamagedCache(file, f"the array {error} is missing") from error


def save_index(
    file: Path, merge: "Merge", vocabulary: Vocabulary, article_ids: Ints, first_sentences: Ints
) -> None:
    """Merge an index into ``file``, block by block, for :func:`load_index`."""
    with write_arrays(file) as writer:
        add_index(writer, merge, vocabulary, article_ids, first_sentences)


def add_index(
    writer: ArrayWriter,
    merge: "Merge",
    vocabulary: Vocabulary,
    article_ids: Ints,
    first_sentences: Ints,
) -> None:
    """Write the arrays of an index, block by block, for :func:`read_index`."""
    term_freqs: list[Ints] = []
    document_frequencies: list[Ints] = [np.zeros(0, np.int64)]
    paragraph_frequencies: list[Ints] = []

    def doc_ids() -> Iterator[Ints]:
        for block in merge.blocks():
            term_freqs.append(block.term_freqs)
            document_frequencies.append(block.document_frequencies)
            paragraph_frequencies.append(block.paragraph_frequencies)
            yield block.doc_ids

    writer.add("doc_ids", np.int32, doc_ids())
    writer.add("term_freqs", merge.frequency_dtype(), term_freqs)
    ends = np.cumsum(np.concatenate(document_frequencies), dtype=np.int64)
    writer.add("starts", np.int64, [np.concatenate([[0], ends])])
    writer.add("paragraph_frequencies", np.int32, paragraph_frequencies)
    writer.add("sentences", np.int64, [merge.outline.sentences])
    writer.add("paragraphs", np.int64, [merge.outline.paragraphs])
    add_vocabulary(writer, vocabulary)
    writer.add("article_ids", np.int64, [article_ids])
    writer.add("first_sentences", np.int32, [first_sentences])


def add_vocabulary(writer: ArrayWriter, vocabulary: Vocabulary, prefix: str = "") -> None:
    """Write the arrays of a vocabulary under their names with ``prefix``."""
    for name, dtype in VOCABULARY_ARRAYS.items():
        writer.add(prefix + name, dtype, [getattr(vocabulary, name)])


def read_vocabulary(arrays: Mapping[str, Array], prefix: str = "") -> Vocabulary:
    """Return the vocabulary that :func:`add_vocabulary` wrote. Raises KeyError."""
    return Vocabulary(*(arrays[prefix + name] for name in VOCABULARY_ARRAYS))
