"""Where a sentence ends: sentencex, and the corrections that news needs."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from sentencex import segment

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
OPENING, CLOSING, ASKED = """"'“‘([""", """.!?"'”’)]""", ("?", "!")
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
SINGLE_OPEN_RE, SINGLE_CLOSE_RE = re.compile(r"(?<!\w)['‘](?=\w)"), re.compile(r"(?<=\S)['’](?!\w)")

# Words that only one of these languages has among its most frequent.
FREQUENT = {
    "en": frozenset("the of and to that is was for with by as from his which were it he".split()),
    "de": frozenset("der und das ist nicht ein eine mit den dem zu im auf sich von wurde".split()),
    "fr": frozenset("le les des et est une dans du qui au il pour sur pas ont cette".split()),
    "es": frozenset("el los las y una del por con su se al es fue lo como más".split()),
}
LANGUAGES = {word: language for language, words in FREQUENT.items() for word in words}
KANA_RE, HAN_RE, CYRILLIC_RE = map(re.compile, ("[぀-ヿ]", "[一-鿿]", "[а-яА-Я]"))
# Two kana in a hundred characters are Japanese, and a quarter in another script is that script's
# language; a lone quotation is neither. One word in twelve is of the most frequent in any prose.
KANA, OTHER_SCRIPT, FAMILIAR = 1 / 50, 1 / 4, 1 / 12
SAMPLE = 1000  # characters: enough to tell, and nothing beside the time that splitting takes


def language_of(text: str) -> str:
    """Return the language ``text`` begins in: en, de, fr, es, ru, zh or ja; "en" where in doubt."""
    sample = text[:SAMPLE]
    if not sample.isascii():
        if len(KANA_RE.findall(sample)) > KANA * len(sample):
            return "ja"
        for language, script in (("zh", HAN_RE), ("ru", CYRILLIC_RE)):
            if len(script.findall(sample)) > OTHER_SCRIPT * len(sample):
                return language
    words = sample.lower().split()
    known = [*filter(None, map(LANGUAGES.get, words))]
    best = max(FREQUENT, key=known.count)
    return best if known.count(best) > FAMILIAR * len(words) else "en"


def spans(text: str, start: int, end: int, language: str = "en") -> list[tuple[int, int]]:
    """Return where the sentences of the block ``text[start:end]`` start and end in ``text``.

    In order, without the white space around them; every other character is in one of them.
    A line's end within the block is white space like any other.
    """
    block = text[start:end].replace("\n", " ").replace("\r", " ")
    if not block.isascii():
        # sentencex takes what UTF-8 can write, and fails on "A", a wide space and a stop.
        block = re.sub(r"\s", " ", block.encode(errors="replace").decode())
    found, last = [], 0
    for place in (*ends(block, language), len(block)):
        piece = block[last:place].rstrip()
        if kept := len(piece.lstrip()):
            stop = start + last + len(piece)
            found.append((stop - kept, stop))
        last = place
    return found


def ends(block: str, language: str) -> list[int]:
    """Return where sentences end within ``block``, ascending."""
    # Nearly all begin with a capital and a small letter, and no mark does.
    begun = [] if block[:1].isalpha() and block[1:2].islower() else marks(block)
    if not begun and block.isascii() and not STOP_RE.search(block, 0, len(block) - 1):
        return []
    size, joins = len(block), JOINS.get(language, NO_JOINS)
    proposed = [*accumulate(map(len, segment(language, block)))]
    kept = {
        place if block[place - 1].isspace() else trailing(block, place)
        for place in proposed
        if place < size and (CLEAR_RE.match(block, place) or not joined(block, place, joins))
    }
    if language == "en":
        kept.update(missed(block, proposed))
    for start, end in begun:
        kept.difference_update(range(start + 1, end + 1))
        kept.add(start)
    return sorted(kept)


def joined(block: str, place: int, joins: Joins) -> bool:
    """Whether the sentence before ``place`` goes on after it."""
    if CONTINUES_RE.match(block, place):
        return True
    word = (block[max(0, place - LONGEST) : place].split() or [""])[-1].lstrip(OPENING)
    if word in joins and joins[word].match(block, place):
        return True
    if word[-2:-1] in ASKED:
        return bool(SPEAKER_RE.match(block, place))
    return word[1:2] == "." and bool(INITIALS_RE.fullmatch(word) and NAME_RE.match(block, place))


def trailing(block: str, place: int) -> int:
    """Return where the closing marks end that follow ``place`` without a space."""
    match = TRAILING_RE.match(block, place)
    return match.end() if match else place


def missed(block: str, proposed: list[int]) -> Iterator[int]:
    """Yield the ends in an English ``block`` that are not among those ``proposed``, ascending."""
    seen, last = set(proposed), 0
    for match in END_RE.finditer(block):
        place = match.end()
        if place in seen:
            continue
        last = max(last, *proposed[(row := bisect_left(proposed, place)) - 1 : row], 0)
        piece = block[last:place].rstrip()
        if piece and is_over(piece, block[place : place + LONGEST]):
            last = place
            yield place


def is_over(piece: str, following: str) -> bool:
    """Whether ``piece`` is a whole sentence, or several, before what is ``following``."""
    word = piece[-LONGEST:].split()[-1].strip(OPENING + CLOSING)
    if word in VARIABLES:
        ended = bool(STARTER_RE.match(following))
    elif word in WHOLE or ACRONYM_RE.fullmatch(word):
        ended = True
    else:
        plain = PLAIN_END_RE.search(piece, max(0, len(piece) - LONGEST))
        ended = bool(plain and QUOTING_RE.search(piece)) and word not in ABBREVIATIONS
    return ended and (len(piece) > LONGEST_QUOTATION or is_closed(piece))


def is_closed(piece: str) -> bool:
    """Whether every quotation and bracket that opens in ``piece`` closes in it."""
    opened, closed = map(len, (SINGLE_OPEN_RE.findall(piece), SINGLE_CLOSE_RE.findall(piece)))
    return (
        opened <= closed
        and piece.count('"') % 2 == 0
        and all(piece.count(left) <= piece.count(right) for left, right in PAIRS)
    )


def marks(block: str) -> list[tuple[int, int]]:
    """Return where marks start and end that begin a sentence: a dateline, the items of a list."""
    if dateline := DATELINE_RE.match(block):
        return [dateline.span()]
    if BULLET_RE.match(block):
        return [bullet.span() for bullet in BULLET_RE.finditer(block)]
    first = ITEM_RE.match(block)
    if not first:
        return []
    if len(first[1]) > 1 and first[1].isalpha():
        return [first.span()]
    items = [first.span(), *following(block, first)]
    # A lone letter is somebody's initial.
    return items if len(items) > 1 or first[1].isdigit() else []


def following(block: str, item: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of the next item's mark, and so on: 1, 2, 3 or a, b, c."""
    label, closing = item[1], re.escape(item[2])
    place = item.end()
    while True:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        match = re.compile(rf"(?<=\s)\(?{re.escape(label)}{closing}\s").search(block, place)
        if not match:
            return
        yield match.span()
        place = match.end()
