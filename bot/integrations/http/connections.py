"""One connection of a client, with limits on its time; uvicorn has none while a request arrives."""

import asyncio
from http import HTTPStatus

import h11
from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.integrations.http.refusals import refusal_body

# A request must have arrived, and a response must be read, within so many seconds.
REQUEST_SECONDS, RESPONSE_SECONDS = 10.0, 30.0
# Connections of a worker; the others are told to come again. Each takes some 5 KB.
MAX_CONNECTIONS = 256
# A stopping server gives a request that is on its way so much time.
DRAIN_SECONDS = 1.0
RECEIVING = (h11.IDLE, h11.SEND_BODY)


class TimedProtocol(H11Protocol):
    """uvicorn's connection, which is closed if the client is too slow, and refuses in JSON."""

    request_seconds: float = REQUEST_SECONDS
    response_seconds: float = RESPONSE_SECONDS
    max_connections = MAX_CONNECTIONS
    is_draining: bool = False
    _request_clock: asyncio.TimerHandle | None = None
    _response_clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin a connection, or refuse it if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections; come again.")
        else:
            self._start_request_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        self._stop_request_clock()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; the first starts its clock, the last stops it."""
        if self.transport.is_closing():
            return
        self._start_request_clock()
        super().data_received(data)

    def handle_events(self) -> None:
        """Have requests that are complete answered; the last one, if the server stops."""
        super().handle_events()
        if self.conn.their_state not in RECEIVING:
            self._stop_request_clock()
        if self.is_draining:
            self._close_after_response()

    def send_400_response(self, msg: str) -> None:
        """Refuse bytes that are no request."""
        self.refuse(HTTPStatus.BAD_REQUEST, msg)

    def refuse(self, status: HTTPStatus, reason: str) -> None:
        """Send a refusal that no application sees, and close the connection."""
        body = refusal_body(status, reason)
        headers = [("content-type", "application/json"), ("connection", "close")]
        headers.append(("content-length", str(len(body))))
        response = h11.Response(status_code=status, headers=headers, reason=status.phrase.encode())
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for ever."""
        super().pause_writing()
        self._response_clock = self.loop.call_later(self.response_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client reads."""
        super().resume_writing()
        if self._response_clock:
            self._response_clock.cancel()
            self._response_clock = None

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection without a request; one whose client does not read ends at once."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Close the connection after its request, also after one that is on its way."""
        self.is_draining = True
        self._close_after_response()

    def _close_after_response(self) -> None:
        """Tell the client that this response is the last, unless it has begun to arrive."""
        if self.cycle and not self.cycle.response_started:
            # uvicorn takes it for the client's wish, and answers with the same header.
            self.headers.append(CLOSE_HEADER)
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(DRAIN_SECONDS, self._close_if_idle)

    def _close_if_idle(self) -> None:
        is_idle = not self.cycle or self.cycle.response_complete
        if is_idle and not self.transport.is_closing():
            super().shutdown()

    def _start_request_clock(self) -> None:
        if not self._request_clock:
            self._request_clock = self.loop.call_later(self.request_seconds, self._end_slow_request)

    def _stop_request_clock(self) -> None:
        if self._request_clock:
            self._request_clock.cancel()
            self._request_clock = None

    def _end_slow_request(self) -> None:
        is_answered = self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE)
        if is_answered or (self.conn.trailing_data == (b"", False) and not self.cycle):
            self.transport.close()
        else:
            self.refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")
