"""The coroutines of a retriever: questions asked from an event loop, which runs on meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from bot.lazy import lazy_function
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.arguments import Where
from bot.retrieval.given_synonyms import Synonyms

if TYPE_CHECKING:
    from bot.retrieval.worker import Worker

# asyncio is imported for programs that use it.
start_worker: Callable[[], "Worker"] = lazy_function("bot.retrieval.worker", "Worker")


class BlockingMethods(Protocol):
    """The methods that a coroutine calls in the thread of a worker."""

    @property
    def worker(self) -> "Worker":
        """The thread in which they are called."""
        ...

    def ask(
        self,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return the reply to a question."""
        ...

    def search(
        self,
        text: str,
        limit: int = 5,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> tuple[Answer, ...]:
        """Return the best answers to a question."""
        ...


class Coroutines:
    """``ask`` and ``search`` as coroutines, for a class that has them."""

    _worker: "Worker | None" = None

    @property
    def worker(self) -> "Worker":
        """The thread that computes for the coroutines; there is none before the first."""
        if self._worker is None:
            self._worker = start_worker()
        return self._worker

    async def aask(
        self: BlockingMethods,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return the reply of ``ask``, computed in a thread while the event loop runs on.

        One question is answered at a time, in the order asked: more threads would only take turns.
        A question that is cancelled while it waits takes no time; one that is being answered is
        answered to its end, and the reply dropped. Raises the errors of ``ask``.

        >>> import asyncio, bot
        >>> retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> asyncio.run(retriever.aask("Who designed the bridge?")).answers[0].text
        'Ada Thorne designed the bridge.'
        """
        return await self.worker.run(self.ask, text, limit, where, synonyms)

    async def asearch(
        self: BlockingMethods,
        text: str,
        limit: int = 5,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> tuple[Answer, ...]:
        """Return the answers of ``search``, computed in a thread while the event loop runs on.

        As ``aask`` does; raises the errors of ``search``.

        >>> import asyncio, bot
        >>> retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> [answer.text for answer in asyncio.run(retriever.asearch("bridge"))]
        ['Ada Thorne designed the bridge.']
        """
        return await self.worker.run(self.search, text, limit, where, synonyms)
