"""A library's own names and words, to be found by their first letters."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from heapq import nlargest
from itertools import islice

from bot.articles.library import Library
from bot.language.mentions import ORDINARY
from bot.language.words import fold

# "Ada Thorne", "Skerry Rock": two to four words with capital letters, side by side.
NAME_RE = re.compile(r"(?:\b[A-Z]\w+[ \n-]){1,3}[A-Z]\w+")
WORD_RE = re.compile(r"\b[^\W\d_]{4,30}\b")
# Characters of text that are read for it; what is said often is said there. A second's work.
READ = 10_000_000
# Of so many that begin alike, the most frequent are looked for.
LOOKED_AT = 2_000


class CompletionWords:
    """The names and words of a library, each as it is written most often."""

    def __init__(self, library: Library) -> None:
        written: Counter[str] = Counter()
        for text in paragraphs(library, READ):
            written.update(WORD_RE.findall(text))
            found = (name.replace("\n", " ") for name in NAME_RE.findall(text))
            written.update(filter(is_name, found))
        best: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        for form, count in written.most_common():
            key = fold(form)
            best.setdefault(key, form)
            self._counts[key] += count
        self._keys = sorted(best)
        self._forms = best

    def beginning(self, letters: str, limit: int) -> list[str]:
        """Return at most ``limit`` that go on after ``letters``, the most frequent first."""
        start = fold(letters)
        place = bisect_left(self._keys, start)
        found = []
        for key in islice(self._keys, place, place + LOOKED_AT):
            if not key.startswith(start):
                break
            if key != start:
                found.append(key)
        return [self._forms[key] for key in nlargest(limit, found, key=self._counts.__getitem__)]


def paragraphs(library: Library, room: int) -> Iterator[str]:
    """Yield the paragraphs of ``library`` up to ``room`` characters; no name goes on in another."""
    for article in library.articles:
        for block in article.blocks:
            room -= block.end - block.start
            if room < 0:
                return
            yield article.text[block.start : block.end]


def is_name(words: str) -> bool:
    """Return whether words with capital letters do not just begin a sentence: "The Bridge"."""
    return fold(words.split()[0]) not in ORDINARY
