"""The text in a file's bytes, whatever its encoding."""

import codecs
import re
from collections.abc import Callable
from typing import Any

from bot.errors import UnreadableFile
from bot.lazy import lazy_function

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The choices of charset-normalizer; by default it detects EBCDIC in short notes.
LEGACY_ENCODINGS = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 koi8_r mac_roman cp850 "
    "cp932 euc_jp gb18030 big5 cp949"
).split()
# The control characters that text files have no use for: all but tab, line ends, form feed and
# escape (a terminal's colours).
CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"
# A tenth of random bytes are control characters, and next to none of a text's.
MAX_CONTROL_SHARE = 0.02
SAMPLE_SIZE = 65_536  # characters or bytes by which an encoding is judged
# An accented letter is one in ten in Western text, three in ten in a short line, far more in
# Greek. Three in a row are Cyrillic misread as cp1252; "³" or "¿" between letters, Polish.
MAX_ACCENT_SHARE = 0.3
MISREAD_RE = re.compile(r"[À-ÖØ-öø-ÿ]{3}|[^\W\d_][¡-©«-¶¸-¹»-¿×÷][^\W\d_]")
ACCENT_RE = re.compile(r"[^\W\d_a-zA-Z]")
LETTER_RE = re.compile(r"[^\W\d_]")
# A carriage return that ends a line by itself; "\r\r\n" is one damaged line end.
LONE_RETURN_RE = re.compile(r"\r(?!\r*\n)")
# Scripts whose letters share the high byte in UTF-16, by which it is recognized without spaces.
MAX_HIGH_BYTES = 4

detect_charset: Callable[..., Any] = lazy_function("charset_normalizer", "from_bytes")


def decode(data: bytes, source: str) -> str:
    """Return the text of ``data``, without its byte order mark.

    Line ends are kept, but that a carriage return without a newline becomes one.
    Raises UnreadableFile if the text is blank or the data binary.
    """
    text = _decode(data)
    if not text.strip():
        raise UnreadableFile(source, "empty")
    if _is_binary(text):
        raise UnreadableFile(source, "not a text file")
    return LONE_RETURN_RE.sub("\n", text) if "\r" in text else text


def _decode(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        encoding = _guess_utf16(data)
        if encoding:
            return data.decode(encoding, "replace")
        if data.count(0) > MAX_CONTROL_SHARE * len(data):
            return "\0"
        data = data.replace(b"\0", b"")  # a few in a text are damage
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_damaged_utf8(data) or _decode_western(data) or _decode_legacy(data)


def _guess_utf16(data: bytes) -> str:
    """Return the UTF-16 that ``data`` is in, as its high bytes tell; "" for another encoding."""
    even, odd = data[:SAMPLE_SIZE:2], data[1:SAMPLE_SIZE:2]
    for high, other, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if high.count(0) >= 0.4 * len(high) and other.count(0) * 10 <= high.count(0):
            return encoding
        # Another alphabet has zero bytes in its spaces and marks only: no more than four blocks.
        zeros = high.count(0)
        if zeros > 0.05 * len(high) and not other.count(0) and len({*high}) <= MAX_HIGH_BYTES:
            return encoding
    return ""


def _decode_damaged_utf8(data: bytes) -> str:
    """Decode UTF-8 with a few bad bytes; "" if ``data`` is in another encoding.

    A bad byte is read as cp1252, at the end of a truncated file as U+FFFD. In another encoding
    bytes make a character of UTF-8 by chance only: there are more bad ones.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    characters = len(text) - len(text.encode("ascii", "ignore")) - bad
    return data.decode("utf-8", BAD_BYTES) if characters > bad else ""


def _decode_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    """Decode the bytes that are no UTF-8: an error handler of codecs."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    is_truncated = error.end == len(error.object) and error.reason == "unexpected end of data"
    return "\ufffd" if is_truncated else bad.decode("cp1252", "replace"), error.end


BAD_BYTES = "bot-cp1252"
codecs.register_error(BAD_BYTES, _decode_bad_bytes)


def _decode_western(data: bytes) -> str:
    """Decode cp1252, the most frequent legacy encoding of English; "" if the result is garbled."""
    text = data.decode("cp1252", "replace")
    sample = text[:SAMPLE_SIZE]
    accents, letters = len(ACCENT_RE.findall(sample)), len(LETTER_RE.findall(sample))
    if "\ufffd" in text or accents > MAX_ACCENT_SHARE * letters or MISREAD_RE.search(sample):
        return ""
    return text


def _decode_legacy(data: bytes) -> str:
    best = detect_charset(data, cp_isolation=LEGACY_ENCODINGS).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _is_binary(text: str) -> bool:
    sample = text[:SAMPLE_SIZE].encode("utf-8", "replace")
    controls = len(sample) - len(sample.translate(None, CONTROL_BYTES))
    return "\0" in text or controls > MAX_CONTROL_SHARE * len(sample)
