"""The structure of an article as it was read: its blocks, and the reason why some never answer."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from bot.articles.article import Article, Block, Role
from bot.render.text import format_date, sanitize

# Roles that are no shortcoming of a page: every article has a title.
HEADINGS = frozenset({Role.TITLE, Role.HEADING})
# Percent of an article from which its code and boilerplate are worth a line.
MIN_NOTABLE_SHARE = 10
MAX_PREVIEW_LENGTH, MAX_PLACE_LENGTH = 60, 30


class Shares(NamedTuple):
    """The parts of an article that are no text of its own, in percent."""

    code: int
    boilerplate: int
    has_answers: bool

    @property
    def silent(self) -> int:
        """The percentage that never answers, or only if nothing else does."""
        return self.code + self.boilerplate if self.has_answers else 100

    @property
    def is_notable(self) -> bool:
        """Whether it is worth a line in the summary of `bot index`."""
        return self.silent >= MIN_NOTABLE_SHARE


def measure_shares(article: Article) -> Shares:
    """Return the shares of code and boilerplate in ``article``.

    >>> blocks = (Block(0, 5), Block(6, 11, role=Role.CODE))
    >>> measure_shares(Article("", "", "Rain. x = 1", blocks=blocks))
    Shares(code=50, boilerplate=0, has_answers=True)
    """
    lengths: Counter[str] = Counter()
    for block in article.blocks:
        lengths[share_name(block)] += block.end - block.start
    code, boilerplate = (
        round(100 * lengths[name] / max(1, lengths.total())) for name in ("code", "boilerplate")
    )
    has_answers = any(not block.boilerplate for block in article.blocks)
    return Shares(code, boilerplate, has_answers)


def describe_shares(shares: Shares) -> str:
    """Return ``shares`` in words: "12 % code, 3 % boilerplate".

    >>> describe_shares(Shares(12, 3, has_answers=True))
    '12 % code, 3 % boilerplate'
    """
    if not shares.has_answers:
        return "no text that can answer"
    named = (("code", shares.code), ("boilerplate", shares.boilerplate))
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
    shares = measure_shares(article)
    yield f"shares     {describe_shares(shares) if shares.is_notable else 'all text'}"
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
