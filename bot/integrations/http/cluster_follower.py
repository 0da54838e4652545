"""The library on a cluster that a server answers from, as it is published."""

import asyncio
from collections.abc import Callable

from bot.errors import BotError
from bot.render.library import count_library
from bot.retrieval.retriever import Retriever

LOOK_SECONDS = 1.0


class ClusterFollower:
    """Has ``retriever``, which follows its cluster, look for a new generation once a second.

    A question would find it, too; this one spares it the time, and tells ``note``.
    """

    def __init__(self, retriever: Retriever, note: Callable[[str], None]) -> None:
        self.retriever: Retriever = retriever
        self.is_damaged: bool = False
        self.is_remote: bool = True
        self.note: Callable[[str], None] = note

    async def follow(self) -> None:
        """Look for ever; say once what keeps it from looking."""
        fault, known = "", self.retriever.library
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await asyncio.to_thread(self.retriever.refresh)
            except BotError as error:
                if str(error) != fault:
                    self.note(str(error))
                fault = str(error)
                continue
            if fault:
                self.note("The cluster answers again.")
            if self.retriever.library is not known:
                self.note(f"The articles changed: {count_library(self.retriever.library)}.")
            fault, known = "", self.retriever.library
