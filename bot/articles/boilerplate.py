"""The boilerplate of a news page: date lines, captions, advertisements, "Related stories"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from bot.articles.article import Role
from bot.articles.datelines import AGENCY_NAME, dateline_end
from bot.language.dates import (
    MONTH_NAMES,
    MONTHS,
    WEEKDAY_ABBREVIATIONS,
    WEEKDAY_NAMES,
    find_date,
)

# The role of nearly every paragraph: a lookup in the enum takes five times as long in Python 3.11.
STORY = Role.STORY

MAX_BOILERPLATE_LENGTH = 400  # characters; a longer paragraph is part of the story
MAX_LINE_LENGTH = 120  # characters of a date line or a teaser
MAX_TEASERS = 10  # a longer list is not believed

PHOTO = r"(?i:photo(?:graph)?|picture|image|illustration|graphic)"
PHOTO_AGENCIES = (
    *("Getty Images", "AFP", "Reuters", "EPA", "Xinhua", "AP", "Shutterstock", "iStock"),
    *("Alamy", "Unsplash", "VCG", "CFP"),
)
PHOTO_AGENCY = rf"(?:{'|'.join(PHOTO_AGENCIES)})"
CLOSING_BRACKETS = (")", "]")
# "By Tuesday", "By noon": no byline.
CALENDAR = rf"(?i:{'|'.join((*WEEKDAY_NAMES, *MONTH_NAMES, 'midnight', 'noon'))})"
NAME = (
    rf"(?!{CALENDAR}\b)(?:[A-Z][\w.'’-]* ){{1,3}}"
    r"(?:(?:de|del|da|di|van|von|der|bin|al|la|le) ){0,2}[A-Z][\w'’-]+"
)
NAMES = rf"{NAME}(?:(?:,? and|,| &) {NAME})*"

# The first pattern that matches the whole paragraph gives its role. RULE_OPENINGS has the start
# of every match that begins with a letter.
RULES: tuple[tuple[Role, str], ...] = (
    # A paragraph without a word: "***", "- 30 -", "###".
    (Role.END, r"[\W_]+|[-–—\s]*(?:30|END|ENDS|End|Ends)[-–—\s]*"),
    (Role.END, r"\((?:Additional |With )?(?:[Rr]eporting|[Ww]riting|[Ee]diting) by [^()]+\)"),
    (Role.END, rf"(?:Additional )?[Rr]eporting by {NAMES}(?:(?: in |;)[^.!?]*)?\.?"),
    (Role.BYLINE, rf"(?i:(?:(?:written|reported|story) )?by) {NAMES}"
                  r"(?:(?: in | for |, | ?[|–—·-] ?)[^.!?]{2,60})?"),
    (Role.BYLINE, rf"(?i:by) (?:The )?(?:{AGENCY_NAME}|Staff)(?: [A-Z]\w+){{0,2}}"),
    (Role.CAPTION, rf"{PHOTO}s? (?i:by|courtesy of|credit) (?:[A-Z][\w/]+,? ?){{1,6}}"),
    (Role.CAPTION, rf"(?i:caption: .*|file {PHOTO}s?(?:: .*| of .*|\.?)|getty images)"),
    (Role.TEASER_HEADING,
     r"(?i:(?:related|recommended|more|latest|top|other|trending|popular) "
     r"(?:stories|story|articles?|news|reading|topics|links|content|posts)"
     r"(?: (?:on|in|from|about) [\w' ]{2,40})?:?)"),
    (Role.TEASER_HEADING,
     r"(?i:(?:related|recommended|more|trending(?: now)?|more (?:on|from|about) [\w'’ ]{2,40}|"
     r"(?:read|see) (?:more|also|next)|(?:also|further) read(?:ing)?|"
     r"most (?:read|popular|viewed|shared)|you (?:may|might) also like|editor['’]s picks?|"
     r"(?:do not|don['’]t) miss|what to read next|in case you missed it|external links|"
     r"recommended for you)[:.…]*)"),
    (Role.TEASER, r"(?i:(?:read|watch|related|more|(?:read|see) (?:more|also|next)|also read)"
                  r"(?::| ?[>»|→]) ?.+)"),
    (Role.SITE, r"(?i:(?:advertise?ment|sponsored(?: content)?|promoted|(?:story|article) "
                r"continues (?:below|after)[\w ]*)(?: - .*)?)[.:]?"),
    (Role.SITE, r"(?i:share(?: (?:this|on|via)(?: (?:article|story|page|post|facebook|twitter|"
                r"x|linkedin|whatsapp|email))?)?:?|print(?: this)?(?: (?:article|page|story))?|"
                r"skip to (?:main )?content|listen to this (?:article|story).*)"),
    (Role.SITE, r"(?i:(?:please )?(?:sign up|subscribe|register)\b.*\b(?:newsletters?|inbox|"
                r"alerts?|e-?mails?|updates?|channel|podcast|briefing|today|now)\b.*)"),
    (Role.SITE, r"(?i:get .{0,80}\b(?:in|to) your inbox\b.*|subscribe[.!]?)"),
    (Role.SITE, r"(?i:click (?:here|on the link)\b.*|(?:follow|like|find) us on .*|follow @.*|"
                r"download (?:the|our) .{0,40}app\b.*|(?:leave|post) a comment.*|"
                r"join the conversation.*|support our (?:journalism|work).*)"),
    (Role.SITE, r"(?i:(?:copyright )?(?:©|\(c\) ?\d).*|copyright \d{4}.*)"),
    (Role.SITE, r"(?i:\d{1,3}[ -]min(?:ute)?s? read|(?:reading|read) time:? .{1,20})"),
    (Role.SITE, r"(?i:(?:tags?|topics?|keywords?|filed under|posted in)(?::| ?\|) ?.{2,})"),
    (Role.SITE, r"(?i:this (?:article|story) (?:was|is|has been) (?:originally |first |also )+"
                r"(?:published|appeared|posted)\b.*)"),
)  # fmt: skip
# The first three characters of the words with which matches begin. Most paragraphs begin with
# none, and skip a regex that takes ten times as long as this lookup.
RULE_OPENINGS = frozenset(
    f"{word} "[:3]
    for word in "additional advertisement also article by caption click copyright do don't "
    "download editor end external file filed find follow further get getty graphic illustration "
    "image in join keyword latest leave like listen more most other photo picture please popular "
    "post print promoted read reading recommended register related reported reporting see share "
    "sign skip sponsored story subscribe support tag this top topic trending watch what written "
    "you".split()
)
# One pattern for all rules. Each rule is one group and has none of its own, so that the number of
# the group that matched is that of the rule.
RULES_RE = re.compile("|".join(f"({pattern})" for _, pattern in RULES), re.DOTALL)
# A rule that is apart because it is recognized by its end, and not by its opening.
RIGHTS_RE = re.compile(r"(?i:(?:.{0,200}[.,|] )?all rights reserved\.?)", re.DOTALL)

# The credits with which captions end, for paragraphs that do not end with a full stop. A pattern is
# tried only on a paragraph that ends with one of the endings or has the mark in it.
CREDITS: tuple[tuple[tuple[str, ...], str, re.Pattern[str]], ...] = tuple(
    (endings, mark, re.compile(pattern, re.DOTALL))
    for endings, mark, pattern in (
        # A name after a slash, an agency after a stop or ©, a name or agency in brackets, a name
        # after "Photo:".
        ((), "/", r".*[.…\"”)]\s*/\s?[A-Z][\w.]*(?: \w+){0,2}"),
        (PHOTO_AGENCIES, "/", rf".*(?:[.…|/©]|\bvia\b)\s*{PHOTO_AGENCY}"
                              r"(?: ?/ ?[A-Z][\w ./]{1,40})?"),
        (CLOSING_BRACKETS, "", rf".*[(\[](?:\w+ )?{PHOTO}s?"
                               r"(?:\s?[/:]| by | courtesy | credit)[^()\[\]]{1,60}[)\]]"),
        (CLOSING_BRACKETS, "", rf".*[(\[](?:{PHOTO_AGENCY}\s?/[^()\[\]]{{1,40}}"
                               rf"|(?i:file) {PHOTO})[)\]]"),
        ((), ":", rf"(?:.*[.…\s])?(?:{PHOTO}s?|(?i:credit))(?i: credit| courtesy| by)*:"
                  r" ?[^.!?]{2,80}"),
    )
)  # fmt: skip

# The words of date lines: "Updated 3 hours ago", "Nov 19, 2024 at 8:30 am EST".
DATE_WORDS = frozenset(
    "published posted updated last modified first date dateline on at of the am pm a m p ago "
    "minutes minute mins min hours hour hrs days day yesterday today noon midnight "
    "gmt utc est edt cst cdt mst mdt pst pdt bst cet cest ist jst aest et ct pt".split()
) | {*WEEKDAY_NAMES, *WEEKDAY_ABBREVIATIONS, *MONTHS}
WORD_RE = re.compile(r"[^\W\d_]+")
DIGIT_RE = re.compile(r"\d")
NUMBER_RE = re.compile(r"(?i)\d+(?:st|nd|rd|th|am|pm|h|z|t)?")
AGO_RE = re.compile(r"(?i)\b(?:\d+|an?) \w+ ago$|^(?:published|updated|posted)\b.*\d")

JOB_RE = re.compile(r"(?i)\b(?:staff|writer|reporter|correspondent|editor|news|contributor)\b")
FULL_STOP_RE = re.compile(r"[.!…。！？][\"'”’)\]」』]*$")
NAMES_RE = re.compile(NAMES)


def classify_paragraph(text: str) -> Role:
    """Return the role of the paragraph ``text``, judged by itself."""
    if len(text) > MAX_BOILERPLATE_LENGTH:
        return STORY
    if is_date_line(text):
        return Role.DATE
    if not text.endswith(".") and has_photo_credit(text):
        return Role.CAPTION
    if has_rule_opening(text) and (match := RULES_RE.fullmatch(text)):
        return RULES[(match.lastindex or 1) - 1][0]
    ending = text[-len("reserved.") :].casefold()
    return Role.SITE if "reserved" in ending and RIGHTS_RE.fullmatch(text) else STORY


def has_rule_opening(text: str) -> bool:
    """Whether ``text`` begins like a match of one of the rules."""
    opening = text[:3].lower()
    return opening in RULE_OPENINGS or not (opening[:1].isalpha() and opening.isascii())


def has_photo_credit(text: str) -> bool:
    """Whether ``text`` ends with a photo's credit, as captions do."""
    for endings, mark, credit in CREDITS:
        may_match = text.endswith(endings) or (mark and mark in text)
        if may_match and credit.fullmatch(text):
            return True
    return False


def classify_paragraphs(texts: Iterable[str]) -> Iterator[Role]:
    """Yield the role of each paragraph of a page.

    After a heading like "Related stories", short paragraphs without a full stop are teasers.
    """
    teasers_left = 0
    for text in texts:
        role = classify_paragraph(text)
        if role is STORY:
            is_teaser = len(text) <= MAX_LINE_LENGTH and not FULL_STOP_RE.search(text)
            if teasers_left and is_teaser:
                teasers_left, role = teasers_left - 1, Role.TEASER
            else:
                teasers_left = 0
        elif role is Role.TEASER_HEADING:
            teasers_left = MAX_TEASERS
        yield role


# Roles that only a news page has, and that tell one if there is a story in prose besides.
NEWS_ROLES = frozenset({Role.DATE, Role.BYLINE, Role.END, Role.CAPTION, Role.TEASER_HEADING})
PUBLICATION_ROLES = frozenset({Role.DATE, Role.BYLINE})
# Characters in paragraphs that end with a full stop; the shortest news in brief has more.
MIN_STORY_LENGTH = 200
BOOK_MARK_RE = re.compile(r"(?i)\s*\*\*\* ?(START|END) OF (?:THE|THIS) PROJECT GUTENBERG EBOOK\b")


def is_news_page(texts: Sequence[str], roles: Sequence[Role]) -> bool:
    """Return whether the paragraphs ``texts`` with these ``roles`` are a page of news.

    A news page has a date, a byline or a dateline, or two other roles of its own, and a story in
    prose; a date and another role need no long story. On any other page each paragraph is part of
    the text, whatever it resembles.
    """
    found = NEWS_ROLES.intersection(roles) if roles.count(STORY) < len(roles) else frozenset()
    if len(found) == 0 and not any(dateline_end(text, 0) for text in texts[:3]):
        return False
    prose = [text for text, role in zip(texts, roles, strict=True) if role is STORY]
    length = sum(len(text) for text in prose if FULL_STOP_RE.search(text[-5:]))
    is_dated = bool(found & PUBLICATION_ROLES) or any(dateline_end(text, 0) for text in prose[:3])
    has_story = length >= MIN_STORY_LENGTH
    return (is_dated and len(found) > 1) or (has_story and (is_dated or len(found) > 1))


def believe_roles(texts: Sequence[str], roles: Sequence[Role], *, is_news: bool) -> list[Role]:
    """Return ``roles`` on a page of news; elsewhere only paragraphs without a word keep theirs.

    The licence around a book of Project Gutenberg is boilerplate as well.
    """
    if not is_news:
        roles = [
            role if role is Role.END and not WORD_RE.search(text) else STORY
            for text, role in zip(texts, roles, strict=True)
        ]
    marks = {
        match[1].upper(): row
        for row, text in enumerate(texts)
        if text.startswith("***") and (match := BOOK_MARK_RE.match(text))
    }
    if not marks:
        return [*roles]
    start, end = marks.get("START", -1), marks.get("END", len(texts))
    return [role if start < row < end else Role.LICENCE for row, role in enumerate(roles)]


def is_date_line(text: str) -> bool:
    """Whether ``text`` states the date of publication and nothing else."""
    if len(text) > MAX_LINE_LENGTH or not DIGIT_RE.search(text):
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
    match = NAMES_RE.match(names)
    names = match[0] if match else names
    return ", ".join(takewhile(lambda name: not JOB_RE.search(name), names.split(", "))) or names
