"""Articles and their sentences, by number."""

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.articles.article import Article
from bot.articles.formats import Files, read
from bot.articles.plain import plain
from bot.articles.sentences import language_of, spans
from bot.errors import NothingToRead, Unreadable


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


class Library:
    """Articles and their sentences; ``library.sentence(i).number == i``.

    ``skipped`` are the files that could not be read, each with its reason; ``passed_over``
    counts hidden files and unknown suffixes.
    """

    def __init__(
        self,
        articles: Iterable[Article] = (),
        skipped: tuple[Unreadable, ...] = (),
        passed_over: int = 0,
    ) -> None:
        self.articles = tuple(articles)
        self.skipped = skipped
        self.passed_over = passed_over
        # A row a sentence, and in ``first`` a row an article (and one past the last): an
        # object for each of a million sentences would take ten times the memory.
        self._article, self._block = array("i"), array("i")
        self._start, self._end = array("i"), array("i")
        self._first = array("i", [0])
        for number, article in enumerate(self.articles):
            self._add(number, article)

    @classmethod
    def from_path(cls, *paths: str | os.PathLike[str]) -> Self:
        """Read the files at ``paths`` and in the folders there.

        What cannot be read is in ``skipped``, and the rest is read. Raises NothingToRead if
        there is no rest.
        """
        if not paths:
            raise ValueError("no path to read from")
        files = Files(paths)
        articles, skipped = [], files.skipped
        for file in files.files:
            try:
                articles.append(read(file))
            except Unreadable as fault:
                skipped.append(fault)
        if skipped and not articles:
            raise NothingToRead(tuple(os.fspath(path) for path in paths), tuple(skipped))
        return cls(articles, tuple(skipped), files.passed_over)

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Sequence[str] | None = None) -> Self:
        """Hold ``texts`` as articles, one each, read as plain text is.

        Without ``titles``, each has its headline or, without one, its number for a title.
        """
        if isinstance(texts, str):
            raise ValueError("texts is one text; give a list of them")  # noqa: TRY004
        articles = [plain(text, f"text {number}") for number, text in enumerate(texts, 1)]
        if titles is not None:
            articles = [
                replace(article, title=title)
                for article, title in zip(articles, titles, strict=True)
            ]
        return cls(articles)

    def _add(self, number: int, article: Article) -> None:
        language = language_of(article.text)
        for row, block in enumerate(article.blocks):
            if block.furniture:
                continue
            for start, end in spans(article.text, block.start, block.end, language):
                self._article.append(number)
                self._block.append(row)
                self._start.append(start)
                self._end.append(end)
        self._first.append(len(self._start))

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self._start)

    def sentence(self, number: int) -> Sentence:
        """Return the sentence in row ``number``, 0 up to, not including, ``len(self)``."""
        return Sentence(
            number,
            self._article[number],
            self._block[number],
            self._start[number],
            self._end[number],
        )

    def text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""
        article = self.articles[self._article[number]]
        return article.text[self._start[number] : self._end[number]]

    def texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""
        return map(self.text, range(len(self)))

    def numbers(self, article: int) -> range:
        """Return the numbers of the sentences of ``article``, in reading order."""
        return range(self._first[article], self._first[article + 1])

    def paragraph(self, number: int) -> range:
        """Return the numbers of the sentences in the block of sentence ``number``, it included."""
        inside, block = self.numbers(self._article[number]), self._block[number]
        start, stop = number, number + 1
        while start > inside.start and self._block[start - 1] == block:
            start -= 1
        while stop < inside.stop and self._block[stop] == block:
            stop += 1
        return range(start, stop)

    def paragraphs(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        number, last = -1, (-1, -1)
        for place in zip(self._article, self._block, strict=True):
            number, last = number + (place != last), place
            yield number
