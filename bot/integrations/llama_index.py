"""LlamaIndex: answers as the scored nodes of a retriever."""

from bot.errors import explain_missing_extra
from bot.integrations.metadata import answer_id, answer_metadata
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.arguments import Where
from bot.retrieval.retriever import Retriever

with explain_missing_extra("llamaindex", "llama_index"):
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        QueryBundle,
        RelatedNodeInfo,
        TextNode,
    )

# The metadata that a model is shown beside a node's text.
SHOWN_TO_MODELS = {"title", "date", "source"}


class LlamaIndexRetriever(BaseRetriever):
    """Returns at most ``similarity_top_k`` answers as nodes, and none where the bot is silent.

    The text of a node is the sentence, word for word; ``start_char_idx`` and ``end_char_idx`` are
    its place in the article, the node's source. ``where`` chooses the articles, as in
    ``bot.Retriever.ask``.

    >>> import bot
    >>> texts = bot.Retriever.from_texts(["It rained. Ada Thorne designed the bridge."])
    >>> [found] = LlamaIndexRetriever(texts).retrieve("Who designed the bridge?")
    >>> found.node.get_content(), found.node.start_char_idx, found.node.end_char_idx
    ('Ada Thorne designed the bridge.', 11, 42)
    """

    def __init__(
        self, retriever: Retriever, *, similarity_top_k: int = 3, where: Where | None = None
    ) -> None:
        super().__init__()
        self.retriever = retriever
        self.similarity_top_k = similarity_top_k
        self.where = where

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question, limit = query_bundle.query_str, self.similarity_top_k
        return nodes(self.retriever.ask(question, limit, self.where))

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        # The method of the base class blocks the event loop.
        question, limit = query_bundle.query_str, self.similarity_top_k
        return nodes(await self.retriever.aask(question, limit, self.where))


def nodes(reply: Reply) -> list[NodeWithScore]:
    """Return the answers of ``reply`` as nodes, best first."""
    return [NodeWithScore(node=node(answer), score=answer.score) for answer in reply.answers]


def node(answer: Answer) -> TextNode:
    """Return ``answer`` as a node whose source is its article."""
    metadata = answer_metadata(answer)
    return TextNode(
        id_=answer_id(answer),
        text=answer.text,
        start_char_idx=answer.start,
        end_char_idx=answer.end,
        metadata=metadata,
        excluded_llm_metadata_keys=[name for name in metadata if name not in SHOWN_TO_MODELS],
        excluded_embed_metadata_keys=[*metadata],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=str(answer.article.id))},
    )
