"""A retriever of some of another's articles, without reading or analyzing them again."""

from collections.abc import Sequence

from bot.articles.edit import Edit
from bot.index.memory import MemoryEngine
from bot.retrieval.retriever import Retriever
from bot.storage.build import edit_engine


def subset_retriever(retriever: Retriever, rows: Sequence[int]) -> Retriever:
    """Return a retriever of the articles of ``retriever`` in ``rows``, ascending.

    Its answers and scores are those of a retriever that was built from these articles alone.

    >>> import bot
    >>> whole = bot.Retriever.from_texts(["The bridge fell.", "It rained.", "A bridge opened."])
    >>> [answer.text for answer in subset_retriever(whole, [1, 2]).search("bridge")]
    ['A bridge opened.']
    """
    library, engine = retriever.library, retriever.engine
    edit = Edit(removed={*range(len(library.articles))}.difference(rows))
    subset = library.edit(edit)
    if not isinstance(engine, MemoryEngine):
        return Retriever(subset)
    return Retriever(subset, engine=edit_engine(engine, library, edit, subset))
