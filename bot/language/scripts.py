"""The scripts of the world: which characters are letters, marks and digits, and their words."""

import re
import unicodedata
from itertools import pairwise

from bot.language.words import HAN_AND_KANA, PLAIN_LETTERS

# The letters of Thai and Korean, whose words are cut into pieces.
THAI = r"\u0e01-\u0e3a\u0e40-\u0e4e"
HANGUL = r"\uac00-\ud7a3"
# Marks that belong to the letter before them: vowels of Hindi, accents, points of Hebrew and
# Arabic, tatweel, and the joiners of no width within the words of India.
MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711"
    r"\u0730-\u074a\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc"
    r"\u09be-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc\u0abe-\u0acd"
    r"\u0b01-\u0b03\u0b3c\u0b3e-\u0b4d\u0b56\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c4d"
    r"\u0c55\u0c56\u0c81-\u0c83\u0cbc\u0cbe-\u0ccd\u0cd5\u0cd6\u0d00-\u0d03\u0d3e-\u0d4d\u0d57"
    r"\u0d82\u0d83\u0dca-\u0ddf\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f71-\u0f84\u102b-\u103e"
    r"\u17b4-\u17d3\u200d\u3099\u309a"
)
# Quotation marks within an abbreviation of Hebrew: צה״ל.
GERSHAYIM = r"(?:(?<=[\u05d0-\u05ea])[\"'\u05f3\u05f4](?=[\u05d0-\u05ea]))"
LETTER = rf"[^\W_{HAN_AND_KANA}{THAI}{HANGUL}]"
# A character of a word, for lookarounds.
WORD_CHARACTER = rf"[\w{MARKS}{THAI}]"
# A word, a run of Thai or Korean, or a character of Chinese or Japanese.
WORD_RE = re.compile(
    rf"(?:{LETTER}+[{MARKS}]*|{GERSHAYIM})+|[{THAI}]+|[{HANGUL}]+|[{HAN_AND_KANA}][{MARKS}]*"
)
# Letters of Thai that stand together: a consonant, the vowels around it, and a silenced one.
THAI_CLUSTER_RE = re.compile(
    r"[\u0e40-\u0e44]?[\u0e01-\u0e2e](?:[\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]|[\u0e01-\u0e2e]\u0e4c)*|."
)
HANGUL_RE = re.compile(f"[{HANGUL}]")
THAI_RE = re.compile(f"[{THAI}]")

# Marks that a plain keyboard does not write: accents, and the points of Hebrew and Arabic.
POINTS = re.compile(
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
# Letters of Latin, Greek and Cyrillic.
ACCENTED_RE = re.compile(r"[\u00c0-\u052f\u1e00-\u1fff]")
IGNORED = re.compile(r"[\u00ad\u200b-\u200f\u05f3\u05f4\"']")
# Letters as a plain keyboard writes them, also of Greek, Arabic and Persian.
LETTER_TABLE = str.maketrans({**PLAIN_LETTERS, "ς": "σ", "ى": "ي", "ی": "ي", "ک": "ك", "ە": "ه"})


def find_words(text: str) -> list[str]:
    """Return the words of ``text``, as they are written.

    >>> find_words("橋は1932年")
    ['橋', 'は', '1932', '年']
    """
    return WORD_RE.findall(text)


def normalize(word: str) -> str:
    """Return a word in lower case and in one form of Unicode, its accents kept.

    >>> normalize("ÉTÉ"), normalize("１９９６年")
    ('été', '1996年')
    """
    if word.isascii():
        return word.lower()
    # Once more in lower case: "℠" is no letter, and becomes "SM".
    word = unicodedata.normalize("NFKC", word).lower().replace("i\u0307", "i")
    word = IGNORED.sub("", word)
    if word.isascii() or not any(map(str.isdigit, word)):
        return word
    return "".join(map(plain_digit, word))


def plain_digit(character: str) -> str:
    """Return a digit of any script as one of ASCII, any other character as it is.

    >>> "".join(map(plain_digit, "१९४७ में"))
    '1947 में'
    """
    return str(unicodedata.digit(character)) if character.isdigit() else character


def drop_accents(word: str) -> str:
    """Return a normalized word without accents and points, as a plain keyboard writes it.

    The marks of India and Thailand are vowels, and stay.

    >>> drop_accents("größe"), drop_accents("søen"), drop_accents("का")
    ('grosse', 'soen', 'का')
    """
    if word.isascii():
        return word
    plain = POINTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", plain.translate(LETTER_TABLE))


def plain_text(text: str, *, with_accents: bool = False) -> str:
    """Return a text in lower case, without accents unless asked for, each character in its place.

    >>> plain_text("À quelle ÉPOQUE ?")
    'a quelle epoque ?'
    """
    if text.isascii():
        return text.lower()
    return "".join([plain_character(character, with_accents=with_accents) for character in text])


def plain_character(character: str, *, with_accents: bool) -> str:
    """Return a character in lower case, and without accent: one character in any case."""
    if character.isascii():
        return character.lower()
    if character in "’ʼ`":
        return "'"
    if character.isspace():
        return " "
    lower = character.lower()[:1]
    has_accent = not with_accents and ACCENTED_RE.match(lower)
    base = unicodedata.normalize("NFD", lower)[:1] if has_accent else lower
    return plain_digit({"ς": "σ", "ı": "i"}.get(base, base))


def split_word(word: str) -> list[tuple[int, int]]:
    """Return the start and end of the pieces of ``word`` by which it is searched.

    Thai writes no blanks: each two clusters of letters that stand together are a piece. Of a
    Korean word, each syllable and each two are: its particles are written behind it. Any other
    word is one piece.

    >>> [word[start:end] for word in ("대통령", "ภาษาไทย", "bridge")
    ...  for start, end in split_word(word)]
    ['대', '대통', '통', '통령', '령', 'ภาษา', 'ษาไท', 'ไทย', 'bridge']
    """
    if THAI_RE.match(word):
        spans = [match.span() for match in THAI_CLUSTER_RE.finditer(word)]
        return [(first[0], last[1]) for first, last in pairwise(spans)] or spans
    if HANGUL_RE.match(word):
        size = range(len(word))
        return sorted([*((i, i + 1) for i in size), *((i, i + 2) for i in size[:-1])])
    return [(0, len(word))]
