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
    DURATION = "a length of time"
    AGE = "an age"
    TIME = "a time"
    PLACE = "a place"
    COUNTRY = "a country"
    PERSON = "a person or organisation"
    REASON = "a reason"
    MANNER = "a manner"
    DEFINITION = "a definition"
    NAME = "a name"
    SAID = "what someone said"
    YES_NO = "yes or no"
    ANY = "anything"


# A question word, and what may stand before it.
WH = r"(?:what|which|who|whom|whose|when|where|why|how)\b"
PREPOSITION = r"(?:(?:in|at|on|by|for|from|of|to|with|under|about|during|since|until|into|near) )?"
# The start of a question, up to its question word: "And in ".
START = rf"^\W*(?:(?:and|but|so|or|then|also) )?{PREPOSITION}"
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
# What is called by a name of its own, a work or an event for one.
NAMED_NOUNS = (
    "movie|film|show|series|sitcom|song|single|album|book|novel|play|musical|opera|game|magazine|"
    "app|website|language|planet|mountain|religion|war|battle|treaty|act|award|festival|holiday|"
    "event|team|product|car|ship|aircraft|virus|disease|currency|breed|title"
)
PERSON_NOUNS = (
    "person|man|woman|people|scientist|author|writer|artist|singer|actor|actress|king|queen|"
    "president|emperor|general|leader|architect|engineer|player|team|company|organi[sz]ation|"
    "group|band|party|agency|school|university|club|network|company|firm|corporation|"
    "musician|celebrity|rapper|comedian|athlete|golfer|boxer|driver|politician|senator|governor|"
    "mayor|prince|princess|pope|philosopher|poet|painter|director|host|coach|manager|quarterback|"
    "champion|inventor|explorer|founder|chef|designer|billionaire|journalist|judge|lawyer|doctor|"
    "saint|god|goddess|character|superhero|automaker|carmaker|airline|retailer|brand|bank|museum|"
    "channel|station|publication|magazine|newspaper|department|studio|store|chain|manufacturer|"
    "union|institution|league|tribe|family|dynasty|church|committee|ministry|superstar|star"
)
# Verbs of saying, in a question: "what did she say about trade?".
SAYING_VERBS = (
    "say|said|saying|tell|told|announced?|stated?|claim(?:ed)?|respond(?:ed)?|think|thought|"
    "mention(?:ed)?|argued?|suggest(?:ed)?|discuss(?:ed)?|emphasi[sz]e|emphasi[sz]ed|"
    "stress(?:ed)?|call(?:ed)? for|agree|agreed|describe|described|warn|warned|"
    "promised?|demand(?:ed)?|propose[d]?"
)
SAID_PATTERN = rf"\bwhat (?:did|do|does|has|have|had|was|were)\b.*\b(?:{SAYING_VERBS})\b"
# "What is a beta particle?", "Who was Ada Thorne?", "What does sovereignty mean?".
DEFINITION_PATTERN = (
    r"^\W*what(?:'s|’s| is| are| was| were) (?:an? |the (?=(?-i:[A-Z])))?"
    r"(?!(?:the|his|her|its|their|this|that|it|they|these|those|there|you|we|he|she)\b)"
    r"[\w.-]+(?: (?!(?:the|called|known|named)\b)[\w.-]+){0,3}\W*$|"
    r"^\W*who(?:'s|’s| is| are| was| were) "
    r"(?!(?:the|an?|his|her|its|their|this|that|he|she|it|they|in|on|at|to|you|there)\b)"
    r"(?!\w+(?:ing|ed|en)\b)[\w.-]+(?: (?!(?:the|an?|by|in|at|to)\b)[\w.-]+){0,3}\W*$|"
    r"\bwhat (?:does|do|did) .*\b(?:mean|stand for)\W*$|\bwhat is meant by\b"
)
WHAT = "what which"
AUXILIARIES = "is are was were am do does did can could has have had will would should"
# The words of which a pattern needs one, and the pattern, compiled when a question has such a word.
# The first row that matches decides, so special kinds come before general ones.
KIND_PATTERNS: tuple[tuple[AnswerKind, frozenset[str], str], ...] = tuple(
    (kind, frozenset(words.split()), pattern)
    for kind, words, pattern in (
        (
            AnswerKind.PERCENT,
            f"how {WHAT}",
            r"\b(?:what|which|how (?:many|much))\s+(?:\w+\s+){0,2}?percent",
        ),
        (AnswerKind.MONEY, "how", r"\bhow (?:much|many) (?:\w+ )?(?:money|dollars|pounds|euros)\b"),
        (
            AnswerKind.MONEY,
            "how",
            r"\bhow much\b.*\b(?:costs?|pay|paid|spen[dt]|earn|worth|price|sold)\b",
        ),
        (
            AnswerKind.MONEY,
            WHAT,
            WHICH + r"(?:cost|price|salary|budget|revenue|fee|fine|prize)\b",
        ),
        (AnswerKind.AMOUNT, "how", r"\bhow much\b"),
        (
            AnswerKind.NUMBER,
            f"how {WHAT}",
            rf"\bhow (?:many|often)\b|{WHICH}(?:number|population)\b",
        ),
        (AnswerKind.AGE, f"how {WHAT}", rf"\bhow old\b|{WHICH_NEAR}age\b"),
        # "How long is the bridge?" may ask for metres.
        (
            AnswerKind.DURATION,
            "how",
            r"\bhow long\b(?! (?:is|are|was|were) (?:the|an?|it)\b)",
        ),
        (AnswerKind.DURATION, WHAT, WHICH + r"duration\b"),
        (
            AnswerKind.MEASURE,
            f"how {WHAT}",
            rf"\bhow (?:{MEASURE_ADJECTIVES})\b|{WHICH}(?:{MEASURE_NOUNS})\b",
        ),
        (AnswerKind.TIME, "when how", rf"{START}when\b|\bwhen\W*$|\bhow recently"),
        (AnswerKind.TIME, WHAT, rf"{WHICH_NEAR}(?:{TIME_NOUNS})s?\b"),
        (
            AnswerKind.REASON,
            f"why {WHAT}",
            rf"\bwhy\b|{WHICH}(?:reason|cause|purpose)s?\b|^what caused\b",
        ),
        (AnswerKind.COUNTRY, WHAT, WHICH_NEAR + r"(?:country|countries|nations?|states?)\b"),
        (
            AnswerKind.PLACE,
            f"where {WHAT}",
            rf"{START}where\b|\bwhere\W*$|{WHICH_NEAR}(?:{PLACE_NOUNS})\b",
        ),
        (AnswerKind.DEFINITION, "what who", DEFINITION_PATTERN),
        (AnswerKind.SAID, "what", SAID_PATTERN),
        (AnswerKind.PERSON, "who whom whose", rf"{START}who(?:m|se)?\b|\bwhom?\W*$"),
        (AnswerKind.PERSON, WHAT, rf"{WHICH_NEAR}(?:{PERSON_NOUNS})s?\b"),
        (AnswerKind.NAME, WHAT, rf"{WHICH_NEAR}(?:{NAMED_NOUNS})\b"),
        (AnswerKind.MANNER, "how", r"\bhow\b"),
        (AnswerKind.YES_NO, AUXILIARIES, rf"^(?:{AUXILIARIES.replace(' ', '|')})\b"),
    )
)

# The rest of a long pasted text is ignored: the patterns are tried anew at each "which" in it.
MAX_QUESTION_CHARS = 1_000

ASCII_WORD_RE = re.compile("[a-z]+")
SENTENCE_BREAK_RE = re.compile(r"(?<=[.?!])\s+(?=\S)")
# A sentence that begins so asks with that word; "When the war ended, who …" does not.
ASKS_RE = re.compile(
    rf"(?i){START}(?:(?:what|which|who|whom|whose|why|how)\b|(?:when|where)(?:['’]s\b|"
    r" (?:was|is|are|were|did|does|do|will|would|has|have|had|can|could|should|may|might|am|in|on)"
    r"\b|\W*$))"
)
# Where a clause after a comma asks, and where "which" asks within a sentence.
TURNS_RE = re.compile(rf"(?i)[,;:]\s+(?:and |but |so |or )?(?={PREPOSITION}{WH})")
PICKS_RE = re.compile(r"(?i)\b(?:what|which)\b")
WH_RE = re.compile(rf"(?i)\b{WH}")


def asking_clause(text: str) -> str:
    """Return the part of ``text`` that asks, from its question word on.

    Elsewhere "who", "when" and "where" do not tell the kind of answer.

    >>> asking_clause("When the war ended, who ruled?")
    'who ruled?'
    """
    sentences = [each for each in SENTENCE_BREAK_RE.split(text.strip()) if WH_RE.search(each)]
    if not sentences:
        return text
    last = sentences[-1]
    if ASKS_RE.match(last):
        return last
    turns = [match.end() for match in TURNS_RE.finditer(last)]
    picks = [match.start() for match in PICKS_RE.finditer(last)]
    if turns and WH_RE.match(last):
        return last[turns[0] :]
    asks = [match.start() for match in WH_RE.finditer(last)]
    return last[(picks or turns or asks)[-1] :]


def answer_kind(text: str) -> AnswerKind:
    """Return the kind of answer that the question ``text`` asks for.

    >>> answer_kind("In which city was the treaty signed?")
    <AnswerKind.PLACE: 'a place'>
    """
    head = asking_clause(text[:MAX_QUESTION_CHARS])
    words = {*ASCII_WORD_RE.findall(head.casefold())}
    for kind, needed, pattern in KIND_PATTERNS:
        if not words.isdisjoint(needed) and re.search(pattern, head, re.IGNORECASE):
            return kind
    return AnswerKind.ANY
