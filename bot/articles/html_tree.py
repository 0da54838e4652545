"""A page's tree → its blocks of text in reading order, and the elements they stand in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Their text runs on with that around it; every other element begins a block.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math mi "
    "mn mo mrow msup msub msubsup mfrac msqrt mtext q ruby s samp small span strike strong sub sup "
    "time tt u var wbr nobr annotation semantics mstyle mover munder".split()
)
# Nothing in them is text of the page.
DROPPED = frozenset(
    "script style noscript template svg canvas audio video object embed iframe select button "
    "textarea input head meta link title rt rp map datalist progress dialog annotation".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Of a reader who sees the page: what style sheets' usual names hide, too.
HIDDEN_RE = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader(?:-text)?|visually-?hidden|visuallyhidden|noprint|"
    r"u-hidden|is-hidden|element-invisible|mw-editsection)(?:$|[\s_-])"
)
NOT_SHOWN_RE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE_RE = re.compile(r"[ \t\n\r\f\v\u00a0\u2002-\u200a\u202f\u3000]+")


@dataclass(slots=True)
class Element:
    """An element that holds blocks: ``blocks[first:last]`` of the page are in it.

    ``names`` are its class and id, in lower case; ``weight`` is how much prose it holds.
    """

    tag: str
    names: str
    attributes: dict[str, str | None]
    parent: int
    first: int
    last: int = 0
    weight: float = 0.0
    boilerplate: bool = False


@dataclass(slots=True)
class HtmlBlock:
    """A paragraph, heading, list item or cell; ``element`` is the number of what it stands in.

    ``linked`` counts the characters that are links; ``anchor`` is an id that leads to it.
    """

    text: str
    tag: str
    element: int
    linked: int = 0
    anchor: str = ""
    boilerplate: bool = False


@dataclass(slots=True)
class HtmlPage:
    """A page, walked through: its blocks and elements in reading order."""

    blocks: list[HtmlBlock] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)

    def ancestors(self, element: int) -> Iterator[int]:
        """Yield ``element`` and those around it, innermost first."""
        while element >= 0:
            yield element
            element = self.elements[element].parent


def walk_page(tree: LexborHTMLParser) -> HtmlPage:
    """Return the blocks of a page; without a recursion, so that no depth is too deep."""
    walk = _Walk()
    if tree.body is not None:
        walk.run(tree.body)
    return walk.page


class _Walk:
    """A walk through a tree that gathers text until an element begins or ends a block."""

    def __init__(self) -> None:
        self.page = HtmlPage()
        self._text: list[str] = []
        self._linked = 0
        self._link_starts: list[int] = []
        self._size = 0
        self._anchor = ""
        self._breaks = 0
        self._pre = 0
        self._current = -1

    def run(self, top: LexborNode) -> None:
        """Walk through ``top``, from its first child to its last."""
        opened: list[tuple[LexborNode, str]] = []
        node: LexborNode | None = top
        while node is not None:
            tag = self._enter(node)
            child = node.first_child if tag else None
            if child is not None:
                opened.append((node, tag))
                node = child
                continue
            if tag:
                self._close(tag)
            if not opened:
                return
            following = node.next
            while following is None and opened:
                node, tag = opened.pop()
                self._close(tag)
                if not opened:
                    return
                following = node.next
            node = following

    def _enter(self, node: LexborNode) -> str:
        """Begin a node; return its tag if its children are to be visited."""
        tag = node.tag or "-comment"
        if tag == "-text":
            self._take(node.text_content or "")
            return ""
        if tag in DROPPED or tag[0] == "-":
            return ""
        if tag == "br":
            self._break()
            return ""
        attributes = node.attributes
        if attributes and _is_hidden(attributes):
            return ""
        if tag not in INLINE:
            self._flush()
            self._begin(tag, attributes)
        elif tag == "a":
            self._link_starts.append(self._size)
            self._anchor = self._anchor or attributes.get("id") or attributes.get("name") or ""
        elif tag == "sup" and "reference" in (attributes.get("class") or ""):
            return ""
        return tag

    def _close(self, tag: str) -> None:
        if tag == "a":
            start = self._link_starts.pop() if self._link_starts else self._size
            self._linked += self._size - start
        elif tag not in INLINE:
            self._flush()
            self._end(tag)

    def _take(self, text: str) -> None:
        if not self._pre and not text.isprintable():
            text = SPACE_RE.sub(" ", text)
        if text.strip():
            self._breaks = 0
        elif not self._size and not self._pre:
            return
        self._text.append(text)
        self._size += len(text)

    def _break(self) -> None:
        """End a line; two in a row end a paragraph."""
        self._breaks += 1
        if self._breaks == 2 and not self._pre:
            self._flush()
        else:
            self._text.append("\n")

    def _begin(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "pre":
            self._pre += 1
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        blocks = len(self.page.blocks)
        self.page.elements.append(Element(tag, names, attributes, self._current, blocks))
        self._current = len(self.page.elements) - 1
        self._anchor = attributes.get("id") or self._anchor if tag in HEADINGS else self._anchor

    def _end(self, tag: str) -> None:
        element = self.page.elements[self._current]
        element.last = len(self.page.blocks)
        if tag == "pre":
            self._pre -= 1
        elif tag == "tr":
            self._join_cells(element)
        self._current = element.parent

    def _flush(self) -> None:
        """End the block that was gathered."""
        if self._size:
            text = "".join(self._text).strip("\n" if self._pre else None)
            if text.strip():
                elements, current = self.page.elements, self._current
                linked = self._linked
                for start in self._link_starts:
                    linked += self._size - start
                tag = elements[current].tag if current >= 0 else "body"
                self.page.blocks.append(HtmlBlock(text, tag, current, linked, self._anchor))
                self._anchor = ""
        self._text, self._linked, self._size, self._breaks = [], 0, 0, 0
        self._link_starts = [0] * len(self._link_starts)

    def _join_cells(self, row: Element) -> None:
        """Make one block of a table's row: "Height | 41 m"; of a layout's columns, none."""
        blocks = self.page.blocks[row.first : row.last]
        cells = {block.element for block in blocks}
        if len(blocks) < 2 or len(cells) < len(blocks):
            return
        if any(block.tag not in ("td", "th") or len(block.text) > 300 for block in blocks):
            return
        text = " | ".join(block.text for block in blocks)
        joined = HtmlBlock(text, "tr", self._current, sum(block.linked for block in blocks))
        joined.anchor = next((block.anchor for block in blocks if block.anchor), "")
        self.page.blocks[row.first :] = [joined]
        row.last = row.first + 1
        for element in self.page.elements[self._current + 1 :]:
            element.first, element.last = row.first, row.last


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    """Whether a reader who sees the page does not see this."""
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    style = attributes.get("style")
    if style and NOT_SHOWN_RE.search(style):
        return True
    if attributes.get("aria-hidden") == "true" and "data-nosnippet" not in attributes:
        return True
    names = attributes.get("class")
    return bool(names and HIDDEN_RE.search(names.lower()))
