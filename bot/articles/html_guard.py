"""The source of an HTML page → the same made safe to parse, or the reason why it is not.

Lexbor, which parses the page, takes quadratic time over tags nested thousands deep and over
thousands of attributes in a tag, and cannot be interrupted. So a linear look comes first.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.articles.encoding import decode
from bot.errors import UnreadableFile

# After the pictures within are cut out. Lexbor and the walk take 0.35 s and 13 MB for a megabyte.
LARGEST_PAGE = 20_000_000
# Measured with Lexbor 2.7: 5,000 nested tags take 0.07 s, 16,000 take 0.7 s, 200,000 minutes;
# 2,000 open formatting tags with differing attributes 4 s, 300 of them 0.02 s.
MOST_OPEN, MOST_FORMATTING = 5_000, 300
# Each <p> looks at all tags that are open: 20,000 of them within 5,000 take 0.3 s.
MOST_LOOKS = 300_000_000
# Each <body> after the first is compared with all attributes of those before.
MOST_BODIES = 100
# 16,000 attributes take 0.5 s; no page has a hundred in one tag.
MOST_ATTRIBUTES = 500
# A tag of so many attributes is at least this long.
LONG_TAG = 4 * MOST_ATTRIBUTES

# Nothing in them is text of the page.
CUT = "script style svg noscript template iframe select".split()
CUT_RE = re.compile(rf"<({'|'.join(CUT)})\b", re.IGNORECASE)
ENDS = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in CUT}
# In a list that is never closed each option is compared with all before: 50,000 take 41 s.
OPTION_RE = re.compile(r"<(?:option|optgroup)\b", re.IGNORECASE)
LD_RE = re.compile(r"[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
DATA_RE = re.compile(r"data:[\w/+.-]{0,60}(?:;[\w=-]{1,40}){0,4};base64,[A-Za-z0-9+/=%]*")
BODY_RE = re.compile(r"<(?:body|html)\b", re.IGNORECASE)
TAG_RE = re.compile(r"</?[a-zA-Z][^\s/>]*")
ATTRIBUTE_RE = re.compile(
    r"[\s/]*+[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?|'[^']*+'?|[^\s>]*+))?+"
)
# Their end need not be written, or there is none; the parser closes them by itself.
UNNESTED = frozenset(
    "area base br col embed frame hr img input link meta param source track wbr p li dt dd tr td "
    "th thead tbody tfoot option optgroup colgroup rt rp html head body".split()
)
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# These close one another, but not <li>, and <li> closes none of them: two lists nest for ever.
DEFINITIONS = frozenset(("dd", "dt"))
VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
EMPTY_RE = re.compile(
    rf"<((?!(?:{VOID})\b)[a-z][a-z0-9:]*)((?:\s[^<>]{{0,2000}})?)/>", re.IGNORECASE
)

CHARSET_RE = re.compile(rb"<meta[^>]{1,400}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
XML_RE = re.compile(rb"\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([\w.:-]+)")
PRESCAN = 4096
# What a label means on the web (WHATWG's Encoding standard), where Python means another.
LABELS = {
    **dict.fromkeys(
        "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii us-ascii ansi x-ansi "
        "windows-1252 x-cp1252 cp1252".split(),
        "cp1252",
    ),
    **dict.fromkeys("iso-8859-9 iso8859-9 latin5".split(), "cp1254"),
    **dict.fromkeys("iso-8859-11 tis-620 windows-874".split(), "cp874"),
    **dict.fromkeys("gb2312 gbk x-gbk gb_2312-80 chinese".split(), "gb18030"),
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis ms_kanji windows-31j".split(), "cp932"),
    **dict.fromkeys("euc-kr ks_c_5601-1987 ks_c_5601 korean windows-949".split(), "cp949"),
    **dict.fromkeys("big5 big5-hkscs x-x-big5 cn-big5".split(), "big5hkscs"),
    **dict.fromkeys("iso-8859-8-i iso-8859-8-e logical visual".split(), "iso8859_8"),
    **dict.fromkeys("x-mac-roman macintosh mac".split(), "mac_roman"),
    **dict.fromkeys("x-mac-cyrillic x-mac-ukrainian".split(), "mac_cyrillic"),
    "x-euc-jp": "euc_jp",
    "unicode-1-1-utf-8": "utf-8",
}


class SafePage(NamedTuple):
    """A page that can be parsed, and the JSON-LD that was cut out with its scripts."""

    text: str
    json_ld: tuple[str, ...]


def web_codec(label: str) -> str:
    """Return Python's name of the encoding that a page's label means; "" of an unknown one.

    >>> web_codec("ISO-8859-1")
    'cp1252'
    """
    label = label.strip().strip("\"'").lower()
    try:
        return codecs.lookup(LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return ""


def decode_page(data: bytes, source: str, label: str = "") -> str:
    """Return a page's text: by its byte order mark, by ``label`` or its own, else by its bytes.

    A page that is UTF-8 to the last byte, and not ASCII, is UTF-8, whatever it says: programs
    that save pages write them so and leave their label.
    """
    declared = CHARSET_RE.search(data[:PRESCAN]) or XML_RE.match(data[:PRESCAN])
    codec = web_codec(label) or web_codec(declared[1].decode("ascii") if declared else "")
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or codec in ("", "utf-8") or codec.startswith("utf-16") or is_utf8(data):
        return decode(data, source)
    return data.decode(codec, "replace")


def is_utf8(data: bytes) -> bool:
    """Whether ``data`` holds characters of UTF-8 beside ASCII, and none that are not."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def make_safe(text: str, source: str) -> SafePage:
    """Cut pictures and scripts out of a page, and look whether it can be parsed in linear time.

    Raises UnreadableFile.
    """
    if "base64," in text:
        text = DATA_RE.sub("", text)
    if len(text) > LARGEST_PAGE:
        raise UnreadableFile(source, "a page larger than 20 MB; split it")
    pieces, json_ld = cut_scripts(text)
    text = OPTION_RE.sub("<wbr", "".join(pieces).replace("\0", ""))
    check_nesting(text, source)
    check_attributes(text, source)
    return SafePage(text, tuple(json_ld))


def cut_scripts(text: str) -> tuple[list[str], list[str]]:
    """Return what of a page is no script, style or drawing, and the JSON-LD in its scripts."""
    pieces, json_ld = list[str](), list[str]()
    unclosed, last = set[str](), 0
    for begin in CUT_RE.finditer(text):
        name = begin[1].lower()
        if begin.start() < last or name in unclosed:
            continue
        end = ENDS[name].search(text, begin.end())
        if not end:
            unclosed.add(name)
            continue
        if name == "script" and (opening := LD_RE.match(text, begin.end())):
            json_ld.append(text[opening.end() : end.start()])
        pieces.append(text[last : begin.start()])
        last = end.end()
    pieces.append(text[last:])
    return pieces, json_ld


def check_nesting(text: str, source: str) -> None:
    """Raise UnreadableFile if tags are nested so deep that parsing would take minutes."""
    tags = TAG_RE.findall(text)
    depth, formatting = deepest(tags)
    bodies = len(BODY_RE.findall(text)) if len(tags) > MOST_BODIES else 0
    if (
        depth > MOST_OPEN
        or formatting > MOST_FORMATTING
        or bodies > MOST_BODIES
        or depth * len(tags) > MOST_LOOKS
    ):
        raise UnreadableFile(source, "tags nested thousands deep; save the page again")


def deepest(tags: Iterable[str]) -> tuple[int, int]:
    """Return how many tags, and how many formatting tags, are open at once at most.

    A tag counts as open until one of its own name closes it.
    """
    tags = [*tags]
    names = {tag: tag.lower().lstrip("</") for tag in {*tags}}
    unnested = UNNESTED if DEFINITIONS.isdisjoint(names.values()) else UNNESTED - {"li"}
    nested = {tag: name for tag, name in names.items() if name not in unnested}
    depths: dict[str, int] = {}
    depth = formatting = most = most_formatting = 0
    for tag in tags:
        name = nested.get(tag, "")
        if not name:
            continue
        step = 1 if tag[1] != "/" else -1 if depths.get(name) else 0
        if step:
            depths[name] = depths.get(name, 0) + step
            depth += step
            most = max(depth, most)
            if name in FORMATTING:
                formatting += step
                most_formatting = max(formatting, most_formatting)
    return most, most_formatting


def check_attributes(text: str, source: str) -> None:
    """Raise UnreadableFile if a tag has so many attributes that parsing would take minutes."""
    for begin, end in _long_tags(text):
        count = 0
        while begin < end and (attribute := ATTRIBUTE_RE.match(text, begin, end)):
            begin, count = attribute.end(), count + 1
            if count > MOST_ATTRIBUTES:
                raise UnreadableFile(
                    source, "a tag of thousands of attributes; save the page again"
                )


def _long_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield where what may be a long tag's attributes start and end."""
    last = -1
    for tag in TAG_RE.finditer(text):
        if last >= 0 and tag.start() - last >= LONG_TAG:
            yield last, tag.start()
        last = tag.end()
    if last >= 0 and len(text) - last >= LONG_TAG:
        yield last, len(text)


def spell_out_empty_tags(text: str) -> str:
    """Return XHTML with ``<a id="x"/>`` as ``<a id="x"></a>``, as an HTML parser needs it."""
    return EMPTY_RE.sub(r"<\1\2></\1>", text)
