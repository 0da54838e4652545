"""What every reader returns: an article, its text as read, and where its blocks lie."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})


class Block(NamedTuple):
    """A paragraph, heading, list item or caption: ``article.text[start:end]``.

    ``headings`` are those it stands under, outermost first. ``furniture`` is kept and
    shown in context, but is never an answer and never a reason to rank. A tuple, which is made
    in half the time: there is one for every sentence or two of a library.
    """

    start: int
    end: int
    headings: tuple[str, ...] = ()
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One article: ``text`` as read (a plain file's to the letter), in ``blocks`` in reading order.

    ``source`` is its path under the library's folder. ``metadata`` holds what else its
    page said ("author") and, for one read from a file, "path": where that file lies.
    """

    title: str
    source: str
    text: str
    date: datetime.date | None = None
    blocks: tuple[Block, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    def line_number(self, place: int) -> int:
        """Return the line of the character at ``place``; the first is 1."""
        return self.text.count("\n", 0, place) + 1
