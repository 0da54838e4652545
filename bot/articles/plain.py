"""Plain text → an article: lines into paragraphs, a title, what a news page carries."""

from bot.articles.article import Article, Block
from bot.articles.encoding import decode


def read_plain(data: bytes, source: str) -> Article:
    """Read a text file; its text is kept to the letter."""
    return plain(decode(data, source), source)


def plain(text: str, source: str) -> Article:
    """Read ``text`` as an article named ``source``."""
    blocks, place = [], 0
    for line in text.split("\n"):
        if line.strip():
            start = place + len(line) - len(line.lstrip())
            blocks.append(Block(start, start + len(line.strip())))
        place += len(line) + 1
    return Article(source, source, text, None, tuple(blocks))
