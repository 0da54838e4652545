"""Paragraphs, one after the other → an article: the part that all readers of formats share."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence

from bot.articles.article import Article, Block, FilePlace, Role
from bot.articles.boilerplate import STORY, classify_paragraphs
from bot.articles.plain import title_from_path
from bot.errors import UnreadableFile

# Characters that no reader sees: soft hyphen, zero width space and joiner, word joiner, BOM, and
# the controls of PDFs and of bad exports. The tab, the newline and the page's end are spaces.
UNSEEN_RE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\ud800-\udfff]")
# A place's unit and value.
Where = tuple[str, int | str]
SPACES_RE = re.compile(r"\s+")


def clean_text(text: str) -> str:
    r"""Return ``text`` on one line, without what no reader sees.

    >>> clean_text("Donau\u00addampf\u00a0was\n its name ")
    'Donaudampf was its name'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text or text[:1] == " " else text.rstrip()
    return SPACES_RE.sub(" ", UNSEEN_RE.sub("", text)).strip()


def clean_lines(text: str) -> str:
    """Return ``text`` with its lines, without what no reader sees."""
    lines = UNSEEN_RE.sub("", text).expandtabs(4).replace("\u00a0", " ").splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")


class ArticleBuilder:
    """Takes the parts of one article in reading order, and makes it.

    >>> built = ArticleBuilder()
    >>> built.heading("History", 1)
    >>> built.paragraph("It was lit in 1901.")
    >>> built.build("The lighthouse", "report.docx").blocks[1].headings
    ('History',)
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._blocks: list[Block] = []
        self._places: list[FilePlace] = []
        self._above: list[tuple[int, str]] = []
        self._headings: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many blocks were taken."""
        return len(self._blocks)

    def heading(self, text: str, level: int, target: str = "", unit: str = "heading") -> None:
        """Take a heading of ``level`` 1 (outermost) to 9; it is a place, too.

        ``unit`` is "" where other places, as pages, are told.
        """
        text = clean_text(text)
        if not text:
            return
        self._above = [heading for heading in self._above if heading[0] < level]
        self._headings = tuple(heading for _, heading in self._above)
        if unit:
            self.place(unit, text, target)
        self._append(text, boilerplate=True, role=Role.HEADING)
        self._above.append((level, text))
        self._headings = (*self._headings, text)

    def title(self, text: str) -> None:
        """Take the article's title where its text shows it: nothing stands under it."""
        if text := clean_text(text):
            self._append(text, boilerplate=True, role=Role.TITLE)

    def under(self, *headings: str) -> None:
        """Put what is taken from now on under headings that do not stand in the text."""
        self._above = [(level - len(headings), text) for level, text in enumerate(headings)]
        self._headings = headings

    def paragraph(self, text: str, boilerplate: bool = False) -> None:
        """Take a paragraph, list item or row of a table; an empty one is none."""
        if text := clean_text(text):
            self._append(text, boilerplate)

    def pieces(self, pieces: Sequence[tuple[str, Where]], boilerplate: bool = False) -> None:
        """Take a paragraph in clean pieces, each with its place: it runs over a page's end."""
        size, last = self._size, self._places[-1][1:3] if self._places else None
        for text, where in pieces:
            if where != last:
                self._put_place(FilePlace(size, *where, target="=".join(map(str, where))))
                last = where
            size += len(text)
        self._append("".join(text for text, _ in pieces), boilerplate)

    def lines(self, text: str, boilerplate: bool = False) -> None:
        """Take a block whose lines are kept, as a menu's are."""
        if text := clean_lines(text):
            self._append(text, boilerplate)

    def code(self, text: str) -> None:
        """Take a block of code, whose lines are kept; it answers only where no text does."""
        if text := clean_lines(text):
            self._append(text, boilerplate=False, role=Role.CODE)

    def place(self, unit: str, value: int | str, target: str = "") -> None:
        """Say where what is taken from now on lies in its file."""
        self._put_place(FilePlace(self._size, unit, value, target))

    def _put_place(self, place: FilePlace) -> None:
        if self._places and self._places[-1].start == place.start:
            self._places.pop()
        self._places.append(place)

    def _append(self, text: str, boilerplate: bool, role: Role | None = None) -> None:
        start = self._size
        role = role or (Role.FRAME if boilerplate else STORY)
        self._blocks.append(Block(start, start + len(text), self._headings, boilerplate, role))
        self._pieces.append(text)
        self._size += len(text) + 2

    def has_story(self) -> bool:
        """Whether anything that can answer was taken."""
        return any(not block.boilerplate for block in self._blocks)

    def classify(self) -> None:
        """Mark what a news page carries beside its story: bylines, captions, other stories."""
        roles = classify_paragraphs(self._pieces)
        self._blocks = [
            block
            if block.boilerplate or role is STORY or block.role is Role.CODE
            else block._replace(boilerplate=True, role=role)
            for block, role in zip(self._blocks, roles, strict=True)
        ]

    def build(  # noqa: PLR0913 - the fields of an article, each by its name
        self,
        title: str,
        source: str,
        *,
        part: str = "",
        date: datetime.date | None = None,
        metadata: Mapping[str, str] | None = None,
        link: str = "",
    ) -> Article:
        """Return the article; raises UnreadableFile if nothing in it is text."""
        whole = part_source(source, part)
        if not self._blocks:
            raise UnreadableFile(whole, "no text in it")
        return Article(
            title=clean_text(title) or self._first_words(),
            source=whole,
            text="\n\n".join(self._pieces),
            date=date,
            blocks=tuple(self._blocks),
            metadata={key: text for key, text in (metadata or {}).items() if text},
            has_lines=False,
            part=part,
            places=tuple(self._places),
            link=link,
        )

    def _first_words(self, words: int = 9) -> str:
        """Return the first words, for a title where there is none."""
        first = next(
            (self._pieces[row] for row, block in enumerate(self._blocks) if not block.boilerplate),
            self._pieces[0],
        ).split()
        return " ".join(first[:words]) + (" …" if len(first) > words else "")


def part_source(source: str, part: str) -> str:
    """Return the source of a part of a file: "box.mbox#12"."""
    return f"{source}#{part}" if part else source


def file_title(source: str) -> str:
    """Return the title that a file's name makes, packed or not.

    >>> file_title("saved/harbour-clock.html.gz")
    'Harbour clock'
    """
    return title_from_path(source.removesuffix(".gz").removesuffix(".GZ"))


def first_of(*values: str | None) -> str:
    """Return the first of ``values`` that is not empty, cleaned; "" if all are."""
    return next(filter(None, (clean_text(value) for value in values if value)), "")


def joined_names(names: Iterable[str]) -> str:
    """Return names as metadata holds them, each once: "Ann Lee, Bo Ek"."""
    return ", ".join(dict.fromkeys(filter(None, map(clean_text, names))))
