"""The lines of a PDF's pages → paragraphs and headings, whole over columns and pages."""

import re
from collections.abc import Sequence

from bot.articles.builder import ArticleBuilder, Where, clean_text
from bot.articles.pdf_lines import (
    HIGHER,
    HYPHEN,
    LONGEST_HEADING,
    LOWER,
    PdfLine,
    body_height,
    column_edges,
    find_heads,
    is_below,
    is_under,
    spell_out,
)

LAST_WORD_RE = re.compile(r"[^\W\d_]+$")
FIRST_WORD_RE = re.compile(r"[^\W_]+")
SECTION_RE = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?(?=\s)")
ITEM_RE = re.compile(r"(?:[-•‣◦–—*▪●○■□·»]|\(?(?:[0-9]{1,3}|[a-z]|[ivx]{1,4})[.)])\s+\S|[•▪●■]")
COMPOUND_RE = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
STOP_RE = re.compile(r"[.!?…:;。！？][\"'”’)\]»\d]*$")
# Distances in heights of a line. Lines of a paragraph stand one height apart or a little more.
APART = 1.45
INDENT = 0.7
# A line that ends before so much of its column's width is the last of its paragraph.
SHORT, VERY_SHORT = 0.88, 0.6


def append_lines(
    built: ArticleBuilder, pages: Sequence[Sequence[PdfLine]], title: str = ""
) -> None:
    """Append the paragraphs of ``pages``; running heads and page numbers are boilerplate."""
    pages = [[line._replace(text=spell_out(line.text)) for line in page] for page in pages]
    heads = find_heads(pages)
    height = body_height(pages)
    hyphens = {
        word.lower() for page in pages for line in page for word in COMPOUND_RE.findall(line.text)
    }
    flow = _Flow(built, height, hyphens, title)
    for page in pages:
        edges = column_edges(page)
        for line in page:
            if line in heads:
                flow.aside(line)
            else:
                flow.take(line, edges)
        flow.end_page()
    flow.end()


class _Paragraph:
    """A paragraph whose lines are being gathered."""

    def __init__(self) -> None:
        self.lines: list[PdfLine] = []


class _Flow:
    """Takes lines in order, and gives a builder the paragraphs that they make.

    A paragraph of the body stays open over a page's end, and over notes and heads between.
    """

    def __init__(self, built: ArticleBuilder, height: int, hyphens: set[str], title: str) -> None:
        self._built, self._height, self._hyphens = built, height, hyphens
        self._title = title.casefold()
        self._body, self._note = _Paragraph(), _Paragraph()
        self._edges: dict[PdfLine, tuple[int, int]] = {}

    def aside(self, line: PdfLine) -> None:
        """Take a running head or a page's number."""
        self._built.pieces(
            [(clean_text(line.text.replace(HYPHEN, "-")), ("page", line.page))], boilerplate=True
        )

    def take(self, line: PdfLine, edges: dict[PdfLine, tuple[int, int]]) -> None:
        """Take a line of a paragraph, heading or note."""
        self._edges.update({line: edges[line]} if line in edges else {})
        if line.height < LOWER * self._height:
            paragraph = self._note
        else:
            if self._note.lines and is_under(line, self._note.lines[-1]):
                self._end(self._body)  # the smaller lines are no footnote
            self._end(self._note)
            paragraph = self._body
        if paragraph.lines and self._is_new(paragraph.lines[-1], line, paragraph):
            self._end(paragraph)
        paragraph.lines.append(line)

    def end_page(self) -> None:
        """Take the end of a page."""
        self._end(self._note)

    def end(self) -> None:
        """Take the end of the file."""
        self._end(self._note)
        self._end(self._body)

    def _is_new(self, last: PdfLine, line: PdfLine, paragraph: _Paragraph) -> bool:
        """Whether ``line`` begins a paragraph, and does not go on with that of ``last``."""
        if last.text.endswith(HYPHEN):
            return False
        if not last.height and not line.height:  # nothing was measured
            return bool(STOP_RE.search(last.text)) and len(last.text) < VERY_SHORT * 80
        if abs(last.bottom - line.bottom) < 0.4 * last.height and line.left >= last.right:
            return False
        if not 1 / HIGHER < line.height / max(last.height, 1) < HIGHER:
            return True
        if ITEM_RE.match(line.text):
            return True
        if is_below(last, line):
            return self._is_new_below(last, line, paragraph)
        if STOP_RE.search(last.text):
            return True
        return self._is_heading(paragraph.lines) or (
            line.text[:1].isupper() and self._width(last) < VERY_SHORT
        )

    def _is_new_below(self, last: PdfLine, line: PdfLine, paragraph: _Paragraph) -> bool:
        """Whether ``line``, right below ``last``, begins a paragraph."""
        if last.bottom - line.bottom > APART * last.height and last.bottom - line.bottom > (
            APART * self._step(paragraph)
        ):
            return True
        stopped = bool(STOP_RE.search(last.text))
        left = self._edges[line][0] if line in self._edges else line.left
        indented = line.left > left + INDENT * line.height
        further = line.left > last.left + INDENT * line.height
        if indented and further and (stopped or not line.text[:1].islower()):
            return not ITEM_RE.match(last.text)
        if stopped and self._width(last) < SHORT:
            return True
        return self._width(last) < VERY_SHORT and line.text[:1].isupper()

    def _step(self, paragraph: _Paragraph) -> float:
        """Return how far apart the lines of a paragraph stand, as far as there are several."""
        steps = [
            above.bottom - below.bottom
            for above, below in zip(paragraph.lines[-4:], paragraph.lines[-3:], strict=False)
            if above.bottom > below.bottom
        ]
        return min(steps) if steps else 0

    def _width(self, line: PdfLine) -> float:
        """Return the share of its column's width that a line fills."""
        left, right = self._edges.get(line, (line.left, line.right))
        return (line.right - left) / max(right - left, 1)

    def _is_heading(self, lines: Sequence[PdfLine]) -> bool:
        size = sum(len(line.text) for line in lines)
        return (
            lines[0].height > HIGHER * self._height
            and size <= LONGEST_HEADING
            and not lines[-1].text.endswith(".")
        )

    def _end(self, paragraph: _Paragraph) -> None:
        """Give the builder a paragraph."""
        lines, paragraph.lines = paragraph.lines, []
        if not lines:
            return
        for line in lines:
            self._edges.pop(line, None)
        pieces = join_lines(lines, self._hyphens)
        if self._is_heading(lines) and re.search(r"[^\W\d_]", lines[0].text):
            self._built.place("page", lines[0].page, f"page={lines[0].page}")
            text = clean_text("".join(text for text, _ in pieces))
            if text.casefold() == self._title:
                self._built.title(text)
            else:
                self._built.heading(text, self._level(lines), unit="")
        elif pieces:
            self._built.pieces(pieces)

    def _level(self, lines: Sequence[PdfLine]) -> int:
        """Return a heading's level: by its number, "3.6.1", else by how large its letters are."""
        if number := SECTION_RE.match(lines[0].text):
            return min(number[0].rstrip(".").count(".") + 1, 9)
        ratio = lines[0].height / max(self._height, 1)
        return 1 if ratio > 1.6 else 2 if ratio > 1.3 else 3


def join_lines(lines: Sequence[PdfLine], hyphens: set[str]) -> list[tuple[str, Where]]:
    """Return the text of lines as pieces, one a page, with words whole that a line's end cut."""
    pieces: list[tuple[str, Where]] = []
    for number, line in enumerate(lines):
        text = clean_text(line.text)
        following = clean_text(lines[number + 1].text) if number + 1 < len(lines) else ""
        text = _join(line.text, text, following, hyphens)
        where: Where = ("page", line.page)
        if pieces and pieces[-1][1] == where:
            pieces[-1] = (pieces[-1][0] + text, where)
        else:
            pieces.append((text, where))
    return [(text, where) for text, where in pieces if text.strip()]


def _join(raw: str, text: str, following: str, hyphens: set[str]) -> str:
    """Return a line as it is written before ``following``: with a space, a hyphen, or neither."""
    raw = raw.rstrip()
    marked = raw.endswith(HYPHEN)
    if not following:
        return text + ("-" if marked else "")
    bare = text.removesuffix("-").removesuffix("\u2010")
    left, right = LAST_WORD_RE.search(bare), FIRST_WORD_RE.match(following)
    if not marked and (bare == text or not left or not right):
        return f"{text} "
    if not left or not right:
        return f"{bare}-"
    kept = (
        f"{left[0]}-{right[0]}".lower() in hyphens
        or right[0][:1].isupper()
        or right[0][:1].isdigit()
    )
    return f"{bare}-" if kept else bare
