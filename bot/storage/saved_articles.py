"""The articles of a saved library, in the arrays of its file."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np

from bot.articles.article import Listing, Title
from bot.articles.library import Library
from bot.errors import UnusableLibrary
from bot.index.postings import Ints, build_postings
from bot.index.vocabulary import Vocabulary, decode_term
from bot.storage.array_file import Array, ArrayWriter
from bot.storage.index_file import add_vocabulary, read_vocabulary
from bot.storage.rows import ArticleListing, ArticleRow, StoredArticle, parse_date

# The last fields of a row, which are bytes, make its body: blocks, spans, text. The others are its
# head, in JSON.
BODY_FIELDS = 3
# The array that is not read when a library is loaded: a body is verified when it is fetched.
BODIES = "bodies"
UNSEARCHED = "unsearched_"


def add_articles(writer: ArrayWriter, library: Library) -> None:
    """Write the articles of ``library``, one at a time, for :class:`SavedArticles`."""
    heads: list[bytes] = []
    sizes: list[int] = []
    checksums: list[int] = []

    def bodies() -> Iterator[Ints]:
        for article, spans in zip(library.articles, library.spans, strict=True):
            row = ArticleRow.from_article(article, spans)
            parts = row.blocks, row.spans, row.text
            heads.append(json.dumps(row[:-BODY_FIELDS]).encode())
            sizes.extend(map(len, parts))
            body = b"".join(parts)
            checksums.append(crc32(body))
            yield np.frombuffer(body, np.uint8)

    writer.add(BODIES, np.uint8, bodies())
    writer.add("body_sizes", np.int64, [np.array(sizes, np.int64)])
    writer.add("body_checksums", np.uint32, [np.array(checksums, np.uint32)])
    writer.add("heads", np.uint8, (np.frombuffer(head, np.uint8) for head in heads))
    writer.add("head_sizes", np.int64, [np.array([*map(len, heads)], np.int64)])
    terms, postings = build_postings(map(sorted, library.unsearched_terms))
    add_vocabulary(writer, Vocabulary.from_terms(terms), UNSEARCHED)
    writer.add("unsearched_starts", np.int64, [postings.starts])
    writer.add("unsearched_articles", np.int32, [postings.doc_ids])


class SavedArticles:
    """The articles among the ``arrays`` of ``file``. Raises KeyError for an array that is missing.

    Its methods raise UnusableLibrary where the file is damaged.
    """

    def __init__(self, file: Path, arrays: Mapping[str, Array]) -> None:
        self._file = file
        self._bodies, self._heads = arrays[BODIES], arrays["heads"]
        self._checksums = arrays["body_checksums"]
        self._body_ends = np.cumsum(arrays["body_sizes"])
        self._head_ends = np.cumsum(arrays["head_sizes"])
        self._vocabulary = read_vocabulary(arrays, UNSEARCHED)
        self._starts, self._unsearched = arrays["unsearched_starts"], arrays["unsearched_articles"]

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self._checksums)

    def fetch_articles(self, rows: Sequence[int]) -> Mapping[int, StoredArticle]:
        """Return the articles in ``rows``, each once."""
        return {row: self._fetch_article(row) for row in rows}

    def fetch_titles(self, rows: Sequence[int]) -> Sequence[Title]:
        """Return the titles of the articles in ``rows`` without reading the rest of them."""
        return [Title(head.title, head.language) for head in map(self._decode, rows)]

    def _fetch_article(self, row: int) -> StoredArticle:
        first = BODY_FIELDS * row
        ends = self._body_ends[first : first + BODY_FIELDS].tolist()
        starts = [int(self._body_ends[first - 1]) if row else 0, *ends]
        parts = [self._bodies[start:end].tobytes() for start, end in pairwise(starts)]
        if crc32(b"".join(parts)) != self._checksums[row]:
            raise UnusableLibrary(self._file, f"wrong checksum of article {row + 1}")
        return StoredArticle(self._decode(row, parts))

    def _decode(self, row: int, body: Sequence[bytes] = (b"",) * BODY_FIELDS) -> ArticleRow:
        start = int(self._head_ends[row - 1]) if row else 0
        head = json.loads(self._heads[start : int(self._head_ends[row])].tobytes())
        return ArticleRow._make((*head, *body))

    def listings(self) -> Sequence[Listing]:
        """Return the listings of all articles, without reading their texts."""
        return [
            ArticleListing(
                row.title,
                row.source,
                parse_date(row.date),
                json.loads(row.id),
                json.loads(row.metadata),
            )
            for row in map(self._decode, range(len(self)))
        ]

    def languages(self) -> Sequence[str]:
        """Return the code of the language of each article, without reading their texts."""
        return [row.language for row in map(self._decode, range(len(self)))]

    def language_counts(self) -> Mapping[str, int]:
        """Return the number of articles in each language, by its code."""
        return Counter(self.languages())

    def content_versions(self) -> Mapping[str, object]:
        """Return the checksum of each article's text by the article's source."""
        sources = (listing.source for listing in self.listings())
        return dict(zip(sources, self._checksums.tolist(), strict=True))

    def find_unsearched(self, term: str) -> list[int]:
        """Return the rows of the articles that have ``term`` only outside of sentences."""
        articles: list[int] = []
        for term_id in self._vocabulary.lookup([term]).values():
            span = slice(int(self._starts[term_id]), int(self._starts[term_id + 1]))
            articles = self._unsearched[span].tolist()
        return articles

    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """Return the terms that each article has only outside of sentences."""
        found: list[list[str]] = [[] for _ in range(len(self))]
        for term_id, (start, end) in enumerate(pairwise(self._starts.tolist())):
            for row in self._unsearched[start:end].tolist():
                found[row].append(self._terms[term_id])
        return found

    @cached_property
    def _terms(self) -> Sequence[str]:
        """The terms of the vocabulary, in order."""
        letters = self._vocabulary.letters.tobytes()
        ends = pairwise(chain([0], self._vocabulary.ends.tolist()))
        return [decode_term(letters[start:end]) for start, end in ends]
