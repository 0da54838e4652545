"""The record that every reader returns: an article's text and the blocks in it."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, Protocol

from bot.articles.frozen_dict import FrozenDict
from bot.lazy import lazy_function

# Needed for articles that were made without blocks.
find_line_paragraphs: Callable[[str], Iterable[tuple[int, int]]] = lazy_function(
    "bot.articles.paragraphs", "find_line_paragraphs"
)

# A value as JSON has it.
Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
NO_METADATA: Mapping[str, Json] = FrozenDict()


class Role(Enum):
    """The role of a block on its page."""

    STORY = "text"
    CODE = "code"
    TABLE = "row of a table"
    TITLE = "title"
    HEADING = "heading"
    STANDFIRST = "standfirst of a news page"
    DATELINE = "dateline"
    DATE = "date of publication"
    BYLINE = "author"
    CAPTION = "caption or credit of a photo"
    TEASER = "link to another story"
    TEASER_HEADING = "heading of a list of teasers"
    SITE = "text of the website: advertisement, newsletter, copyright, tags"
    END = "end mark, or the names of those who reported and edited"
    LICENCE = "licence of a book by Project Gutenberg"
    FRAME = "around the text: menu, running head, quoted mail"


class Block(NamedTuple):
    """A paragraph, heading, list item or caption: ``article.text[start:end]``.

    ``headings`` are the headings above it, outermost first. A ``boilerplate`` block is displayed
    in context, but never answers and never affects the ranking; its ``role`` is the reason. A block
    of code answers only if no text does. A NamedTuple is created in half
    the time of a dataclass, and a library has one block for every sentence or two.

    >>> article = Article("Rain", "rain.txt", "It rained.", blocks=(Block(0, 10, ("Monday",)),))
    >>> article.blocks[0].headings
    ('Monday',)
    """

    start: int
    end: int
    headings: tuple[str, ...] = ()
    boilerplate: bool = False
    role: Role = Role.STORY


class FilePlace(NamedTuple):
    """The place in its file of an article's text from ``start`` on, until the next place.

    ``unit`` is "page", "slide", "row", "message", "entry", "chapter", "heading" or "time";
    ``value`` is its number, counted from 1, its name, or a time as "00:13:05". ``target`` is the
    fragment by which a viewer opens the file there: "page=7", or the id of an element.

    >>> place = FilePlace(120, "page", 7, "page=7")
    >>> place.label, place.as_dict()
    ('page 7', {'page': 7})
    """

    start: int
    unit: str = ""
    value: int | str = ""
    target: str = ""

    @property
    def label(self) -> str:
        """The place as a person reads it: "page 7", "12:06", the name of a chapter."""
        if self.unit == "time":
            return re.sub(r"^00:0?", "", str(self.value))
        return f"{self.unit} {self.value}" if isinstance(self.value, int) else self.value

    def as_dict(self) -> dict[str, int | str] | None:
        """Return the place as JSON has it, None for no place."""
        return {self.unit: self.value} if self.unit else None


NO_PLACE = FilePlace(0)


@dataclass(frozen=True, slots=True)
class Article:
    r"""An article: its text as read, and its blocks in reading order.

    The text of a plain text file is kept to the letter. ``source`` is the path under the
    library's folder, or the id of a record as text. ``id`` is the record's, as it was given; of
    an article without one, its source. ``metadata`` has the other fields of a record, or further
    facts of a page ("author"). Where no blocks are given, each paragraph of the text is one.
    ``path`` is the absolute path of the file; no JSON has it.

    ``places`` are the places of the text in the file, in order; of a format with lines, there
    are none, and ``has_lines`` is True. Where a file has several articles, ``part`` is that of this
    one, and the source ends with it: "box.mbox#12". ``link`` is the web address it came from.

    >>> article = Article("Rain", "rain.txt", "It rained.\n\nIt poured.")
    >>> [article.text[block.start : block.end] for block in article.blocks]
    ['It rained.', 'It poured.']
    >>> article.id, article.line_number(12)
    ('rain.txt', 3)
    """

    title: str
    source: str
    text: str
    date: datetime.date | None = None
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=lambda: NO_METADATA)
    has_lines: bool = True
    part: str = ""
    places: tuple[FilePlace, ...] = ()
    link: str = ""
    id: str | int = ""
    path: str = ""

    def __post_init__(self) -> None:
        if self.id == "":
            object.__setattr__(self, "id", self.source)
        if not isinstance(self.metadata, FrozenDict):
            object.__setattr__(self, "metadata", FrozenDict(self.metadata))
        if not self.blocks:
            spans = find_line_paragraphs(self.text)
            object.__setattr__(self, "blocks", tuple(Block(*span) for span in spans))

    def line_number(self, offset: int) -> int:
        """Return the line of the character at ``offset``; the first line is 1."""
        return self.text.count("\n", 0, offset) + 1

    def place_at(self, offset: int) -> FilePlace:
        """Return the place of the character at ``offset``, NO_PLACE if the file has none."""
        row = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[row - 1] if row else NO_PLACE


class Title(NamedTuple):
    """The title of an article, and the code of its language."""

    text: str
    language: str


class Listing(Protocol):
    """An article without its text, which may have to be fetched from disk."""

    @property
    def title(self) -> str:
        """The title."""

    @property
    def source(self) -> str:
        """The path under the library's folder."""

    @property
    def date(self) -> datetime.date | None:
        """The date of publication, if the article states it."""

    @property
    def id(self) -> str | int:
        """The id of the record; without one, the source."""

    @property
    def metadata(self) -> Mapping[str, Json]:
        """The other fields of the record, or further facts of the page."""
