"""The terms of a text: the stems of its words, without question words."""

import re
from collections.abc import Sequence
from threading import Lock
from typing import Any

import Stemmer

from bot.language.indexed_words import index_words

# Saved with every index; a change of the analysis must change it, so that indexes are rebuilt.
ANALYZER_VERSION = f"languages-13 {Stemmer.version()}"

# Dropping only these is worth 2 points over dropping all stop words: "in", "of", "by" and "after"
# carry meaning (measured on questions about Wikipedia and news).
QUESTION_WORDS = frozenset("what which who whom whose when where why how do does did".split())

# Words without a topic of their own: they count in a score, but are not content of a question.
STOP_WORDS = QUESTION_WORDS | frozenset(
    "a about after again against all also am an and any are as at be because been before being "
    "between both but by can cannot could doing done during each either else ever every few for "
    "from further get had has have having he her here hers him his i if in into is it its itself "
    "just may me might more most much must my neither no nor not of off often on once one only "
    "onto or other our out over own per same shall she should since so some such than that the "
    "their them then there these they this those through to too under until up upon us very via "
    "was we were while will with within without would yet you your".split()
)
# Verbs, nouns and requests without a subject of their own: "what did they say about trade?" is
# about trade. They are searched for, but are no content and are never reported as unknown.
LIGHT_WORDS = frozenset(
    "say says said saying tell tells told telling talk talks talked talking think thinks thought "
    "thinking mention mentions mentioned happen happens happened happening make makes made making "
    "give gives gave given giving get gets got gotten getting go goes went gone going come comes "
    "came coming take takes took taken taking use uses used using need needs needed want wants "
    "wanted know knows knew known knowing see sees saw seen seeing call calls called name named "
    "names thing things people person kind kinds type types sort sorts way ways please many much "
    "lot lots anything something nothing everything".split()
)
# Nothing is found by these: any sentence may hold them, and none answers for doing so.
PRONOUNS = frozenset(
    "i you we he she it they me us him them my your our his its their this these those".split()
)
# Irregular forms, which no stemmer's rule reduces: each base, then its forms. On the question sets
# they change nothing (±.1), but people expect "when did it sink" to find "sank". Forms that are
# also other words are left out: "rose", "wound", "lay", "bore".
IRREGULAR_FORMS = {
    form: base
    for base, *forms in map(
        str.split,
        (
            "become became", "arise arose arisen", "begin began begun", "bend bent", "bite bitten",
            "bleed bled", "blow blew blown", "break broke broken", "breed bred", "bring brought",
            "build built", "buy bought", "catch caught", "choose chose chosen", "cling clung",
            "come came", "creep crept", "deal dealt", "dig dug", "draw drew drawn",
            "drink drank drunk", "drive drove driven", "eat ate eaten", "fall fell fallen",
            "feed fed", "feel felt", "fight fought", "find found", "flee fled", "fly flew flown",
            "forbid forbade forbidden", "forget forgot forgotten", "forgive forgave forgiven",
            "freeze froze frozen", "give gave given", "go went gone", "grow grew grown",
            "hang hung", "hear heard", "hide hid hidden", "hold held", "keep kept", "kneel knelt",
            "know knew known", "lead led", "leave left", "lend lent", "light lit", "lose lost",
            "make made", "mean meant", "meet met", "mistake mistook mistaken", "overcome overcame",
            "overtake overtook overtaken", "overthrow overthrew overthrown", "pay paid",
            "prove proven", "ride rode ridden", "ring rang rung", "rise risen", "run ran",
            "say said", "see saw seen", "seek sought", "sell sold", "send sent",
            "shake shook shaken", "shine shone", "shoot shot", "show shown", "shrink shrank shrunk",
            "sing sang sung", "sink sank sunk", "sit sat", "sleep slept", "slide slid",
            "speak spoke spoken", "spend spent", "spin spun", "spring sprang sprung", "stand stood",
            "steal stole stolen", "stick stuck", "sting stung", "stride strode", "strike struck",
            "strive strove striven", "swear swore sworn", "sweep swept", "swell swollen",
            "swim swam swum", "swing swung", "take took taken", "teach taught", "tear tore torn",
            "tell told", "think thought", "throw threw thrown", "undergo underwent undergone",
            "understand understood", "undertake undertook undertaken", "wake woke woken",
            "wear wore worn", "weave wove woven", "weep wept", "win won",
            "withdraw withdrew withdrawn", "withstand withstood", "write wrote written",
            "child children", "foot feet", "man men", "mouse mice", "tooth teeth", "woman women",
            "wolf wolves", "knife knives", "wife wives", "shelf shelves", "thief thieves",
            "half halves", "calf calves", "loaf loaves", "elf elves", "hoof hooves",
            "scarf scarves", "wharf wharves", "goose geese", "louse lice", "ox oxen", "bus buses",
            "gas gases", "index indices", "matrix matrices", "vertex vertices",
            "appendix appendices", "analysis analyses", "crisis crises", "thesis theses",
            "hypothesis hypotheses", "diagnosis diagnoses", "oasis oases",
            "parenthesis parentheses", "criterion criteria", "phenomenon phenomena",
            "bacterium bacteria", "fungus fungi", "cactus cacti", "nucleus nuclei", "radius radii",
            "stimulus stimuli", "alumnus alumni", "larva larvae", "formula formulae",
            "february feb", "april apr", "june jun", "july jul", "august aug", "september sept sep",
            "october oct", "november nov", "december dec",
        ),
    )
    for form in forms
}  # fmt: skip


ORDINAL_RE = re.compile(r"(\d+)(?:st|nd|rd|th)|0(\d)")


def _base(word: str) -> str:
    """Return the base of an irregular form, and the number of an ordinal: "9th", "09" → "9"."""
    if word[:1].isdecimal() and (ordinal := ORDINAL_RE.fullmatch(word)):
        return ordinal[1] or ordinal[2]
    return IRREGULAR_FORMS.get(word, word)


class StemCache(dict[str, str]):
    """A cache of folded word → stem, filled on access; a question word has the stem "".

    >>> StemCache()["bridges"]
    'bridg'
    """

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(QUESTION_WORDS, ""))
        self.stemmer: Any = Stemmer.Stemmer("english", 0)  # 0: no cache of its own
        self.lock: Lock = Lock()  # a stemmer is not thread-safe

    def __missing__(self, word: str) -> str:
        base = _base(word)
        with self.lock:
            stem = self[word] = str(self.stemmer.stemWord(base))
        return stem

    def stem_all(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each of ``words`` without caching: most are misspellings."""
        with self.lock:
            stems: list[str] = self.stemmer.stemWords([*map(_base, words)])
        return stems


STEMS = StemCache()


def stem(word: str) -> str:
    """Return the stem of a folded word, "" for a question word.

    >>> stem("sank"), stem("who")
    ('sink', '')
    """
    return STEMS[word]


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in reading order, with repetitions, then its variants'.

    >>> terms("When did the bridges of Sydney open?")
    ['the', 'bridg', 'of', 'sydney', 'open']
    """
    (indexed,) = index_words([text])
    return list(filter(None, map(STEMS.__getitem__, indexed)))
