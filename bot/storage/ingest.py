"""Read files into the rows that the cache stores: articles, sentence spans and terms."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.articles.article import Article
from bot.articles.digest import blake2b
from bot.articles.files import File, printable_path
from bot.articles.formats import parse_articles, read_bytes
from bot.articles.sentence_spans import SentenceSpans, split_article
from bot.articles.unsearched_text import unsearched_text
from bot.errors import UnreadableFile
from bot.language.analysis import Analysis
from bot.storage.rows import ArticleRow, ArticleTerms


class IngestedArticle(NamedTuple):
    """An article and its terms, whose ids count from 1 and are valid within the batch.

    ``unsearched`` are the terms that the article has, but none of its sentences.
    """

    row: ArticleRow
    terms: ArticleTerms
    unsearched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IngestedFile:
    """A file and the articles read from it.

    ``faults`` are the parts of the file that could not be read, each with the reason; the part ""
    is the whole file. ``digest`` identifies the file's content; it is empty if none of it could be
    read.
    """

    file: File
    digest: bytes = b""
    faults: tuple[tuple[str, str], ...] = ()
    articles: tuple[IngestedArticle, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestedBatch:
    """Some files after reading, and the ``terms`` in them, of which the first has the id 1."""

    files: tuple[IngestedFile, ...]
    terms: tuple[str, ...]


class BatchTerms(dict[str, int]):
    """A mapping of words to the ids of their terms in a batch; 0 for question words.

    A word is looked up in one dictionary, and stemmed when it first occurs. Each language has a
    dictionary of its own; the ids of the terms are those of all.
    """

    def __init__(self, analysis: Analysis, stem_ids: dict[str, int] | None = None) -> None:
        super().__init__()
        self.analysis = analysis
        self.stem_ids: dict[str, int] = {"": 0} if stem_ids is None else stem_ids
        self._others = {analysis.language.code: self}

    def in_language(self, code: str) -> "BatchTerms":
        """Return the mapping of words of another language."""
        if code not in self._others:
            self._others[code] = BatchTerms(self.analysis.in_language(code), self.stem_ids)
        return self._others[code]

    def __missing__(self, word: str) -> int:
        stem = self.analysis.stem(word)
        term_id = self[word] = self.stem_ids.setdefault(stem, len(self.stem_ids))
        return term_id


def ingest_batch(files: Sequence[File], analysis: Analysis) -> IngestedBatch:
    """Read ``files`` and find the sentences and terms in them."""
    term_ids = BatchTerms(analysis)
    ingested = tuple(ingest_file(file, term_ids) for file in files)
    return IngestedBatch(ingested, tuple(term_ids.stem_ids)[1:])


def ingest_file(file: File, term_ids: BatchTerms) -> IngestedFile:
    """Read ``file``, adding its terms to ``term_ids``."""
    digest = b""
    faults: list[tuple[str, str]] = []
    articles: list[IngestedArticle] = []
    try:
        data = read_bytes(file)
        digest = content_digest(data)
        for part in parse_articles(file.path, file.source, data):
            if isinstance(part, Article):
                articles.append(ingest_article(part, term_ids))
            else:
                faults.append((part.path.removeprefix(printable_path(file.path)), part.fault))
    except UnreadableFile as error:
        return IngestedFile(file, digest, (("", error.fault),))
    return IngestedFile(file, digest, tuple(faults), tuple(articles))


def ingest_article(article: Article, term_ids: BatchTerms) -> IngestedArticle:
    """Return the row and the terms of an article, adding those to ``term_ids``."""
    spans = split_article(article)
    # All texts are split into words in one call: two thirds of the time of one each.
    lengths, ids = array("i"), list[int]()
    term_ids = term_ids.in_language(spans.language)
    analysis = term_ids.analysis
    texts = [*spans.texts(article.text), unsearched_text(article, spans.starts, spans.ends)]
    *split, outside = analysis.index_words(texts)
    for words in split:
        size = len(ids)
        ids += filter(None, map(term_ids.__getitem__, words))
        lengths.append(len(ids) - size)
    terms = ArticleTerms(array("i", ids).tobytes(), lengths.tobytes(), paragraph_start_flags(spans))
    searched, stem_ids = set(ids), term_ids.stem_ids
    stems = dict.fromkeys(filter(None, map(analysis.stem, outside)))
    unsearched = tuple(term for term in stems if stem_ids.get(term) not in searched)
    return IngestedArticle(ArticleRow.from_article(article, spans), terms, unsearched)


def content_digest(data: bytes) -> bytes:
    """Return a digest of 16 bytes that identifies the content ``data``."""
    return blake2b(data, digest_size=16).digest()


def paragraph_start_flags(spans: SentenceSpans) -> bytes:
    """Return whether each sentence is the first of its paragraph, ``bool[sentences]`` as bytes."""
    flags = bytearray(len(spans))
    for rows in spans.paragraphs():
        flags[rows.start] = True
    return bytes(flags)
