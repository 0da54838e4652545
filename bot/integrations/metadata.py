"""The metadata of an answer, as programs that pass documents around keep it: flat."""

from bot.retrieval.answer import Answer


def answer_id(answer: Answer) -> str:
    """Return an id that no other answer from the same library has: the article's and the offset.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["It rained. Ada Thorne designed the bridge."])
    >>> answer_id(retriever.search("Who designed the bridge?")[0])
    'text 1:11'
    """
    return f"{answer.article.id}:{answer.start}"


def answer_metadata(answer: Answer) -> dict[str, object]:
    """Return the facts of ``answer`` but its text; those of its record stand beside them.

    Where both have a name, it is the answer's: "start" is always an offset in the article.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["It rained. Ada Thorne designed the bridge."])
    >>> metadata = answer_metadata(retriever.search("Who designed the bridge?")[0])
    >>> metadata["source"], metadata["start"], metadata["end"], metadata["line"]
    ('text 1', 11, 42, 1)
    """
    facts = answer.as_dict()
    place, record = answer.place.as_dict() or {}, answer.article.metadata
    left_out = ("rank", "text", "place", "metadata", "evidence", "copies")
    own = {name: value for name, value in facts.items() if name not in left_out}
    return {**record, **place, **{name: value for name, value in own.items() if value is not None}}
