"""The blocks of a page → which of them are its article, and which stand around it."""

import re

from bot.articles.html_names import (
    BODIES,
    LEAD_RE,
    TAGS_AROUND,
    forget_slugs,
    is_body,
    is_comments,
    is_named_around,
)
from bot.articles.html_tree import HEADINGS, Element, HtmlBlock, HtmlPage

STOP_RE = re.compile(r"[.!?…:;。！？।။」”\"')\]]$")
WIDE_RE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A character of such a script says as much as so many letters.
WIDE = 2.5

# An element whose name says that it stands around the article, but which holds more of the page's
# prose than this, holds the article: "with-sidebar" is the class of many a page's outermost.
MOST_AROUND = 0.4
# Where the names leave less than this of a page's prose, they are not what they seem.
LEAST_KEPT = 0.15
# The share of a page's prose that the element with the surest name must hold, by row of BODIES.
LEAST = (0.2, 0.35, 0.6)
# Letters in a paragraph that is prose for sure, and in one that is if it ends as a sentence does.
PROSE, SENTENCE = 80, 20
# Of a list or table that is no more than links; of a paragraph.
LINKED, LINKED_TEXT = 0.5, 0.6
# What is no paragraph by its tag, and as short, is a label where two of the four pieces beside it
# are such, too.
PARAGRAPHS = frozenset(("p", "li", "tr", "dd", "dt", "blockquote", "pre", *HEADINGS))
LABEL, LABELS = 60, 3
LETTER_RE = re.compile(r"[^\W\d_]")


def mark_boilerplate(page: HtmlPage) -> None:
    """Mark the blocks of ``page`` that are not its article."""
    if not page.blocks:
        return
    forget_slugs(page)
    weights = [block_weight(block) for block in page.blocks]
    raw = _sum_weights(page, weights)
    _mark_around(page, raw)
    for row, block in enumerate(page.blocks):
        block.boilerplate = page.elements[block.element].boilerplate
        if block.boilerplate:
            weights[row] = 0
    if not any(weights):
        _take_what_there_is(page)
        return
    if _sum_weights(page, weights) < LEAST_KEPT * raw:
        weights = _forget_names(page)
    main = _choose(page)
    _mark_outside(page, main)
    _mark_lists_of_links(page, main)
    _mark_labels(page)
    _mark_edges(page)


def block_weight(block: HtmlBlock) -> float:
    """Return how much prose a block is: its letters, less those of links; 0 of what is none."""
    size = float(len(block.text))
    if block.tag in HEADINGS or not size:
        return 0.0
    if not block.text.isascii():
        size += (WIDE - 1) * len(WIDE_RE.findall(block.text))
    linked = block.linked / len(block.text)
    if linked > LINKED:
        return 0.0
    if size < PROSE and not (size >= SENTENCE and STOP_RE.search(block.text)):
        return 0.0
    if block.tag in ("li", "tr", "td", "th", "dd", "dt"):
        size *= 0.5
    elif block.tag == "p":
        size *= 1.2
    return size * (1 - linked)


def _sum_weights(page: HtmlPage, weights: list[float]) -> float:
    """Give each element the weight of its blocks; return that of the page."""
    elements = page.elements
    for element in elements:
        element.weight = 0.0
    for block, weight in zip(page.blocks, weights, strict=True):
        if weight:
            elements[block.element].weight += weight
    for element in reversed(elements):
        if element.parent >= 0:
            elements[element.parent].weight += element.weight
    return elements[0].weight


def _mark_around(page: HtmlPage, total: float) -> None:
    """Mark the elements that stand around the article, by their tag, role, class or id."""
    for element in page.elements:
        element.boilerplate = (
            element.parent >= 0 and page.elements[element.parent].boilerplate
        ) or (
            is_comments(element)
            if element.weight > MOST_AROUND * total
            else is_named_around(element)
        )


def _take_what_there_is(page: HtmlPage) -> None:
    """Of a page without prose, leave what is no menu: a table, a list, a few short lines."""
    for block in page.blocks:
        block.boilerplate |= block.linked > LINKED * len(block.text)


def _forget_names(page: HtmlPage) -> list[float]:
    """Mark again, by tags and comments alone; return the weights of the blocks."""
    for element in page.elements:
        element.boilerplate = (
            (element.parent >= 0 and page.elements[element.parent].boilerplate)
            or element.tag in TAGS_AROUND
            or is_comments(element)
        )
    for block in page.blocks:
        block.boilerplate = page.elements[block.element].boilerplate
    weights = [0.0 if block.boilerplate else block_weight(block) for block in page.blocks]
    _sum_weights(page, weights)
    return weights


def _choose(page: HtmlPage) -> int:
    """Return the element that holds the article."""
    total = page.elements[0].weight
    for tier, least in enumerate(LEAST):
        found = [
            number
            for number, element in enumerate(page.elements)
            if element.weight >= least * total and not element.boilerplate
            and _is_candidate(element, tier)
        ]  # fmt: skip
        if found:
            best = max(found, key=lambda number: (page.elements[number].weight, -number))
            return _descend(page, best) if tier else best
    return _descend(page, 0)


def _is_candidate(element: Element, tier: int) -> bool:
    if tier == 0:
        return element.tag != "body" and is_body(element)
    if tier == 1:
        return element.tag == "article" or (
            element.tag in ("div", "section", "td") and bool(BODIES[1].search(element.names))
        )
    return element.tag == "main" or element.attributes.get("role") == "main" or (
        element.tag != "body" and bool(BODIES[2].search(element.names))
    )  # fmt: skip


def _descend(page: HtmlPage, top: int, least: float = 0.9) -> int:
    """Return the innermost element within ``top`` that holds nearly all of its prose."""
    elements = page.elements
    weight = elements[top].weight
    number = top + 1
    while number < len(elements) and elements[number].first < elements[top].last:
        element = elements[number]
        if (
            element.parent == top
            and element.weight >= least * weight
            and element.tag not in ("p", "li", "tr", "td", "blockquote", "ul", "ol")
        ):
            return _descend(page, number, least)
        number += 1
    return top


def _mark_outside(page: HtmlPage, main: int) -> None:
    """Mark what lies outside the element ``main``, but for the lead above it."""
    inside = page.elements[main]
    for row, block in enumerate(page.blocks):
        if inside.first <= row < inside.last:
            continue
        lead = row < inside.first and row > inside.first - 12 and _is_lead(page, block)
        block.boilerplate = block.boilerplate or not lead


def _is_lead(page: HtmlPage, block: HtmlBlock) -> bool:
    """Whether a block above the article is its first paragraph, set apart."""
    if block_weight(block) == 0:
        return False
    element = page.elements[block.element]
    parent = page.elements[element.parent] if element.parent >= 0 else element
    return bool(LEAD_RE.search(element.names) or LEAD_RE.search(parent.names))


def _mark_lists_of_links(page: HtmlPage, main: int) -> None:
    """Mark lists, tables and paragraphs within the article that are links for the most part."""
    inside = page.elements[main]
    for number in range(main, len(page.elements)):
        element = page.elements[number]
        if element.first >= inside.last:
            break
        if element.tag in ("ul", "ol", "table", "dl", "div", "section"):
            _mark_if_linked(page.blocks[element.first : element.last], element)
    for block in page.blocks[inside.first : inside.last]:
        size = len(block.text)
        if block.linked > LINKED_TEXT * size and block.tag not in HEADINGS and size < 200:
            block.boilerplate = True


def _mark_if_linked(blocks: list[HtmlBlock], element: Element) -> None:
    """Mark the blocks of a list most of whose items are links; of a box or table without prose."""
    if element.tag in ("div", "section", "table"):
        size = sum(len(block.text) for block in blocks)
        linked = sum(block.linked for block in blocks)
        is_menu = linked > LINKED_TEXT * size and not any(map(block_weight, blocks))
    else:
        links = sum(block.linked > LINKED * len(block.text) for block in blocks)
        is_menu = links > LINKED * len(blocks)
    for block in blocks if is_menu else ():
        block.boilerplate = True


def _mark_labels(page: HtmlPage) -> None:
    """Mark the labels of buttons and pictures: short pieces in a row that are no paragraphs."""
    labels = [
        block
        for block in page.blocks
        if not block.boilerplate and block.tag not in PARAGRAPHS and not block_weight(block)
    ]
    loose = {id(block) for block in labels}
    blocks = page.blocks
    for row, block in enumerate(blocks):
        if id(block) not in loose or len(block.text) > LABEL:
            continue
        beside = blocks[max(row - 2, 0) : row] + blocks[row + 1 : row + 3]
        near = sum(other.boilerplate or id(other) in loose for other in beside)
        if near >= LABELS or not LETTER_RE.search(block.text):
            block.boilerplate = True


def _mark_edges(page: HtmlPage) -> None:
    """Mark headings under which nothing of the article stands."""
    below = False
    level = 9
    for block in reversed(page.blocks):
        if block.tag in HEADINGS:
            if not below and HEADINGS[block.tag] >= level:
                block.boilerplate = True
            below, level = False, min(level, HEADINGS[block.tag]) if not below else 0
        elif not block.boilerplate:
            below, level = True, 9
