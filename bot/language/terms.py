"""The terms of a text: the stems of its words, without question words."""

from collections.abc import Sequence
from threading import Lock

import Stemmer

from bot.language.words import words

# Saved with every index; a change of the analysis must change it, so that indexes are rebuilt.
ANALYZER_VERSION = f"english-2 {Stemmer.version()}"

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
            "become became", "begin began begun", "bite bitten", "blow blew blown",
            "break broke broken", "bring brought", "build built", "buy bought", "catch caught",
            "choose chose chosen", "come came", "draw drew drawn", "drink drank drunk",
            "drive drove driven", "eat ate eaten", "fall fell fallen", "feed fed", "feel felt",
            "fight fought", "find found", "flee fled", "fly flew flown", "forget forgot forgotten",
            "freeze froze frozen", "give gave given", "go went gone", "grow grew grown",
            "hear heard", "hide hid hidden", "hold held", "keep kept", "know knew known",
            "lead led", "leave left", "lose lost", "make made", "meet met", "pay paid",
            "ride rode ridden", "run ran", "say said", "see saw seen", "seek sought",
            "sell sold", "send sent", "shake shook shaken", "shoot shot", "shrink shrank shrunk",
            "sing sang sung", "sink sank sunk", "sleep slept", "speak spoke spoken",
            "spend spent", "stand stood", "steal stole stolen", "strike struck", "swear sworn",
            "swim swam swum", "take took taken", "teach taught", "tell told", "think thought",
            "throw threw thrown", "understand understood", "wear wore worn", "win won",
            "write wrote written", "child children", "foot feet", "man men", "mouse mice",
            "tooth teeth", "woman women",
        ),
    )
    for form in forms
}  # fmt: skip


class StemCache(dict[str, str]):
    """A cache of folded word → stem, filled on access; a question word has the stem "".

    >>> StemCache()["bridges"]
    'bridg'
    """

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(QUESTION_WORDS, ""))
        self.stemmer = Stemmer.Stemmer("english", 0)  # 0: no cache of its own
        self.lock = Lock()  # a stemmer is not thread-safe

    def __missing__(self, word: str) -> str:
        base = IRREGULAR_FORMS.get(word, word)
        with self.lock:
            stem = self[word] = str(self.stemmer.stemWord(base))
        return stem

    def stem_all(self, words: Sequence[str]) -> list[str]:
        """Return the stem of each of ``words`` without caching: most are misspellings."""
        with self.lock:
            stems: list[str] = self.stemmer.stemWords([IRREGULAR_FORMS.get(w, w) for w in words])
        return stems


STEMS = StemCache()


def stem(word: str) -> str:
    """Return the stem of a folded word, "" for a question word.

    >>> stem("sank"), stem("who")
    ('sink', '')
    """
    return STEMS[word]


def terms(text: str) -> list[str]:
    """Return the terms of ``text`` in reading order, with repetitions.

    >>> terms("When did the bridges of Sydney open?")
    ['the', 'bridg', 'of', 'sydney', 'open']
    """
    return list(filter(None, map(STEMS.__getitem__, words(text))))
