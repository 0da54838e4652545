"""Articles as documents of a cluster, without one."""

import json
from dataclasses import replace

import pytest

from bot.articles.library import Library
from bot.cluster.documents import (
    ArticleVersion,
    build_context,
    build_documents,
    decode_article,
    decode_context,
)

TEXTS = {
    "en": "The bridge opened in 1932. It has three arches.\n\nThe ferry stopped.",
    "de": "Der Turm ist alt und nicht hoch. Er wurde im Jahr 1932 gebaut.\n\nDas Tor ist neu.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_article_survives_as_documents(language: str) -> None:
    """The article, its spans and language, and each sentence with the text around it."""
    library = Library.from_texts([TEXTS[language]])
    [article], [spans] = library.articles, library.spans
    assert spans.language == language

    built = build_documents(ArticleVersion.of(5, 1, ""), article, spans, library.analysis)
    decoded, decoded_spans = decode_article(json.loads(json.dumps(built.article)))

    assert (decoded, decoded_spans) == (replace(article, path=""), spans)
    for row, document in enumerate(built.sentences.values()):
        context = build_context(decoded, decoded_spans, row, decoded_spans.paragraph_rows(row))
        assert decode_context(json.loads(json.dumps(document))) == context
