"""Tables of where a sentence ends in news, and of abbreviations, by language."""

import re

# What opens a sentence far more often than a name: after "the U.S." or "Elm St." it is a new one.
STARTERS = (
    "A After All Although An And Another Any As At Because Before Both But By Did Do Does During "
    "Each For From Has Have He Her Here His How However I If In Is It Its Many Meanwhile More "
    "Moreover Most My No Not Now On One Only Or Other Our She Since So Some Such That The Their "
    "Then There These They This Those Though Thus To Under Until We What When Where Whether Which "
    "While Who Why With You Your"
).split()

NAME = rf"(?!(?:{'|'.join(STARTERS)})\b)[^\W\d_a-z]"

MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)"

DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"

ZONE = r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|[IJK]ST|AE[SD]T)\b"

# An end that is none: the last word of one piece, and how the next begins.
ENGLISH_JOINS = (
    # A title wants its name, also one that is a common word ("Rep. Will Hurd").
    (
        "Mr. Mrs. Ms. Dr. Drs. Prof. Rep. Reps. Sen. Sens. Gov. Govs. Lt. Col. Gen. Capt. Sgt. "
        "Cmdr. Maj. Adm. Rev. Hon. Pres. Supt. Messrs. Mme. Mlle. Insp. Det. Cpl. Pvt. Atty. Amb. "
        "Sec. St. Ste. Ft. Mt. Fr. Br. Bp.",
        NAME,
    ),
    # The hour goes on with its day or its zone.
    (
        "a.m. p.m. A.M. P.M.",
        rf"{DAY}(?:[a-z]*day)?\b|{MONTH}[a-z]*\.? \d|{ZONE}|\((?:{ZONE}|\d)|\d|"
        r"(?:Eastern|Pacific|local)\b|(?:\w+ )?(?:Standard|Daylight|Summer|[Tt]ime)\b",
    ),
    # What counts something wants its number.
    (
        "No. Nos. no. nos. Nr. p. pp. vol. vols. Vol. Vols. ch. chap. Ch. sec. art. Art. fig. "
        "figs. Fig. Figs. Op. op. ed. est. approx. ca. c. circa. max. min. lit. tel. ext. "
        "Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec.",
        r"[#$€£~]?\d",
    ),
    # These always go on.
    ("e.g. i.e. cf. viz. vs. v. approx. ca. lit. resp.", r"\S"),
    ("Mon. Tue. Tues. Wed. Thu. Thur. Thurs. Fri. Sat. Sun.", rf"{MONTH}\b"),
)

FRENCH_JOINS = (("M. MM. Mme. Mlle. Me. Mgr. Dr. Pr. St. Ste.", NAME), ("p. n°. art. vol.", r"\d"))

SPANISH_JOINS = (("Sr. Sra. Srta. Dr. Dra. D. Dña. Gral. Lic. Ud. Uds. Sto. Sta.", NAME),)

GERMAN_JOINS = (
    ("Hr. Fr. Dr. Prof. St. Hl.", NAME),
    ("Nr. Abs. Art. S. Bd. ca. Tel.", r"\d"),
    # "Der 2. Weltkrieg": nouns that are counted more often than they begin a sentence.
    (
        " ".join(f"{number}." for number in range(1, 32)),
        r"(?:Weltkrieg|Jahrhundert|Jahrtausend|Bundesliga|Liga|Auflage|Spieltag|Geburtstag)",
    ),
)

RUSSIAN_JOINS = (("е. т.е.", r"\S"),)

Joins = dict[str, re.Pattern[str]]


def by_word(*tables: tuple[tuple[str, str], ...]) -> Joins:
    """Return what may follow each word for its end to be none; a word in two rows has both."""
    rows: dict[str, list[str]] = {}
    for words, following in (row for table in tables for row in table):
        for word in words.split():
            rows.setdefault(word, []).append(following)
    return {word: re.compile("|".join(following)) for word, following in rows.items()}


JOINS: dict[str, Joins] = {
    "en": by_word(ENGLISH_JOINS),
    "fr": by_word(FRENCH_JOINS),
    "es": by_word(SPANISH_JOINS),
    "de": by_word(GERMAN_JOINS),
    "ru": by_word(RUSSIAN_JOINS),
}

NO_JOINS: Joins = {}

# "J.D. Vance", but not after what ends a sentence as often as it stands before a name.
INITIALS_RE = re.compile(
    r"(?!(?:U\.S|U\.N|U\.K|E\.U|D\.C|L\.A|N\.Y|B\.C|A\.D|M\.D|B\.A|M\.A|P\.M|A\.M)\.)(?:[A-Z]\.){2,3}"
)

NAME_RE = re.compile(NAME)

# No correction touches an end after so long a word: two ends in five are spared the questions.
CLEAR_RE = re.compile(r"(?<=[a-z]{7}\. )[A-Z]")

LONGEST = 16  # characters: the longest word of the tables, and what may stand around it

# “Will it hold?” Smith asked: one sentence, as with "he asked".
SPEAKER_RE = re.compile(
    rf"(?:[A-Z][a-z]+\. )?{NAME}[\w.'’-]+(?: [A-Z][\w.'’-]*){{0,2}} "
    r"(?:said|says|asked|asks|added|wrote|told|replied|shouted|cried|answered|tweeted|wondered)\b"
)

# Left behind by the end before it: what closes, and Wikipedia's marks ("[citation needed]", ":33").
TRAILING_RE = re.compile(r"(?:[)\]”’»]|\[[^][]{1,40}\]|:\d[\d,–-]*)+(?=\s|$)")

# What a sentence goes on with: a small letter ("Yahoo! in 2005", but not "iPhone"), a Japanese
# particle after what was said, the rest of "J.-C."
CONTINUES_RE = re.compile(
    r"[a-zß-öø-ÿа-яё]+(?![A-Za-z])|(?<=[」』])と|(?<![A-Za-z][A-Z]\.)(?<=[A-Z]\.)[-\w]"
)

# A block's first marks are no sentence: "1. Open …", "IV. Results", "LIMA, Nov. 16 (Wire) - The …".
ITEM_RE = re.compile(r"\s*\(?(\d{1,3}|[A-Za-z]|[IVX]{2,5})(\.\)|[.)])\s")

BULLET_RE = re.compile(r"[•⁃◦‣▪]\s*(?:\(?\d{1,3}(?:\.\)|[.)])\s)?")

DATELINE_RE = re.compile(
    rf"""(?x) \s*
    [A-Z][A-Z.'’-]+ (?:\s [A-Z][A-Z.'’-]+)*                 # LIMA, NEW YORK, ST. PAUL
    (?: ,\s [A-Z][\w.]* (?:\s [A-Z][\w.]*)? ){{0,2}}        # , Peru
    (?: ,?\s {MONTH}[a-z]*\.? \s \d{{1,2}} (?:,\s \d{{4}})? )?
    \.? \s*
    (?: / [^/\s]{{2,20}} / | \([^()]{{2,40}}\) | [-–—]+ )   # /Wire/, (Wire), a dash
    (?: \s* [-–—]+ )? \s
    """
)

# Of ASCII, sentencex ends sentences at these and, of a list, in front of "1)".
STOP_RE = re.compile(r"[.!?)]")

# An end that sentencex passed over. It takes apostrophes and stray brackets for quotations, and
# a quotation for one sentence; that one is kept here: what was said stays with its speaker.
END_RE = re.compile(r"""[.!?]["'”’)\]]*\s+(?=["'“‘]?[A-ZÀ-Þ])""")

# A word or a number is over, or a bracket; what is shorter may be abbreviated.
PLAIN_END_RE = re.compile(
    r"""(?:[a-zà-ÿ]{4}|\d|["'”’)\]])[.!?]["'”’)\]]*$|(?<!\.[A-Z])[.!?]["'”’)\]]+$"""
)

ABBREVIATIONS = frozenset(
    "Messrs Bros Prof Capt Cmdr Supt Calif Mass Penn Tenn Minn Conn Wash Ariz Sept Thurs Corp "
    "Insp Dept Assn Univ Blvd Reps Sens Govs Sgts approx vols figs".split()
)

# Whole words that it takes for abbreviations (found among the 30,000 words of two question
# sets), and "etc.", which ends a sentence more often than it stands before a name.
WHOLE = frozenset(
    "May may No no me re art Art ill arc con id miss mm pH la Fed fed Ken Bart Ida etc".split()
)

ACRONYM_RE = re.compile(r"(?!(?:DR|MRS?|MS|ST|NO|VS|JR|SR|GOV|SEN|REP)$)[A-Z]{2,4}")

# "any number n. Here": a variable, unless it may be a page, a case ("v."), a year or a death.
VARIABLES = frozenset("abefghijklmnopqrstuwxyz")

STARTER_RE = re.compile(rf"(?:{'|'.join(STARTERS)})\b")

QUOTING_RE = re.compile(r"""["'“”‘’()\[\]«»]""")

# An opening mark that nothing closes for so long (characters) opened nothing.
LONGEST_QUOTATION = 3000

PAIRS = (("(", ")"), ("[", "]"), ("“", "”"), ("«", "»"))
OPENING, CLOSING, ASKED = """"'“‘([""", """.!?"'”’)]""", ("?", "!")
SINGLE_OPEN_RE, SINGLE_CLOSE_RE = re.compile(r"(?<!\w)['‘](?=\w)"), re.compile(r"(?<=\S)['’](?!\w)")
