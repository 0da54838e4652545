"""The library that a server answers from, renewed when files change."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from bot.errors import BotError
from bot.render.library import count_library
from bot.retrieval.retriever import Retriever
from bot.storage.cache import open_library
from bot.storage.folders import default_cache
from bot.storage.options import OpenOptions
from bot.storage.origin import FilesOrigin
from bot.storage.parallel import ingest_in_parallel

# Files are looked at so often, but at most in a twentieth of the time.
LOOK_SECONDS, MAX_LOOK_SHARE = 1.0, 0.05


class LibraryFollower:
    """Has ``retriever`` search the files at ``paths`` as they are; ``note`` is told of changes."""

    def __init__(
        self, paths: Sequence[Path], retriever: Retriever, note: Callable[[str], None]
    ) -> None:
        self.retriever: Retriever = retriever
        self.is_damaged: bool = False
        self.is_remote: bool = False
        self.note: Callable[[str], None] = note
        self._paths = paths

    async def follow(self) -> None:
        """Look at the files for ever; read those that changed, in a thread of their own."""
        pause = LOOK_SECONDS
        while True:
            await asyncio.sleep(pause)
            start = perf_counter()
            try:
                has_changed = await asyncio.to_thread(self._has_changed)
                pause = max(LOOK_SECONDS, (perf_counter() - start) / MAX_LOOK_SHARE)
                if self.is_damaged or has_changed:
                    await self._renew()
            except (BotError, OSError) as error:  # the next look may find it mended
                self.note(f"The articles cannot be read again: {error}")

    async def _renew(self) -> None:
        self.retriever = await asyncio.to_thread(self._load)
        self.is_damaged = False
        self.note(f"The articles changed: {count_library(self.retriever.library)}.")

    def _has_changed(self) -> bool:
        origin = self.retriever.library.origin
        return isinstance(origin, FilesOrigin) and origin.has_changed()

    def _load(self) -> Retriever:
        # As refresh() does, but in several processes, and after a worker that reads them already.
        options = OpenOptions(ingest_in_parallel, self.note, wait=True, inform=self.note)
        opened = open_library(self._paths, default_cache(), options)
        return Retriever(
            opened.library,
            engine=opened.engine,
            min_confidence=self.retriever.min_confidence,
            reranker=self.retriever.reranker,
            language=self.retriever.language,
        )
