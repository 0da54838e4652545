"""The terms of an article that no sentence of it has: of titles, headings, tables, captions."""

from collections.abc import Iterable
from itertools import islice

from bot.articles.article import Article, Json
from bot.articles.sentence_spans import SentenceSpans
from bot.language.analysis import DEFAULT_ANALYZER, Analysis

# Characters between two sentences that need no look: a space, an empty line.
MAX_BLANKS = 2


def unsearched_text(article: Article, starts: Iterable[int], ends: Iterable[int]) -> str:
    r"""Return all text of ``article`` but its sentences, which are at ``starts`` and ``ends``.

    >>> article = Article("The bridge", "a.md", "Steel\n\nIt fell.", metadata={"author": "Ada"})
    >>> unsearched_text(article, [7], [15])
    'The bridge\nAda\nSteel\n\n'
    """
    gaps = zip([0, *ends], [*starts, len(article.text)], strict=True)
    return "\n".join(
        [
            *filter(None, names(article).values()),
            *fields(article).values(),
            *(article.text[start:end] for start, end in gaps if end - start > MAX_BLANKS),
        ]
    )


def unsearched_terms(article: Article, spans: SentenceSpans, analysis: Analysis) -> frozenset[str]:
    """Return the terms that ``article`` has, but none of its sentences at ``spans``."""
    texts = spans.texts(article.text)
    outside = analysis.terms(unsearched_text(article, spans.starts, spans.ends))
    return frozenset(outside).difference(*analysis.index_terms(texts))


def names(article: Article) -> dict[str, str]:
    """Return the title and the headings of ``article`` by the name of their kind."""
    headings = dict.fromkeys(heading for block in article.blocks for heading in block.headings)
    return {"the title": article.title, "a heading": "\n".join(headings)}


def fields(article: Article) -> dict[str, str]:
    """Return the further facts that ``article`` states in words by the name of their field."""
    facts = ((name, join_words(value)) for name, value in article.metadata.items())
    return {f"the {name} field": words for name, words in facts if words}


def join_words(value: Json) -> str:
    """Return a text, or the texts in a list, a line each; "" for anything else."""
    if isinstance(value, list):
        return "\n".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def describe_place(article: Article, term: str, analysis: Analysis = DEFAULT_ANALYZER) -> str:
    r"""Return where ``article`` has ``term``, which no sentence of it has.

    >>> describe_place(Article("The bridge", "a.md", "Steel\n\nIt fell."), "bridg")
    'the title of a.md'
    >>> describe_place(Article("The bridge", "a.md", "Steel\n\nIt fell."), "steel")
    'line 1 of a.md'
    """
    starts = (token.start for token in analysis.tokens(article.text) if token.term == term)
    kinds = [
        *(kind for kind, text in names(article).items() if term in analysis.terms(text)),
        *(f"line {article.line_number(start)}" for start in islice(starts, 1)),
        *(kind for kind, text in fields(article).items() if term in analysis.terms(text)),
    ]
    return f"{kinds[0]} of {article.source}" if kinds else article.source
