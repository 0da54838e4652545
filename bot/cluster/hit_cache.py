"""The sentences that were found lately, as their documents have them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.articles.bounded_cache import BoundedCache
from bot.cluster.documents import ROW_BITS, SentenceContext, decode_context

# Sentences in memory, with their surroundings: those of the last dozens of questions.
MAX_CONTEXTS = 20_000


class ArticleFacts(NamedTuple):
    """The title of an article, its number of sentences, and the code of its language."""

    title: str
    size: int
    language: str


class FoundSentences:
    """The sentences that were found lately with the text around them, and their articles."""

    def __init__(self) -> None:
        self.contexts: BoundedCache[int, SentenceContext] = BoundedCache(MAX_CONTEXTS)
        self.texts: BoundedCache[int, str] = BoundedCache(4 * MAX_CONTEXTS)
        self.facts: BoundedCache[int, ArticleFacts] = BoundedCache(MAX_CONTEXTS)
        # The tokens of sentences and paragraphs, by their range of sentence numbers.
        self.tokens: BoundedCache[range, str] = BoundedCache(4 * MAX_CONTEXTS)

    def add(self, number: int, document: Mapping[str, Any], tokens: Sequence[str]) -> None:
        """Add a sentence, whose ``tokens`` these are, as its document has it."""
        context = decode_context(document)
        article = number >> ROW_BITS
        first, row = article << ROW_BITS, document["row"]
        self.contexts.update({number: context})
        self.texts.update(
            {first + low: text for low, text in enumerate(context.texts, context.low)}
        )
        self.facts.update({article: ArticleFacts(context.title, context.size, context.language)})
        beside = [each for each in (row - 1, row + 1) if 0 <= each < context.size]
        near = {
            range(first + each, first + each + 1): text
            for each, text in zip(beside, document["near"], strict=True)
        }
        rows = context.paragraph
        around = {range(first + rows.start, first + rows.stop): document["paragraph"]}
        self.tokens.update({**near, range(number, number + 1): " ".join(tokens), **around})
