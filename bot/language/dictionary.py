"""The words of languages: one of them is no slip, though no article has it."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.language.words import fold
from bot.lazy import lazy_function

# Needed for words that the articles do not have.
decompress: Callable[[bytes], bytes] = lazy_function("gzip", "decompress")

# The word lists of pyspellchecker, of the languages that have a table here.
LANGUAGES = frozenset("ar de en es fa fr it nl pt ru".split())
# English questions quote words of these: "Quién". To read a list takes 20 ms.
QUOTED_LANGUAGES = frozenset("de es fr ru".split())

# The list of English is American. Each row leads from a British spelling to the American one; of
# the 2,043 words that only symspellpy's list has, most of the others new or short, 880 are found.
AMERICAN_SPELLINGS = (
    (r"our", "or"),  # colour, favourite
    (r"is(?=e|ing|ation|able)", "iz"),  # summarise, organisation
    (r"ys(?=e|ing)", "yz"),  # analyse
    (r"(cent|met|lit|fib|meag|lust|theat|spect)re(?=[sd]?$)", r"\1er"),  # kilometres
    (r"(?<=[ae]l)l(?=ed$|ing$|ors?$|ers?$)", ""),  # labelled, counselling
    (r"enc(?=es?$)", "ens"),  # defence
    (r"^[ao]e|(?<=[phf])[ao]e", "e"),  # oestrogen, paediatric
    (r"mme(?=s?$)", "m"),  # programme
    (r"cheque", "check"),
    (r"^kerb", "curb"),
    (r"mould", "mold"),
    (r"jewellery", "jewelry"),
    (r"pyjama", "pajama"),
    (r"aluminium", "aluminum"),
    (r"^scept", "skept"),
    (r"manoeuvr", "maneuver"),
)


def is_dictionary_word(word: str, languages: Iterable[str]) -> bool:
    """Return whether ``word`` is a word of one of ``languages``, or of English.

    >>> [is_dictionary_word(word, ()) for word in ("Peru", "summarise", "bridgee")]
    [True, True, False]
    >>> is_dictionary_word("Quién", ["es"])
    True
    """
    spellings = {word.lower(), fold(word)}  # the Spanish list has "quien" only
    if any(has_word(language, spellings) for language in {"en", *languages} & LANGUAGES):
        return True
    return has_word("en", american_spellings(word.lower()))


def has_word(language: str, spellings: Iterable[str]) -> bool:
    """Return whether the word list of ``language`` has one of ``spellings``, in lower case."""
    word_list = read_word_list(language)
    return any(word.isalpha() and f'"{word}":'.encode() in word_list for word in spellings)


def american_spellings(word: str) -> Iterator[str]:
    """Yield the American spellings that a British ``word`` may have."""
    for british, american in AMERICAN_SPELLINGS:
        spelling = re.sub(british, american, word)
        if spelling != word:
            yield spelling


@cache
def read_word_list(language: str) -> bytes:
    """Return the JSON of a word list, {"word": frequency}, in UTF-8.

    It is searched as it is: pyspellchecker takes four times as long to read it, and ten times the
    memory. It is read when a question has a word that may be a slip.
    """
    spec = find_spec("spellchecker")
    assert spec
    assert spec.origin
    file = Path(spec.origin).with_name("resources") / f"{language}.json.gz"
    return decompress(file.read_bytes())
