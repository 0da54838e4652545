"""Empty what a PDF has to draw that nobody could wait for, before PDFium sees it."""

import re
import zlib

# Bytes that a page draws from. PDFium takes 8 MB of them a second, so more takes longer than a page
# may (pdf.LONGEST_PAGE); the largest in 150 manuals and test files has 1.6 MB.
LARGEST_STREAM = 40_000_000
# Deflate makes 1,032 bytes of one at most.
MOST_INFLATED = 1032
DICTIONARY = 1000  # bytes before a stream in which its dictionary is looked for
STREAM_RE = re.compile(rb"(?<!end)stream\r?\n")
APART_RE = re.compile(rb"/(?:Subtype\s*/Image|Type\s*/EmbeddedFile)\b")


def empty_large_streams(data: bytes, largest: int = LARGEST_STREAM) -> tuple[bytes, int]:
    """Return a PDF in which streams of more than ``largest`` bytes are empty, and their number.

    Pictures and attachments stay, for PDFium does not unpack them, and so do encrypted streams.
    """
    emptied: bytearray | None = None
    count, at = 0, 0
    while match := STREAM_RE.search(data, at):
        start = match.end()
        at = data.find(b"endstream", start)
        at = len(data) if at < 0 else at
        if (at - start) * MOST_INFLATED <= largest or _is_apart(data, match.start()):
            continue
        if _inflates_beyond(largest, data[start:at]):
            count += 1
            emptied = emptied or bytearray(data)
            emptied[start:at] = bytes(at - start)
    return (bytes(emptied) if emptied else data), count


def _is_apart(data: bytes, start: int) -> bool:
    """Whether the stream before which ``start`` stands is no part of a page's text."""
    before = data[max(start - DICTIONARY, 0) : start]
    return bool(APART_RE.search(before, max(before.rfind(b"endobj"), 0)))


def _inflates_beyond(largest: int, packed: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(packed, largest + 1)) > largest
    except zlib.error:
        return False
