"""A page's head → its title, date, author, language and address."""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from bot.articles.builder import clean_text, first_of, joined_names
from bot.articles.html_title import find_title_of_page, text_of
from bot.articles.timestamps import parse_date

# Of JSON-LD's types, those that an article has, by how sure it is to be the page's own.
ARTICLE_TYPES = re.compile(
    r"(?i)article|posting|report|review|analysis|recipe|howto|question|webpage|creativework|book"
)
STRONG_TYPES = re.compile(r"(?i)article|posting|report")
# Keys of <meta>, the surest first.
DATES = (
    "article:published_time datepublished article.published og:article:published_time "
    "og:published_time published_time article_date_original publication_date pubdate publishdate "
    "publish-date publish_date publishing_date published_at published-date date_published "
    "parsely-pub-date sailthru.date rnews:datepublished ptime displaydate originalpublicationdate "
    "citation_publication_date citation_date citation_online_date dc.date.issued "
    "dcterms.issued dcterms.created dc.date.created dc.date dcterms.date "
    "cxenseparse:recs:publishtime article.created created date timestamp iso-8601-publish-date "
    "last-modified article:modified_time og:updated_time dcterms.modified"
).split()
AUTHORS = (
    "author citation_author parsely-author sailthru.author dc.creator dcterms.creator byl byline "
    "article:author_name article.author cxenseparse:author creator article:author twitter:creator"
).split()
SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")
URL_DATE_RE = re.compile(r"/([12][0-9]{3})/([01]?[0-9])/([0-3]?[0-9])(?:/|[^\d/]|$)")
BY_RE = re.compile(r"(?i)^\s*(?:(?:written|posted|published|story|words|text|article)\s+)?"
                   r"(?:by|von|par|por|di|door|av)\b[:\s]+|^\s*author:\s*")  # fmt: skip
AFTER_NAME_RE = re.compile(
    r"(?i)\s*(?:[|•·]|\s[–—-]\s|\bupdated\b|\bpublished\b|\bposted\b|\bon (?:mon|tue|wed|thu|fri|"
    r"sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|, (?:staff|senior|special|"
    r"correspondent|"
    r"reporter|editor|contributor)|\d{1,2}[:/.]\d\d).*$"
)
DATE_SELECTORS = (
    "[itemprop~=datePublished]", "time[pubdate]", "time.published", "time.entry-date",
    "abbr.published", "article time[datetime]", "main time[datetime]", "time[datetime]", "time",
    "[class*=publish]", "[class*=dateline]", ".date", "[class*=post-date]", "[class*=entry-date]",
    "[class*=article-date]", "[class*=timestamp]", "[id*=date]",
)  # fmt: skip
AUTHOR_SELECTORS = (
    "[rel~=author]", "[itemprop~=author] [itemprop~=name]", "[itemprop~=author]",
    ".byline .author", ".byline-name", ".author-name", ".author .name", ".byline a", ".p-author",
    ".author", "#byline", ".byline", "[class*=byline]", "[class*=author-name]",
)  # fmt: skip
LONGEST_NAME = 100


class PageMetadata(NamedTuple):
    """The facts that a page states about itself; "" or None where it states none."""

    title: str = ""
    date: datetime.date | None = None
    author: str = ""
    language: str = ""
    link: str = ""
    site: str = ""


def read_metadata(tree: LexborHTMLParser, json_ld: Iterable[str]) -> PageMetadata:
    """Return what the head of ``tree``, its JSON-LD and the marks in its text say."""
    metas = _metas(tree)
    record = _own_record(json_ld)
    site = first_of(*(metas.get(key) for key in SITES), _name(record.get("publisher")))
    link = _link(tree, metas)
    return PageMetadata(
        find_title_of_page(tree, metas, record, site),
        _date(tree, metas, record, link),
        _author(tree, metas, record, site),
        _language(tree, metas, record),
        link,
        site,
    )


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    """Return what <meta> says, by name in lower case; of two that differ the first."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        key = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            or attributes.get("http-equiv") or ""
        )  # fmt: skip
        if text := clean_text(unescape(attributes.get("content") or "")):
            found.setdefault(key.strip().lower(), text)
            if key.lower() == "citation_author":
                found["citation_author"] = joined_names((*found[key.lower()].split("; "), text))
    return found


def _own_record(json_ld: Iterable[str]) -> dict[str, Any]:
    """Return the JSON-LD record of the article itself; {} if there is none."""
    records = [
        record
        for text in json_ld
        for record in _records(_load(text))
        if ARTICLE_TYPES.search(str(record.get("@type", "")))
    ]
    strong = [record for record in records if STRONG_TYPES.search(str(record["@type"]))]
    return max(strong or records, key=_tells, default={})


def _tells(record: Mapping[str, Any]) -> int:
    return sum(key in record for key in ("headline", "datePublished", "author"))


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):  # what is no JSON says nothing
        return None


def _records(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the records in what a script holds: one, a list, or an @graph."""
    if isinstance(value, list):
        for each in value[:100]:
            yield from _records(each, depth + 1)
    elif isinstance(value, dict) and depth < 6:
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if isinstance(value.get(key), dict | list):
                yield from _records(value[key], depth + 1)


def _name(value: Any) -> str:
    """Return the names of a JSON-LD person or organisation, or of several."""
    if isinstance(value, list):
        return joined_names(map(_name, value[:20]))
    if isinstance(value, dict):
        return _name(value.get("name"))
    return clean_text(unescape(value)) if isinstance(value, str) else ""


def _date(
    tree: LexborHTMLParser, metas: Mapping[str, str], record: Mapping[str, Any], link: str
) -> datetime.date | None:
    """Return when the page was published: by JSON-LD, <meta>, <time>, its address."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if isinstance(record.get(key), str) and (date := parse_date(record[key])):
            return date
    surest = [metas[key] for key in DATES[:-4] if key in metas]
    for written in surest:
        if date := parse_date(written):
            return date
    if date := _marked_date(tree) or _url_date(link) or _url_date(metas.get("og:url", "")):
        return date
    late = [record.get("dateModified"), *(metas.get(key) for key in DATES[-4:])]
    return next((d for text in late if isinstance(text, str) and (d := parse_date(text))), None)


def _marked_date(tree: LexborHTMLParser) -> datetime.date | None:
    """Return the date that an element marks: itemprop=datePublished, <time>, class "date"."""
    for selector in DATE_SELECTORS:
        for node in tree.css(selector)[:3]:
            attributes = node.attributes
            written = (attributes.get("datetime") or attributes.get("content")
                       or attributes.get("title") or "")  # fmt: skip
            for text in (written, text_of(node)[:100]):
                if text and (date := parse_date(text)):
                    return date
    return None


def _url_date(link: str) -> datetime.date | None:
    match = URL_DATE_RE.search(link)
    if not match:
        return None
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _author(
    tree: LexborHTMLParser, metas: Mapping[str, str], record: Mapping[str, Any], site: str
) -> str:
    """Return who wrote the page: by JSON-LD, <meta>, the marks of its byline."""
    candidates = [_name(record.get("author")), _name(record.get("creator"))]
    candidates += [metas.get(key, "") for key in AUTHORS]
    for candidate in candidates:
        if name := _person(candidate, site):
            return name
    for selector in AUTHOR_SELECTORS:
        nodes = tree.css(selector)
        names = [name for node in nodes[:4] if (name := _person(text_of(node), site))]
        if names and len(nodes) <= 6:
            return joined_names(names)
    return ""


def _person(written: str, site: str) -> str:
    """Return the name in a byline; "" if it is an address, the site, or a sentence."""
    name = AFTER_NAME_RE.sub("", BY_RE.sub("", written)).strip(" ,;:|-–")
    if not name or len(name) > LONGEST_NAME or "://" in name or name[:1] in "@/":
        return ""
    if name.casefold() in (site.casefold(), "admin", "administrator", "author", "staff", "none"):
        return ""
    return "" if not re.search(r"[^\W\d_]{2}", name) or len(name.split()) > 12 else name


def _language(tree: LexborHTMLParser, metas: Mapping[str, str], record: Mapping[str, Any]) -> str:
    """Return the page's language as "en" or "pt-BR"; "" where it does not say."""
    html = tree.css_first("html")
    attributes = html.attributes if html else {}
    said = first_of(attributes.get("lang"), attributes.get("xml:lang"),
                    metas.get("content-language"), metas.get("og:locale"))  # fmt: skip
    if not said and isinstance(record.get("inLanguage"), str):
        said = record["inLanguage"]
    match = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?(?![A-Za-z])", said)
    return match[0].replace("_", "-") if match else ""


def _link(tree: LexborHTMLParser, metas: Mapping[str, str]) -> str:
    """Return the page's canonical address; "" where it gives none that is whole."""
    node = tree.css_first("link[rel=canonical]")
    for link in ((node.attributes.get("href") if node else ""), metas.get("og:url")):
        if link and re.match(r"https?://[^\s\"<>]+$", link.strip()):
            return link.strip()
    return ""
