"""The kind of answer that a question asks for, told by its words."""

import re
from enum import Enum


class AnswerKind(Enum):
    """The kind of answer that a question asks for."""

    NUMBER = "a number"
    AMOUNT = "an amount"
    MONEY = "an amount of money"
    PERCENT = "a percentage"
    MEASURE = "a measure"
    TIME = "a time"
    PLACE = "a place"
    COUNTRY = "a country"
    PERSON = "a person or organisation"
    REASON = "a reason"
    MANNER = "a manner"
    DEFINITION = "a definition"
    YES_NO = "yes or no"
    ANY = "anything"


# A question word, then up to two words before the noun: "what was the final score".
WHICH = r"\b(?:what|which)(?:\s+\w+){0,2}?\s+"
# The same with at most one word between: "which year".
WHICH_NEAR = r"\b(?:what|which)(?:\s+\w+)?\s+"
# Alternatives of the patterns below.
MEASURE_ADJECTIVES = (
    "long|tall|high|far|deep|wide|thick|large|big|small|old|fast|heavy|hot|cold|loud|strong"
)
MEASURE_NOUNS = (
    "height|length|width|depth|weight|mass|size|speed|distance|area|temperature|age|diameter|volume"
)
TIME_NOUNS = "year|date|day|month|century|decade|season|era|period|time|hour|weekday|age"
PLACE_NOUNS = (
    "place|city|town|village|location|region|area|island|continent|river|street|venue|stadium|"
    "county|province|district|site|ocean|sea|lake|building"
)
PERSON_NOUNS = (
    "person|man|woman|people|scientist|author|writer|artist|singer|actor|actress|king|queen|"
    "president|emperor|general|leader|architect|engineer|player|team|company|organi[sz]ation|"
    "group|band|party|agency|school|university|club|network|company|firm|corporation"
)
# The first row whose pattern matches decides, so special kinds come before general ones.
ANSWER_KIND_RES: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AnswerKind.PERCENT, r"\b(?:what|which|how (?:many|much))\s+(?:\w+\s+){0,2}?percent"),
        (AnswerKind.MONEY, r"\bhow (?:much|many) (?:\w+ )?(?:money|dollars|pounds|euros)\b"),
        (AnswerKind.MONEY, r"\bhow much\b.*\b(?:costs?|pay|paid|spen[dt]|earn|worth|price|sold)\b"),
        (AnswerKind.MONEY, WHICH + r"(?:cost|price|salary|budget|revenue|fee|fine|prize)\b"),
        (AnswerKind.AMOUNT, r"\bhow much\b"),
        (AnswerKind.NUMBER, r"\bhow (?:many|often)\b|" + WHICH + r"(?:number|population)\b"),
        (AnswerKind.MEASURE, rf"\bhow (?:{MEASURE_ADJECTIVES})\b|{WHICH}(?:{MEASURE_NOUNS})\b"),
        (AnswerKind.TIME, rf"\bwhen\b|{WHICH_NEAR}(?:{TIME_NOUNS})s?\b|\bhow recently"),
        (AnswerKind.REASON, r"\bwhy\b|" + WHICH + r"(?:reason|cause|purpose)s?\b|^what caused\b"),
        (AnswerKind.COUNTRY, WHICH_NEAR + r"(?:country|countries|nations?|states?)\b"),
        (AnswerKind.PLACE, rf"\bwhere\b|{WHICH_NEAR}(?:{PLACE_NOUNS})\b"),
        (AnswerKind.PERSON, rf"\bwho(?:m|se)?\b|{WHICH_NEAR}(?:{PERSON_NOUNS})s?\b"),
        (AnswerKind.MANNER, r"\bhow\b"),
        (AnswerKind.DEFINITION, r"^what(?:'s|’s| is| are) (?:an? )?\w+(?: \w+)?\W*$|\bdefine\b"),
        (
            AnswerKind.YES_NO,
            r"^(?:is|are|was|were|am|do|does|did|can|could|has|have|had|will|would|should)\b",
        ),
    )
)  # fmt: skip

# The rest of a long pasted text is ignored: the patterns are tried anew at each "which" in it.
MAX_QUESTION_CHARS = 1_000


def answer_kind(text: str) -> AnswerKind:
    """Return the kind of answer that the question ``text`` asks for.

    >>> answer_kind("In which city was the treaty signed?")
    <AnswerKind.PLACE: 'a place'>
    """
    head = text[:MAX_QUESTION_CHARS]
    return next((kind for kind, pattern in ANSWER_KIND_RES if pattern.search(head)), AnswerKind.ANY)
