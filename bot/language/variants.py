"""Further words by which a text is found: compounds in one word, parts of names in code, dates."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.language.dates import find_date_words

# Within a sentence of several lines, a line's end: "\n" ends a sentence.
LINE_BREAK = "\v"
LINE_END_RE = re.compile(r"-\v[ \t]*(?=[^\W\d_])")
# "O'Neill", "Hawai'i".
NAME_RE = re.compile(r"[^\W_]+'(?=[A-Zaeiou])[^\W_]+")
# A longer chain, as in an address on the web, is no compound that anyone writes in one word.
MAX_PARTS = 4
# "OAuth2PasswordBearer" has three parts, "HTTPServer" two, "McDonald" none.
HUMP_RE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z])")
MIN_PART_LENGTH = 3
NAME_PREFIXES = frozenset(("Mac", "Fitz", "Van", "Von", "Des", "Del"))
SPACED_NUMBER_RE = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)")
# Letters in the notation of HTML, as they are compared: without their accents.
ENTITY_RE = re.compile(
    r"&(?:(?P<letter>[a-zA-Z])(?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron)"
    r"|#(?P<code>\d{2,5})|(?P<name>szlig|[ao]elig|shy|zwnj|zwj));"
)
ENTITY_NAMES = {"szlig": "ss", "aelig": "ae", "oelig": "oe"}
ENTITY_WORD_RE = re.compile(r"[^\W_]*(?:&#?\w{2,8};[^\W_]*)+")
BREAK_RE = re.compile("[\u00ad\u200b]")
BROKEN_WORD_RE = re.compile(r"[^\W_]+(?:[\u00ad\u200b][^\W_]+)+")
# Forms of two words. The first is the one that the stem is of: "leaves" is that of "leave".
OTHER_BASES = {
    "leaves": "leaf", "lives": "life", "rose": "rise", "lay": "lie", "bore": "bear",
    "wound": "wind", "ground": "grind", "axes": "axis", "bases": "basis", "spoke": "speak",
    "dove": "dive", "bound": "bind",
}  # fmt: skip
AMBIGUOUS_FORMS = frozenset(OTHER_BASES)
# Compounds whose variants are remembered; the same ones recur.
MAX_CACHED = 20_000


@lru_cache(MAX_CACHED)
def join_compound(compound: str) -> tuple[str, ...]:
    """Return a folded compound, and its pairs, in one word each.

    >>> join_compound("rock-and-roll")
    ('rockandroll', 'rockand', 'androll')
    """
    parts = compound.split("-")
    if not (all(parts) and 1 < len(parts) <= MAX_PARTS) or all(map(str.isdecimal, parts)):
        return ()
    pairs = map("".join, pairwise(parts)) if len(parts) > 2 else ()
    return ("".join(parts), *pairs)


def find_names(text: str) -> Iterator[str]:
    """Yield the names in ``text`` that have an apostrophe, without it.

    >>> [*find_names("O'Neill didn't see Hawai'i")]
    ['ONeill', 'Hawaii']
    """
    for name in NAME_RE.findall(text):
        yield name.replace("'", "")


def split_code_name(name: str) -> list[str]:
    """Return the parts of a name in code, or none.

    >>> split_code_name("OAuth2PasswordBearer"), split_code_name("MacDonald")
    (['OAuth2', 'Password', 'Bearer'], [])
    """
    parts = HUMP_RE.split(name)
    is_name = len(parts) == 2 and parts[0] in NAME_PREFIXES
    is_code = len(parts) > 1 and min(map(len, parts)) >= MIN_PART_LENGTH
    return parts if is_code and not is_name else []


def find_number_parts(text: str) -> Iterator[str]:
    """Yield the parts of the numbers with spaces: in "room 12 100 chairs" they are two."""
    for match in SPACED_NUMBER_RE.finditer(text):
        yield from match[0].split()


def find_entity_words(text: str) -> Iterator[str]:
    """Yield the words in ``text`` that have a letter in the notation of HTML.

    >>> [*find_entity_words("the caf&eacute; &amp; the na&#239;ve")]
    ['cafe', 'naïve']
    """
    for word in ENTITY_WORD_RE.findall(text):
        if (unescaped := ENTITY_RE.sub(_unescape, word)).isalnum():
            yield unescaped


def _unescape(match: re.Match[str]) -> str:
    if match["code"]:
        return chr(int(match["code"]))
    return match["letter"] or ENTITY_NAMES.get(match["name"], "")


def find_parts_at_breaks(text: str) -> Iterator[str]:
    """Yield the parts of the words in ``text`` that may break at a soft hyphen or empty space."""
    for word in BROKEN_WORD_RE.findall(text):
        yield from BREAK_RE.split(word)


def find_word_dates(words: Sequence[str]) -> list[str]:
    """Return the dates in ``words``, folded, in one word each.

    >>> find_word_dates(["3rd", "of", "may", "2021"])
    ['2021-05-03']
    """
    return [date for date, _ in find_date_words(words)]
