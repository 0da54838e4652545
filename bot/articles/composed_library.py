"""A library of articles of two others: some of a large one, which may be on disk, and new ones."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

from bot.articles.article import Article, Listing, Title
from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.articles.sentence_spans import SentenceSpans
from bot.errors import UnreadableFile
from bot.language.analysis import Analysis

Item = TypeVar("Item")


class ComposedSequence(Sequence[Item]):
    """Items of ``whole`` and of ``new``, each fetched when it is read.

    ``rows`` has the row of each item in ``whole``, or ``~row`` of one in ``new``.

    >>> [*ComposedSequence("abc", "xy", [2, ~0, 0])]
    ['c', 'x', 'a']
    """

    def __init__(self, whole: Sequence[Item], new: Sequence[Item], rows: Sequence[int]) -> None:
        self._whole, self._new, self._rows = whole, new, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Item: ...
    @overload
    def __getitem__(self, row: slice) -> "ComposedSequence[Item]": ...
    def __getitem__(self, row: int | slice) -> "Item | ComposedSequence[Item]":
        if isinstance(row, slice):
            return ComposedSequence(self._whole, self._new, self._rows[row])
        number = self._rows[row]
        return self._whole[number] if number >= 0 else self._new[~number]


class ComposedLibrary(Library):
    """Articles of ``whole`` and of ``new``, in an order; ``rows`` are as in ComposedSequence.

    Texts are not copied, and nothing is read from ``whole`` before it is needed. An edit of this
    library is again one of ``whole``, so that a thousand edits do not make a chain of libraries.
    """

    def __init__(self, whole: Library, new: Library, rows: Sequence[int]) -> None:
        super().__init__()
        self._whole, self._new, self._rows = whole, new, rows
        self.skipped: tuple[UnreadableFile, ...] = whole.skipped
        self.ignored: int = whole.ignored
        self.analysis: Analysis = whole.analysis
        self.articles: Sequence[Article] = ComposedSequence(whole.articles, new.articles, rows)
        self.spans: Sequence[SentenceSpans] = ComposedSequence(whole.spans, new.spans, rows)
        old_sizes, new_sizes = whole.sentence_counts(), new.sentence_counts()
        sizes = (old_sizes[row] if row >= 0 else new_sizes[~row] for row in rows)
        self._first = array("i", accumulate(sizes, initial=0))

    def edit(self, edit: Edit) -> Library:
        """Return a library with other articles; only the new ones are analyzed."""
        size = len(self._new.articles)
        rows = edit.apply(self._rows, range(~size, ~size - len(edit.articles), -1))
        new = self._new.edit(Edit(added=edit.articles))
        # New articles that were replaced or removed meanwhile are dropped.
        used = sorted(~row for row in rows if row < 0)
        if unused := {*range(len(new.articles))}.difference(used):
            new = new.edit(Edit(removed=unused))
            numbers = {~row: ~number for number, row in enumerate(used)}
            rows = [numbers.get(row, row) for row in rows]
        return ComposedLibrary(self._whole, new, rows)

    def with_analysis(self, analysis: Analysis) -> Library:
        """Return a library of the same articles, whose terms are found by ``analysis``."""
        whole, new = self._whole.with_analysis(analysis), self._new.with_analysis(analysis)
        return ComposedLibrary(whole, new, self._rows)

    @property
    def article_languages(self) -> Sequence[str]:
        """The code of the language of each article."""
        whole, new = self._whole.article_languages, self._new.article_languages
        return ComposedSequence(whole, new, self._rows)

    @property
    def listings(self) -> Sequence[Listing]:
        """The title, source and date of each article, in reading order."""
        return ComposedSequence(self._whole.listings, self._new.listings, self._rows)

    @property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, a value that changes with its content."""
        versions = {**self._whole.content_versions, **self._new.content_versions}
        return {listing.source: versions[listing.source] for listing in self.listings}

    def title(self, article: int) -> str:
        """Return the title of ``article``."""
        library, row = self._locate(article)
        return library.title(row)

    def load_titles(self, articles: Sequence[int]) -> list[Title]:
        """Return the titles of articles by number, with their languages."""
        places = map(self._locate, articles)
        return [title for library, row in places for title in library.load_titles([row])]

    def prefetch(self, articles: Iterable[int]) -> None:
        """Read articles at once of which sentences are needed next."""
        self._whole.prefetch([row for row in map(self._rows.__getitem__, articles) if row >= 0])

    def find_unsearched(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
        wanted, found = [*wanted], dict[str, list[int]]()
        for term, rows in self._whole.find_unsearched(wanted).items():
            found[term] = [self._numbers[row] for row in rows if row in self._numbers]
        for term, rows in self._new.find_unsearched(wanted).items():
            found[term] = sorted([*found.get(term, ()), *(self._numbers[~row] for row in rows)])
        return {term: found[term] for term in wanted if found.get(term)}

    @property
    def unsearched_terms(self) -> Sequence[Collection[str]]:
        """The terms that each article has outside of its sentences only."""
        whole, new = self._whole.unsearched_terms, self._new.unsearched_terms
        return ComposedSequence(whole, new, self._rows)

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        """The number of each article here by its row."""
        return {row: number for number, row in enumerate(self._rows)}

    def _text(self, article: int) -> str:
        library, row = self._locate(article)
        return library._text(row)

    def _locate(self, article: int) -> tuple[Library, int]:
        """Return the library that ``article`` is of, and its row there."""
        row = self._rows[article]
        return (self._whole, row) if row >= 0 else (self._new, ~row)


def copy_to_memory(library: Library) -> Library:
    """Return ``library`` or, if its articles may not all be in memory, a copy with them there.

    >>> library = Library.from_texts(["It rained."])
    >>> copy_to_memory(library) is library
    True
    """
    if type(library) is Library:
        return library
    first = array("i", accumulate(library.sentence_counts(), initial=0))
    copy = Library.from_spans(tuple(library.articles), tuple(library.spans), first)
    copy.skipped, copy.ignored = library.skipped, library.ignored
    copy.analysis, copy.unsearched_terms = library.analysis, [*library.unsearched_terms]
    return copy
