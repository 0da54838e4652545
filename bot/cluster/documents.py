"""An article and its sentences as documents of the cluster, and back."""

import datetime
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from bot.articles.article import Article, Block, FilePlace, Json, Role
from bot.articles.sentence_spans import SentenceSpans
from bot.articles.unsearched_text import unsearched_terms
from bot.cluster.schema import decode_text, encode_text, encode_token
from bot.cluster.state import Totals
from bot.language.analysis import Analysis

# The number of a sentence is that of its article times this, plus its row.
ROW_BITS = 20
MAX_ROWS = 1 << ROW_BITS


class ClusterListing(NamedTuple):
    """An article without its text: its number in the library, and its number of sentences."""

    number: int
    title: str
    source: str
    date: datetime.date | None
    id: str | int
    metadata: Mapping[str, Json]
    sentences: int
    language: str


class SentenceContext(NamedTuple):
    """A sentence and the texts beside it, as a hit brings them.

    ``low`` is the row of the first of ``texts``: that of the sentence before, if there is one.
    ``paragraph`` are the rows of its paragraph, ``size`` is the number of rows in its article.
    """

    title: str
    size: int
    start: int
    end: int
    block: int
    code: bool
    paragraph: range
    low: int
    texts: Sequence[str]
    language: str


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """An article to publish: its place in the reading order, its id, and its digest."""

    number: int
    version: str
    generation: int
    digest: str

    @classmethod
    def of(cls, number: int, generation: int, digest: str) -> Self:
        """Return the version of article ``number`` that ``generation`` brings."""
        return cls(number, f"{number:x}.{generation}", generation, digest)

    def fields(self) -> dict[str, Any]:
        """Return the fields that all documents of the article have."""
        return {"article": self.number, "version": self.version, "from": self.generation}


@dataclass(frozen=True, slots=True)
class ArticleDocuments:
    """The documents of an article: those of its sentences by id, its own, its tokens and totals."""

    sentences: Mapping[str, dict[str, Any]]
    article: dict[str, Any]
    tokens: frozenset[str]
    totals: Totals


def build_documents(
    place: ArticleVersion, article: Article, spans: SentenceSpans, analysis: Analysis
) -> ArticleDocuments:
    """Return the documents of ``article``, whose sentences are at ``spans``."""
    analysis = analysis.in_language(spans.language)
    terms = analysis.index_terms(spans.texts(article.text))
    tokens = [[*map(encode_token, each)] for each in terms]
    fields = place.fields()
    documents = {
        f"{place.version}-{row}": {**fields, **sentence}
        for row, sentence in enumerate(sentence_documents(article, spans, tokens))
    }
    totals = count_totals(documents.values())
    unsearched = unsearched_terms(article, spans, analysis)
    own = {
        **fields,
        "source": encode_token(article.source),
        "digest": place.digest,
        "date": article.date.isoformat() if article.date else "",
        "unsearched": " ".join(map(encode_token, sorted(unsearched))),
        "sizes": list(totals.numbers()),
        "listing": [
            encode_text(article.title),
            encode_text(article.source),
            json.dumps(article.id),
            json.dumps(dict(article.metadata)),
        ],
        "language": spans.language,
        "content": encode_article(article, spans),
    }
    return ArticleDocuments(documents, own, frozenset().union(*tokens), totals)


def sentence_documents(
    article: Article, spans: SentenceSpans, tokens: Sequence[Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Yield the document of each sentence, without the fields of its article."""
    joined_tokens = [*map(" ".join, tokens)]
    for rows in spans.paragraphs():
        paragraph = [token for row in rows for token in tokens[row]]
        joined, start = " ".join(paragraph), 0
        for row in rows:
            end = start + len(tokens[row])
            yield {
                "row": row,
                "first": row == rows.start,
                "length": len(tokens[row]),
                "paragraph_length": len(paragraph),
                "sentence": joined_tokens[row],
                "paragraph": joined,
                "tokens": [start, end],
                "near": [*joined_tokens[max(0, row - 1) : row], *joined_tokens[row + 1 : row + 2]],
                "place": encode_context(build_context(article, spans, row, rows)),
            }
            start = end


def build_context(
    article: Article, spans: SentenceSpans, row: int, paragraph: range
) -> SentenceContext:
    """Return the sentence in ``row`` of an article, in the ``paragraph`` of these rows."""
    low, high = max(0, row - 1), min(len(spans), row + 2)
    block = spans.blocks[row]
    return SentenceContext(
        title=article.title,
        size=len(spans),
        start=spans.starts[row],
        end=spans.ends[row],
        block=block,
        code=article.blocks[block].role is Role.CODE,
        paragraph=paragraph,
        low=low,
        texts=[article.text[spans.starts[i] : spans.ends[i]] for i in range(low, high)],
        language=spans.language,
    )


def encode_context(context: SentenceContext) -> list[Any]:
    """Return ``context`` as JSON's types."""
    title, paragraph, texts = context.title, context.paragraph, context.texts
    rows = [paragraph.start, paragraph.stop]
    shown = [*map(encode_text, texts)]
    return [encode_text(title), *context[1:6], rows, context.low, shown, context.language]


def decode_context(document: Mapping[str, Any]) -> SentenceContext:
    """Return the sentence of a document and the text around it."""
    title, size, start, end, block, code, rows, low, texts, language = document["place"]
    decoded = [*map(decode_text, texts)]
    return SentenceContext(
        decode_text(title), size, start, end, block, code, range(*rows), low, decoded, language
    )


def count_totals(sentences: Any) -> Totals:
    """Return the sizes of one article with these ``sentences``."""
    firsts = [sentence for sentence in sentences if sentence["first"]]
    return Totals(
        articles=1,
        sentences=len(sentences),
        paragraphs=len(firsts),
        sentence_terms=sum(sentence["length"] for sentence in sentences),
        paragraph_terms=sum(sentence["paragraph_length"] for sentence in firsts),
        repeated_terms=sum(sentence["paragraph_length"] for sentence in sentences),
    )


def decode_listing(document: Mapping[str, Any]) -> ClusterListing:
    """Return the listing of an article's document."""
    title, source, identity, metadata = document["listing"]
    date = document["date"]
    return ClusterListing(
        number=document["article"],
        title=decode_text(title),
        source=decode_text(source),
        date=datetime.date.fromisoformat(date) if date else None,
        id=json.loads(identity),
        metadata=MappingProxyType(json.loads(metadata)),
        sentences=Totals(*document["sizes"]).sentences,
        language=document["language"],
    )


def encode_article(article: Article, spans: SentenceSpans) -> dict[str, Any]:
    """Return ``article`` and its sentence spans as JSON's types; no path."""
    headings: dict[tuple[str, ...], int] = {}
    blocks = [
        [start, end, headings.setdefault(path, len(headings)), role.name, boilerplate]
        for start, end, path, boilerplate, role in article.blocks
    ]
    return {
        "text": encode_text(article.text),
        "blocks": blocks,
        "headings": [[*map(encode_text, path)] for path in headings],
        "has_lines": article.has_lines,
        "part": encode_text(article.part),
        "places": [
            [encode_text(value) if isinstance(value, str) else value for value in place]
            for place in article.places
        ],
        "link": encode_text(article.link),
        "spans": [spans.blocks.tolist(), spans.starts.tolist(), spans.ends.tolist()],
    }


def decode_article(document: Mapping[str, Any]) -> tuple[Article, SentenceSpans]:
    """Return the article of a document, and its sentence spans."""
    content, listing = document["content"], decode_listing(document)
    headings = [tuple(map(decode_text, path)) for path in content["headings"]]
    article = Article(
        title=listing.title,
        source=listing.source,
        text=decode_text(content["text"]),
        date=listing.date,
        blocks=tuple(
            Block(start, end, headings[path], boilerplate, Role[role])
            for start, end, path, role, boilerplate in content["blocks"]
        ),
        id=listing.id,
        metadata=listing.metadata,
        has_lines=content["has_lines"],
        part=decode_text(content["part"]),
        places=tuple(
            FilePlace(start, *(decode_text(v) if isinstance(v, str) else v for v in place))
            for start, *place in content["places"]
        ),
        link=decode_text(content["link"]),
    )
    blocks, starts, ends = (array("i", values) for values in content["spans"])
    return article, SentenceSpans(blocks, starts, ends, listing.language)
