"""The structure of an article as it was read: its blocks, and the reason why some never answer."""

from collections import Counter
from collections.abc import Iterator

from bot.articles.article import Article, Block, Role
from bot.render.text import format_date, sanitize

# Roles that are no shortcoming of a page: every article has a title.
HEADINGS = frozenset({Role.TITLE, Role.HEADING})
# Percent of an article from which its code and boilerplate are worth a line.
MIN_NOTABLE_SHARE = 10
MAX_PREVIEW_LENGTH, MAX_PLACE_LENGTH = 60, 30


def describe_shares(article: Article) -> str:
    """Return the shares of code and boilerplate in ``article``: "12 % code, 3 % boilerplate".

    "" for less than MIN_NOTABLE_SHARE of both.

    >>> blocks = (Block(0, 5), Block(6, 11, role=Role.CODE))
    >>> describe_shares(Article("", "", "Rain. x = 1", blocks=blocks))
    '50 % code'
    """
    if all(block.boilerplate for block in article.blocks):
        return "no text that can answer"
    lengths: Counter[str] = Counter()
    for block in article.blocks:
        lengths[share_name(block)] += block.end - block.start
    percents = {name: round(100 * length / lengths.total()) for name, length in lengths.items()}
    named = [(name, percents.get(name, 0)) for name in ("code", "boilerplate")]
    if sum(percent for _, percent in named) < MIN_NOTABLE_SHARE:
        return ""
    return ", ".join(f"{percent} % {name}" for name, percent in named if percent)


def share_name(block: Block) -> str:
    """Return "code", "boilerplate" or "text"."""
    if block.role is Role.CODE:
        return "code"
    return "boilerplate" if block.boilerplate and block.role not in HEADINGS else "text"


def describe_structure(article: Article) -> Iterator[str]:
    """Yield the lines that show how ``article`` was read."""
    yield f"title      {sanitize(article.title)}"
    if article.part:
        yield f"source     {sanitize(article.source)}"
    if article.date:
        yield f"date       {format_date(article.date)}"
    if "author" in article.metadata:
        yield f"author     {sanitize(str(article.metadata['author']))}"
    yield f"shares     {describe_shares(article) or 'all text'}"
    yield ""
    for block in article.blocks:
        yield describe_block(article, block)


def describe_block(article: Article, block: Block) -> str:
    """Return the place, the role and the first words of a block."""
    answers = "can answer" if not block.boilerplate else "boilerplate"
    if block.role is Role.CODE:
        answers = "last resort"
    preview = excerpt(article.text[block.start : block.end], MAX_PREVIEW_LENGTH)
    place = excerpt(block_place(article, block), MAX_PLACE_LENGTH)
    return f"{sanitize(place):<10} {answers:<12} {block.role.value}: {sanitize(preview)}"


def block_place(article: Article, block: Block) -> str:
    """Return the place of a block in its file: "line 5", "page 7", "§ How it was mended".

    >>> from bot.articles.article import FilePlace
    >>> places = (FilePlace(0, "page", 7),)
    >>> block_place(Article("", "", "Rain", has_lines=False, places=places), Block(0, 4))
    'page 7'
    """
    if article.has_lines:
        return f"line {article.line_number(block.start)}"
    place = article.place_at(block.start)
    return f"§ {place.value}" if place.unit == "heading" else place.label


def excerpt(text: str, length: int) -> str:
    """Return ``text`` on one line, cut to ``length`` characters with "…"."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
