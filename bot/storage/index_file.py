"""An index of saved articles ↔ its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import DamagedCache
from bot.index.inverted_index import InvertedIndex
from bot.index.merge import Merge
from bot.index.postings import Ints, Postings, invert
from bot.index.vocabulary import Vocabulary
from bot.storage import array_file as storage


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index as it is saved: which articles, where each begins, the terms, the postings."""

    articles: Ints
    first: Ints
    vocabulary: Vocabulary
    arrays: InvertedIndex


EMPTY = StoredIndex(
    np.zeros(0, np.int64),
    np.zeros(1, np.int32),
    Vocabulary.from_terms(()),
    InvertedIndex.from_postings(
        invert(np.zeros(0, np.int32), np.zeros(0, np.int32), 0), np.zeros(0, np.bool_)
    ),
)


def load_index(file: Path) -> StoredIndex:
    """Return the generation that is in ``file``. Raises Damaged."""
    arrays = storage.load_arrays(file)
    try:
        return StoredIndex(
            arrays["articles"],
            arrays["first"],
            Vocabulary(*(arrays[part] for part in ("letters", "ends", "hashes", "numbers"))),
            InvertedIndex(
                Postings(
                    *(arrays[part] for part in ("starts", "doc_ids", "term_freqs", "lengths"))
                ),
                arrays["starts_paragraph"],
                arrays["paragraph_frequencies"],
            ),
        )
    except KeyError as error:
        raise DamagedCache(file, f"{error} is missing") from error


def save_index(
    file: Path, merging: Merge, vocabulary: Vocabulary, articles: Ints, first: Ints
) -> None:
    """Write the index of a library: what :func:`load` reads."""
    counts: list[Ints] = []
    holding: list[Ints] = []
    around: list[Ints] = []

    def rows() -> Iterator[Ints]:
        for block in merging.blocks():
            counts.append(block.counts)
            holding.append(block.holding)
            around.append(block.around)
            yield block.rows

    with storage.write_arrays(file) as writer:
        writer.add("doc_ids", np.int32, rows())
        writer.add("term_freqs", merging.frequency_dtype(), counts)
        starts = np.concatenate([[0], np.cumsum(np.concatenate([[], *holding]), dtype=np.int64)])
        writer.add("starts", np.int64, [starts])
        writer.add("paragraph_frequencies", np.int32, around)
        writer.add("lengths", np.int32, [merging.lengths])
        writer.add("starts_paragraph", np.bool_, [merging.opens])
        writer.add("letters", np.uint8, [vocabulary.letters])
        writer.add("ends", np.int64, [vocabulary.ends])
        writer.add("hashes", np.uint32, [vocabulary.hashes])
        writer.add("numbers", np.int32, [vocabulary.numbers])
        writer.add("articles", np.int64, [articles])
        writer.add("first", np.int32, [first])
