"""Where sentences end in a language that has a table, beyond the rules for all languages."""

import re
from functools import cache

from bot.language.language import Language
from bot.language.scripts import normalize

# An ordinal number: "18. yüzyıl", "II. Murad". A year is none.
ORDINAL_RE = re.compile(r"(?<![\d.,])(?:\d{1,2}|[IVX]{1,5})\.\s*$")
NEXT_WORD_RE = re.compile(r"\w+")
# In Chinese and Japanese, sentencex finds no end before a digit: "これは橋である。1978年に…".
EASTERN_END_RE = re.compile(r"[。！？](?=\d)")
LAST_WORD_RE = re.compile(r"\S+$")


def is_continued_in(block: str, end: int, language: Language) -> bool:
    """Return whether the sentence before ``end`` goes on, by the table of ``language``.

    >>> from bot.language.language import load_language
    >>> turkish = load_language("tr")
    >>> is_continued_in("Sultan II. Murad öldü.", 11, turkish)
    True
    >>> is_continued_in("Odada 18. Bu az.", 10, turkish)
    False
    """
    before = block[:end].rstrip()
    word = LAST_WORD_RE.search(before[-20:])
    if word and word[0].lstrip("(«„“\"'") in abbreviations(language):
        return True
    if not language.row("sentences.ordinals") or not ORDINAL_RE.search(before[-8:]):
        return False
    following = NEXT_WORD_RE.match(block, end)
    return following is not None and normalize(following[0]) not in language.stop_words


@cache
def abbreviations(language: Language) -> frozenset[str]:
    """Return the words whose full stop ends no sentence."""
    return frozenset(language.row("sentences.prefixes").split())


def find_eastern_ends(block: str) -> list[int]:
    """Return the offsets behind full stops of Chinese and Japanese that a digit follows.

    >>> find_eastern_ends("古い。1978年")
    [3]
    """
    return [match.end() for match in EASTERN_END_RE.finditer(block)]
