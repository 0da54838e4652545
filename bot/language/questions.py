"""A question → its terms and what kind of answer it wants."""

import re
from enum import Enum


class AnswerKind(Enum):
    """What a question asks for."""

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


# "what was the final score", "which year": the noun may stand a word or two further on.
WHICH = r"\b(?:what|which)(?:\s+\w+){0,2}?\s+"
NEAR = r"\b(?:what|which)(?:\s+\w+)?\s+"
LENGTHS = "long|tall|high|far|deep|wide|thick|large|big|small|old|fast|heavy|hot|cold|loud|strong"
AMOUNTS = (
    "height|length|width|depth|weight|mass|size|speed|distance|area|temperature|age|diameter|volume"
)
TIMES = "year|date|day|month|century|decade|season|era|period|time|hour|weekday|age"
PLACES = (
    "place|city|town|village|location|region|area|island|continent|river|street|venue|stadium|"
    "county|province|district|site|ocean|sea|lake|building"
)
PEOPLE = (
    "person|man|woman|people|scientist|author|writer|artist|singer|actor|actress|king|queen|"
    "president|emperor|general|leader|architect|engineer|player|team|company|organi[sz]ation|"
    "group|band|party|agency|school|university|club|network|company|firm|corporation"
)
# The first row whose pattern is found tells the kind, so that what is special stands first.
KINDS: tuple[tuple[AnswerKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (AnswerKind.PERCENT, r"\b(?:what|which|how (?:many|much))\s+(?:\w+\s+){0,2}?percent"),
        (AnswerKind.MONEY, r"\bhow (?:much|many) (?:\w+ )?(?:money|dollars|pounds|euros)\b"),
        (AnswerKind.MONEY, r"\bhow much\b.*\b(?:costs?|pay|paid|spen[dt]|earn|worth|price|sold)\b"),
        (AnswerKind.MONEY, WHICH + r"(?:cost|price|salary|budget|revenue|fee|fine|prize)\b"),
        (AnswerKind.AMOUNT, r"\bhow much\b"),
        (AnswerKind.NUMBER, r"\bhow (?:many|often)\b|" + WHICH + r"(?:number|population)\b"),
        (AnswerKind.MEASURE, rf"\bhow (?:{LENGTHS})\b|" + WHICH + rf"(?:{AMOUNTS})\b"),
        (AnswerKind.TIME, rf"\bwhen\b|{NEAR}(?:{TIMES})s?\b|\bhow recently"),
        (AnswerKind.REASON, r"\bwhy\b|" + WHICH + r"(?:reason|cause|purpose)s?\b|^what caused\b"),
        (AnswerKind.COUNTRY, NEAR + r"(?:country|countries|nations?|states?)\b"),
        (AnswerKind.PLACE, rf"\bwhere\b|{NEAR}(?:{PLACES})\b"),
        (AnswerKind.PERSON, rf"\bwho(?:m|se)?\b|{NEAR}(?:{PEOPLE})s?\b"),
        (AnswerKind.MANNER, r"\bhow\b"),
        (AnswerKind.DEFINITION, r"^what(?:'s|’s| is| are) (?:an? )?\w+(?: \w+)?\W*$|\bdefine\b"),
        (
            AnswerKind.YES_NO,
            r"^(?:is|are|was|were|am|do|does|did|can|could|has|have|had|will|would|should)\b",
        ),
    )
)  # fmt: skip

# Of a text pasted whole, so much is looked at: the patterns are read again at every "which".
MAX_QUESTION_CHARS = 1_000


def answer_kind(text: str) -> AnswerKind:
    """Return what the question ``text`` asks for."""
    head = text[:MAX_QUESTION_CHARS]
    return next((kind for kind, pattern in KINDS if pattern.search(head)), AnswerKind.ANY)
