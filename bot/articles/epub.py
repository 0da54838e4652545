"""An EPUB → an article for each chapter, in the order in which they are read."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, joined_names
from bot.articles.html_guard import decode_page, make_safe, spell_out_empty_tags
from bot.articles.html_names import TAGS_AROUND
from bot.articles.html_tree import HEADINGS, HtmlPage, walk_page
from bot.articles.timestamps import parse_date
from bot.articles.zip_xml import Handler, ZipPackage, join_path
from bot.errors import UnreadableFile

CONTAINER = "META-INF/container.xml"
CHAPTERS = frozenset(("application/xhtml+xml", "text/html", "text/x-oeb1-document", ""))


def read_epub(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a book; the name that its table of contents has for a chapter is the chapter's place."""
    package = ZipPackage(data, source, "EPUB")
    book = _read_book(package)
    if book.is_protected(package):
        raise UnreadableFile(
            source, "protected against copying; only its shop's reader can read it"
        )
    labels = _read_labels(package, book)
    label, found = "", False
    for number, path in enumerate(book.chapters(), 1):
        if path not in package:
            yield UnreadableFile(f"{source}#{number}", f"damaged: {path} is missing in it")
            continue
        label = labels.get(path, {}).get("", label)
        try:
            chapter = _read_chapter(package, path, labels.get(path, {}), label or number)
        except UnreadableFile as fault:
            yield UnreadableFile(f"{source}#{number}", fault.fault)
            continue
        if len(chapter):
            found = True
            yield book.build(chapter, source, str(number))
    if not found:
        raise UnreadableFile(source, "no text in it; are its pages pictures?")


@dataclass(slots=True)
class _Book:
    """The package document: what the book says of itself, its members, and their order."""

    folder: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, dict[str, str]] = field(default_factory=dict)
    spine: list[str] = field(default_factory=list)
    contents: str = ""
    _tag: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an item, its place in the order, or an entry of the metadata."""
        if tag == "item":
            self.items[attributes.get("id", "")] = attributes
        elif tag == "itemref":
            self.spine.append(attributes.get("idref", ""))
        elif tag == "spine":
            self.contents = attributes.get("toc", "")
        elif tag in ("title", "creator", "date", "language"):
            self._tag = tag
            self.texts.setdefault(tag, []).append("")

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if tag == self._tag:
            self._tag = ""

    def data(self, text: str) -> None:
        """Take some text."""
        if self._tag:
            self.texts[self._tag][-1] += text

    def path(self, item: dict[str, str]) -> str:
        """Return the member that an item is."""
        return join_path(self.folder, item.get("href", ""))

    def chapters(self) -> list[str]:
        """Return the members that are read, in order; the table of contents is none."""
        items = [self.items[name] for name in self.spine if name in self.items]
        read = [
            self.path(item)
            for item in items
            if "nav" not in item.get("properties", "").split()
            and item.get("media-type", "") in CHAPTERS
        ]
        return [*dict.fromkeys(read)]

    def navigation(self) -> str:
        """Return the member that is the table of contents, EPUB 3's before EPUB 2's."""
        for item in self.items.values():
            if "nav" in item.get("properties", "").split():
                return self.path(item)
        named = self.items.get(self.contents) or next(
            (
                item
                for item in self.items.values()
                if item.get("media-type", "").endswith("ncx+xml")
            ),
            None,
        )
        return self.path(named) if named else ""

    def is_protected(self, package: ZipPackage) -> bool:
        """Whether the chapters are encrypted; with fonts that are, a book can be read."""
        path = "META-INF/encryption.xml"
        if path not in package:
            return False
        locked = _References()
        package.parse(path, locked)
        return bool(locked.paths.intersection(self.chapters()))

    def build(self, chapter: ArticleBuilder, source: str, part: str) -> Article:
        """Return the article of a chapter."""
        titles, dates = self.texts.get("title", []), self.texts.get("date", [])
        return chapter.build(
            next(filter(None, map(clean_text, titles)), "") or file_title(source),
            source,
            part=part,
            date=next(filter(None, map(parse_date, dates)), None),
            metadata={
                "author": joined_names(self.texts.get("creator", [])),
                "language": next(iter(self.texts.get("language", [])), ""),
            },
        )


class _References:
    """Takes encryption.xml: the members that are encrypted; or container.xml: the package."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.package = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a reference."""
        if tag == "CipherReference":
            self.paths.add(join_path("", attributes.get("URI", "")))
        elif tag == "rootfile":
            self.package = self.package or join_path("", attributes.get("full-path", ""))

    def end(self, tag: str) -> None:
        """Take an element's end."""

    def data(self, text: str) -> None:
        """Take some text; there is none."""


def _read_book(package: ZipPackage) -> _Book:
    found = _References()
    if CONTAINER in package:
        package.parse(CONTAINER, found)
    path = found.package
    if path not in package:
        path = next((name for name in package.names if name.endswith(".opf")), "")
    if not path:
        raise UnreadableFile(package.source, "no EPUB: no package document in it")
    book = _Book(posixpath.dirname(path))
    package.parse(path, book)
    return book


# By member and id ("" for its beginning), the name of the chapter there.
Labels = dict[str, dict[str, str]]


class _Contents:
    """Takes a table of contents, EPUB 3's or EPUB 2's: its entries' names and where they lead."""

    def __init__(self, folder: str) -> None:
        self.labels: Labels = {}
        self._folder, self._href = folder, ""
        self._text: list[str] | None = None
        self._names: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an entry's begin, its name, or where it leads."""
        if tag in ("a", "text"):
            self._text, self._href = [], attributes.get("href", "")
        elif tag == "content" and self._names:
            self._add(attributes.get("src", ""), self._names[-1])

    def end(self, tag: str) -> None:
        """Take an entry's end."""
        if tag in ("a", "text") and self._text is not None:
            name, self._text = clean_text("".join(self._text)), None
            if tag == "a":
                self._add(self._href, name)
            else:
                self._names.append(name)

    def data(self, text: str) -> None:
        """Take some text."""
        if self._text is not None:
            self._text.append(text)

    def _add(self, href: str, name: str) -> None:
        if href and name:
            at = self.labels.setdefault(join_path(self._folder, href), {})
            at.setdefault("" if not at else href.partition("#")[2], name)


def _read_labels(package: ZipPackage, book: _Book) -> Labels:
    """Return the chapters' names; a table of contents that is damaged has none."""
    path = book.navigation()
    if path not in package:
        return {}
    contents = _Contents(posixpath.dirname(path))
    reader: Handler = contents
    try:
        package.parse(path, reader)
    except UnreadableFile:
        return contents.labels
    return contents.labels


def _read_chapter(
    package: ZipPackage, path: str, labels: dict[str, str], label: str | int
) -> ArticleBuilder:
    """Return the blocks of a chapter; ``labels`` are the names of its parts, by their ids."""
    text = decode_page(package.read_member(path), package.source)
    text = spell_out_empty_tags(make_safe(text, package.source).text)
    page = walk_page(LexborHTMLParser(text))
    for block in page.blocks:
        block.boilerplate = any(
            page.elements[outer].tag in TAGS_AROUND for outer in page.ancestors(block.element)
        )
    built = ArticleBuilder()
    if isinstance(label, str):
        built.under(label)
    built.place("chapter", label)
    _append(page, built, labels, label)
    return built


def _append(
    page: HtmlPage, built: ArticleBuilder, labels: dict[str, str], label: str | int
) -> None:
    """Append the blocks of a page, and the places of the chapters that begin within it."""
    for block in page.blocks:
        name = labels.get(block.anchor) if block.anchor else None
        if name and name != label:
            label = name
            built.under(name)
            built.place("chapter", name)
        if block.tag in HEADINGS and not block.boilerplate:
            text = clean_text(block.text)
            if text == label:
                built.title(text)
            else:
                built.heading(text, HEADINGS[block.tag], unit="")
        elif block.tag == "pre":
            built.lines(block.text, boilerplate=True)
        else:
            built.paragraph(block.text, block.boilerplate)
