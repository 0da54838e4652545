"""What a news page carries beside its story: date lines, captions, pleas, "Related stories"."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import takewhile

from bot.language.dates import find_date


class Role(Enum):
    """What a paragraph is to its page; all but STORY is furniture."""

    STORY = "story"
    DATE = "when it was published"
    BYLINE = "who wrote it"
    CAPTION = "a photo's caption or credit"
    TEASER = "another story"
    TEASERS = "the heading of other stories"
    PLEA = "what the site wants of its reader"
    END = "the end, and who worked on it"


# What nearly every paragraph is; asked of the enum it takes Python 3.11 five times as long.
STORY = Role.STORY

# Longer is a paragraph of the story, whatever it looks like.
LONGEST = 400
SHORT = 120
# After this many a list of teasers is no longer believed to be one.
MOST_TEASERS = 10

PHOTO = r"(?i:photo(?:graph)?|picture|image|illustration|graphic)"
AGENCIES = (
    r"(?:Reuters|AP|AFP|Xinhua|CNN|UPI|BBC|dpa|TASS|ANI|PTI|PA|EFE|Kyodo|Yonhap|IANS|ANSA|CGTN|"
    r"NPR|Bloomberg|Anadolu|Associated Press|(?:News ?)?[Ww]ire)"
)
STOCKS = (
    *("Getty Images", "AFP", "Reuters", "EPA", "Xinhua", "AP", "Shutterstock", "iStock"),
    *("Alamy", "Unsplash", "VCG", "CFP"),
)
STOCK = rf"(?:{'|'.join(STOCKS)})"
BRACKETS = (")", "]")
CALENDAR = (
    r"(?i:mon|tues|wednes|thurs|fri|satur|sun)day|(?i:january|february|march|april|may|june|july|"
    r"august|september|october|november|december|midnight|noon)"
)
NAME = (
    rf"(?!(?:{CALENDAR})\b)(?:[A-Z][\w.'’-]* ){{1,3}}"
    r"(?:(?:de|del|da|di|van|von|der|bin|al|la|le) ){0,2}[A-Z][\w'’-]+"
)
NAMES = rf"{NAME}(?:(?:,? and|,| &) {NAME})*"

# The first row whose pattern matches the whole paragraph tells its part. If it can begin with a
# letter, what it then begins with is in OPENINGS.
RULES: tuple[tuple[Role, str], ...] = (
    # No word at all: "***", "- 30 -", "###".
    (Role.END, r"[\W_]+|[-–—\s]*(?:30|END|ENDS|End|Ends)[-–—\s]*"),
    (Role.END, r"\((?:Additional |With )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by [^()]+\)"),
    (Role.END, rf"(?:Additional )?[Rr]eporting by {NAMES}(?:(?: in |;)[^.!?]*)?\.?"),
    (Role.BYLINE, rf"(?i:(?:(?:written|reported|story) )?by) {NAMES}"
                  r"(?:(?: in | for |, | ?[|–—·-] ?)[^.!?]{2,60})?"),
    (Role.BYLINE, rf"(?i:by) (?:The )?(?:{AGENCIES}|Staff)(?: [A-Z]\w+){{0,2}}"),
    (Role.CAPTION, rf"{PHOTO}s? (?i:by|courtesy of|credit) (?:[A-Z][\w/]+,? ?){{1,6}}"),
    (Role.CAPTION, rf"(?i:caption: .*|file {PHOTO}s?(?:: .*| of .*|\.?)|getty images)"),
    (Role.TEASERS, r"(?i:(?:related|recommended|more|latest|top|other|trending|popular) "
                   r"(?:stories|story|articles?|news|reading|topics|links|content|posts)"
                   r"(?: (?:on|in|from|about) [\w' ]{2,40})?:?)"),
    (Role.TEASERS, r"(?i:(?:related|recommended|more|trending(?: now)?|more (?:on|from|about) "
                   r"[\w'’ ]{2,40}|(?:read|see) (?:more|also|next)|(?:also|further) "
                   r"read(?:ing)?|most (?:read|popular|viewed|shared)|you (?:may|might) also "
                   r"like|editor['’]s picks?|(?:do not|don['’]t) miss|what to read next|"
                   r"in case you missed it|external links|recommended for you)[:.…]*)"),
    (Role.TEASER, r"(?i:(?:read|watch|related|more|(?:read|see) (?:more|also|next)|also read)"
                  r"(?::| ?[>»|→]) ?.+)"),
    (Role.PLEA, r"(?i:(?:advertise?ment|sponsored(?: content)?|promoted|(?:story|article) "
                r"continues (?:below|after)[\w ]*)(?: - .*)?)[.:]?"),
    (Role.PLEA, r"(?i:share(?: (?:this|on|via)(?: (?:article|story|page|post|facebook|twitter|"
                r"x|linkedin|whatsapp|email))?)?:?|print(?: this)?(?: (?:article|page|story))?|"
                r"skip to (?:main )?content|listen to this (?:article|story).*)"),
    (Role.PLEA, r"(?i:(?:please )?(?:sign up|subscribe|register)\b.*\b(?:newsletters?|inbox|"
                r"alerts?|e-?mails?|updates?|channel|podcast|briefing|today|now)\b.*)"),
    (Role.PLEA, r"(?i:get .{0,80}\b(?:in|to) your inbox\b.*|subscribe[.!]?)"),
    (Role.PLEA, r"(?i:click (?:here|on the link)\b.*|(?:follow|like|find) us on .*|follow @.*|"
                r"download (?:the|our) .{0,40}app\b.*|(?:leave|post) a comment.*|"
                r"join the conversation.*|support our (?:journalism|work).*)"),
    (Role.PLEA, r"(?i:(?:copyright )?(?:©|\(c\) ?\d).*|copyright \d{4}.*)"),
    (Role.PLEA, r"(?i:\d{1,3}[ -]min(?:ute)?s? read|(?:reading|read) time:? .{1,20})"),
    (Role.PLEA, r"(?i:(?:tags?|topics?|keywords?|filed under|posted in)(?::| ?\|) ?.{2,})"),
    (Role.PLEA, r"(?i:this (?:article|story) (?:was|is|has been) (?:originally |first |also )+"
                r"(?:published|appeared|posted)\b.*)"),
)  # fmt: skip
# Of the words with which the rows begin the first three letters: most paragraphs begin with none
# of them, and are spared a call that takes ten times as long.
RULE_OPENINGS = frozenset(
    f"{word} "[:3]
    for word in "additional advertisement also article by caption click copyright do don't "
    "download editor end external file filed find follow further get getty graphic illustration "
    "image in join keyword latest leave like listen more most other photo picture please popular "
    "post print promoted read reading recommended register related reported reporting see share "
    "sign skip sponsored story subscribe support tag this top topic trending watch what written "
    "you".split()
)
# All rows at once, a group each, and no other group in them: one call in place of twenty.
RULES_RE = re.compile("|".join(f"({pattern})" for _, pattern in RULES), re.DOTALL)
# The one rule that is read from its end, so that it is not asked of every paragraph.
RIGHTS_RE = re.compile(r"(?i:(?:.{0,200}[.,|] )?all rights reserved\.?)", re.DOTALL)

# What a caption ends with, looked for where no full stop ends the paragraph. Before each pattern
# stands how its paragraphs end, and the mark that those with another end hold.
CREDITS: tuple[tuple[tuple[str, ...], str, re.Pattern[str]], ...] = tuple(
    (endings, mark, re.compile(pattern, re.DOTALL))
    for endings, mark, pattern in (
        # A stop and "/Xinhua"; "© Getty Images"; in brackets "AP Photo" and a name, or
        # "Reuters" and one; "Photo:" and a name.
        ((), "/", r".*[.…\"”)]\s*/\s?[A-Z][\w.]*(?: \w+){0,2}"),
        (STOCKS, "/", rf".*(?:[.…|/©]|\bvia\b)\s*{STOCK}(?: ?/ ?[A-Z][\w ./]{{1,40}})?"),
        (BRACKETS, "", rf".*[(\[](?:\w+ )?{PHOTO}s?"
                       r"(?:\s?[/:]| by | courtesy | credit)[^()\[\]]{1,60}[)\]]"),
        (BRACKETS, "", rf".*[(\[](?:{STOCK}\s?/[^()\[\]]{{1,40}}|(?i:file) {PHOTO})[)\]]"),
        ((), ":", rf"(?:.*[.…\s])?(?:{PHOTO}s?|(?i:credit))(?i: credit| courtesy| by)*:"
                  r" ?[^.!?]{2,80}"),
    )
)  # fmt: skip

# "Updated 3 hours ago", "Nov 19, 2024 at 8:30 am EST": these words and numbers, and no other.
DATE_WORDS = frozenset(
    "published posted updated last modified first date dateline on at of the am pm a m p ago "
    "minutes minute mins min hours hour hrs days day yesterday today noon midnight "
    "gmt utc est edt cst cdt mst mdt pst pdt bst cet cest ist jst aest et ct pt "
    "monday tuesday wednesday thursday friday saturday sunday "
    "mon tue tues wed thu thur thurs fri sat sun "
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
WORD_RE = re.compile(r"[^\W\d_]+")
DIGIT_RE = re.compile(r"\d")
NUMBER_RE = re.compile(r"(?i)\d+(?:st|nd|rd|th|am|pm|h|z|t)?")
AGO_RE = re.compile(r"(?i)\b(?:\d+|an?) \w+ ago$|^(?:published|updated|posted)\b.*\d")

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
CAPITALS = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}"
PLACE = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}"
DAY = rf"(?:{MONTH} [0-9]{{1,2}}|[0-9]{{1,2}} {MONTH})(?:,? [0-9]{{4}})?"
# The same where no letter of a word is given back: what is no dateline is told in half the time.
WHOLE = r"[A-Z][\w.'’-]++(?: [A-Z][\w.'’-]++){0,3}"
MORE = rf", (?:{DAY}|{PLACE})"
AGENCY = rf"(?:\(\s?{AGENCIES}[^()]{{0,20}}\)|/\s?{AGENCIES}\s?/)"
DASH = r"\.?\s?(?:--?|–|—|:)\s"
# What a story's first sentence comes after. What follows must begin as a sentence does.
DATELINE_RE = re.compile(
    "(?:"
    rf"(?:{WHOLE}(?:{MORE}){{0,3}}\.?\s*)?{AGENCY}(?:{DASH})"  # Lima, Peru (Reuters) -
    rf"|{WHOLE}(?:{MORE}){{0,3}}\.?\s*/\s?{AGENCIES}\s?/"  # LIMA, Peru, Nov. 16, 2024. /Xinhua/
    rf"|{CAPITALS}(?:{MORE}){{1,3}}\.?\s*(?:\([^()\n]{{1,30}}\))?{DASH}"  # LIMA, Nov. 16 (Any) -
    r")\s*(?=[\"'“‘(\[]?[A-Z0-9])"
)
# "LIMA — ": in a glossary "OPEC — " begins so too, so only a story's first sentence is asked.
PLACE_ALONE_RE = re.compile(rf"{CAPITALS}\s(?:--?|–|—)\s+(?=[\"'“‘]?[A-Z])")
ROLE_RE = re.compile(r"(?i)\b(?:staff|writer|reporter|correspondent|editor|news|contributor)\b")
STOP_RE = re.compile(r"[.!…。！？][\"'”’)\]」』]*$")


NAMES_RE = re.compile(NAMES)


def classify_paragraph(text: str) -> Role:
    """Tell what the paragraph ``text`` is, by itself."""
    if len(text) > LONGEST:
        return STORY
    if is_date_line(text):
        return Role.DATE
    if not text.endswith(".") and is_credited(text):
        return Role.CAPTION
    if may_be_ruled(text) and (rule := RULES_RE.fullmatch(text)):
        return RULES[(rule.lastindex or 1) - 1][0]
    ending = text[-len("reserved.") :].casefold()
    return Role.PLEA if "reserved" in ending and RIGHTS_RE.fullmatch(text) else STORY


def may_be_ruled(text: str) -> bool:
    """Whether ``text`` begins as one of the rules does."""
    opening = text[:3].lower()
    return opening in RULE_OPENINGS or not (opening[:1].isalpha() and opening.isascii())


def is_credited(text: str) -> bool:
    """Whether ``text`` ends as a photo's caption does, with whose photo it is."""
    for endings, mark, credit in CREDITS:
        asked = text.endswith(endings) or (mark and mark in text)
        if asked and credit.fullmatch(text):
            return True
    return False


def classify_paragraphs(texts: Iterable[str]) -> Iterator[Role]:
    """Tell what each of a page's paragraphs is, the teasers under "Related stories" included."""
    left = 0
    for text in texts:
        here = classify_paragraph(text)
        if here is STORY:
            teaser = left and len(text) <= SHORT and not STOP_RE.search(text)
            left, here = (left - 1, Role.TEASER) if teaser else (0, STORY)
        elif here is Role.TEASERS:
            left = MOST_TEASERS
        yield here


def is_date_line(text: str) -> bool:
    """Whether ``text`` says when something was published, and nothing else."""
    if len(text) > SHORT or not DIGIT_RE.search(text):
        return False
    first = WORD_RE.match(text)
    if first and first[0].lower() not in DATE_WORDS:
        return False
    words = WORD_RE.findall(NUMBER_RE.sub(" ", text))
    if not DATE_WORDS.issuperset(map(str.lower, words)):
        return False
    return bool(AGO_RE.search(text)) or find_date(text) is not None


def author_from_byline(byline: str) -> str:
    """Return the names in a byline: "By Ann Lee, Staff Writer" → "Ann Lee"."""
    names = byline[byline.lower().index("by ") + 3 :]
    found = NAMES_RE.match(names)
    names = found[0] if found else names
    return ", ".join(takewhile(lambda name: not ROLE_RE.search(name), names.split(", "))) or names


def dateline_end(text: str, start: int) -> int:
    """Return where the dateline that begins at ``start`` ends, ``start`` if none does."""
    found = DATELINE_RE.match(text, start)
    return found.end() if found else start


def place_alone(text: str, start: int) -> int:
    """Return where the "LIMA — " that begins at ``start`` ends, ``start`` if none does."""
    found = PLACE_ALONE_RE.match(text, start)
    return found.end() if found else start
