"""A file's bytes → its text, or the reason why they are no text."""

import codecs
import re

from bot.errors import UnreadableFile

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where charset-normalizer may choose; left to itself it finds EBCDIC in a short note.
LEGACY = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r mac_roman cp850 "
    "cp932 euc_jp gb18030 big5 cp949"
).split()
# What text holds beside letters: tab, the line ends, form feed, escape (a terminal's colours).
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
# Random bytes hold a tenth of them, text next to none.
MOST_CONTROLS = 0.02
SAMPLE = 65_536
# In Western text an accent is one letter in ten, in a short line three (Greek has far more);
# never do three stand together, as in Cyrillic read as cp1252, nor a "³" or "¿" between two
# letters, as in Polish.
MOST_ACCENTS = 0.3
MISREAD_RE = re.compile(r"[À-ÖØ-öø-ÿ]{3}|[^\W\d_][¡-©«-¶¸-¹»-¿×÷][^\W\d_]")
ACCENT_RE = re.compile(r"[^\W\d_a-zA-Z]")
LETTER_RE = re.compile(r"[^\W\d_]")


def decode(data: bytes, source: str) -> str:
    """Return the text of ``data``, without its byte order mark.

    Line ends stay as they are, but where a file has only carriage returns: they become newlines.
    """
    text = _decode(data)
    if not text.strip():
        raise UnreadableFile(source, "empty")
    if _is_binary(text):
        raise UnreadableFile(source, "not a text file")
    return text if "\n" in text else text.replace("\r", "\n")


def _decode(data: bytes) -> str:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        return data.decode(_utf16(data), "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged(data) or _western(data) or _legacy(data)


def _utf16(data: bytes) -> str:
    """Name the UTF-16 whose empty bytes stand where English has them, else UTF-8."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    if max(even, odd) < min(len(data), SAMPLE) // 2 * 0.4 or min(even, odd) * 10 > max(even, odd):
        return "utf-8"
    return "utf-16-le" if odd > even else "utf-16-be"


def _damaged(data: bytes) -> str:
    """Read UTF-8 with a few bad bytes, as a file cut short has; "" if it is something else."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = len(data) - len(text.encode("ascii", "ignore")) - bad
    return text if whole > 20 * bad else ""


def _western(data: bytes) -> str:
    """Read cp1252, in which most such files in English are; "" if it makes no sense so."""
    text = data.decode("cp1252", "replace")
    sample = text[:SAMPLE]
    accents, letters = len(ACCENT_RE.findall(sample)), len(LETTER_RE.findall(sample))
    if "\ufffd" in text or accents > MOST_ACCENTS * letters or MISREAD_RE.search(sample):
        return ""
    return text


def _legacy(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, seldom needed

    best = from_bytes(data, cp_isolation=LEGACY).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE].encode("utf-8", "replace")
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return "\0" in text or controls > MOST_CONTROLS * len(sample)
