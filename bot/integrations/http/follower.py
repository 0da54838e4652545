"""The protocol of the library that a server answers from, wherever it is."""

from collections.abc import Callable
from typing import Protocol

from bot.retrieval.retriever import Retriever


class Follower(Protocol):
    """Keeps ``retriever`` that of the articles as they are; ``note`` is told of changes and faults.

    One who finds its library damaged sets ``is_damaged``. Where the articles are on other machines
    it ``is_remote``: a question takes many times as long, and nearly all of that is waiting.
    """

    @property
    def retriever(self) -> Retriever:
        """The retriever of the articles as they are now."""

    is_damaged: bool
    is_remote: bool
    note: Callable[[str], None]

    async def follow(self) -> None:
        """Look for changes for ever."""
