"""The requests in front of a subject: "tell me about Taiwan" requests ABOUT, of "Taiwan"."""

import re
from enum import Enum
from typing import NamedTuple


class Request(Enum):
    """The requests of a line; the value says what is shown for it."""

    ANSWER = "the sentence that answers the question"
    ABOUT = "definitions of the subject and openings of articles about it"
    DEFINE = "a definition"
    SUMMARISE = "the opening sentences of an article"
    LIST = "one sentence at a time; a list cannot be made"
    COUNT = "sentences; what they tell of cannot be counted"
    COMPARE = "sentences; what they tell of cannot be compared"


class ParsedRequest(NamedTuple):
    """A request, and its subject at ``text[start:end]``: the line without the request.

    >>> request, start, end = parse_request(text := "Can you tell me about Taiwan, please?")
    >>> request.name, text[start:end]
    ('ABOUT', 'Taiwan')
    """

    request: Request
    start: int
    end: int


POLITE = r"(?:hello|hi|hey|well|so|ok(?:ay)?|no|yes|oh|sorry|please|thanks|thank you|excuse me|bot)"
# What may stand before any request and any question, in turn.
OPENED = rf"(?:{POLITE}\b(?:[,.!:;]+\s*|(?<=please)\s+|(?<=hello)\s+|(?<=so|ok|hi)\s+)(?=\w))*"
OPENINGS = (
    r"(?:can|could|would|will) you (?:please |kindly |maybe )?(?=tell|give|show|explain|define|"
    r"describe|summari[sz]e|list|say|find|count|compare|help)",
    r"(?:do|would) you (?:happen to )?know (?=wh|how|if\b|about\b|of\b|any)",
    r"i (?:just )?(?:want|need|would like|'d like|wanna|wish) to (?=know|learn|understand|see|"
    r"read|hear|find)",
    r"i(?:'d| would) like to (?=know|learn|understand|see|read|hear|find)",
    r"(?:i (?:was|am|'m) )?wondering (?=wh|how|if\b)",
    r"i wonder (?=wh|how|if\b)",
    r"i meant? ",
    r"please ",
    r"let'?s ",
    r"help me (?=understand|find)?",
)
OPENINGS_RE = re.compile(rf"(?i)^\W*{OPENED}(?:{'|'.join(OPENINGS)})*")
# What may stand behind any request: "…, bot", but not "tell me about the bot".
ENDING = r"[\s,]+(?:please|thanks|thank you|for me)|,\s*bot"
ENDINGS_RE = re.compile(rf"(?i)(?:{ENDING})+\W*$")
# "summarise the Everest article": the subject is Everest.
SUMMARY_ENDINGS_RE = re.compile(rf"(?i)(?:\s+(?:article|page|story|text|document)|{ENDING})+\W*$")
# Parts of the patterns below; each may be absent.
ME = r"(?:(?:to )?(?:me|us) )?"
THE = r"(?:the )?"
SOME = (
    r"(?:some |any |all |a (?:bit|little) (?:more )?|more |a lot |everything |"
    r"something |anything )?"
)
FACTS = r"(?:(?:information|info|details?|facts?|stuff|news|data) )?"
# Parts that may not.
IS = r"(?:'s|’s| is)"
ABOUT = r"(?:about|on|of|regarding|concerning|around)"
ASKS = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
# A question that asks for a request below: "what is the meaning of X?".
REQUESTING = (
    r"what (?:do|can|did|does) (?:you|we|they|it)\b|what (?:is|'s) there|(?:what|how) about|"
    rf"what does|what{IS} {THE}(?:meaning|definition|differences?|comparison|summary|gist|main)"
)
# The first row whose pattern begins the line, what may open it left out, tells the request. What
# the pattern matches is no part of the subject. Where the subject itself asks ("tell me who …"),
# it is a question.
PATTERNS: tuple[tuple[Request, str], ...] = (
    (Request.SUMMARISE, rf"(?:summari[sz]e|sum up|recap) {ME}(?:what .* says? about )?"),
    (
        Request.SUMMARISE,
        r"(?:give |make |write |show )?(?:me |us )?(?:a |the )?(?:short |brief |quick )?"
        r"(?:summary|synopsis|overview|gist|recap|outline|tl;?dr) (?:of |on |about |for )?",
    ),
    (Request.SUMMARISE, rf"what{IS} {THE}(?:summary|gist|main point|main idea) of "),
    (
        Request.ANSWER,
        rf"(?:tell|say|show|explain|describe|give) {ME}(?:exactly )?(?={ASKS}(?! about))",
    ),
    (
        Request.ANSWER,
        rf"(?:know|learn|understand|see|find out|hear|read) (?={ASKS}(?! about))",
    ),
    (Request.ANSWER, rf"(?={ASKS}.*\?)(?!{REQUESTING})"),
    (Request.COUNT, r"count (?:me )?(?:all |up )?(?:the |of )*"),
    (
        Request.COMPARE,
        rf"(?:compare |(?:what{IS} )?{THE}(?:comparison|differences?) between )",
    ),
    (Request.LIST, rf"(?:list|enumerate) {ME}(?:all |every |each )?(?:of )?{THE}"),
    (
        Request.LIST,
        rf"(?:give|show|name|tell) {ME}(?:a |the )?(?:list of |all |every ){THE}(?!about)",
    ),
    (
        Request.DEFINE,
        r"(?:define|definition of|meaning of) (?:the (?:word|term|meaning of) )?",
    ),
    (Request.DEFINE, rf"what{IS} {THE}(?:meaning|definition) of (?:the (?:word|term) )?"),
    (Request.DEFINE, rf"(?:explain|describe) {ME}(?:what )?(?!why|how|when|where)"),
    (Request.ABOUT, rf"(?:tell|show|give|teach|say|talk) {ME}{SOME}{FACTS}{ABOUT} "),
    (
        Request.ABOUT,
        rf"(?:talk|speak|know|learn|hear|read|understand|find(?: out)?) {SOME}{ABOUT} ",
    ),
    (Request.ABOUT, r"(?:what|how) about "),
    (
        Request.ABOUT,
        r"what (?:do|can|does|could) (?:you|we|i|the (?:articles?|texts?|page)|it) "
        rf"(?:know|have|tell me|say|find|got|tell us) {ABOUT} ",
    ),
    (Request.ABOUT, rf"what{IS} (?:there )?(?:known |said |written )?about "),
    (Request.ABOUT, rf"(?:is|are|was|were) there (?:some|any)(?:thing)? ?{FACTS}{ABOUT} "),
    (
        Request.ABOUT,
        rf"(?:do|have) (?:you|we) (?:have |got |know )?(?:some|any)(?:thing)? ?{FACTS}{ABOUT} ",
    ),
    (Request.ABOUT, rf"(?:any|some|more|every)(?:thing)? ?(?:more )?{FACTS}{ABOUT} "),
    (Request.ABOUT, r"(?:search|look)(?: for| up)? "),
    (Request.ABOUT, rf"(?=\w+ {ABOUT} ){FACTS}{ABOUT} "),
    (Request.ABOUT, r"about (?=\w)"),
)
# A longer line is pasted text, and only its beginning is looked at.
MAX_REQUEST_CHARS = 300

# A summary of whatever there is.
SUMMARISE_ALL_RE = re.compile(
    r"(?i)\W*(?:please )?(?:can you )?(?:give me a summary|summari[sz]e|summary|tl;?dr)"
    r"(?: (?:it|this|that|(?:the|this) (?:article|page|text|file|document)))?(?:,? please)?\W*"
)


def parse_request(text: str) -> ParsedRequest:
    """Return what ``text`` requests, and where its subject is.

    >>> parse_request("Who designed the bridge?").request.name
    'ANSWER'
    """
    if SUMMARISE_ALL_RE.fullmatch(text):
        return ParsedRequest(Request.SUMMARISE, len(text), len(text))
    opening = OPENINGS_RE.match(text[:MAX_REQUEST_CHARS])
    start = opening.end() if opening else 0
    for request, pattern in PATTERNS:
        # A question mostly ends at the sixth pattern; those not needed are not compiled.
        match = re.compile(pattern, re.IGNORECASE).match(text, start, MAX_REQUEST_CHARS)
        if match:
            endings = SUMMARY_ENDINGS_RE if request is Request.SUMMARISE else ENDINGS_RE
            ending = None if request is Request.ANSWER else endings.search(text, match.end())
            end = ending.start() if ending else len(text)
            if has_words(text[match.end() : end]):
                return ParsedRequest(request, match.end(), end)
    return ParsedRequest(Request.ANSWER, start if has_words(text[start:]) else 0, len(text))


def has_words(text: str) -> bool:
    """Return whether ``text`` has a letter or a digit."""
    return any(map(str.isalnum, text))
