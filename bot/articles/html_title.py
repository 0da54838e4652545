"""A page's title without the name of its site."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.articles.builder import clean_text, first_of

# Keys of <meta>, the surest first.
TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "headline",
          "parsely-title", "sailthru.title", "title")  # fmt: skip
SEPARATOR_RE = re.compile(r"\s+(?:[|·•»›~]|::|—|–|-|\\)\s+|\s*\|\s*|\s+[«]\s+")


def find_title_of_page(
    tree: LexborHTMLParser, metas: Mapping[str, str], record: Mapping[str, Any], site: str
) -> str:
    """Return the title without the site's name: by JSON-LD, <meta>, <h1>, <title>."""
    title = text_of(tree.css_first("title"))
    heads = [text for node in tree.css("h1")[:5] if (text := text_of(node))]
    headline = record.get("headline")
    if isinstance(headline, str) and clean_text(headline):
        whole = clean_text(unescape(headline))
        return next((h for h in heads if h.startswith(whole.rstrip("….")[:60])), whole)
    shown = first_of(*(metas.get(key) for key in TITLES))
    for head in heads:
        if len(head) > 8 and (_same(head, title) or _same(head, shown)):
            return head
    for candidate in (shown, title):
        if candidate:
            return strip_site(candidate, site)
    return heads[0] if heads else ""


def _same(head: str, title: str) -> bool:
    """Whether ``title`` is ``head``, or that and a site's name."""
    head, title = head.casefold(), title.casefold()
    return bool(title) and (title.startswith(head) or title.endswith(head)) and (
        head == title or len(head) * 3 > len(title)
    )  # fmt: skip


def strip_site(title: str, site: str = "") -> str:
    """Return a title without what names its site.

    >>> strip_site("Harbour clock returns | The Bay Post")
    'Harbour clock returns'
    """
    parts = [part for part in SEPARATOR_RE.split(title) if part.strip()]
    if len(parts) < 2:
        return title
    if site:
        named = [part for part in parts if part.casefold() != site.casefold().lstrip("@")]
        if len(named) < len(parts):
            kept = named or parts
            return title if not named else _slice_title(title, kept)
    if len(parts[-1].split()) <= 5 and len(parts[0]) >= len(parts[-1]):
        return _strip_last(title, parts)
    if len(parts[0].split()) <= 2 and "|" in title[: len(parts[0]) + 3]:
        return title[title.index(parts[1]) :]
    return title


def _slice_title(title: str, kept: list[str]) -> str:
    start = title.index(kept[0])
    return title[start : title.index(kept[-1], start) + len(kept[-1])]


def _strip_last(title: str, parts: list[str]) -> str:
    """Cut the last part off, and those before it that are a section's name."""
    kept = parts[:-1]
    bars = "|" in title
    while bars and len(kept) > 1 and len(kept[-1].split()) <= 3:
        kept.pop()
    return _slice_title(title, kept)


def text_of(node: LexborNode | None) -> str:
    """Return the text of an element on one line, cut after 2,000 characters."""
    return clean_text(node.text(separator=" ")[:2000]) if node else ""
