"""Files → what is kept of them: articles, where their sentences lie, and their terms."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from bot.articles.files import File
from bot.articles.formats import parse_article, read_bytes
from bot.articles.library import split_article
from bot.errors import UnreadableFile
from bot.language.terms import stem
from bot.language.words import words_by_line
from bot.storage.rows import Row, pack_article


def segmenter_version() -> str:
    """Return the release by which sentences end, which importlib.metadata takes 11 ms to tell."""
    found = find_spec("sentencex")
    assert found
    assert found.origin
    beside = Path(found.origin).parents[1]
    return " ".join(sorted(path.stem for path in beside.glob("sentencex-*.dist-info")))


SEGMENTER = segmenter_version()


@dataclass(frozen=True, slots=True)
class IngestedFile:
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
class IngestedBatch:
    """What came of some files, and the ``terms`` that the numbers in it mean: 1 is the first."""

    files: tuple[IngestedFile, ...]
    terms: tuple[str, ...]


class BatchTerms(dict[str, int]):
    """Word → the number of its term in a batch, 0 for a question word, which is none.

    In one dictionary, so that a word is looked up once: its stem is asked for when it is met first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stems = {"": 0}

    def __missing__(self, word: str) -> int:
        number = self[word] = self.stems.setdefault(stem(word), len(self.stems))
        return number


def ingest_batch(files: Sequence[File]) -> IngestedBatch:
    """Read ``files``, and find the sentences and terms in them."""
    numbers = BatchTerms()
    readings = tuple(_reading(file, numbers) for file in files)
    return IngestedBatch(readings, tuple(numbers.stems)[1:])


def content_digest(data: bytes) -> bytes:
    """Return what tells ``data`` from any other content."""
    return blake2b(data, digest_size=16).digest()


def _reading(file: File, numbers: BatchTerms) -> IngestedFile:
    known = b""
    try:
        data = read_bytes(file)
        known = content_digest(data)
        article = parse_article(file.path, file.source, data)
    except UnreadableFile as error:
        return IngestedFile(file, known, error.fault)
    where = split_article(article)
    # Sentences as lines, and their words at once: in two thirds of the time of one by one.
    text = article.text.replace("\n", " ")
    sentences = [text[start:end] for start, end in zip(where.starts, where.ends, strict=True)]
    lengths, numbered = array("i"), list[int]()
    for words in words_by_line("\n".join(sentences)) if sentences else ():
        before = len(numbered)
        numbered += filter(None, map(numbers.__getitem__, words))
        lengths.append(len(numbered) - before)
    terms, opens = array("i", numbered), paragraph_start_flags(where.blocks)
    row = pack_article(article, where)
    return IngestedFile(file, known, "", row, terms.tobytes(), lengths.tobytes(), opens)


def paragraph_start_flags(blocks: Iterable[int]) -> bytes:
    """Return which sentences are the first of their block, ``bool[sentences]``."""
    last = -1
    opens = bytearray()
    for block in blocks:
        opens.append(block != last)
        last = block
    return bytes(opens)
