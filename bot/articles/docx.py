"""A Word document → its article: headings by their styles, rows of tables, footnotes, boxes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, first_of
from bot.articles.timestamps import parse_date
from bot.articles.zip_xml import TextOf, ZipPackage
from bot.errors import UnreadableFile

HEADING_RE = re.compile(r"(?:heading|berschrift|titre|título|überschrift) ?([1-9])", re.IGNORECASE)
TITLES = frozenset(("title", "titel", "titre"))
# Deleted text, its other half in text that was moved, and what older programs are shown.
DROPPED = frozenset("del moveFrom Fallback delText instrText binData".split())
OFF = frozenset(("0", "false", "off", "none"))
# A cell longer than this is part of a page's layout, not a value in a table.
LONGEST_CELL = 400
TITLE_LEVEL, NO_LEVEL, CONTENTS_LEVEL = 0, -1, -2
BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def read_docx(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a Word document; its headings are places."""
    package = ZipPackage(data, source, "Word document")
    main = package.find_related("", "officeDocument", "word/document.xml")
    if main not in package:
        raise UnreadableFile(source, "no Word document; rename it as what it is")
    styles = _Styles()
    if (path := package.find_related(main, "styles", "word/styles.xml")) in package:
        package.parse(path, styles)
    notes: dict[str, str] = {}
    for kind in ("footnotes", "endnotes"):
        if (path := package.find_related(main, kind, f"word/{kind}.xml")) in package:
            notes |= _read_notes(package, path, kind.removesuffix("s"))
    built = ArticleBuilder()
    document = _Document(built, styles.level, notes)
    package.parse(main, document)
    yield build_document(built, package, document.title)


def build_document(built: ArticleBuilder, package: ZipPackage, title: str) -> Article:
    """Return the article of an Office document, with what its properties say."""
    core = TextOf()
    if (path := package.find_related("", "core-properties", "docProps/core.xml")) in package:
        package.parse(path, core)
    source = package.source
    if not len(built):
        raise UnreadableFile(source, "no text in it; are its pages pictures?")
    return built.build(
        first_of(title, proper_title(core.get("title"))) or file_title(source),
        source,
        date=parse_date(core.get("created", "modified")),
        metadata={"author": core.get("creator"), "language": core.get("language")},
    )


def proper_title(title: str) -> str:
    """Return a title as a document's properties have it; "" if a program made it up.

    >>> proper_title("Microsoft Word - report_final.doc")
    ''
    """
    title = clean_text(title)
    made_up = re.search(
        r"(?i)^(?:microsoft \w+ - |untitled|unbenannt|document\d*$|presentation\d*$|powerpoint "
        r"presentation|word document|slide 1|title$|.*\.(?:docx?|pptx?|odt|rtf|tex|dvi|indd|qxd|"
        r"pdf|html?)$|\W*$)",
        title,
    )
    return "" if made_up else title


class _Styles:
    """Takes styles.xml: which style is which level of heading, by its name or its parent's."""

    def __init__(self) -> None:
        self._levels: dict[str, int] = {}
        self._parents: dict[str, str] = {}
        self._style = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a style's begin, its name, its parent."""
        value = attributes.get("val", "")
        if tag == "style":
            self._style = attributes.get("styleId", "")
        elif tag == "name" and self._style:
            self._levels[self._style] = level_of_name(value)
        elif tag == "basedOn":
            self._parents[self._style] = value
        elif tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
            named = self._levels.get(self._style, NO_LEVEL)
            self._levels[self._style] = int(value) + 1 if named == NO_LEVEL else named

    def end(self, tag: str) -> None:
        """Take a style's end."""
        if tag == "style":
            self._style = ""

    def data(self, text: str) -> None:
        """Take some text; there is none."""

    def level(self, style: str) -> int:
        """Return the level of a style, 1 to 9; TITLE_LEVEL, CONTENTS_LEVEL or NO_LEVEL."""
        for _ in range(20):  # parents may go round in a ring
            level = self._levels.get(style)
            level = level_of_name(style) if level is None else level
            if level != NO_LEVEL or style not in self._parents:
                return level
            style = self._parents[style]
        return NO_LEVEL


def level_of_name(name: str) -> int:
    """Return the level of heading that a style's name means.

    >>> level_of_name("heading 2"), level_of_name("Title"), level_of_name("Body Text")
    (2, 0, -1)
    """
    if name.casefold() in TITLES:
        return TITLE_LEVEL
    if re.match(r"(?i)toc ?(?:\d|heading)|contents \d|table of figures", name):
        return CONTENTS_LEVEL
    match = HEADING_RE.fullmatch(name)
    return int(match[1]) if match else NO_LEVEL


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that is being read, and the notes that it refers to."""

    text: list[str] = field(default_factory=list)
    level: int = NO_LEVEL
    notes: list[str] = field(default_factory=list)


class _Document:
    """Takes document.xml, and gives its paragraphs and rows to a builder."""

    def __init__(
        self, built: ArticleBuilder, level: Callable[[str], int], notes: dict[str, str]
    ) -> None:
        self.title = ""
        self._built, self._level, self._notes = built, level, notes
        self._open: list[_Paragraph] = []
        self._rows: list[list[list[str]]] = []
        self._dropped = 0
        self._hidden = self._properties = self._in_text = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""
        if self._dropped or tag in DROPPED:
            self._dropped += 1
            return
        if tag == "p":
            self._open.append(_Paragraph())
        elif tag in ("tr", "tc"):
            self._begin_cell(tag)
        elif tag == "r":
            self._hidden = False
        elif tag == "rPr":
            self._properties = True
        elif self._open:
            self._inside(tag, attributes)

    def _begin_cell(self, tag: str) -> None:
        if tag == "tr":
            self._rows.append([])
        elif self._rows:
            self._rows[-1].append([])

    def _inside(self, tag: str, attributes: dict[str, str]) -> None:
        """Take what stands in a paragraph."""
        here, value = self._open[-1], attributes.get("val", "")
        if tag == "t":
            self._in_text = not self._hidden
        elif tag in BREAKS and not self._properties:
            here.text.append(BREAKS[tag])
        elif tag == "pStyle":
            here.level = self._level(value)
        elif tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
            here.level = int(value) + 1 if here.level == NO_LEVEL else here.level
        elif tag == "vanish" and self._properties:
            self._hidden = value not in OFF
        elif tag in ("footnoteReference", "endnoteReference"):
            kind = tag.removesuffix("Reference")
            here.notes.append(self._notes.get(f"{kind}{attributes.get('id')}", ""))

    def data(self, text: str) -> None:
        """Take some text."""
        if self._in_text and not self._dropped and self._open:
            self._open[-1].text.append(text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._dropped:
            self._dropped -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "rPr":
            self._properties = False
        elif tag == "p" and self._open:
            self._end_paragraph(self._open.pop())
        elif tag == "tr" and self._rows:
            add_row(self._built, self._rows.pop())

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        text = clean_text("".join(paragraph.text))
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] += [text, *paragraph.notes]
            return
        if paragraph.level == TITLE_LEVEL and not self.title:
            self.title = text
            self._built.title(text)
        elif paragraph.level > 0:
            self._built.heading(text, paragraph.level)
        else:
            self._built.paragraph(text, boilerplate=paragraph.level == CONTENTS_LEVEL)
        for note in paragraph.notes:
            self._built.paragraph(note)


def add_row(built: ArticleBuilder, cells: list[list[str]]) -> None:
    """Take a table's row, its cells' paragraphs: "Height | 41 m"; a layout's one by one."""
    filled = [[text for text in cell if text] for cell in cells]
    filled = [cell for cell in filled if cell]
    if len(filled) > 1 and all(sum(map(len, cell)) <= LONGEST_CELL for cell in filled):
        built.paragraph(" | ".join(" ".join(cell) for cell in filled))
        return
    for cell in filled:
        for text in cell:
            built.paragraph(text)


def _read_notes(package: ZipPackage, path: str, kind: str) -> dict[str, str]:
    """Return the notes in a member: by "footnote" and its id, its text."""
    notes = _Notes(kind)
    package.parse(path, notes)
    return {key: clean_text("".join(text)) for key, text in notes.texts.items()}


class _Notes:
    """Takes footnotes.xml or endnotes.xml."""

    def __init__(self, kind: str) -> None:
        self.texts: dict[str, list[str]] = {}
        self._kind, self._key = kind, ""
        self._in_text, self._dropped = False, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a note's begin; a separator is none."""
        if self._dropped or tag in DROPPED:
            self._dropped += 1
        elif tag == self._kind:
            real = attributes.get("type", "normal") == "normal"
            self._key = f"{tag}{attributes.get('id')}" if real else ""
        elif tag == "t":
            self._in_text = bool(self._key)
        elif tag in ("p", "br", "tab") and self._key:
            self.texts.setdefault(self._key, []).append(" ")

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._dropped:
            self._dropped -= 1
        elif tag == "t":
            self._in_text = False

    def data(self, text: str) -> None:
        """Take some text."""
        if self._in_text and not self._dropped:
            self.texts.setdefault(self._key, []).append(text)
