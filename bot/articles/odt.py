"""An OpenDocument text → its article: headings, rows of tables, notes of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, first_of
from bot.articles.docx import add_row, proper_title
from bot.articles.timestamps import parse_date
from bot.articles.zip_xml import TextOf, ZipPackage
from bot.errors import UnreadableFile

# What was deleted, what others remarked, a note's number, and what describes a picture.
DROPPED = frozenset(
    "tracked-changes annotation annotation-end note-citation ruby-text forms desc script "
    "sequence-decls master-styles".split()
)
# Whose lines are the headings that stand in the text again.
CONTENTS = frozenset(
    "table-of-content illustration-index table-index alphabetical-index object-index".split()
)
MOST_SPACES = 100


def read_odt(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read an OpenDocument text; its headings are places."""
    package = ZipPackage(data, source, "OpenDocument text")
    if "content.xml" not in package:
        raise UnreadableFile(source, "no OpenDocument text; rename it as what it is")
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in package.read_member(manifest):
        raise UnreadableFile(source, "password-protected; save it without a password")
    meta = TextOf()
    if "meta.xml" in package:
        package.parse("meta.xml", meta)
    built = ArticleBuilder()
    document = _Document(built)
    package.parse("content.xml", document)
    if not len(built):
        raise UnreadableFile(source, "no text in it; are its pages pictures?")
    yield built.build(
        first_of(document.title, proper_title(meta.get("title"))) or file_title(source),
        source,
        date=parse_date(meta.get("creation-date", "date")),
        metadata={
            "author": meta.get("initial-creator", "creator"),
            "language": meta.get("language"),
        },
    )


@dataclass(slots=True)
class _Paragraph:
    """A paragraph or heading that is being read, and the notes in it."""

    level: int = 0
    style: str = ""
    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Document:
    """Takes content.xml, and gives its paragraphs and rows to a builder."""

    def __init__(self, built: ArticleBuilder) -> None:
        self.title = ""
        self._built = built
        self._open: list[_Paragraph] = []
        self._rows: list[list[list[str]]] = []
        self._parents: dict[str, str] = {}
        self._dropped = self._contents = self._note = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""
        if self._dropped or tag in DROPPED:
            self._dropped += 1
        elif tag in ("p", "h"):
            level = attributes.get("outline-level", "1") if tag == "h" else "0"
            style = attributes.get("style-name", "")
            self._open.append(_Paragraph(int(level) if level.isdecimal() else 1, style))
        elif tag == "style":
            self._parents[attributes.get("name", "")] = attributes.get("parent-style-name", "")
        elif tag == "note-body":
            self._note += 1
        elif tag in CONTENTS:
            self._contents += 1
        else:
            self._begin_inside(tag, attributes)

    def _begin_inside(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a row, a cell, or a space in a paragraph."""
        if tag == "table-row":
            self._rows.append([])
        elif tag == "table-cell" and self._rows:
            self._rows[-1].append([])
        elif tag == "s" and self._open:
            count = attributes.get("c", "1")
            spaces = min(int(count), MOST_SPACES) if count.isdecimal() else 1
            self._open[-1].text.append(" " * spaces)
        elif tag in ("tab", "line-break") and self._open:
            self._open[-1].text.append("\t" if tag == "tab" else "\n")

    def data(self, text: str) -> None:
        """Take some text."""
        if self._open and not self._dropped:
            self._open[-1].text.append(text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._dropped:
            self._dropped -= 1
        elif tag in ("p", "h") and self._open:
            self._end_paragraph(self._open.pop())
        elif tag == "table-row" and self._rows:
            add_row(self._built, self._rows.pop())
        elif tag == "note-body":
            self._note -= 1
        elif tag in CONTENTS:
            self._contents -= 1

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        text = clean_text("".join(paragraph.text))
        if self._note and self._open:
            self._open[-1].notes.append(text)
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1] += [text, *paragraph.notes]
        elif self._is_title(paragraph) and not self.title:
            self.title = text
            self._built.title(text)
        elif paragraph.level and not self._contents:
            self._built.heading(text, min(paragraph.level, 9))
        else:
            self._built.paragraph(text, boilerplate=bool(self._contents))
            for note in paragraph.notes:
                self._built.paragraph(note)

    def _is_title(self, paragraph: _Paragraph) -> bool:
        style = paragraph.style
        return "Title" in (style, self._parents.get(style))
