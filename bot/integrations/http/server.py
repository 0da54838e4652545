"""One process that serves: uvicorn, stopped without losing a request."""

import asyncio
import os
from contextlib import suppress
from functools import partial
from socket import socket

from starlette.types import ASGIApp
from uvicorn import Config, Server

from bot.integrations.http.connections import TimedProtocol

# A stopping server waits so long for its responses to be read.
STOP_SECONDS = 10
# Idle connections are kept so long.
KEEP_ALIVE_SECONDS = 15


class DrainingServer(Server):
    """uvicorn's server; connections that wait when it is stopped are accepted and answered.

    One that ``has_parent``, which watches it, stops if that process ends.
    """

    def __init__(self, config: Config, *, has_parent: bool) -> None:
        super().__init__(config)
        self._parent = os.getppid() if has_parent else None

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop; called ten times a second."""
        is_orphan = self._parent is not None and os.getppid() != self._parent
        return await super().on_tick(counter) or is_orphan

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Accept the connections that wait, and no others; answer what was asked."""
        for listener in sockets or []:
            await self._accept_waiting(listener)
        await super().shutdown(sockets)

    async def _accept_waiting(self, listener: socket) -> None:
        make_protocol = partial(
            TimedProtocol,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )
        with suppress(BlockingIOError):
            while True:
                connection, _ = listener.accept()
                connection.setblocking(False)
                await asyncio.get_running_loop().connect_accepted_socket(make_protocol, connection)


def serve(app: ASGIApp, listener: socket, *, has_parent: bool) -> None:
    """Serve ``app`` at a listening socket until a signal, or until a parent that it has ends."""
    config = Config(
        app,
        loop="asyncio",
        http=TimedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    DrainingServer(config, has_parent=has_parent).run([listener])
