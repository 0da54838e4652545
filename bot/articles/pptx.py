"""A PowerPoint presentation → its article: slide by slide, with tables and notes."""

from collections.abc import Iterator

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text
from bot.articles.docx import add_row, build_document
from bot.articles.zip_xml import ZipPackage
from bot.errors import UnreadableFile

# The same on each slide; and of a page of notes, the slide's own picture.
REPEATED = frozenset(("dt", "ftr", "sldNum", "hdr", "sldImg"))
TITLES = frozenset(("title", "ctrTitle"))


def read_pptx(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a presentation; its slides are places."""
    package = ZipPackage(data, source, "PowerPoint presentation")
    main = package.find_related("", "officeDocument", "ppt/presentation.xml")
    if main not in package:
        raise UnreadableFile(source, "no PowerPoint presentation; rename it as what it is")
    order = _Order()
    package.parse(main, order)
    relations = package.relations(main)
    built = ArticleBuilder()
    title = ""
    for number, relation in enumerate(order.slides, 1):
        path = relations.get(relation, ("", ""))[1]
        if path not in package:
            continue
        built.place("slide", number)
        slide = _Slide(built)
        package.parse(path, slide)
        title = title or slide.title
        notes = package.find_related(path, "notesSlide")
        if notes:
            package.parse(notes, _Slide(built))
    yield build_document(built, package, title)


class _Order:
    """Takes presentation.xml: the slides' relations, in order."""

    def __init__(self) -> None:
        self.slides: list[str] = []
        self._listed = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""
        if tag == "sldIdLst":
            self._listed = True
        elif tag == "sldId" and self._listed:
            self.slides.append(attributes.get("relation", ""))

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if tag == "sldIdLst":
            self._listed = False

    def data(self, text: str) -> None:
        """Take some text; there is none."""


class _Slide:
    """Takes a slide or its notes, and gives its paragraphs to a builder."""

    def __init__(self, built: ArticleBuilder) -> None:
        self.title = ""
        self._built = built
        self._kinds: list[str] = []
        self._text: list[str] = []
        self._rows: list[list[list[str]]] = []
        self._titles: list[str] = []
        self._in_text = False
        self._dropped = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""
        if self._dropped or tag == "Fallback":
            self._dropped += 1
        elif tag == "sp":
            self._kinds.append("")
        elif tag == "ph" and self._kinds:
            self._kinds[-1] = attributes.get("type", "body")
        elif tag == "t":
            self._in_text = True
        else:
            self._begin(tag)

    def _begin(self, tag: str) -> None:
        """Begin a paragraph, a line, a row or a cell."""
        if tag == "p":
            self._text = []
        elif tag in ("br", "tab"):
            self._text.append(" ")
        elif tag == "tr":
            self._rows.append([])
        elif tag == "tc" and self._rows:
            self._rows[-1].append([])

    def data(self, text: str) -> None:
        """Take some text."""
        if self._in_text and not self._dropped:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._dropped:
            self._dropped -= 1
        elif tag == "t":
            self._in_text = False
        elif tag == "sp" and self._kinds:
            self._end_shape(self._kinds.pop())
        elif tag == "p":
            self._end_paragraph()
        elif tag == "tr" and self._rows:
            add_row(self._built, self._rows.pop())

    def _end_paragraph(self) -> None:
        text = clean_text("".join(self._text))
        self._text = []
        kind = self._kinds[-1] if self._kinds else ""
        if not text or kind in REPEATED:
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text)
        elif kind in TITLES:
            self._titles.append(text)
        else:
            self._built.paragraph(text)

    def _end_shape(self, kind: str) -> None:
        if kind in TITLES and self._titles:
            title = " ".join(self._titles)
            self._built.heading(title, 1, unit="")
            self.title = self.title or title
            self._titles = []
