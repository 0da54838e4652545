"""The phrases of a language's table as patterns: "wie viele, welch* stadt, erzähl mir … über"."""

import re
from collections.abc import Iterable

from bot.language.scripts import WORD_CHARACTER, plain_text

# "…" in a phrase stands for at most so many words.
MAX_GAP = 3
WORD_END = rf"(?!{WORD_CHARACTER})"
WORD_START = rf"(?<!{WORD_CHARACTER})"
BLANK = r"[\s'’\-]+"
# A pattern that matches nothing.
NOTHING_RE = re.compile(r"(?!)")


def compile_phrases(
    phrases: Iterable[str], *, has_spaces: bool = True, with_accents: bool = False
) -> re.Pattern[str]:
    """Return a pattern that matches the longest of ``phrases`` in a text by ``plain_text``.

    "*" at the end of a word stands for any ending, "…" for up to three words.

    >>> pattern = compile_phrases(["welch* stadt", "wie … hoch"])
    >>> [bool(pattern.search(text)) for text in ("in welcher stadt", "wie sehr hoch", "wieso hoch")]
    [True, True, False]
    """
    ordered = sorted({plain_text(each, with_accents=with_accents) for each in phrases}, key=len)
    if not ordered:
        return NOTHING_RE
    pattern = "|".join(phrase_pattern(phrase, has_spaces=has_spaces) for phrase in ordered[::-1])
    if not has_spaces:
        return re.compile(pattern)
    return re.compile(f"{WORD_START}(?:{pattern}){WORD_END}")


def phrase_pattern(phrase: str, *, has_spaces: bool) -> str:
    """Return the pattern of one phrase."""
    if not has_spaces:
        return re.escape(phrase).replace("…", ".{0,12}?")
    pattern = ""
    for word in phrase.split():
        if word == "…":
            pattern += rf"(?:{BLANK}[^\s?!.]+){{0,{MAX_GAP}}}?"
        else:
            ending = rf"{WORD_CHARACTER}*" if word.endswith("*") else ""
            pattern += (BLANK if pattern else "") + re.escape(word.removesuffix("*")) + ending
    return pattern
