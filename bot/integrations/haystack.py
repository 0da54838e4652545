"""Haystack: a component that outputs answers, as documents and as extracted answers."""

from collections.abc import Sequence
from typing import Any

from bot.errors import explain_missing_extra
from bot.integrations.metadata import answer_id, answer_metadata
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.retriever import Retriever

with explain_missing_extra("haystack", "haystack"):
    from haystack import Document, ExtractedAnswer, component, default_from_dict, default_to_dict


@component
class HaystackRetriever:
    """Answers ``query`` from the articles at ``paths``; outputs nothing where the bot is silent.

    ``documents`` have the sentences, word for word, and ``answers`` the same with their offsets:
    ``document_offset`` in the article (whose id is ``meta["source"]``), ``context_offset`` in the
    sentence and its neighbours. ``where`` chooses the articles, as in ``bot.Retriever.ask``.

    A retriever of articles in memory can be given in place of paths; such a component cannot be
    written into a pipeline's YAML. A pipeline that has one of paths is read back with
    ``Pipeline.loads(text, allowed_modules=["bot"])``.

    >>> import bot
    >>> texts = bot.Retriever.from_texts(["It rained. Ada Thorne designed the bridge."])
    >>> [answer] = HaystackRetriever(retriever=texts).run("Who designed the bridge?")["answers"]
    >>> answer.data, answer.document_offset
    ('Ada Thorne designed the bridge.', ExtractedAnswer.Span(start=11, end=42))
    """

    def __init__(
        self,
        paths: Sequence[str] = (),
        top_k: int = 3,
        where: dict[str, Any] | None = None,
        *,
        retriever: Retriever | None = None,
    ) -> None:
        if bool(paths) == (retriever is not None):
            raise ValueError("give either paths of articles or a retriever")
        self.paths: list[str] = [*map(str, paths)]
        self.top_k: int = top_k
        self.where: dict[str, Any] | None = where
        self.retriever: Retriever = retriever or Retriever.from_path(*self.paths)

    def to_dict(self) -> dict[str, Any]:
        """Return the component as data. Raises ValueError for a retriever in memory."""
        if not self.paths:
            raise ValueError(
                "a retriever of articles in memory cannot be serialised: save it to a folder "
                "with retriever.save(), or give the paths of files"
            )
        return default_to_dict(self, paths=self.paths, top_k=self.top_k, where=self.where)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "HaystackRetriever":
        """Return the component of ``to_dict``; the articles are read where the paths say."""
        found: HaystackRetriever = default_from_dict(cls, data)
        return found

    @component.output_types(documents=list[Document], answers=list[ExtractedAnswer])
    def run(
        self, query: str, top_k: int | None = None, where: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the ``documents`` and ``answers`` for ``query``, best first."""
        limit = self.top_k if top_k is None else top_k
        return outputs(
            query, self.retriever.ask(query, limit, self.where if where is None else where)
        )

    @component.output_types(documents=list[Document], answers=list[ExtractedAnswer])
    async def run_async(
        self, query: str, top_k: int | None = None, where: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the same as ``run``, without blocking the event loop."""
        limit = self.top_k if top_k is None else top_k
        return outputs(
            query, await self.retriever.aask(query, limit, self.where if where is None else where)
        )


def outputs(query: str, reply: Reply) -> dict[str, Any]:
    """Return the answers of ``reply`` in both forms."""
    return {
        "documents": [
            Document(
                id=answer_id(answer),
                content=answer.text,
                meta=answer_metadata(answer),
                score=answer.score,
            )
            for answer in reply.answers
        ],
        "answers": [extracted_answer(query, answer) for answer in reply.answers],
    }


def extracted_answer(query: str, answer: Answer) -> ExtractedAnswer:
    """Return ``answer`` with its offsets in the article and among its neighbours."""
    before = f"{answer.before} " if answer.before else ""
    after = f" {answer.after}" if answer.after else ""
    return ExtractedAnswer(
        query=query,
        score=answer.confidence,
        data=answer.text,
        context=f"{before}{answer.text}{after}",
        document_offset=ExtractedAnswer.Span(answer.start, answer.end),
        context_offset=ExtractedAnswer.Span(len(before), len(before) + len(answer.text)),
        meta=answer_metadata(answer),
    )
