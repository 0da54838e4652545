"""The opening sentences of an article, quoted where a summary is requested."""

from bot.articles.searched_library import SearchedLibrary
from bot.retrieval.answer import Answer
from bot.retrieval.evidence import Evidence


def quote_opening(library: SearchedLibrary, best: Answer | None, limit: int) -> tuple[Answer, ...]:
    """Return the first ``limit`` sentences of the article of ``best``, or of the only article.

    Without either, there are none. They are not ranked, so their evidence is empty; their
    confidence is that of ``best``, that the article is the one meant.
    """
    if best is None and len(library.articles) != 1:
        return ()
    article = library.article_number(best.number) if best else only_article(library)
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


def only_article(library: SearchedLibrary) -> int:
    """Return the number of the only article of a library."""
    [(number, _)] = library.numbered_listings()
    return number
