"""The text of a Markdown paragraph without its inline markup."""

import html
import re
import string
import unicodedata

from bot.articles.markdown_dialects import strip_dialect_marks

# The characters of code and of escapes ("\*") are literal. They are replaced by lone surrogates,
# which no decoded text has, so that no later rule takes one for a mark.
ENCODE_LITERAL = {ord(mark): chr(0xD800 + ord(mark)) for mark in string.punctuation}
DECODE_LITERAL = {ord(code): chr(mark) for mark, code in ENCODE_LITERAL.items()}
LITERAL_CODES_RE = re.compile("[\ud800-\ud87f]+")

# In these patterns a repeated part stops at the mark that would begin it anew, or is bounded, so
# that a text with a hundred thousand opening brackets takes linear time. They begin with a mark,
# and not with a lookbehind: the regex engine then skips text without the mark at once.
LITERAL_RE = re.compile(
    r"""(?x)
    \\ (?: (?P<escaped> [!-/:-@\[-`{-~] ) | (?= \n ) )
    | (?P<ticks> ` (?<!``) `*+ ) (?P<code> [^`]+ (?: (?!(?P=ticks)(?!`)) `++ [^`]+ )*+ )
      (?P=ticks) (?!`)
    | < (?P<address> (?: https?:// | mailto: | [^<>\s@]{1,64}@ ) [^<>\s]{1,2000} ) >
    | <!-- [^<>]* -->
    """
)
URL = r"(?:<[^<>\n]*>|(?:[^()<>\s]|\([^()\s]*\))*)"
LINK_TITLE = r"(?:\"[^\"]*\"|'[^']*'|\([^()]*\))"
DESTINATION = rf"\(\s{{0,9}}{URL}(?:\s{{1,9}}{LINK_TITLE})?\s{{0,9}}\)"
LABEL = r"[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*"
IMAGE_RE = re.compile(rf"!\[(?P<alt>{LABEL})\](?:{DESTINATION}|\[[^\[\]]*\])")
LINK_RE = re.compile(rf"\[(?P<text>{LABEL})\]{DESTINATION}")
MIN_ALT_WORDS = 3
REFERENCE_RE = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\s?\[(?P<label>[^\[\]]*)\])?")
TAG_RE = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
COMMENT_RE = re.compile(r"<!--[^>]*-->")
ALT_RE = re.compile(r"<img\s[^<>]*?\balt=[\"'](?P<alt>[^\"'<>]*)[\"'][^<>]*>", re.IGNORECASE)
INLINE_TAGS = (
    "a|abbr|b|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|tt|u|var"
)
BLOCK_TAG_RE = re.compile(rf"</?(?!(?i:{INLINE_TAGS})[\s/>])[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")
ENTITY_RE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Runs of emphasis marks. A "_" within a word, as in snake_case, is none.
DELIMITER_RUN_RE = re.compile(r"\*\**|~~+|_(?<!\w_)_*+|__*+(?![^\W_])")
# The first character of every pattern above; most paragraphs have none of them.
MARK_RE = re.compile(r"[\\`<\[&*_~{%=^:]")


def strip_marks(text: str, labels: frozenset[str] = frozenset()) -> str:
    """Return the text of a paragraph without its inline marks, on as many lines.

    ``labels`` are the labels of the document's link reference definitions, in lower case.

    >>> strip_marks("**Rain** on [the coast](coast.md)")
    'Rain on the coast'
    """

    def replace_reference(match: re.Match[str]) -> str:
        label = " ".join((match["label"] or match["text"]).lower().split())
        if label.startswith("^"):  # a footnote
            return _replace(match)
        return _replace(match, match["text"]) if label in labels else match[0]

    if not MARK_RE.search(text):
        return text
    if "\\" in text or "`" in text or "<" in text:
        text = LITERAL_RE.sub(_encode_literal, text)
    text = strip_dialect_marks(text)
    if "[" in text:
        text = LINK_RE.sub(_link_text, IMAGE_RE.sub(_alternative_text, text))
        text = REFERENCE_RE.sub(replace_reference, text)
    if "<" in text:
        text = strip_tags(text)
    text = _strip_emphasis(text)
    if "&" in text:
        text = ENTITY_RE.sub(_decode_entity, text)
    return text if text.isascii() else LITERAL_CODES_RE.sub(_decode_literal, text)


def strip_tags(text: str) -> str:
    """Return ``text`` without HTML tags, on as many lines."""
    return TAG_RE.sub(_replace, text)


def strip_html(text: str) -> str:
    """Return the text of HTML elements, on as many lines: of an image its description.

    >>> strip_html("<p>Built by <b>Dora</b>.<br>Sold.</p>")
    ' Built by Dora. Sold. '
    """
    text = COMMENT_RE.sub(_replace, text)
    text = ALT_RE.sub(lambda match: _replace(match, match["alt"]), text)
    text = BLOCK_TAG_RE.sub(lambda match: _replace(match, " "), text)
    return ENTITY_RE.sub(_unescape, strip_tags(text))


def _encode_literal(match: re.Match[str]) -> str:
    text = match["code"] or match["escaped"] or match["address"] or ""
    if text[:1] == text[-1:] == " " and text.strip():
        text = text[1:-1]
    return _replace(match, text if text.isalnum() else text.translate(ENCODE_LITERAL))


def _decode_literal(match: re.Match[str]) -> str:
    return match[0].translate(DECODE_LITERAL)


def _alternative_text(match: re.Match[str]) -> str:
    """Return the description of an image; a word or two are its name."""
    description = match["alt"].partition("|")[0]
    return _replace(match, description if len(description.split()) >= MIN_ALT_WORDS else "")


def _link_text(match: re.Match[str]) -> str:
    return _replace(match, match["text"])


def _replace(match: re.Match[str], text: str = "") -> str:
    """Return ``text`` and the line breaks that the match has besides."""
    whole = match[0]
    return text + "\n" * (whole.count("\n") - text.count("\n")) if "\n" in whole else text


def _decode_entity(match: re.Match[str]) -> str:
    return _unescape(match).translate(ENCODE_LITERAL)


def _unescape(match: re.Match[str]) -> str:
    """Return the character of an entity: nothing for one of no width, a space for a control."""
    character = html.unescape(match[0])
    if character.isprintable():
        return character
    return "" if unicodedata.category(character[0]) == "Cf" else " "


def _strip_emphasis(text: str) -> str:
    """Return ``text`` without the marks of emphasis; unmatched marks stay."""
    if "*" not in text and "_" not in text and "~~" not in text:
        return text
    runs = list(DELIMITER_RUN_RE.finditer(text))
    unmatched = [len(run[0]) for run in runs]  # marks of each run
    openers: dict[str, list[int]] = {"*": [], "_": [], "~": []}
    for row, run in enumerate(runs):
        opens, closes = _flanks(text, run)
        candidates = openers[run[0][0]]
        while closes and candidates and unmatched[row]:
            opener = candidates[-1]
            pairs = min(unmatched[row], unmatched[opener])
            unmatched[row] -= pairs
            unmatched[opener] -= pairs
            if not unmatched[opener]:
                candidates.pop()
        if opens and unmatched[row]:
            candidates.append(row)
    rest = iter(unmatched)
    return DELIMITER_RUN_RE.sub(lambda run: run[0][0] * next(rest), text)


def _flanks(text: str, run: re.Match[str]) -> tuple[bool, bool]:
    """Return whether a run of marks can open and can close emphasis (CommonMark 0.31, 6.2)."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    opens = _is_flanking(after, before)
    closes = _is_flanking(before, after)
    if run[0][0] == "_" and opens and closes:  # snake_case
        return not before.isalnum(), not after.isalnum()
    return opens, closes


def _is_flanking(near: str, far: str) -> bool:
    """Whether a run leans on ``near``: not a space, and no sign while ``far`` is a letter."""
    if not near or near.isspace():
        return False
    return near.isalnum() or not far.isalnum()
