"""An index of saved articles ↔ its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import Damaged
from bot.index.inverted_index import Arrays
from bot.index.merge import Merging
from bot.index.postings import Ints, Postings, inverted
from bot.index.vocabulary import Vocabulary
from bot.storage import array_file as storage


@dataclass(frozen=True, slots=True)
class Generation:
    """An index as it is saved: which articles, where each begins, the terms, the postings."""

    articles: Ints
    first: Ints
    vocabulary: Vocabulary
    arrays: Arrays


EMPTY = Generation(
    np.zeros(0, np.int64),
    np.zeros(1, np.int32),
    Vocabulary.of(()),
    Arrays.of(inverted(np.zeros(0, np.int32), np.zeros(0, np.int32), 0), np.zeros(0, np.bool_)),
)


def load(file: Path) -> Generation:
    """Return the generation that is in ``file``. Raises Damaged."""
    arrays = storage.load(file)
    try:
        return Generation(
            arrays["articles"],
            arrays["first"],
            Vocabulary(*(arrays[part] for part in ("letters", "ends", "hashes", "numbers"))),
            Arrays(
                Postings(*(arrays[part] for part in ("starts", "rows", "counts", "lengths"))),
                arrays["opens"],
                arrays["around"],
            ),
        )
    except KeyError as error:
        raise Damaged(file, f"{error} is missing") from error


def save(file: Path, merging: Merging, vocabulary: Vocabulary, articles: Ints, first: Ints) -> None:
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

    with storage.writing(file) as writer:
        writer.add("rows", np.int32, rows())
        writer.add("counts", merging.counted(), counts)
        starts = np.concatenate([[0], np.cumsum(np.concatenate([[], *holding]), dtype=np.int64)])
        writer.add("starts", np.int64, [starts])
        writer.add("around", np.int32, around)
        writer.add("lengths", np.int32, [merging.lengths])
        writer.add("opens", np.bool_, [merging.opens])
        writer.add("letters", np.uint8, [vocabulary.letters])
        writer.add("ends", np.int64, [vocabulary.ends])
        writer.add("hashes", np.uint32, [vocabulary.hashes])
        writer.add("numbers", np.int32, [vocabulary.numbers])
        writer.add("articles", np.int64, [articles])
        writer.add("first", np.int32, [first])
