"""The library that a server answers from, renewed when files change."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from bot.articles.files import File
from bot.articles.formats import find_files
from bot.errors import BotError
from bot.render.library import count_library
from bot.retrieval.retriever import Retriever
from bot.storage.cache import open_library
from bot.storage.folders import default_cache
from bot.storage.options import OpenOptions
from bot.storage.parallel import ingest_in_parallel

# Files are looked at so often, but at most in a twentieth of the time.
LOOK_SECONDS, MAX_LOOK_SHARE = 1.0, 0.05


class LibraryFollower:
    """Has ``retriever`` search the files as they are; ``note`` is told of changes.

    ``files`` are those that ``retriever`` was made of.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        files: Sequence[File],
        retriever: Retriever,
        note: Callable[[str], None],
    ) -> None:
        self.retriever: Retriever = retriever
        self.is_damaged: bool = False
        self._paths, self._files, self._note = paths, files, note

    async def follow(self) -> None:
        """Look at the files for ever; read those that changed, in a thread of their own."""
        pause = LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            start = perf_counter()
            try:
                files = await asyncio.to_thread(self._look)
                pause = max(LOOK_SECONDS, (perf_counter() - start) / MAX_LOOK_SHARE)
                if self.is_damaged or files != self._files:
                    await self._renew(files)
            except (BotError, OSError) as error:  # the next look may find it mended
                self._note(f"The articles cannot be read again: {error}")

    async def _renew(self, files: Sequence[File]) -> None:
        self.retriever = await asyncio.to_thread(self._load)
        self._files, self.is_damaged = files, False
        self._note(f"The articles changed: {count_library(self.retriever.library)}.")

    def _look(self) -> Sequence[File]:
        return tuple(find_files(self._paths).files)

    def _load(self) -> Retriever:
        options = OpenOptions(ingest_in_parallel, self._note, wait=True)
        opened = open_library(self._paths, default_cache(), options)
        return Retriever(
            opened.library,
            engine=opened.engine,
            min_confidence=self.retriever.min_confidence,
            reranker=self.retriever.reranker,
        )
