"""A program of its own that reads PDFs: it is given them on its input, and writes their lines.

PDFium has no limits, and cannot be interrupted: so it runs apart from the bot, which ends this
program when it takes too long. It imports nothing of the bot's, and starts in 60 ms.

Input: a line with a file's size in bytes, then the file; and so on. Output, a line of JSON each:
{"pages": n, "meta": {…}}; then for each page its lines, [text, left, bottom, right, top] in tenths
of a point; at last {"end": true}, or at any time {"error": "password" | "damaged" | "memory"}.
"""

import contextlib
import ctypes
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

# Bytes of address space. What PDFium needs beyond is an attack, or no document for reading.
MEMORY = 2_000_000_000
MOST_CHARACTERS = 500_000  # on one page
LINE_END, HYPHEN = "\r\n", "\ufffe"


def main() -> None:
    """Read files until the input ends."""
    limit_memory()
    write = make_writer()
    while header := sys.stdin.buffer.readline():
        data = sys.stdin.buffer.read(int(header))
        try:
            for message in read_document(data):
                write(message)
        except MemoryError:
            write({"error": "memory"})
        except pypdfium2.PdfiumError as error:
            write({"error": "password" if "assword" in str(error) else "damaged"})
        except (ValueError, RuntimeError, OSError, ctypes.ArgumentError):
            write({"error": "damaged"})


def limit_memory() -> None:
    """Take no more than MEMORY from the system, where it can be asked to see to that."""
    with contextlib.suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def make_writer() -> Callable[[Any], None]:
    """Return a function that writes a message; what PDFium prints itself goes elsewhere."""
    output = sys.stdout.buffer

    def write(message: Any) -> None:
        output.write(json.dumps(message).encode() + b"\n")
        output.flush()

    return write


def read_document(data: bytes) -> Iterator[Any]:
    """Yield the messages about a file."""
    document = pypdfium2.PdfDocument(data)
    try:
        yield {"pages": len(document), "meta": document.get_metadata_dict()}
        for number in range(len(document)):
            yield page_lines(document, number)
        yield {"end": True}
    finally:
        document.close()


def page_lines(document: pypdfium2.PdfDocument, number: int) -> list[list[Any]]:
    """Return the lines of a page; of one that is damaged, none."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        text_page = page.get_textpage()
        try:
            return list(find_lines(text_page))
        finally:
            text_page.close()
    except pypdfium2.PdfiumError:
        return []
    finally:
        page.close()


def find_lines(text_page: pypdfium2.PdfTextPage) -> Iterator[list[Any]]:
    """Yield the lines of a page: text and box."""
    count = min(text_page.count_chars(), MOST_CHARACTERS)
    text = text_page.get_text_range(0, count) if count else ""
    measured = len(text) == count  # else a place in the text is none on the page
    start = 0
    for line in text.replace(HYPHEN, HYPHEN + LINE_END[1]).replace(LINE_END, "\n").split("\n"):
        hyphenated = line.endswith(HYPHEN)
        length = len(line)
        bare = line.strip()
        if bare:
            first = start + line.index(bare[0])
            yield [bare, *(box(text_page, first, bare) if measured else (0, 0, 0, 0))]
        start += length + (0 if hyphenated else len(LINE_END))


def box(text_page: pypdfium2.PdfTextPage, first: int, bare: str) -> tuple[int, int, int, int]:
    """Return the box around the line ``bare``, whose first character is ``first``.

    As high as most of its letters are: a bracket or a formula in it has a font of its own.
    """
    last = first + len(bare) - 1 - bare.endswith(HYPHEN)
    letters = [place for place in (*range(0, len(bare), max(len(bare) // 4, 1)), len(bare) - 1)
               if bare[place].isalnum()]  # fmt: skip
    boxes = sorted(
        (char_box(text_page, first + place) for place in letters or (0,)),
        key=lambda edges: edges[3] - edges[1],
    )
    _, bottom, _, top = boxes[len(boxes) // 2]
    return char_box(text_page, first)[0], bottom, char_box(text_page, last)[2], top


def char_box(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[int, int, int, int]:
    """Return left, bottom, right, top of a character, as high as its font is."""
    rect = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page, place, rect)
    edges = rect.left, rect.bottom, rect.right, rect.top
    left, bottom, right, top = (round(min(max(edge, -1e5), 1e5) * 10) for edge in edges)
    return left, bottom, right, top
