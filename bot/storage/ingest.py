"""Files → what is kept of them: articles, where their sentences lie, and their terms."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from bot.articles.files import File
from bot.articles.formats import content, parsed
from bot.articles.library import cut
from bot.errors import Unreadable
from bot.language.terms import stem
from bot.language.words import lined
from bot.storage.rows import Row, packed


def segmenter() -> str:
    """Return the release by which sentences end, which importlib.metadata takes 11 ms to tell."""
    found = find_spec("sentencex")
    assert found
    assert found.origin
    beside = Path(found.origin).parents[1]
    return " ".join(sorted(path.stem for path in beside.glob("sentencex-*.dist-info")))


SEGMENTER = segmenter()


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: an article, as the ``row`` that a store has of it.

    Or none, then the row is () and ``fault`` says why. ``terms`` are the article's, ``int32``,
    sentence after sentence, as their numbers in the batch, from 1; ``lengths``, ``int32``, how many
    each sentence has; ``opens``, ``bool``, which sentences begin a paragraph; each as bytes.
    ``digest`` tells the file's content from another; it is empty where it could not be read at all.
    """

    file: File
    digest: bytes = b""
    fault: str = ""
    row: Row = ()
    terms: bytes = b""
    lengths: bytes = b""
    opens: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some files, and the ``terms`` that the numbers in it mean: 1 is the first."""

    readings: tuple[Reading, ...]
    terms: tuple[str, ...]


class Numbers(dict[str, int]):
    """Word → the number of its term in a batch, 0 for a question word, which is none.

    In one dictionary, so that a word is looked up once: its stem is asked for when it is met first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stems = {"": 0}

    def __missing__(self, word: str) -> int:
        number = self[word] = self.stems.setdefault(stem(word), len(self.stems))
        return number


def read_batch(files: Sequence[File]) -> Batch:
    """Read ``files``, and find the sentences and terms in them."""
    numbers = Numbers()
    readings = tuple(_reading(file, numbers) for file in files)
    return Batch(readings, tuple(numbers.stems)[1:])


def digest(data: bytes) -> bytes:
    """Return what tells ``data`` from any other content."""
    return blake2b(data, digest_size=16).digest()


def _reading(file: File, numbers: Numbers) -> Reading:
    known = b""
    try:
        data = content(file)
        known = digest(data)
        article = parsed(file.path, file.source, data)
    except Unreadable as error:
        return Reading(file, known, error.fault)
    where = cut(article)
    # Sentences as lines, and their words at once: in two thirds of the time of one by one.
    text = article.text.replace("\n", " ")
    sentences = [text[start:end] for start, end in zip(where.starts, where.ends, strict=True)]
    lengths, numbered = array("i"), list[int]()
    for words in lined("\n".join(sentences)) if sentences else ():
        before = len(numbered)
        numbered += filter(None, map(numbers.__getitem__, words))
        lengths.append(len(numbered) - before)
    terms, opens = array("i", numbered), opening(where.blocks)
    row = packed(article, where)
    return Reading(file, known, "", row, terms.tobytes(), lengths.tobytes(), opens)


def opening(blocks: Iterable[int]) -> bytes:
    """Return which sentences are the first of their block, ``bool[sentences]``."""
    last = -1
    opens = bytearray()
    for block in blocks:
        opens.append(block != last)
        last = block
    return bytes(opens)
