"""The rules of sentence ends in news: abbreviations by language, quotations, list markers."""

import re

from bot.language.dates import (
    MONTH_ABBREVIATIONS,
    MONTH_PATTERN,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAY_INITIALS_PATTERN,
)

# Words that begin a sentence far more often than a name: after "the U.S." or "Elm St." they
# begin a new one.
STARTERS = (
    "A After All Although An And Another Any As At Because Before Both But By Did Do Does During "
    "Each For From Has Have He Her Here His How However I If In Is It Its Many Meanwhile More "
    "Moreover Most My No Not Now On One Only Or Other Our She Since So Some Such That The Their "
    "Then There These They This Those Though Thus To Under Until We What When Where Whether Which "
    "While Who Why With You Your"
).split()

NAME_PATTERN = rf"(?!(?:{'|'.join(STARTERS)})\b)[^\W\d_a-z]"

MONTH = rf"(?i:{MONTH_PATTERN})"

TIME_ZONE = r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|[IJK]ST|AE[SD]T)\b"

# Each row: words with a full stop that ends no sentence, if the text that follows matches.
ENGLISH_PREFIXES = (
    # A title goes with a name, though it be a common word ("Rep. Will Hurd").
    (
        "Mr. Mrs. Ms. Dr. Drs. Prof. Rep. Reps. Sen. Sens. Gov. Govs. Lt. Col. Gen. Capt. Sgt. "
        "Cmdr. Maj. Adm. Rev. Hon. Pres. Supt. Messrs. Mme. Mlle. Insp. Det. Cpl. Pvt. Atty. Amb. "
        "Sec. St. Ste. Ft. Mt. Fr. Br. Bp.",
        NAME_PATTERN,
    ),
    # A time of day goes with its date or time zone.
    (
        "a.m. p.m. A.M. P.M.",
        rf"{WEEKDAY_INITIALS_PATTERN}(?:[a-z]*day)?\b|{MONTH}\.? \d|{TIME_ZONE}|"
        rf"\((?:{TIME_ZONE}|\d)|\d|"
        r"(?:Eastern|Pacific|local)\b|(?:\w+ )?(?:Standard|Daylight|Summer|[Tt]ime)\b",
    ),
    # These go with a number.
    (
        "No. Nos. no. nos. Nr. p. pp. vol. vols. Vol. Vols. ch. chap. Ch. sec. art. Art. fig. "
        "figs. Fig. Figs. Op. op. ed. est. approx. ca. c. circa. max. min. lit. tel. ext. "
        "Tab. Tabs. tab. Eq. Eqs. eq. eqs. para. paras. Para. Paras. sent. Sect. sect. Suppl. "
        "suppl. Nr. Lat. Long. lat. long. cl. Cl. App. app. Ex. Ref. Refs. ref. refs. Approx. Ps. "
        "ver. Ver. km. Sec. Abs. Bd. Abb. Art. Arts. arts. "
        + " ".join(f"{month.title()}." for month in MONTH_ABBREVIATIONS),
        r"[#$€£~(\[]?\d|[ivxlc]+\b(?!\.\s)",
    ),
    # A year or a number in brackets belongs to the work before it.
    ("al. ed. eds. Ed. Eds. trans. rev. repr. vol. no.", r"[(\[][^)\]]{0,40}\d"),
    # "art. L. 211-3", "Suppl. Fig. 4".
    ("art. Art. arts. Arts.", r"[A-Z]\.\s?\d"),
    ("Suppl. suppl. Ext. Supp.", r"(?:Figs?|Tabs?|Tables?|Data|Eqs?|Note)\b"),
    # These never end a sentence.
    ("e.g. i.e. cf. viz. vs. v. approx. ca. lit. resp.", r"\S"),
    (" ".join(f"{day.title()}." for day in WEEKDAY_ABBREVIATIONS), rf"{MONTH}\b"),
)

FRENCH_PREFIXES = (
    ("M. MM. Mme. Mlle. Me. Mgr. Dr. Pr. St. Ste.", NAME_PATTERN),
    ("p. n°. art. vol.", r"\d"),
)

SPANISH_PREFIXES = (
    ("Sr. Sra. Srta. Dr. Dra. D. Dña. Gral. Lic. Ud. Uds. Sto. Sta.", NAME_PATTERN),
)

GERMAN_PREFIXES = (
    ("Hr. Fr. Dr. Prof. St. Hl.", NAME_PATTERN),
    ("Nr. Abs. Art. S. Bd. ca. Tel.", r"\d"),
    # "Der 2. Weltkrieg": nouns that an ordinal precedes more often than a sentence's end.
    (
        " ".join(f"{number}." for number in range(1, 32)),
        r"(?:Weltkrieg|Jahrhundert|Jahrtausend|Bundesliga|Liga|Auflage|Spieltag|Geburtstag)",
    ),
)

RUSSIAN_PREFIXES = (("е. т.е.", r"\S"),)

# Word → pattern of the text that may follow it in the same sentence. Moses' term.
NonbreakingPrefixes = dict[str, re.Pattern[str]]


def compile_prefixes(table: tuple[tuple[str, str], ...]) -> NonbreakingPrefixes:
    """Return the pattern of each word in ``table``; a word in two rows has both their patterns."""
    patterns: dict[str, list[str]] = {}
    for words, pattern in table:
        for word in words.split():
            patterns.setdefault(word, []).append(pattern)
    return {word: re.compile("|".join(each)) for word, each in patterns.items()}


NONBREAKING_PREFIXES: dict[str, NonbreakingPrefixes] = {
    "en": compile_prefixes(ENGLISH_PREFIXES),
    "fr": compile_prefixes(FRENCH_PREFIXES),
    "es": compile_prefixes(SPANISH_PREFIXES),
    "de": compile_prefixes(GERMAN_PREFIXES),
    "ru": compile_prefixes(RUSSIAN_PREFIXES),
}

NO_PREFIXES: NonbreakingPrefixes = {}

# "J.D. Vance", but not "U.S.", which ends a sentence as often as it precedes a name.
INITIALS_RE = re.compile(
    r"(?!(?:U\.S|U\.N|U\.K|E\.U|D\.C|L\.A|N\.Y|B\.C|A\.D|M\.D|B\.A|M\.A|P\.M|A\.M)\.)(?:[A-Z]\.){2,3}"
)

NAME_RE = re.compile(NAME_PATTERN)

# An end after a word this long is never corrected; two ends in five skip the other rules by it.
CERTAIN_END_RE = re.compile(r"(?<=[a-z]{7}\. )[A-Z]")

# Characters: the longest word of these tables, with the marks around it.
MAX_WORD_LENGTH = 16

# “Will it hold?” Smith asked: one sentence, as with "he asked".
SPEAKER_RE = re.compile(
    rf"(?:[A-Z][a-z]+\. )?{NAME_PATTERN}[\w.'’-]+(?: [A-Z][\w.'’-]*){{0,2}} "
    r"(?:said|says|asked|asks|added|wrote|told|replied|shouted|cried|answered|tweeted|wondered)\b"
)

# "Psalm xc. 12"; "of II. Murad", but not "World War II. Germany": its number follows a name.
SMALL_WORD_RE = re.compile(r"\s*[a-z]+(?![A-Za-z])")
ROMAN_DIGITS = frozenset("ivxlcIVX")
SMALL_NUMERAL_RE = re.compile(r"[ivxlc]{2,}\.")
NUMERAL_RE = re.compile(r"(?<!\S)[a-z]+ [IVX]{1,5}\.\s?$")

# Marks that belong to the sentence before: closing quotes and brackets, and Wikipedia's notes
# ("[citation needed]", ":33").
CLOSING_MARKS_RE = re.compile(r"(?:[)\]”’»]|\[[^][]{1,40}\]|:\d[\d,–-]*)+(?=\s|$)")

# The same sentence goes on: with a lower-case word ("Yahoo! in 2005", but not "iPhone"), a
# Japanese particle after a quotation, the rest of "J.-C."
CONTINUATION_RE = re.compile(
    r"[a-zß-öø-ÿа-яё]+(?![A-Za-z])|[&=<>+]\s|(?<=/\.{3}[\"'”’] )"
    r"|(?<=[」』])と|(?<![A-Za-z][A-Z]\.)(?<=[A-Z]\.)[-\w]"
)

# Markers that begin a block, and are no sentence: "1. Open …", "IV. Results", bullets.
LIST_MARKER_RE = re.compile(r"\s*\(?(\d{1,3}|[A-Za-z]|[IVX]{2,5})(\.\)|[.)])\s")

BULLET_RE = re.compile(r"[•⁃◦‣▪]\s*(?:\(?\d{1,3}(?:\.\)|[.)])\s)?")

# sentencex splits ASCII text at these, and before the "1)" of a list.
POSSIBLE_END_RE = re.compile(r"[.!?)]")

# An end that sentencex may have missed: it takes apostrophes and stray brackets for quotations,
# and never splits a quotation. (Real ones are not split here either: a quotation of several
# sentences stays with its speaker.)
MISSED_END_RE = re.compile(
    r"""[.!?]["'”’)\]]*\s+(?=["'“‘]?[A-ZÀ-Þ])|[.!?]\)\s+(?=\([A-ZÀ-Þ])|…\s+(?=[A-Z])"""
)

# A stop after four letters, a digit, a quote or a bracket; a shorter word may be an abbreviation.
SURE_END_RE = re.compile(
    r"""(?:[a-zà-ÿ]{4}|\d|["'”’)\]])[.!?]["'”’)\]]*$|(?<!\.[A-Z])[.!?]["'”’)\]]+$"""
)

ABBREVIATIONS = frozenset(
    "Messrs Bros Prof Capt Cmdr Supt Calif Mass Penn Tenn Minn Conn Wash Ariz Sept Thurs Corp "
    "Insp Dept Assn Univ Blvd Reps Sens Govs Sgts approx vols figs".split()
)

# Words that sentencex takes for abbreviations (found among the 30,000 words of two question
# sets), and "etc.", which ends a sentence more often than it precedes a name.
NOT_ABBREVIATIONS = frozenset(
    "May may No no me re art Art ill arc con id miss mm pH la Fed fed Ken Bart Ida etc".split()
)

ACRONYM_RE = re.compile(r"(?!(?:DR|MRS?|MS|ST|NO|VS|JR|SR|GOV|SEN|REP)$)[A-Z]{2,4}")

# "any number n. Here": a letter is a variable, unless it may abbreviate circa, died, page, versus.
VARIABLES = frozenset("abefghijklmnopqrstuwxyz")

STARTER_RE = re.compile(rf"(?:{'|'.join(STARTERS)})\b")

QUOTE_OR_BRACKET_RE = re.compile(r"""["'“”‘’()\[\]«»]""")

# Characters. An opening mark without a closing one for longer is a stray mark.
MAX_QUOTATION_LENGTH = 3000

BRACKET_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
OPENING_MARKS, CLOSING_MARKS = """"'“‘([""", """.!?"'”’)]"""
SINGLE_OPEN_RE, SINGLE_CLOSE_RE = re.compile(r"(?<!\w)['‘](?=\w)"), re.compile(r"(?<=\S)['’](?!\w)")
