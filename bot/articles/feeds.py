"""A feed (RSS, Atom, JSON Feed) → an article an entry."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from html.entities import html5
from typing import Any

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, joined_names, part_source
from bot.articles.encoding import decode
from bot.articles.html import append_html
from bot.articles.html_title import strip_site
from bot.articles.paragraphs import find_paragraphs
from bot.articles.records import show_value
from bot.articles.timestamps import parse_date
from bot.articles.zip_xml import parse_xml
from bot.errors import UnreadableFile

ENTRIES = frozenset(("item", "entry"))
# An entry's fields, the surest first, by what a feed calls them without their namespace.
TEXTS = ("encoded", "content", "description", "summary", "subtitle")
DATES = ("pubDate", "published", "issued", "date", "updated", "modified", "created")
FIELDS = {"title": "title", "link": "link", "guid": "id", "id": "id"}
MARKUP_RE = re.compile(r"<[a-zA-Z/][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
ENTITY_RE = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
KEPT = frozenset(("amp", "lt", "gt", "quot", "apos"))
CDATA, CDATA_END = "<![CDATA[", "]]>"
STRAY_RE = re.compile(r"&(?![a-zA-Z]+;|#)")
BAD_RE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
VOID = frozenset(("br", "hr", "img", "input", "wbr"))
JSON_RE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\{")


@dataclass(slots=True)
class Entry:
    """An entry as its feed has it; ``texts`` by field, each with whether it is HTML."""

    texts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    title: str = ""
    link: str = ""
    authors: list[str] = field(default_factory=list)
    dates: dict[str, str] = field(default_factory=dict)
    id: str = ""


def read_feed(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a feed; its entries are counted from 1."""
    name, entries = _json_feed(data, source) if JSON_RE.match(data) else _xml_feed(data, source)
    if not entries:
        raise UnreadableFile(source, "no entry in it; is it a feed?")
    for number, entry in enumerate(entries, 1):
        try:
            yield _article(entry, name, source, str(number))
        except UnreadableFile as fault:
            yield UnreadableFile(part_source(source, str(number)), fault.fault)


def _article(entry: Entry, name: str, source: str, part: str) -> Article:
    """Return an entry's article: its longest text, by the reader of what it is written in."""
    built = ArticleBuilder()
    built.place("entry", int(part))
    texts = [entry.texts[key] for key in TEXTS if key in entry.texts]
    text, is_html = max(texts, key=lambda text: len(text[0]), default=("", False))
    if is_html or MARKUP_RE.search(text):
        append_html(built, text, source, unit="")
    else:
        for start, end, _ in find_paragraphs(text.replace("\r\n", "\n")):
            built.paragraph(text.replace("\r\n", "\n")[start:end])
    title = clean_text(unescape(MARKUP_RE.sub(_visible, entry.title)))
    if not len(built):
        built.paragraph(title)
    return built.build(
        strip_site(title, name) if name else title,
        source,
        part=part,
        date=next((date for key in DATES if (date := parse_date(entry.dates.get(key, "")))), None),
        metadata={"author": joined_names(entry.authors), "id": clean_text(entry.id), "site": name},
        link=entry.link if entry.link.startswith(("http://", "https://")) else "",
    )


def _visible(markup: re.Match[str]) -> str:
    return markup[0] if markup[0][0] == "&" else ""


def _json_feed(data: bytes, source: str) -> tuple[str, list[Entry]]:
    """Return the name and the entries of a JSON Feed. Raises UnreadableFile."""
    try:
        feed = json.loads(decode(data, source))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(source, "damaged: no JSON; fetch it again") from error
    if "jsonfeed.org" not in str(feed.get("version", "")) or not isinstance(
        feed.get("items"), list
    ):
        raise UnreadableFile(source, "JSON, but no JSON Feed")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    return clean_text(show_value(feed.get("title"))), list(map(_json_entry, items))


def _json_entry(item: dict[str, Any]) -> Entry:
    entry = Entry(
        title=show_value(item.get("title")),
        link=show_value(item.get("url") or item.get("external_url")),
        authors=[show_value(item.get("authors") or item.get("author"))],
        id=show_value(item.get("id")),
    )
    for key, is_html in (("content_html", True), ("content_text", False), ("summary", False)):
        if isinstance(item.get(key), str):
            entry.texts.setdefault("content", (item[key], is_html))
    entry.dates["published"] = show_value(item.get("date_published") or item.get("date_modified"))
    return entry


def _xml_feed(data: bytes, source: str) -> tuple[str, list[Entry]]:
    """Return the name and the entries of an RSS or Atom feed; one mended where it is damaged."""
    feed = _Feed()
    try:
        parse_xml(iter((data,)), feed, source)
    except UnreadableFile as fault:
        if "well-formed" not in fault.fault:
            raise
        feed = _Feed()
        parse_xml(iter((mend(decode(data, source)).encode(),)), feed, source)
    return clean_text(feed.name), feed.entries


def mend(text: str) -> str:
    r"""Return XML with what feeds get wrong put right: HTML's entities, a lone "&", controls.

    >>> mend("<t>A &amp; B & C&eacute;\x02</t>")
    '<t>A &amp; B &amp; Cé</t>'
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", BAD_RE.sub("", text)).lstrip()
    first, *rest = text.split(CDATA)
    pieces = [_mend_entities(first)]
    for piece in rest:
        inside, end, after = piece.partition(CDATA_END)
        pieces += [CDATA, inside, CDATA_END, _mend_entities(after) if end else ""]
    return "".join(pieces)


def _mend_entities(text: str) -> str:
    return STRAY_RE.sub("&amp;", ENTITY_RE.sub(_character, text))


def _character(entity: re.Match[str]) -> str:
    if entity[1] in KEPT:
        return entity[0]
    return html5.get(f"{entity[1]};", f"&amp;{entity[1]};")


class _Feed:
    """Takes the tags of a feed; of Atom's XHTML it writes the source again."""

    def __init__(self) -> None:
        self.name = ""
        self.entries: list[Entry] = []
        self._tags: list[str] = []
        self._text: list[str] = []
        self._kind = ""
        self._markup = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""
        if self._markup:
            self._markup += 1
            shown = "".join(f' {key}="{escape(text)}"' for key, text in attributes.items())
            self._text.append(f"<{tag}{shown}>")
            return
        self._tags.append(tag)
        self._text = []
        if tag in ENTRIES:
            self.entries.append(Entry())
        elif tag == "link" and self.entries and attributes.get("href"):
            self._take_link(attributes)
        self._kind = attributes.get("type", "")
        if self._kind == "xhtml" and tag in TEXTS:
            self._markup = 1

    def _take_link(self, attributes: dict[str, str]) -> None:
        entry = self.entries[-1]
        if attributes.get("rel", "alternate") == "alternate" and "entry" in self._tags:
            entry.link = entry.link or attributes["href"].strip()

    def data(self, text: str) -> None:
        """Take some text."""
        self._text.append(escape(text, quote=False) if self._markup else text)

    def end(self, tag: str) -> None:
        """Take an element's end."""
        if self._markup > 1:
            self._markup -= 1
            if tag not in VOID:
                self._text.append(f"</{tag}>")
            return
        is_html = bool(self._markup) or self._kind in ("html", "text/html")
        self._markup = 0
        if self._tags:
            self._tags.pop()
        text = "".join(self._text).strip()
        self._text = []
        if text and any(each in ENTRIES for each in self._tags):
            self._take(tag, text, is_html, self.entries[-1])
        elif text and tag == "title" and self._tags[-1:] in (["channel"], ["feed"]):
            self.name = self.name or text

    def _take(self, tag: str, text: str, is_html: bool, entry: Entry) -> None:
        """Take a field of an entry."""
        outer = self._tags[-1] if self._tags else ""
        if outer == "author" and tag == "name":
            entry.authors.append(text)
        elif outer not in ENTRIES:
            return
        elif tag in TEXTS:
            entry.texts.setdefault(tag, (text, is_html))
        elif tag in DATES:
            entry.dates.setdefault(tag, text)
        elif tag in ("creator", "author"):
            entry.authors.append(text)
        elif tag in FIELDS and not getattr(entry, FIELDS[tag]):
            setattr(entry, FIELDS[tag], text)
