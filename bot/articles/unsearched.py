"""The terms of an article that no sentence of it has: of titles, headings, tables, captions."""

from collections.abc import Iterable, Iterator

from bot.articles.article import Article
from bot.language.terms import stem, terms
from bot.language.words import word_spans


def unsearched_text(article: Article, starts: Iterable[int], ends: Iterable[int]) -> str:
    r"""Return all text of ``article`` but its sentences, which are at ``starts`` and ``ends``.

    >>> article = Article("The bridge", "a.md", "Steel\n\nIt fell.", metadata={"author": "Ada"})
    >>> unsearched_text(article, [7], [15])
    'The bridge\nAda\nSteel\n\n'
    """
    gaps = zip([0, *ends], [*starts, len(article.text)], strict=True)
    return "\n".join(
        [
            *(text for _, text in labels(article)),
            *(article.text[start:end] for start, end in gaps if start < end),
        ]
    )


def labels(article: Article) -> Iterator[tuple[str, str]]:
    """Yield the texts about ``article`` that need not be part of its text, each with its kind."""
    yield "the title", article.title
    for heading in {heading: None for block in article.blocks for heading in block.headings}:
        yield "a heading", heading
    for name, value in article.metadata.items():
        if name != "path":
            yield f"the {name}", value


def describe_place(article: Article, term: str) -> str:
    r"""Return where ``article`` has ``term``, which no sentence of it has.

    >>> describe_place(Article("The bridge", "a.md", "Steel\n\nIt fell."), "bridg")
    'the title of a.md'
    >>> describe_place(Article("The bridge", "a.md", "Steel\n\nIt fell."), "steel")
    'line 1 of a.md'
    """
    for kind, text in labels(article):
        if term in terms(text):
            return f"{kind} of {article.source}"
    starts = (word.start for word in word_spans(article.text) if stem(word.text) == term)
    start = next(starts, None)
    line = None if start is None else article.line_number(start)
    return article.source if line is None else f"line {line} of {article.source}"
