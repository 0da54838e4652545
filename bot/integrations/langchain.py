"""LangChain: answers as the documents of a retriever."""

from typing import ClassVar

from bot.errors import explain_missing_extra
from bot.integrations.metadata import answer_id, answer_metadata
from bot.retrieval.answer import Reply
from bot.retrieval.arguments import Where
from bot.retrieval.retriever import Retriever

with explain_missing_extra("langchain", "langchain_core", "pydantic"):
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import ConfigDict, Field


class LangChainRetriever(BaseRetriever):
    """Returns at most ``k`` answers as documents, and none where the bot is silent.

    The text of a document is the sentence, word for word. Its metadata has the record's, and
    "source", "start", "end", "score", "confidence", "before", "after" … of the answer.
    ``where`` chooses the articles, as in ``bot.Retriever.ask``; it and ``k`` can be given to
    ``invoke``, too. Raises ValueError for what is no ``where`` or limit.

    >>> import bot
    >>> texts = bot.Retriever.from_texts(["It rained. Ada Thorne designed the bridge."])
    >>> [document] = LangChainRetriever(retriever=texts).invoke("Who designed the bridge?")
    >>> document.page_content, document.metadata["start"]
    ('Ada Thorne designed the bridge.', 11)
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(arbitrary_types_allowed=True)
    retriever: Retriever = Field(exclude=True)
    k: int = 3
    where: Where | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - of the interface
        k: int | None = None,
        where: Where | None = None,
    ) -> list[Document]:
        return documents(
            self.retriever.ask(query, self._limit(k), self.where if where is None else where)
        )

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,  # noqa: ARG002 - of the interface
        k: int | None = None,
        where: Where | None = None,
    ) -> list[Document]:
        return documents(
            await self.retriever.aask(query, self._limit(k), self.where if where is None else where)
        )

    def _limit(self, k: int | None) -> int:
        return self.k if k is None else k


def documents(reply: Reply) -> list[Document]:
    """Return the answers of ``reply`` as documents, best first."""
    return [
        Document(id=answer_id(answer), page_content=answer.text, metadata=answer_metadata(answer))
        for answer in reply.answers
    ]
