"""A retriever of some of another's articles: nothing of them is read again."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.articles.article import Article
from bot.articles.library import Library, Listing, Sentence
from bot.index.memory import MemoryEngine
from bot.index.merge import IndexPart, Merge, renumber_sentences
from bot.retrieval.retriever import Retriever


class SubsetLibrary(Library):
    """The articles of ``whole`` in ``rows``, ascending; their texts stay where they are."""

    def __init__(self, whole: Library, rows: Sequence[int]) -> None:
        super().__init__()
        self._whole, self._rows = whole, rows
        self.articles = SubsetSequence(whole.articles, rows)
        sizes = (len(whole.sentence_numbers(row)) for row in rows)
        self._first = array("i", accumulate(sizes, initial=0))

    @property
    def listings(self) -> Sequence[Listing]:
        """The articles, as far as lists need them, in reading order."""
        return SubsetSequence(self._whole.listings, self._rows)

    @property
    def content_versions(self) -> Mapping[str, object]:
        """By the source of each article, what is another when its content is."""
        versions = self._whole.content_versions
        return {one.source: versions[one.source] for one in self.listings}

    def sentence(self, number: int) -> Sentence:
        """Return the sentence in row ``number``, 0 up to, not including, ``len(self)``."""
        article = self._article(number)
        found = self._whole.sentence(number + self._ahead(article))
        return replace(found, number=number, article=article)

    def title(self, article: int) -> str:
        """Return the title of ``article``."""
        return self._whole.title(self._rows[article])

    def join_texts(self, numbers: range) -> str:
        """Return the texts of sentences ``numbers`` of one article, a line's end between two."""
        ahead = self._ahead(self._article(numbers.start))
        return self._whole.join_texts(range(numbers.start + ahead, numbers.stop + ahead))

    def sentence_texts(self) -> Iterator[str]:
        """Yield the text of every sentence, in order."""
        return map(self.sentence_text, range(len(self)))

    def paragraph_range(self, number: int) -> range:
        """Return the numbers of the sentences in the block of sentence ``number``, it included."""
        ahead = self._ahead(self._article(number))
        found = self._whole.paragraph_range(number + ahead)
        return range(found.start - ahead, found.stop - ahead)

    def paragraph_numbers(self) -> Iterator[int]:
        """Yield the number of each sentence's paragraph, counted from 0 through the library."""
        place = count = 0
        while place < len(self):
            found = self.paragraph_range(place)
            yield from [count] * len(found)
            place, count = found.stop, count + 1

    def _ahead(self, article: int) -> int:
        """Return by how much the numbers of an article's sentences are larger in the whole."""
        return (
            self._whole.sentence_numbers(self._rows[article]).start
            - self.sentence_numbers(article).start
        )


class SubsetSequence(Sequence):  # type: ignore[type-arg]
    """Those of ``all_`` that are in ``rows``, each fetched when it is asked for."""

    def __init__(self, all_: Sequence[Article] | Sequence[Listing], rows: Sequence[int]) -> None:
        self._all, self._rows = all_, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]
        """Return the one in ``row``."""
        return self._all[self._rows[row]]


def subset_retriever(whole: Retriever, rows: Sequence[int]) -> Retriever:
    """Return a retriever of the articles of ``whole`` in ``rows``, ascending.

    It answers as one does that was made of these articles alone.
    """
    library, engine = whole.library, whole.engine
    if not isinstance(engine, MemoryEngine):
        return Retriever(library.subset(rows))
    own = SubsetLibrary(library, rows)
    sizes = {row: len(library.sentence_numbers(row)) for row in range(len(library.articles))}
    places = {row: own.sentence_numbers(place).start for place, row in enumerate(rows)}
    part = IndexPart(engine.arrays, renumber_sentences(sizes, places))
    # A word of none of these articles is known no less, and held by no sentence.
    terms = len(engine.vocabulary)
    return Retriever(own, engine=MemoryEngine(engine.vocabulary, Merge([part], terms).to_index()))
