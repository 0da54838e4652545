"""The language of a text, by its script and its most frequent words."""

import re

# Frequent words of each language that are not frequent in the others.
FREQUENT_WORDS = {
    "en": frozenset("the of and to that is was for with by as from his which were it he".split()),
    "de": frozenset("der und das ist nicht ein eine mit den dem zu im auf sich von wurde".split()),
    "fr": frozenset("le les des et est une dans du qui au il pour sur pas ont cette".split()),
    "es": frozenset("el los las y una del por con su se al es fue lo como más".split()),
}
LANGUAGE_BY_WORD = {word: lang for lang, words in FREQUENT_WORDS.items() for word in words}

# Enough to decide, in a time that does not matter beside that of splitting sentences.
SAMPLE_CHARS = 1000

KANA_RE, HAN_RE, CYRILLIC_RE = map(re.compile, ("[぀-ヿ]", "[一-鿿]", "[а-яА-Я]"))
# Two kana in a hundred characters make Japanese; a quarter in another script makes its language. A
# quotation alone has less.
MIN_KANA_SHARE, MIN_SCRIPT_SHARE = 1 / 50, 1 / 4
# In prose, one word in twelve or more is among the frequent ones above.
MIN_FREQUENT_SHARE = 1 / 12


def detect_language(text: str) -> str:
    """Return the language of the beginning of ``text``: en, de, fr, es, ru, zh or ja.

    "en" if it is undecided.

    >>> detect_language("Die Brücke wurde von einem Ingenieur und der Stadt gebaut.")
    'de'
    """
    sample = text[:SAMPLE_CHARS]
    if not sample.isascii():
        if len(KANA_RE.findall(sample)) > MIN_KANA_SHARE * len(sample):
            return "ja"
        for language, script_re in (("zh", HAN_RE), ("ru", CYRILLIC_RE)):
            if len(script_re.findall(sample)) > MIN_SCRIPT_SHARE * len(sample):
                return language
    words = sample.lower().split()
    languages = [*filter(None, map(LANGUAGE_BY_WORD.get, words))]
    best = max(FREQUENT_WORDS, key=languages.count)
    return best if languages.count(best) > MIN_FREQUENT_SHARE * len(words) else "en"
