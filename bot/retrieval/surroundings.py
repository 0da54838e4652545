"""The terms of a query in the paragraph of a sentence, and in the sentences beside it."""

from collections.abc import Sequence
from itertools import chain

from bot.articles.bounded_cache import BoundedCache
from bot.articles.searched_library import SearchedLibrary
from bot.index.engine import Hit, TermFinder
from bot.retrieval.candidates import FoundSentence
from bot.retrieval.passages import MAX_CACHED, Passage
from bot.retrieval.query import Query


def find_surroundings(
    query: Query, hits: Sequence[Hit], passages: Sequence[Passage], finder: TermFinder
) -> list[FoundSentence]:
    """Return the hits with their passages, and the terms of the query around them."""
    terms = [*dict.fromkeys([*query.content, *query.context.content])]  # in the order of their bits
    paragraphs = [passage.paragraph_sentences for passage in passages]
    before = [passage.before for passage in passages]
    after = [passage.after for passage in passages]
    found = finder.find_terms(terms, [*paragraphs, *before, *after])
    around = zip(*[iter(found)] * len(hits), strict=True)
    return [*map(FoundSentence, hits, passages, *around)]


class TextTerms:
    """Finds terms in the texts of a library, for engines that only search.

    >>> import bot
    >>> texts = TextTerms(bot.Library.from_texts(["It rained. It poured.", "It snowed."]))
    >>> texts.find_terms(["rain", "it"], [range(0, 2), range(2, 3), range(0)])
    [3, 2, 0]
    """

    def __init__(self, library: SearchedLibrary) -> None:
        self.library: SearchedLibrary = library
        self._terms: BoundedCache[range, frozenset[str]] = BoundedCache(3 * MAX_CACHED)

    def find_terms(self, terms: Sequence[str], ranges: Sequence[range]) -> list[int]:
        """Return for each range of sentences which of ``terms`` they hold: bit i is of terms[i]."""
        held = self._terms.load_all(ranges, self._read_terms)
        bits = {term: 1 << row for row, term in enumerate(terms)}
        return [sum(bits[term] for term in bits.keys() & terms) for terms in held]

    def _read_terms(self, ranges: Sequence[range]) -> dict[range, frozenset[str]]:
        terms: dict[range, frozenset[str]] = {}
        for each in ranges:
            texts = self.library.load_texts(each)
            analysis = self.library.analysis_at(each.start) if texts else self.library.analysis
            words = analysis.index_words([*texts.values()])
            terms[each] = frozenset(analysis.stem_words(chain.from_iterable(words)))
        return terms
