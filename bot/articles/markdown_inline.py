"""Markdown within a paragraph → what it reads as, line for line."""

import html
import re
import string

# What is meant to the letter (code, "\*") is put aside so that no later rule sees a mark in
# it: as lone surrogates, which no decoded text holds.
ASIDE = {ord(mark): chr(0xD800 + ord(mark)) for mark in string.punctuation}
BACK = {ord(aside): chr(mark) for mark, aside in ASIDE.items()}
ASIDE_RE = re.compile("[\ud800-\ud87f]+")

# Each part that can repeat stops at the mark that would begin it anew, or is bounded: text that
# opens a hundred thousand links and closes none is still read in one go. Each also begins with
# a mark, not with a look behind it: what begins with none of them is then passed over at once.
LITERAL_RE = re.compile(
    r"""(?x)
    \\ (?: (?P<escaped> [!-/:-@\[-`{-~] ) | (?= \n ) )
    | (?P<ticks> ` (?<!``) `{0,2} ) (?!`) (?P<code> [^`]+ ) (?P=ticks) (?!`)
    | < (?P<address> (?: https?:// | mailto: ) [^<>\s]{1,2000} ) >
    | <!-- [^<>]* -->
    """
)
ADDRESS = r"(?:<[^<>\n]*>|(?:[^()<>\s]|\([^()\s]*\))*)"
DESTINATION = rf"\(\s{{0,9}}{ADDRESS}(?:\s{{1,9}}(?:\"[^\"]*\"|'[^']*'))?\s{{0,9}}\)"
INNER = r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*"
IMAGE_RE = re.compile(rf"!\[{INNER}\](?:{DESTINATION}|\[[^\[\]]*\])")
LINK_RE = re.compile(rf"\[(?P<shown>{INNER})\]{DESTINATION}")
REFERENCE_RE = re.compile(r"\[(?P<shown>[^\[\]]+)\](?:\s?\[(?P<name>[^\[\]]*)\])?")
TAG_RE = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Less the "_" within a word, which marks nothing: snake_case.
RUN_RE = re.compile(r"\*\**|~~+|_(?<!\w_)_*+|__*+(?![^\W_])")
# What every pattern above begins with: most paragraphs hold none of it.
MARK_RE = re.compile(r"[\\`<\[&*_~]")


def strip_marks(text: str, defined: frozenset[str] = frozenset()) -> str:
    """Return a paragraph as it reads: "**one** [of](x)" → "one of"; as many lines as before.

    ``defined`` are the names of links defined elsewhere in the document, in lower case.
    """

    def reference(match: re.Match[str]) -> str:
        name = " ".join((match["name"] or match["shown"]).lower().split())
        if name.startswith("^"):
            return _without(match)
        return _without(match, match["shown"]) if name in defined else match[0]

    if not MARK_RE.search(text):
        return text
    text = LITERAL_RE.sub(_literal, text)
    if "[" in text:
        text = LINK_RE.sub(_shown, IMAGE_RE.sub(_without, text))
        text = REFERENCE_RE.sub(reference, text)
    if "<" in text:
        text = strip_tags(text)
    text = _calm(text)
    if "&" in text:
        text = ENTITY_RE.sub(_entity, text)
    return text if text.isascii() else ASIDE_RE.sub(_back, text)


def _literal(match: re.Match[str]) -> str:
    kept = match["code"] or match["escaped"] or match["address"] or ""
    if kept[:1] == kept[-1:] == " " and kept.strip():
        kept = kept[1:-1]
    return _without(match, kept if kept.isalnum() else kept.translate(ASIDE))


def _back(match: re.Match[str]) -> str:
    return match[0].translate(BACK)


def strip_tags(text: str) -> str:
    """Return ``text`` without HTML tags; as many lines as before."""
    return TAG_RE.sub(_without, text)


def _shown(match: re.Match[str]) -> str:
    return _without(match, match["shown"])


def _without(match: re.Match[str], shown: str = "") -> str:
    """Return ``shown`` in place of the match, and the line ends that it had beside that."""
    whole = match[0]
    return shown + "\n" * (whole.count("\n") - shown.count("\n")) if "\n" in whole else shown


def _entity(match: re.Match[str]) -> str:
    meant = html.unescape(match[0])
    return meant.translate(ASIDE) if meant.isprintable() else " "


def _calm(text: str) -> str:
    """Return ``text`` without the marks of emphasis; what opens or closes nothing stays."""
    runs = list(RUN_RE.finditer(text))
    if not runs:
        return text
    left = [len(run[0]) for run in runs]
    waiting: dict[str, list[int]] = {"*": [], "_": [], "~": []}
    for i, run in enumerate(runs):
        opens, closes = _sides(text, run)
        openers = waiting[run[0][0]]
        while closes and openers and left[i]:
            pair = min(left[i], left[openers[-1]])
            left[i], left[openers[-1]] = left[i] - pair, left[openers[-1]] - pair
            if not left[openers[-1]]:
                openers.pop()
        if opens and left[i]:
            openers.append(i)
    rest = iter(left)
    return RUN_RE.sub(lambda run: run[0][0] * next(rest), text)


def _sides(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Tell whether a run of marks can open and whether it can close (CommonMark 0.31, 6.2)."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    opens = _touches(after, before)
    closes = _touches(before, after)
    if run[0][0] == "_" and opens and closes:  # snake_case
        return not before.isalnum(), not after.isalnum()
    return opens, closes


def _touches(near: str, far: str) -> bool:
    """Whether a mark leans on ``near``: no space, nor a sign while ``far`` is a letter."""
    if not near or near.isspace():
        return False
    return near.isalnum() or not far.isalnum()
