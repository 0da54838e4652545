"""The request around a subject, in a language that has a table: "erzähl mir von Lima"."""

import re
from functools import cache

from bot.language.language import Language, split_phrases
from bot.language.phrases import BLANK, MAX_GAP, WORD_END
from bot.language.requests import MAX_REQUEST_CHARS, ParsedRequest, Request, has_words
from bot.language.scripts import WORD_CHARACTER, plain_text

# The place of the subject in the phrases of a table, which no text has when they are compiled.
SUBJECT, PLACE = "X", "\0"
ROWS = {
    "summarise": Request.SUMMARISE,
    "define": Request.DEFINE,
    "about": Request.ABOUT,
}
WHOLE_SUBJECT = r"(?P<subject>.+?)"


def parse_table_request(text: str, language: Language) -> ParsedRequest:
    """Return what ``text`` requests, and where its subject is.

    >>> from bot.language.language import load_language
    >>> text = "Erzähl mir bitte etwas über Lima!"
    >>> request, start, end = parse_table_request(text, load_language("de"))
    >>> request.name, text[start:end]
    ('ABOUT', 'Lima')
    """
    plain = language.plain(text[:MAX_REQUEST_CHARS])
    for row, request in ROWS.items():
        for pattern in request_patterns(language, row):
            match = pattern.match(plain)
            if match and has_words(match["subject"]):
                return ParsedRequest(request, *match.span("subject"))
    return ParsedRequest(Request.ANSWER, 0, len(text))


@cache
def request_patterns(language: Language, row: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of the phrases of a row, the longest first."""
    phrases = split_phrases(language.plain(language.row(f"requests.{row}").replace(SUBJECT, PLACE)))
    return tuple(
        compile_request(phrase, language) for phrase in sorted(phrases, key=len, reverse=True)
    )


def compile_request(phrase: str, language: Language) -> re.Pattern[str]:
    """Return the pattern of a line that is one request, perhaps with polite words around it."""
    polite = split_phrases(plain_text(language.row("requests.polite")))
    words = "|".join(BLANK.join(map(re.escape, each.split())) for each in polite) or "(?!)"
    body = ""
    for word in phrase.split():
        if word == "…":
            body += rf"(?:\S+{BLANK}){{0,{MAX_GAP}}}?"
        else:
            is_last = phrase.endswith(word)
            body += request_word(word, language) + (
                "" if is_last else rf"(?:{BLANK}|\W+(?:{words})\W+)"
            )
    return re.compile(rf"\W*(?:(?:{words})\W*)?{body}(?:\W+(?:{words}))?\W*$")


def request_word(word: str, language: Language) -> str:
    """Return the pattern of a word of a phrase, in which the subject may be."""
    pattern = WHOLE_SUBJECT.join(map(re.escape, word.removesuffix("*").split(PLACE)))
    if word.endswith("*"):
        return rf"{pattern}{WORD_CHARACTER}*"
    return pattern + (WORD_END if language.spaces and not word.endswith(PLACE) else "")
