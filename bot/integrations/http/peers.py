"""Requests from one worker process to another, which holds the conversation they belong to.

Each worker listens at a Unix socket in a folder that only this user may enter. A request is the
body that a client sent, the response a status and a body; both end with the connection.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from bot.integrations.http.refusals import refusal_body

# Status and body of a response.
Outcome = tuple[HTTPStatus, bytes]
MAX_SECONDS = 30.0
# A worker that starts, or takes the place of another, listens after a moment: one looks so often,
# and for so long.
LOOK_SECONDS, START_SECONDS = 0.05, 5.0
STATUS_SIZE = 3


class Peers:
    """The worker ``index`` of ``count``, and the way to the others by sockets in ``folder``."""

    def __init__(self, folder: Path, index: int = 0, count: int = 1) -> None:
        self.index: int = index
        self.count: int = count
        self._folder = folder

    def owner(self, conversation: str) -> int:
        """Return the index of the worker that holds a conversation."""
        return zlib.crc32(conversation.encode()) % self.count

    async def answer_others(
        self, answer: Callable[[bytes], Awaitable[Outcome]]
    ) -> asyncio.AbstractServer:
        """Answer the requests of other workers by ``answer``."""

        async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            status, body = await answer(await reader.read())
            writer.write(str(int(status)).encode() + body)
            await writer.drain()
            writer.close()

        # A socket that a worker left, which this one replaces, is removed by asyncio.
        return await asyncio.start_unix_server(respond, self._path(self.index))

    async def ask(self, owner: int, request: bytes) -> Outcome:
        """Return the answer of another worker; a refusal if that one does not answer."""
        try:
            async with asyncio.timeout(MAX_SECONDS):
                reader, writer = await self._connect(owner)
                writer.write(request)
                writer.write_eof()
                response = await reader.read()
                writer.close()
            return HTTPStatus(int(response[:STATUS_SIZE])), response[STATUS_SIZE:]
        except (OSError, ValueError):
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return status, refusal_body(status, "The conversation was lost; ask again.")

    async def _connect(self, owner: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a connection to another worker, which may just be starting. Raises OSError."""
        for _ in range(round(START_SECONDS / LOOK_SECONDS)):
            with suppress(FileNotFoundError, ConnectionRefusedError):
                return await asyncio.open_unix_connection(self._path(owner))
            await asyncio.sleep(LOOK_SECONDS)
        return await asyncio.open_unix_connection(self._path(owner))

    def _path(self, index: int) -> Path:
        return self._folder / f"worker-{index}"
