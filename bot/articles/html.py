"""An HTML page → its article: the page's own words, and what stands around them, told apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title
from bot.articles.html_guard import SafePage, decode_page, make_safe, spell_out_empty_tags
from bot.articles.html_main import mark_boilerplate
from bot.articles.html_metadata import PageMetadata, read_metadata
from bot.articles.html_names import TAGS_AROUND
from bot.articles.html_tree import HEADINGS, Element, HtmlBlock, HtmlPage, walk_page
from bot.articles.paragraphs import find_paragraphs
from bot.errors import UnreadableFile

# Lines of a menu are kept in one block, up to so many characters; longer ones stand alone.
LONGEST_MENU, MENU_LINE = 1_000, 100
# The signs by which Sphinx, MkDocs, Node.js and others link a heading to itself.
SELF_LINKS = frozenset("# ¶ § 🔗 ⚓".split())
# A page whose text stands in <pre> for more than this share of it is plain text.
MOSTLY = 0.5
# What programs and hosts of mail call the mail that a reply quotes, and signatures; the id or
# class after which all is quoted.
QUOTED_RE = re.compile(
    r"(?:^|\s)(?:gmail_quote|gmail_attr|gmail_signature|moz-cite-prefix|moz-signature|yahoo_quoted|"
    r"protonmail_quote|protonmail_signature_block|zmail_extra|quoted-?text|signature)"
)
REPLY_RE = re.compile(r"(?:^|\s)(?:x_)?(?:appendonsend|divrplyfwdmsg|olk_src_body_section)")
XHTML_RE = re.compile(r"\s*<\?xml|\s*<!DOCTYPE[^>]*XHTML|<html[^>]{0,200}xmlns=", re.IGNORECASE)


def read_html(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a page; its headings are places, with the id that leads to them."""
    yield parse_html(decode_page(data, source), source)


def parse_html(text: str, source: str) -> Article:
    """Return the article of a page's ``text``. Raises UnreadableFile."""
    page, metadata = parse_page(text, source)
    mark_boilerplate(page)
    built = build_page(page, metadata.title)
    built.classify()
    if not len(built):
        raise UnreadableFile(source, "no text in it; does the page need scripts? save it as shown")
    return built.build(
        metadata.title or _first_heading(page) or file_title(source),
        source,
        date=metadata.date,
        metadata={
            "author": metadata.author,
            "language": metadata.language,
            "site": metadata.site,
        },
        link=metadata.link,
    )


def parse_page(text: str, source: str) -> tuple[HtmlPage, PageMetadata]:
    """Return the blocks of a page, none of them marked, and what it says of itself."""
    safe = make_page_safe(text, source)
    tree = parse_tree(safe.text)
    return walk_page(tree), read_metadata(tree, safe.json_ld)


def parse_tree(text: str) -> LexborHTMLParser:
    """Return the tree of a page, without the text of links from a heading to itself."""
    tree = LexborHTMLParser(text)
    for link in tree.css('a[href^="#"]'):
        if link.text(strip=True) in SELF_LINKS:
            for child in [*link.iter(include_text=True)]:
                child.decompose()
    return tree


def append_html(
    built: ArticleBuilder, text: str, source: str, quotes: bool = False, unit: str = "heading"
) -> None:
    """Append all of a piece of HTML that is an article itself: an entry of a feed, a mail.

    With ``quotes``, what a reply quotes, and what follows it, is boilerplate. Raises
    UnreadableFile.
    """
    page = walk_page(parse_tree(make_page_safe(text, source).text))
    quoted = False
    for block in page.blocks:
        outer = [page.elements[number] for number in page.ancestors(block.element)]
        quoted = quoted or (quotes and any(REPLY_RE.search(each.names) for each in outer))
        block.boilerplate = quoted or any(
            each.tag in TAGS_AROUND or (quotes and is_quoted(each)) for each in outer
        )
    build_page(page, unit=unit, built=built)


def is_quoted(element: Element) -> bool:
    """Whether an element of a mail holds the mail that it answers, or a signature."""
    return bool(QUOTED_RE.search(element.names)) or (
        element.tag == "blockquote" and element.attributes.get("type") == "cite"
    )


def make_page_safe(text: str, source: str) -> SafePage:
    """Return a page or XHTML as it can be parsed. Raises UnreadableFile."""
    safe = make_safe(text, source)
    if XHTML_RE.search(safe.text[:1000]):
        return SafePage(spell_out_empty_tags(safe.text), safe.json_ld)
    return safe


def build_page(
    page: HtmlPage, title: str = "", unit: str = "heading", built: ArticleBuilder | None = None
) -> ArticleBuilder:
    """Return the blocks of a page, marked or not, as those of an article.

    A heading that is ``title`` heads the whole; the others are places of ``unit``.
    """
    built = built if built is not None else ArticleBuilder()
    menu: list[str] = []
    for block in plain_paragraphs(page.blocks):
        label = block.boilerplate and len(block.text) < MENU_LINE
        if menu and (not label or sum(map(len, menu)) > LONGEST_MENU):
            built.lines("\n".join(menu), boilerplate=True)
            menu = []
        if label:
            menu.append(clean_text(block.text))
        else:
            _take(built, block, title, unit)
    built.lines("\n".join(menu), boilerplate=True)
    return built


def _take(built: ArticleBuilder, block: HtmlBlock, title: str, unit: str) -> None:
    """Take a block as the title, a heading, code or a paragraph."""
    if block.tag == "pre" and not block.boilerplate:
        built.code(block.text)
    elif block.tag == "pre":
        built.lines(block.text, boilerplate=True)
    elif block.tag not in HEADINGS or block.boilerplate:
        built.paragraph(block.text, block.boilerplate)
    elif title and clean_text(block.text).casefold() == title.casefold():
        built.title(block.text)
    else:
        built.heading(block.text, HEADINGS[block.tag], block.anchor, unit)


def plain_paragraphs(blocks: Sequence[HtmlBlock]) -> Iterator[HtmlBlock]:
    """Yield the blocks of a page; of a text file that a browser was shown, its paragraphs."""
    size = sum(len(block.text) for block in blocks)
    plain = sum(len(block.text) for block in blocks if block.tag == "pre")
    if plain <= MOSTLY * size:
        yield from blocks
        return
    for block in blocks:
        if block.tag == "pre":
            for start, end, _ in find_paragraphs(block.text):
                yield replace(block, tag="p", text=block.text[start:end])
        else:
            yield block


def _first_heading(page: HtmlPage) -> str:
    return next((clean_text(b.text) for b in page.blocks if b.tag in ("h1", "h2")), "")
