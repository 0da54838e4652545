"""Articles and their sentences, by number."""

import datetime
import os
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol, Self

from bot.articles.article import Article
from bot.articles.files import Files
from bot.articles.formats import READERS, read_article
from bot.errors import NothingToRead, UnreadableFile


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's place: its text is always ``article.text[start:end]``.

    ``number`` is its row in every array; ``article`` and ``block`` are numbers too, the
    block's counted within its article.
    """

    number: int
    article: int
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceSpans:
    """Where the sentences of an article lie, each in a row, in reading order.

    ``blocks``, ``starts`` and ``ends`` are ``int32[sentences]``; an object for each of a million
    sentences would take ten times the memory.
    """

    blocks: "array[int]"
    starts: "array[int]"
    ends: "array[int]"

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self.blocks)


class Listing(Protocol):
    """What a list of articles tells of one: less than the whole, which may have to be fetched."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def source(self) -> str:
        """Its path under the library's folder."""

    @property
    def date(self) -> datetime.date | None:
        """When it was published, if it says so."""


class Library:
    """Articles and their sentences; ``library.sentence(i).number == i``.

    ``skipped`` are the files that could not be read, each with its reason; ``passed_over``
    counts hidden files and unknown suffixes.
    """

    def __init__(
        self,
        articles: Iterable[Article] = (),
        skipped: tuple[UnreadableFile, ...] = (),
        passed_over: int = 0,
    ) -> None:
        self.articles: Sequence[Article] = tuple(articles)
        self.skipped = skipped
        self.ignored = passed_over
        self._cuts: Sequence[SentenceSpans] = tuple(map(split_article, self.articles))
        # The first sentence of each article, and one past the last.
        self._first: Sequence[int] = array("i", accumulate(map(len, self._cuts), initial=0))

    @classmethod
    def from_spans(
        cls, articles: Sequence[Article], cuts: Sequence[SentenceSpans], first: Sequence[int]
    ) -> Self:
        """Return the library of ``articles`` whose sentences were found before.

        ``first`` is the first sentence of each article, and one past the last.
        """
        library = cls()
        library.articles, library._cuts, library._first = articles, cuts, first
        return library

    def subset(self, rows: Iterable[int]) -> "Library":
        """Return the library of the articles in ``rows``, held in memory."""
        rows = [*rows]
        articles, cuts = [self.articles[row] for row in rows], [self._cuts[row] for row in rows]
        return Library.from_spans(articles, cuts, array("i", accumulate(map(len, cuts), initial=0)))

    @property
    def listings(self) -> Sequence[Listing]:
        """The articles, as far as lists need them, in reading order."""
        return self.articles

    @property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, what is another when its content is."""
        return {article.source: article.text for article in self.articles}

    @classmethod
    def from_path(cls, *paths: str | os.PathLike[str]) -> Self:
        """Read the files at ``paths`` and in the folders there.

        What cannot be read is in ``skipped``, and the rest is read. Raises NothingToRead if
        there is no rest.
        """
        files = find_files(paths)
        articles, skipped = [], files.skipped
        for file in files.files:
            try:
                articles.append(read_article(file))
            except UnreadableFile as fault:
                skipped.append(fault)
        if skipped and not articles:
            raise NothingToRead(tuple(os.fspath(path) for path in paths), tuple(skipped))
        return cls(articles, tuple(skipped), files.ignored)

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> Self:
        """Hold ``texts`` as articles, one each, read as plain text is.

        Without ``titles``, each has its headline or, without one, its number for a title.
        """
        from bot.articles.plain import parse_plain  # here for the reason in formats.py

        if isinstance(texts, str):
            raise ValueError("texts is one text; give a list of them")  # noqa: TRY004
        articles = [parse_plain(text, f"text {number}") for number, text in enumerate(texts, 1)]
        if titles is not None:
            articles = [
                replace(article, title=title)
                for article, title in zip(articles, titles, strict=True)
            ]
        return cls(articles)

    def __len__(self) -> int:
        """How many sentences there are."""
        return self._first[len(self._first) - 1]

    def sentence(self, number: int) -> Sentence:
        """Return the sentence in row ``number``, 0 up to, not including, ``len(self)``."""
        article = self._article(number)
        cut, row = self._cuts[article], number - self._first[article]
        return Sentence(number, article, cut.blocks[row], cut.starts[row], cut.ends[row])

    def title(self, article: int) -> str:
        """Return the title of ``article``."""
        return self.articles[article].title

    def sentence_text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""
        return self.join_texts(range(number, number + 1))

    def join_texts(self, numbers: range) -> str:
        """Return the texts of sentences ``numbers`` of one article, a line's end between two."""
        article = self._article(numbers.start)
        cut, text, first = self._cuts[article], self._text(article), self._first[article]
        inside = slice(numbers.start - first, numbers.stop - first)
        spans = zip(cut.starts[inside], cut.ends[inside], strict=True)
        return "\n".join([text[start:end] for start, end in spans])

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""
        for article, cut in zip(self.articles, self._cuts, strict=True):
            for start, end in zip(cut.starts, cut.ends, strict=True):
                yield article.text[start:end]

    def sentence_numbers(self, article: int) -> range:
        """Return the numbers of the sentences of ``article``, in reading order."""
        return range(self._first[article], self._first[article + 1])

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of the sentences in the block of sentence ``number``, it included."""
        article = self._article(number)
        inside, blocks = self.sentence_numbers(article), self._cuts[article].blocks
        first = last = number - inside.start
        while first and blocks[first - 1] == blocks[first]:
            first -= 1
        while last + 1 < len(blocks) and blocks[last + 1] == blocks[last]:
            last += 1
        return range(inside.start + first, inside.start + last + 1)

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        number = -1
        for cut in self._cuts:
            last = -1
            for block in cut.blocks:
                number, last = number + (block != last), block
                yield number

    def _text(self, article: int) -> str:
        return self.articles[article].text

    def _article(self, number: int) -> int:
        if not 0 <= number < len(self):
            raise IndexError(f"no sentence {number} among {len(self)}")
        return bisect_right(self._first, number) - 1


def find_files(paths: Sequence[str | os.PathLike[str]]) -> Files:
    """Return the files that a library of ``paths`` is read from."""
    if not paths:
        raise ValueError("no path to read from")
    return Files(paths, READERS.__contains__)


def split_article(article: Article) -> SentenceSpans:
    """Return where the sentences of ``article`` lie."""
    from bot.articles.sentences import find_sentences
    from bot.language.detect import detect_language  # as above

    language = detect_language(article.text)
    blocks, starts, ends = array("i"), array("i"), array("i")
    for row, block in enumerate(article.blocks):
        if block.boilerplate:
            continue
        for start, end in find_sentences(article.text, block.start, block.end, language):
            blocks.append(row)
            starts.append(start)
            ends.append(end)
    return SentenceSpans(blocks, starts, ends)
