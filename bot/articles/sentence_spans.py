"""The places of the sentences in an article."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.articles.article import Article, Role
from bot.language.language import ENGLISH, find_language
from bot.lazy import lazy_function

Splitter = Callable[[str, int, int, str], list[tuple[int, int]]]
find_lines: Splitter = lazy_function("bot.articles.sentences", "find_lines")
detect_language: Callable[[str], str] = lazy_function("bot.language.detect", "detect_language")
find_sentences: Splitter = lazy_function("bot.articles.sentences", "find_sentences")

# Sentences of a paragraph; a longer block is several paragraphs. Nobody writes so long ones (the
# longest of 40,000 on Wikipedia has 88), but a text without blank lines is a single block, and the
# score of its paragraph would be the same for all of it.
MAX_PARAGRAPH = 200


class Sentence(NamedTuple):
    """The place of a sentence, whose text is ``article.text[start:end]``.

    ``number`` is its row in every array. ``article`` is the number of its article in the
    library, ``block`` that of its block in the article.
    """

    number: int
    article: int
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceSpans:
    """The block, start and end of each sentence of an article, in reading order.

    The arrays are ``int32[sentences]``: a tenth of the memory of an object a sentence, in a
    library of a million. ``language`` is the code of the article's language.
    """

    blocks: "array[int]"
    starts: "array[int]"
    ends: "array[int]"
    language: str = ENGLISH.code

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.blocks)

    def texts(self, text: str) -> list[str]:
        """Return the sentences of the article's ``text``."""
        return [text[start:end] for start, end in zip(self.starts, self.ends, strict=True)]

    def paragraph_rows(self, row: int) -> range:
        """Return the rows of all sentences in the paragraph of sentence ``row``."""
        blocks, block = self.blocks, self.blocks[row]  # ascending
        first = bisect_left(blocks, block)
        first += (row - first) // MAX_PARAGRAPH * MAX_PARAGRAPH
        return range(first, min(bisect_right(blocks, block), first + MAX_PARAGRAPH))

    def paragraphs(self) -> Iterator[range]:
        """Yield the rows of the sentences of each paragraph."""
        start = 0
        while start < len(self):
            rows = self.paragraph_rows(start)
            yield rows
            start = rows.stop


def number_paragraphs(articles: Iterable[SentenceSpans]) -> Iterator[int]:
    """Yield the number of each sentence's paragraph, counted from 0 through all articles."""
    paragraphs = (rows for spans in articles for rows in spans.paragraphs())
    for number, rows in enumerate(paragraphs):
        yield from [number] * len(rows)


def split_article(article: Article) -> SentenceSpans:
    """Split the blocks of ``article`` into sentences, all but its boilerplate."""
    language = article_language(article)
    blocks, starts, ends = array("i"), array("i"), array("i")
    answering = (row for row, block in enumerate(article.blocks) if not block.boilerplate)
    for row, block in ((row, article.blocks[row]) for row in answering):
        split = find_lines if block.role is Role.CODE else find_sentences
        for start, end in split(article.text, block.start, block.end, language):
            blocks.append(row)
            starts.append(start)
            ends.append(end)
    return SentenceSpans(blocks, starts, ends, language)


def article_language(article: Article) -> str:
    """Return the code of the language that an article declares, else of the one it is written in.

    >>> article_language(Article("Pont", "a.txt", "Le pont est long.", metadata={"language": "fr"}))
    'fr'
    """
    declared = article.metadata.get("language") or article.metadata.get("lang")
    return find_language(str(declared or "")) or detect_language(article.text)
