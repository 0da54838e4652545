"""The structure of an article as it was read: its blocks, and the reason why some never answer."""

from collections import Counter
from collections.abc import Iterator

from bot.articles.article import Article, Block, Role
from bot.render.text import format_date, sanitize

# Roles that are no shortcoming of a page: every article has a title.
STRUCTURE = frozenset({Role.STORY, Role.TABLE, Role.TITLE, Role.HEADING})
# Percent of an article from which its code and boilerplate are worth a line.
MIN_NOTABLE_SHARE = 10
MAX_PREVIEW_LENGTH = 60


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
    return "boilerplate" if block.boilerplate and block.role not in STRUCTURE else "text"


def describe_structure(article: Article) -> Iterator[str]:
    """Yield the lines that show how ``article`` was read."""
    yield f"title      {sanitize(article.title)}"
    if article.date:
        yield f"date       {format_date(article.date)}"
    if "author" in article.metadata:
        yield f"author     {sanitize(str(article.metadata['author']))}"
    yield f"shares     {describe_shares(article) or 'all text'}"
    yield ""
    for block in article.blocks:
        yield describe_block(article, block)


def describe_block(article: Article, block: Block) -> str:
    """Return the line, the role and the first words of a block."""
    answers = "can answer" if not block.boilerplate else "boilerplate"
    if block.role is Role.CODE:
        answers = "last resort"
    text = " ".join(article.text[block.start : block.end].split())
    preview = text if len(text) <= MAX_PREVIEW_LENGTH else f"{text[: MAX_PREVIEW_LENGTH - 1]}…"
    line = article.line_number(block.start)
    return f"line {line:<6}{answers:<12} {block.role.value}: {sanitize(preview)}"
