"""Articles and their sentences, each known by its number."""

import os
from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import cached_property, partial
from itertools import accumulate, groupby
from operator import sub
from typing import Self

from bot.articles.article import Article, Listing, Role
from bot.articles.edit import Edit
from bot.articles.formats import read_files
from bot.articles.listed_articles import ListedArticles
from bot.articles.sentence_spans import Sentence, SentenceSpans, number_paragraphs, split_article
from bot.articles.unsearched_text import unsearched_terms
from bot.errors import UnreadableFile
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.lazy import lazy_function

parse_plain: Callable[[str, str], Article] = lazy_function("bot.articles.plain", "parse_plain")
RECORDS = "bot.articles.program_records"
check_texts: Callable[..., Iterator[tuple[str, str, str]]] = lazy_function(RECORDS, "check_texts")
read_records: Callable[..., list[Article]] = lazy_function(RECORDS, "read_records")
record_fields: Callable[..., object] = lazy_function(RECORDS, "RecordFields")


class Library(ListedArticles):
    r"""Articles and their sentences, both numbered from 0 in reading order.

    ``skipped`` has the files that could not be read, each with its reason; ``ignored`` counts
    hidden files and files of other formats. ``analysis`` finds the terms of all its texts.

    >>> library = Library.from_texts(["It rained. It poured.", "It snowed."], ["Rain", "Snow"])
    >>> len(library), library.sentence_count, [article.title for article in library]
    (2, 3, ['Rain', 'Snow'])
    >>> library.title(0), library.sentence_text(1), library.sentence(2).article
    ('Rain', 'It poured.', 1)
    """

    analysis: Analysis = DEFAULT_ANALYZER
    origin: object = None  # where storage can open it again, see bot/storage/origin.py

    def __init__(
        self,
        articles: Iterable[Article] = (),
        skipped: tuple[UnreadableFile, ...] = (),
        ignored: int = 0,
    ) -> None:
        self.articles: Sequence[Article] = tuple(articles)
        self.skipped = skipped
        self.ignored = ignored
        self.spans: Sequence[SentenceSpans] = tuple(map(split_article, self.articles))
        # The number of each article's first sentence, then the number of all sentences.
        self._first: Sequence[int] = array("i", accumulate(map(len, self.spans), initial=0))

    @classmethod
    def from_spans(
        cls, articles: Sequence[Article], spans: Sequence[SentenceSpans], first: Sequence[int]
    ) -> Self:
        """Return the library of ``articles``, given their sentences; ``first`` is ``_first``."""
        library = cls()
        library.articles, library.spans, library._first = articles, spans, first
        return library

    def with_analysis(self, analysis: Analysis) -> "Library":
        """Return a library of the same articles, whose terms are found by ``analysis``."""
        library = copy(self)
        vars(library).pop("unsearched_terms", None)
        library.analysis, library.origin = analysis, None
        return library

    def edit(self, edit: Edit) -> "Library":
        """Return a library with other articles; only the new ones are analyzed.

        >>> library = Library.from_texts(["It rained.", "It snowed."])
        >>> [*library.edit(Edit(removed={0})).sentence_texts()]
        ['It snowed.']
        """
        new = Library(edit.articles).with_analysis(self.analysis)
        articles = tuple(edit.apply(self.articles, new.articles))
        spans = edit.apply(self.spans, new.spans)
        sizes = edit.apply(self.sentence_counts(), new.sentence_counts())
        library = Library.from_spans(articles, spans, array("i", accumulate(sizes, initial=0)))
        library.skipped, library.ignored = self.skipped, self.ignored
        library.analysis = self.analysis
        if "unsearched_terms" in vars(self):
            library.unsearched_terms = edit.apply(self.unsearched_terms, new.unsearched_terms)
        return library

    @property
    def listings(self) -> Sequence[Listing]:
        """The title, source and date of each article, in reading order."""
        return self.articles

    @property
    def content_versions(self) -> Mapping[str, object]:
        """A value that differs if the content does, by source."""
        return {article.source: article.text for article in self.articles}

    @classmethod
    def from_path(cls, *paths: str | os.PathLike[str]) -> Self:
        """Read the files at ``paths`` and in the folders there.

        Files that cannot be read are listed in ``skipped``. Raises NothingToRead if none of
        several can be read, and ValueError without a path.

        >>> from tempfile import TemporaryDirectory
        >>> from pathlib import Path
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "rain.txt").write_text("It rained. It poured.")
        ...     library = Library.from_path(folder)
        >>> library.articles[0].source, [*library.sentence_texts()]
        ('rain.txt', ['It rained.', 'It poured.'])
        """
        return cls(*read_files(paths))

    @classmethod
    def from_texts(cls, texts: Iterable[str], titles: Iterable[str] | None = None) -> Self:
        r"""Return the library of ``texts``, an article each, as they are.

        The source and id of the first is "text 1". Raises ValueError as ``from_pages``. Ids of your
        own: ``from_records(zip(ids, texts))``.

        >>> library = Library.from_texts(["It rained.", "It snowed."], ["Rain", "Snow"])
        >>> [(article.id, article.title) for article in library.articles]
        [('text 1', 'Rain'), ('text 2', 'Snow')]
        """
        return cls(
            Article(title, source, text) for source, text, title in check_texts(texts, titles)
        )

    @classmethod
    def from_pages(cls, texts: Iterable[str], titles: Iterable[str] | None = None) -> Self:
        r"""Return the library of ``texts``, each read as the plain text of a page.

        A headline, bylines, captions and links to other stories are told from the story, as in
        text files, and never answer. Raises ValueError for no text, and titles of another number.

        >>> library = Library.from_pages(["Rain\n\nIt rained.", "It snowed."])
        >>> [article.title for article in library.articles], [*library.sentence_texts()]
        (['Rain', 'Text 2'], ['It rained.', 'It snowed.'])
        """
        pages = (
            (parse_plain(text, source), title) for source, text, title in check_texts(texts, titles)
        )
        return cls(page if titles is None else replace(page, title=title) for page, title in pages)

    @classmethod
    def from_records(  # noqa: PLR0913 - each field of a record by its name
        cls,
        records: Iterable[object],
        *,
        id: str = "id",
        text: str | Sequence[str] = "text",
        title: str = "title",
        date: str = "date",
        replace: bool = False,
    ) -> Self:
        """Return the library of ``records``: mappings, dataclasses or (id, text) pairs.

        The arguments name the field of each part; several fields of text are joined as paragraphs.
        Texts are taken as they are. Ids are str or int, and unique; with ``replace``, the last
        record of an id counts. A date is a date, a datetime or ISO text. Title and date may be
        absent. All other fields are kept as metadata. Raises ValueError, which names the record.

        >>> rows = [{"id": "n-17", "text": "It rained.", "date": "2024-11-19", "section": "world"}]
        >>> [article] = Library.from_records(rows).articles
        >>> article.id, article.date.year, dict(article.metadata)
        ('n-17', 2024, {'section': 'world'})
        """
        return cls(read_records(records, record_fields(id, text, title, date), replace=replace))

    def __len__(self) -> int:
        """Return the number of articles."""
        return len(self.articles)

    def __iter__(self) -> Iterator[Article]:
        """Yield the articles, in reading order."""
        return iter(self.articles)

    def __contains__(self, article_id: object) -> bool:
        """Return whether an article has the id ``article_id``."""
        return str(article_id) in self._rows_by_id

    def __getitem__(self, article_id: str | int) -> Article:
        """Return the article with an id, which may be given as text. Raises KeyError.

        >>> library = Library.from_records([(17, "It rained."), ("n-3", "It snowed.")])
        >>> library["17"].text, library["n-3"].text, "n-4" in library, library.get("n-4")
        ('It rained.', 'It snowed.', False, None)
        """
        return self.articles[self._rows_by_id[str(article_id)]]

    def get(self, article_id: str | int) -> Article | None:
        """Return the article with an id, None if there is none."""
        row = self._rows_by_id.get(str(article_id))
        return None if row is None else self.articles[row]

    @cached_property
    def _rows_by_id(self) -> Mapping[str, int]:
        """The number of each article by its id; of several with one id, the first."""
        return {str(each.id): row for row, each in reversed([*enumerate(self.listings)])}

    @property
    def sentence_count(self) -> int:
        """The number of sentences of all articles."""
        return self._first[len(self._first) - 1]

    def sentence(self, number: int) -> Sentence:
        """Return the sentence ``number``. Raises IndexError unless 0 ≤ number < sentence_count."""
        article = self.article_number(number)
        spans, row = self.spans[article], number - self._first[article]
        return Sentence(number, article, spans.blocks[row], spans.starts[row], spans.ends[row])

    def is_code(self, number: int) -> bool:
        """Return whether sentence ``number`` is a line of code."""
        place = self.sentence(number)
        return self.articles[place.article].blocks[place.block].role is Role.CODE

    def sentence_text(self, number: int) -> str:
        """Return the text of sentence ``number``, to the letter."""
        article = self.article_number(number)
        spans, row = self.spans[article], number - self._first[article]
        return self._text(article)[spans.starts[row] : spans.ends[row]]

    def load_texts(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of sentences by number; of those in order, an article is read once."""
        texts: dict[int, str] = {}
        for article, group in groupby(numbers, self.article_number):
            spans, text, first = self.spans[article], self._text(article), self._first[article]
            for number in group:
                row = number - first
                texts[number] = text[spans.starts[row] : spans.ends[row]]
        return texts

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""
        for article, spans in zip(self.articles, self.spans, strict=True):
            yield from spans.texts(article.text)

    def sentence_counts(self) -> Sequence[int]:
        """Return the number of sentences of each article."""
        return array("i", map(sub, self._first[1:], self._first))

    @property
    def article_languages(self) -> Sequence[str]:
        """The code of the language of each article."""
        return [spans.language for spans in self.spans]

    def analysis_of(self, article: int) -> Analysis:
        """Return the analysis of the texts of an article, which is that of its language."""
        return self.analysis.in_language(self.spans[article].language)

    def analysis_at(self, number: int) -> Analysis:
        """Return the analysis of the text of sentence ``number``."""
        return self.analysis_of(self.article_number(number))

    def sentence_numbers(self, article: int) -> range:
        """Return the numbers of the sentences of article number ``article``."""
        return range(self._first[article], self._first[article + 1])

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of all sentences in the paragraph of sentence ``number``."""
        article = self.article_number(number)
        start = self._first[article]
        rows = self.spans[article].paragraph_rows(number - start)
        return range(start + rows.start, start + rows.stop)

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        return number_paragraphs(self.spans)

    @cached_property
    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """The terms that each article has outside of its sentences only."""
        pairs = zip(self.articles, self.spans, strict=True)
        return [unsearched_terms(a, s, self.analysis.in_language(s.language)) for a, s in pairs]

    def _text(self, article: int) -> str:
        return self.articles[article].text

    def article_number(self, number: int) -> int:
        """Return the number of the article that has sentence ``number``."""
        article = bisect_right(self._first, number) - 1
        if not 0 <= article < len(self._first) - 1:
            raise IndexError(f"no sentence {number} among {self.sentence_count}")
        return article

    def article_numbers(self, numbers: Sequence[int]) -> list[int]:
        """Return the number of the article of each of some sentences. Raises IndexError."""
        for number in (min(numbers), max(numbers)) if numbers else ():
            self.article_number(number)  # raises IndexError
        return [place - 1 for place in map(partial(bisect_right, self._first), numbers)]
