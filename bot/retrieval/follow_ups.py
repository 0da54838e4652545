"""Lines that refer to the previous question: "When did it open?", "no, I meant his children"."""

import re
from typing import NamedTuple

from bot.language.language import ENGLISH, Language
from bot.language.terms import QUESTION_WORDS
from bot.retrieval.query_parser import ParsedQuestion

PRONOUNS = "he|she|it|they|him|her|his|hers|its|them|their|theirs|this|these|those"
CONJUNCTIONS = "and|but|so|also|or|then"
# "how about the toll?" asks for no kind of answer by itself.
ABOUT_RE = re.compile(rf"(?i)^\W*(?:(?:{CONJUNCTIONS})\W+)?(?:what|how) about\b")
# A question that matches one of these refers to the previous one, whatever the library contains.
FOLLOW_UP_RES = (
    re.compile(rf"(?i)^\W*(?:{CONJUNCTIONS})\b"),
    ABOUT_RE,
    re.compile(rf"^.?[^A-Z]*?\b(?i:{PRONOUNS})\b"),  # a pronoun with no name before it
    re.compile(rf"(?i)\b(?:{PRONOUNS}|there|that|then)\W*$"),
    re.compile(r"(?i)^\W*(?:who|what|when|where|why|how|which \w+) else\b"),
)
MORE_RE = re.compile(
    r"(?i)^\W*(?:(?:tell|show|give) (?:me|us) )?(?:some |any )?(?:more|(?:what|anything) else|"
    r"the next(?: one)?|next|go on|continue)(?: about (?:it|that|this))?(?:,? please)?\W*$"
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
ORDINAL_RE = re.compile(rf"(?i)^\W*(?:the )?({'|'.join(ORDINALS)})(?: one| answer)?\W*$")
# Openings of a line that are no part of its question.
INTERJECTION_RE = re.compile(
    r"(?i)\W*(?:no|nope|nah|yes|yeah|yep|ok|okay|well|right|sorry|oh|ah|hm+|actually)\s*[,.!…–-]+\s*"
)
MEANT_RE = re.compile(
    r"(?i)(?:(?:no|sorry|actually)\s+)?i (?:mean|meant|(?:was|am) asking (?:about|for)|"
    r"asked (?:about|for))\b\W*"
)
# "how much per share?", "which paper?": a question without a verb.
ELLIPSIS_RE = re.compile(
    rf"(?i)^\W*(?:(?:{CONJUNCTIONS})\W+)?"
    r"(?:how (?:much|many|long|far|old|big|high|tall)|which|what|whose)\b"
)
AUXILIARIES = frozenset(
    "am is are was were be been being do does did have has had can could will would shall should "
    "may might must".split()
)


# Marks in front of a question: "¿Y quién lo construyó?".
OPENING_MARKS = "¿¡«„“\"'( "


class Line(NamedTuple):
    """A line ``typed``, and its ``text`` without the opening.

    ``is_correction`` says that the opening was "no, I meant" or the like.
    """

    typed: str
    text: str
    is_correction: bool


def drop_opening(text: str) -> Line:
    """Return ``text`` without "no,", "ok," and "I meant", unless nothing would be left.

    >>> drop_opening("no, I meant his children")
    Line(typed='no, I meant his children', text='his children', is_correction=True)
    >>> drop_opening("No child is left.")
    Line(typed='No child is left.', text='No child is left.', is_correction=False)
    """
    rest = text
    while opening := INTERJECTION_RE.match(rest):
        rest = rest[opening.end() :]
    meant = MEANT_RE.match(rest)
    rest = rest[meant.end() :] if meant else rest
    if not re.search(r"\w", rest):
        return Line(text, text, is_correction=False)
    return Line(text, rest, is_correction=bool(meant))


def is_follow_up(text: str, language: Language = ENGLISH) -> bool:
    """Return whether ``text`` has a word that refers to the previous question.

    >>> is_follow_up("When did it open?"), is_follow_up("When did the bridge open?")
    (True, False)
    """
    if language is not ENGLISH:
        return is_table_follow_up(text.lstrip(OPENING_MARKS), language)
    # Capital letters tell a name, but not that of the speaker, and not where all are capital.
    plain = text.lower() if text.isupper() else re.sub(r"\bI\b", "i", text)
    return any(pattern.search(plain) for pattern in FOLLOW_UP_RES)


def is_table_follow_up(text: str, language: Language) -> bool:
    """Return whether ``text`` begins with a conjunction, or has a pronoun with no name before it.

    >>> from bot.language.language import load_language
    >>> spanish = load_language("es")
    >>> is_table_follow_up("Dónde está su tumba?", spanish)
    True
    >>> is_table_follow_up("Dónde conoció Ada a su marido?", spanish)
    False
    """
    plain = language.plain(text)
    if language.pattern("conjunctions").match(plain):
        return True
    pronoun = language.pattern("pronouns").search(plain)
    if not pronoun or language.capitals != "names" or text.isupper():
        return bool(pronoun)
    return not any(map(str.isupper, text[1 : pronoun.start()]))


def is_bare(question: ParsedQuestion) -> bool:
    """Return whether ``question`` has no question word, "what about" in front left aside.

    >>> from bot.retrieval.query_parser import parse_question
    >>> is_bare(parse_question("and what about the toll?")), is_bare(parse_question("Who paid?"))
    (True, False)
    """
    about = ABOUT_RE.match(question.search_text)
    start = about.end() if about else 0
    tokens = [token for token in question.tokens if token.start >= start]
    if question.language is not ENGLISH:
        return all(token.term for token in tokens)
    return QUESTION_WORDS.isdisjoint(token.form for token in tokens)


def is_elliptical(question: ParsedQuestion) -> bool:
    """Return whether ``question`` asks for a count or choice and has no auxiliary verb.

    >>> from bot.retrieval.query_parser import parse_question
    >>> is_elliptical(parse_question("how much per share?"))
    True
    >>> is_elliptical(parse_question("how much did he pay?"))
    False
    """
    is_matched = bool(ELLIPSIS_RE.match(question.search_text))
    return is_matched and AUXILIARIES.isdisjoint(token.form for token in question.tokens)
