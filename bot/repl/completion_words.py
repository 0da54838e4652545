"""A library's names and words, looked up by their first letters."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from heapq import nlargest
from itertools import islice

from bot.articles.searched_library import SearchedLibrary
from bot.language.mentions import FUNCTION_WORDS
from bot.language.words import fold

# "Ada Thorne", "Skerry Rock": two to four capitalised words in a row.
NAME_RE = re.compile(r"(?:\b[A-Z]\w+[ \n-]){1,3}[A-Z]\w+")
WORD_RE = re.compile(r"\b[^\W\d_]{4,30}\b")
# Characters of text to scan, about a second's work; frequent words occur that early.
MAX_SCANNED = 10_000_000
# Of the keys with the same first letters, so many are ranked by frequency.
MAX_RANKED = 2_000


class CompletionWords:
    """The names and words of a library, each in its most frequent spelling."""

    def __init__(self, library: SearchedLibrary) -> None:
        counts: Counter[str] = Counter()
        for text in paragraph_texts(library, MAX_SCANNED):
            counts.update(WORD_RE.findall(text))
            names = (name.replace("\n", " ") for name in NAME_RE.findall(text))
            counts.update(filter(is_name, names))
        self._spellings: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        for spelling, count in counts.most_common():
            key = fold(spelling)
            self._spellings.setdefault(key, spelling)
            self._counts[key] += count
        self._keys = sorted(self._spellings)

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """Return at most ``limit`` names and words longer than ``prefix``, most frequent first."""
        prefix = fold(prefix)
        start = bisect_left(self._keys, prefix)
        matches = []
        for key in islice(self._keys, start, start + MAX_RANKED):
            if not key.startswith(prefix):
                break
            if key != prefix:
                matches.append(key)
        best = nlargest(limit, matches, key=self._counts.__getitem__)
        return [self._spellings[key] for key in best]


def paragraph_texts(library: SearchedLibrary, limit: int) -> Iterator[str]:
    """Yield the paragraphs within the first ``limit`` characters; no name spans two of them."""
    for article in library.articles:
        for block in article.blocks:
            limit -= block.end - block.start
            if limit < 0:
                return
            yield article.text[block.start : block.end]


def is_name(words: str) -> bool:
    """Return False if the first word is capitalised only as the start of a sentence: "The"."""
    return fold(words.split()[0]) not in FUNCTION_WORDS
