"""The dateline above a story's first sentence: "LIMA, Peru, Nov. 16 (Xinhua) --"."""

import re

from bot.language.dates import MONTH_INITIALS_PATTERN

AGENCY_NAME = (
    r"(?:Reuters|AP|AFP|Xinhua|CNN|UPI|BBC|dpa|TASS|ANI|PTI|PA|EFE|Kyodo|Yonhap|IANS|ANSA|CGTN|"
    r"NPR|Bloomberg|Anadolu|Associated Press|(?:News ?)?[Ww]ire)"
)
MONTH = rf"{MONTH_INITIALS_PATTERN}[a-z]*\.?"
CAPITALS = r"[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}"
PLACE = r"[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3}"
DAY = rf"(?:{MONTH} [0-9]{{1,2}}|[0-9]{{1,2}} {MONTH})(?:,? [0-9]{{4}})?"
# PLACE with possessive quantifiers: rejects a paragraph without a dateline in half the time.
WHOLE_PLACE = r"[A-Z][\w.'’-]++(?: [A-Z][\w.'’-]++){0,3}"
PLACE_OR_DAY = rf", (?:{DAY}|{PLACE})"
AGENCY_MARK = rf"(?:\(\s?{AGENCY_NAME}[^()]{{0,20}}\)|/\s?{AGENCY_NAME}\s?/)"
DASH = r"\.?\s?(?:--?|–|—|:)\s"
# The text before a story's first sentence, which begins with a capital or a digit.
DATELINE_RE = re.compile(
    "(?:"
    # Lima, Peru (Reuters) -
    rf"(?:{WHOLE_PLACE}(?:{PLACE_OR_DAY}){{0,3}}\.?\s*)?{AGENCY_MARK}(?:{DASH})"
    # LIMA, Peru, Nov. 16, 2024. /Xinhua/
    rf"|{WHOLE_PLACE}(?:{PLACE_OR_DAY}){{0,3}}\.?\s*/\s?{AGENCY_NAME}\s?/"
    # LIMA, Nov. 16 (Any) -
    rf"|{CAPITALS}(?:{PLACE_OR_DAY}){{1,3}}\.?\s*(?:\([^()\n]{{1,30}}\))?{DASH}"
    r")\s*(?=[\"'“‘(\[]?[A-Z0-9])"
)
# "LIMA — ", tried only on a story's first paragraph: "OPEC — " may begin an entry of a glossary.
BARE_DATELINE_RE = re.compile(rf"{CAPITALS}\s(?:--?|–|—)\s+(?=[\"'“‘]?[A-Z])")


def dateline_end(text: str, start: int) -> int:
    """Return the end of the dateline that begins at ``start``; ``start`` if none does."""
    match = DATELINE_RE.match(text, start)
    return match.end() if match else start


def bare_dateline_end(text: str, start: int) -> int:
    """Return the end of the "LIMA — " that begins at ``start``; ``start`` if none does."""
    match = BARE_DATELINE_RE.match(text, start)
    return match.end() if match else start
