"""The language of a text, by its script and its most frequent words."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from bot.language.language import OTHER, language_codes, load_language
from bot.language.scripts import WORD_RE, normalize
from bot.language.terms import STOP_WORDS

ENGLISH = "en"
# Enough to decide, in a time that does not matter beside that of splitting sentences.
SAMPLE_CHARS = 1000
# In English prose, a third of the words or more are stop words; then no other language need be
# compared. A few words score less than this, and may be a name.
SURE_ENGLISH_SHARE, MIN_SCORE = 1 / 4, 1.2
MIN_SCORE_ALONE = 0.4  # without any word of English
# The scripts that tell a language, or a few of them. A quarter of the characters makes a language,
# of which two kana in a hundred make Japanese. A quotation alone has less.
MIN_KANA_SHARE, MIN_SCRIPT_SHARE = 1 / 50, 1 / 4
INITIALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")  # of "C. S. Lewis"
KANA_RE, EAST_RE = re.compile("[\u3040-\u30ff]"), re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
SCRIPTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(f"[{characters}]"), tuple(languages.split()))
    for characters, languages in (
        ("\u4e00-\u9fff", "zh"),
        ("\uac00-\ud7a3", "ko"),
        ("\u0e01-\u0e4e", "th"),
        ("\u0590-\u05ff", "he"),
        ("\u0370-\u03ff\u1f00-\u1fff", "el"),
        ("\u0400-\u052f", "ru uk bg"),
        ("\u0600-\u06ff\u0750-\u077f", "ar fa"),
        ("\u0900-\u097f", "hi"),
        ("\u0530-\u05ff\u0700-\u074f\u0780-\u08ff\u0980-\u0dff\u0e80-\u109f\u10a0-\u10ff\u1200-\u137f"
         "\u1780-\u17ff", ""),
    )
)  # fmt: skip
# A word tells of each language that has it, less the more there are. So does one with an accent, of
# the languages that write all its letters, but less: it may be a name.
ACCENTED_WEIGHT = 0.5
# English texts quote other languages: they must have so many times the score of English.
MIN_LEAD = 1.5


@cache
def frequent_words(among: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return the frequent words of some languages, and those of them that have each.

    For all that are written in Latin letters, it takes 6 ms; no text that is surely English does.
    """
    listed: dict[str, list[str]] = {}
    for code in among:
        language = load_language(code)
        words = STOP_WORDS if code == ENGLISH else language.words("frequent") | language.stop_words
        for word in words:
            listed.setdefault(word, []).append(code)
    return listed


def detect_language(text: str) -> str:
    """Return the code of the language of the beginning of ``text``, "und" for one without table.

    "en" if it is undecided.

    >>> detect_language("Die Brücke wurde von einem Ingenieur und der Stadt gebaut.")
    'de'
    >>> detect_language("Мост построили в 1932 году."), detect_language("橋は1932年に開通した。")
    ('ru', 'ja')
    """
    sample = text[:SAMPLE_CHARS]
    words = sample.lower().split()
    if sum(map(STOP_WORDS.__contains__, words)) > SURE_ENGLISH_SHARE * len(words):
        return ENGLISH
    candidates = languages_of_script(sample)
    return candidates[0] if len(candidates) == 1 else compare_languages(sample, candidates)


def choose_language(text: str, among: Sequence[str]) -> str:
    """Return the language of ``text`` that is likeliest, of some; the first one if undecided.

    >>> choose_language("Wann wurde Lima gegründet?", ["en", "de"])
    'de'
    """
    if len(among) == 1:
        return among[0]
    written = languages_of_script(text)
    candidates = [code for code in among if code in written] or among
    scores = score_languages(text, candidates)
    return max(candidates, key=scores.__getitem__)


def languages_of_script(sample: str) -> tuple[str, ...]:
    """Return the languages that are written in the script of ``sample``."""
    latin = latin_languages()
    if sample.isascii():
        return latin
    if len(KANA_RE.findall(sample)) > MIN_KANA_SHARE * len(sample):
        return ("ja",) if len(EAST_RE.findall(sample)) > MIN_SCRIPT_SHARE * len(sample) else latin
    for script_re, languages in SCRIPTS:
        if len(script_re.findall(sample)) > MIN_SCRIPT_SHARE * len(sample):
            return languages or (OTHER,)
    return latin


@cache
def latin_languages() -> tuple[str, ...]:
    """Return English and the other languages that are written in Latin letters.

    Of two with the same score the first counts: that of the larger table.
    """
    others = {language for _, languages in SCRIPTS for language in languages} | {"ja"}
    codes = (code for code in language_codes() if code not in others)
    return (ENGLISH, *sorted(codes, key=lambda code: -len(load_language(code).rows)))


def compare_languages(sample: str, candidates: Sequence[str]) -> str:
    """Return the one of ``candidates`` whose frequent words are the most in ``sample``."""
    scores = score_languages(sample, candidates)
    best = max(candidates, key=scores.__getitem__)
    if ENGLISH not in candidates:
        return best
    enough = max(MIN_LEAD * scores[ENGLISH], MIN_SCORE) if scores[ENGLISH] else MIN_SCORE_ALONE
    is_enough = scores[best] > enough
    return best if is_enough else ENGLISH


def score_languages(sample: str, candidates: Sequence[str]) -> Mapping[str, float]:
    """Return how much the words of ``sample`` tell of each of ``candidates``.

    >>> score_languages("die Brücke", ["de", "fr"])
    {'de': 1.25, 'fr': 0.25}
    """
    among, scores = tuple(candidates), dict.fromkeys(candidates, 0.0)
    for word in WORD_RE.findall(sample):
        if word in INITIALS:
            continue
        codes, weight = languages_of_word(normalize(word), among)
        for code in codes:
            scores[code] += weight / len(codes)
    return scores


def languages_of_word(word: str, among: tuple[str, ...]) -> tuple[Sequence[str], float]:
    """Return the languages that have a word, or its accents, and how much that tells of them."""
    if codes := frequent_words(among).get(word):
        return codes, 1
    if word.isascii():
        return (), 0
    letters = "".join(sorted({letter for letter in word if letter > "\x7f"}))
    return languages_of_letters(letters, among), ACCENTED_WEIGHT


@cache
def languages_of_letters(letters: str, among: tuple[str, ...]) -> Sequence[str]:
    """Return the languages that write all of some letters with an accent."""
    return [code for code in among if {*letters} <= {*load_language(code).row("letters")}]
