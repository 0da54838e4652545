"""A retriever of some of another's articles, without reading or analyzing them again."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

from bot.articles.library import Library, Listing, Sentence
from bot.index.memory import MemoryEngine
from bot.index.merge import IndexPart, Merge, renumber_sentences
from bot.retrieval.retriever import Retriever

Item = TypeVar("Item")


class SubsetSequence(Sequence[Item]):
    """The items of ``whole`` in ``rows``, each fetched when it is read."""

    def __init__(self, whole: Sequence[Item], rows: Sequence[int]) -> None:
        self._whole, self._rows = whole, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, row: int) -> Item: ...
    @overload
    def __getitem__(self, row: slice) -> "SubsetSequence[Item]": ...
    def __getitem__(self, row: int | slice) -> "Item | SubsetSequence[Item]":
        if isinstance(row, slice):
            return SubsetSequence(self._whole, self._rows[row])
        return self._whole[self._rows[row]]


class SubsetLibrary(Library):
    """The articles of ``whole`` in ``rows``, ascending; their texts are not copied."""

    def __init__(self, whole: Library, rows: Sequence[int]) -> None:
        super().__init__()
        self._whole, self._rows = whole, rows
        self.articles = SubsetSequence(whole.articles, rows)
        sizes = (len(whole.sentence_numbers(row)) for row in rows)
        self._first = array("i", accumulate(sizes, initial=0))

    @property
    def listings(self) -> Sequence[Listing]:
        """The title, source and date of each article, in reading order."""
        return SubsetSequence(self._whole.listings, self._rows)

    @property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, a value that changes with its content."""
        versions = self._whole.content_versions
        return {listing.source: versions[listing.source] for listing in self.listings}

    def sentence(self, number: int) -> Sentence:
        """Return the sentence in row ``number``, 0 up to, not including, ``len(self)``."""
        article = self.article_number(number)
        sentence = self._whole.sentence(number + self._offset(article))
        return replace(sentence, number=number, article=article)

    def title(self, article: int) -> str:
        """Return the title of ``article``."""
        return self._whole.title(self._rows[article])

    def join_texts(self, numbers: range) -> str:
        """Return the texts of sentences ``numbers`` of one article, joined by newlines."""
        offset = self._offset(self.article_number(numbers.start))
        return self._whole.join_texts(range(numbers.start + offset, numbers.stop + offset))

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""
        return map(self.sentence_text, range(len(self)))

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of the sentences in the paragraph of sentence ``number``."""
        offset = self._offset(self.article_number(number))
        numbers = self._whole.paragraph_range(number + offset)
        return range(numbers.start - offset, numbers.stop - offset)

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        sentence = paragraph = 0
        while sentence < len(self):
            numbers = self.paragraph_range(sentence)
            yield from [paragraph] * len(numbers)
            sentence, paragraph = numbers.stop, paragraph + 1

    def find_unsearched(self, wanted: Iterable[str]) -> dict[str, list[int]]:
        """Return the articles that have each of some terms outside of their sentences only."""
        found = {
            term: [self._numbers[row] for row in rows if row in self._numbers]
            for term, rows in self._whole.find_unsearched(wanted).items()
        }
        return {term: articles for term, articles in found.items() if articles}

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        """The number of each article here by its number in the whole."""
        return {row: number for number, row in enumerate(self._rows)}

    def _offset(self, article: int) -> int:
        """Return by how much the sentence numbers of an article are larger in the whole."""
        start = self._whole.sentence_numbers(self._rows[article]).start
        return start - self.sentence_numbers(article).start


def subset_retriever(retriever: Retriever, rows: Sequence[int]) -> Retriever:
    """Return a retriever of the articles of ``retriever`` in ``rows``, ascending.

    Its answers and scores are those of a retriever that was built from these articles alone.

    >>> import bot
    >>> whole = bot.Retriever.from_texts(["The bridge fell.", "It rained.", "A bridge opened."])
    >>> [answer.text for answer in subset_retriever(whole, [1, 2]).search("bridge")]
    ['A bridge opened.']
    """
    library, engine = retriever.library, retriever.engine
    if not isinstance(engine, MemoryEngine):
        return Retriever(library.subset(rows))
    subset = SubsetLibrary(library, rows)
    sizes = {row: len(library.sentence_numbers(row)) for row in range(len(library.articles))}
    starts = {row: subset.sentence_numbers(index).start for index, row in enumerate(rows)}
    part = IndexPart(engine.index, renumber_sentences(sizes, starts))
    # The vocabulary stays: a term of none of these articles has a document frequency of 0.
    index = Merge([part], len(engine.vocabulary)).to_index()
    return Retriever(subset, engine=MemoryEngine(engine.vocabulary, index))
