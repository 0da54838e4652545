"""The record that every reader returns: an article's text and the blocks in it."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

NO_METADATA: Mapping[str, str] = MappingProxyType({})


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
    MARKUP = "markup without text"


class Block(NamedTuple):
    """A paragraph, heading, list item or caption: ``article.text[start:end]``.

    ``headings`` are the headings above it, outermost first. A ``boilerplate`` block is displayed
    in context, but never answers and never affects the ranking; its ``role`` is the reason. A block
    of code answers only if no text does. A NamedTuple is created in half
    the time of a dataclass, and a library has one block for every sentence or two.
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
    library's folder. ``metadata`` has further facts of the page ("author") and, for an article
    that was read from a file, its "path".

    ``places`` are the places of the text in the file, in order; of a format with lines, there
    are none, and ``has_lines`` is True. Where a file has several articles, ``part`` is that of this
    one, and the source ends with it: "box.mbox#12". ``link`` is the web address it came from.

    >>> article = Article("Rain", "rain.txt", "Rain\n\nIt rained.", blocks=(Block(6, 16),))
    >>> [article.text[block.start : block.end] for block in article.blocks]
    ['It rained.']
    >>> article.line_number(6)
    3
    """

    title: str
    source: str
    text: str
    date: datetime.date | None = None
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    has_lines: bool = True
    part: str = ""
    places: tuple[FilePlace, ...] = ()
    link: str = ""

    def line_number(self, offset: int) -> int:
        """Return the line of the character at ``offset``; the first line is 1."""
        return self.text.count("\n", 0, offset) + 1

    def place_at(self, offset: int) -> FilePlace:
        """Return the place of the character at ``offset``, NO_PLACE if the file has none."""
        row = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[row - 1] if row else NO_PLACE
