"""The opening sentences of an article, quoted where a summary is requested."""

from bot.articles.library import Library
from bot.retrieval.answer import Answer
from bot.retrieval.evidence import Evidence


def quote_opening(library: Library, best: Answer | None, limit: int) -> tuple[Answer, ...]:
    """Return the first ``limit`` sentences of the article of ``best``, or of the only article.

    Without either, there are none. They are not ranked, so their evidence is empty; their
    confidence is that of ``best``, that the article is the one meant.
    """
    if best is None and len(library.articles) != 1:
        return ()
    article = library.sentence(best.number).article if best else 0
    numbers = library.sentence_numbers(article)
    texts = ["", *map(library.sentence_text, numbers), ""]
    chance = best.confidence if best else 1.0
    return tuple(
        Answer(
            article=library.articles[article],
            start=library.sentence(number).start,
            end=library.sentence(number).end,
            confidence=chance,
            matched=(),
            before=texts[row],
            after=texts[row + 2],
            evidence=Evidence(),
            number=number,
            answerability=best.answerability if best else 1.0,
        )
        for row, number in enumerate(numbers[: max(0, limit)])
    )
