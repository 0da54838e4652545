"""The views of articles on the page: one with an answer marked, and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.articles.article import Article, Block, Listing, Role
from bot.integrations.http.page_urls import ask_url, join_known, make_url
from bot.integrations.http.responder import FoundArticles
from bot.render.text import Fragments, format_date, pluralize

ARTICLES_PER_PAGE = 50
# A link of an article that a browser may follow.
WEB = ("http://", "https://")
TAGS = {Role.HEADING: "h2", Role.CODE: "pre"}


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of an article; in ``segments``, the answer has the style "answer", then "mark"."""

    tag: str
    role: str
    segments: Fragments


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article, the answer in it marked."""

    title: str
    twin: str
    typed: str
    heading: str
    facts: str
    link: str
    back: str
    blocks: Sequence[BlockView]
    where: str = ""
    kind: str = "article"


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article in a list."""

    title: str
    url: str
    facts: str


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of articles."""

    title: str
    twin: str
    heading: str
    articles: Sequence[ArticleEntry]
    more: str
    where: str = ""
    typed: str = ""
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class RefusalView:
    """A question that was refused, with the reason."""

    typed: str
    where: str
    message: str
    twin: str
    title: str = "That cannot be asked — bot"
    heading: str = "That cannot be asked"
    kind: str = "refusal"


def view_article(
    article: Article, span: range, questions: Sequence[str], where: str
) -> ArticleView:
    """Return the view of an article, its text in ``span`` marked."""
    blocks = [block for block in article.blocks if block.role is not Role.TITLE]
    return ArticleView(
        title=f"{article.title or article.source} — bot",
        twin=f"/articles/{quote(str(article.id), errors='replace')}",
        typed=questions[-1] if questions else "",
        heading=article.title or article.source,
        facts=join_known(format_date(article.date), article.source),
        link=article.link if article.link.lower().startswith(WEB) else "",
        back=ask_url(questions, where) if questions else "",
        blocks=[view_block(article, block, span) for block in blocks],
        where=where,
    )


def view_block(article: Article, block: Block, span: range) -> BlockView:
    """Return the view of a block, its part of ``span`` marked."""
    first, last = max(block.start, span.start), min(block.end, span.stop)
    pieces = [("", block.start, block.end)]
    if first < last:
        style = "answer" if first == span.start else "mark"
        pieces = [("", block.start, first), (style, first, last), ("", last, block.end)]
    return BlockView(
        tag=TAGS.get(block.role, "p"),
        role="boilerplate" if block.boilerplate else "text",
        segments=[
            (style, article.text[start:end].replace("\r\n", "\n"))
            for style, start, end in pieces
            if start < end
        ],
    )


def view_list(found: FoundArticles, offset: int, where: str) -> ListView:
    """Return the view of some articles, the first of which has the place ``offset``."""
    end = offset + ARTICLES_PER_PAGE
    return ListView(
        title="Articles — bot",
        twin=make_url("/articles", ("offset", offset), ("where", where)),
        heading=pluralize(found.total, "article"),
        articles=[view_listing(listing) for _, listing in found.numbered],
        more=make_url("/", ("list", end), ("where", where)) if end < found.total else "",
        where=where,
    )


def view_listing(listing: Listing) -> ArticleEntry:
    """Return the view of an article in a list."""
    return ArticleEntry(
        title=listing.title or listing.source,
        url=make_url("/", ("open", listing.id)),
        facts=join_known(format_date(listing.date), listing.source),
    )
