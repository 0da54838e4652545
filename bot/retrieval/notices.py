"""The lines about the words of a question that are shown beside its answers."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.articles.searched_library import SearchedLibrary
from bot.articles.unsearched_text import describe_place
from bot.retrieval.answer import Answer
from bot.retrieval.query_parser import ParsedQuestion, UnsearchedWord


def unsearched_notices(
    question: ParsedQuestion, library: SearchedLibrary, answers: Sequence[Answer]
) -> tuple[str, ...]:
    """Return the lines that say where the words stand that no sentence has.

    Words of an article that the first answer is from are left out: the answer shows its title.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["The bridge fell."], ["Lima summit"])
    >>> unsearched_notices(retriever.pipeline.parse("the lima summit"), retriever.library, ())
    ('"lima summit" stands only in the title of text 1.',)
    """
    shown = {library.sentence(answer.number).article for answer in answers[:1]}
    words = [word for word in question.unsearched if shown.isdisjoint(word.articles)]
    places = ((place_of(word, library), word) for word in words)
    lines = dict.fromkeys(
        f'"{phrase}" stands only in {place}.'
        for place, group in groupby(places, key=lambda pair: pair[0])
        for phrase in join_neighbours(question.text, [word for _, word in group])
    )
    return tuple(lines)


def place_of(word: UnsearchedWord, library: SearchedLibrary) -> str:
    """Return where ``word`` stands first, and in how many more articles."""
    others = len(word.articles) - 1
    place = describe_place(
        library.articles[word.articles[0]], word.term, library.analysis_of(word.articles[0])
    )
    more = "" if not others else f", and in {others} other article{'s' * (others > 1)}"
    return f"{place}{more}"


def join_neighbours(text: str, words: Sequence[UnsearchedWord]) -> Iterator[str]:
    """Yield the words of ``text``, those with only blanks between them as one phrase."""
    start = 0
    for row, word in enumerate(words, 1):
        if row == len(words) or text[word.end : words[row].start].strip():
            yield " ".join(text[words[start].start : word.end].split())
            start = row
