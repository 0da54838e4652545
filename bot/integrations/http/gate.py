"""The gate before the application: who may ask, and a line of the log for each request."""

import hmac
from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from time import perf_counter, strftime
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.integrations.http.refusals import Refusal, refuse

# Answered without the token, for programs that watch whether the server lives.
OPEN_PATHS = ("/health",)
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may ask: by which names the server is called, and with which token.

    ``names`` are allowed besides localhost and addresses; of a server for this machine alone
    (``is_local``), only its loopback addresses are. Without a ``token``, none is needed.
    """

    is_local: bool = True
    names: frozenset[str] = frozenset()
    token: str = ""

    def check(self, method: str, path: str, headers: Headers) -> None:
        """Raise Refusal for a request that is not allowed."""
        host = headers.get("host", "")
        if not self.has_name(host):
            raise Refusal(
                HTTPStatus.MISDIRECTED_REQUEST,
                "The Host header has another server's name; see bot serve --allow-host.",
            )
        origin = headers.get("origin")
        if method not in SAFE_METHODS and origin is not None and urlsplit(origin).netloc != host:
            raise Refusal(HTTPStatus.FORBIDDEN, "Pages of other sites may not ask.")
        if path not in OPEN_PATHS and not self.has_token(headers.get("authorization", "")):
            raise Refusal(
                HTTPStatus.UNAUTHORIZED,
                'Send the header "Authorization: Bearer TOKEN", with the token of the server.',
                {"WWW-Authenticate": 'Bearer, Basic realm="bot"'},
            )

    def has_name(self, host: str) -> bool:
        """Return whether ``host``, with or without a port, is a name of this server.

        >>> [AccessRule().has_name(host) for host in ("localhost:8000", "evil.example")]
        [True, False]
        >>> AccessRule(is_local=False).has_name("[fe80::1]:8000")
        True
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name in ("localhost", *self.names) or self._is_address(name)
        except ValueError:
            return False

    def has_token(self, authorization: str) -> bool:
        """Return whether a header has the token, alone or as a password, as browsers send it."""
        scheme, _, value = authorization.partition(" ")
        given = value.strip().encode()
        if scheme.lower() == "basic":
            try:
                given = b64decode(given, validate=True).partition(b":")[2]
            except Error:
                given = b""
        # Compared even where none is needed: the time says nothing.
        return hmac.compare_digest(given, self.token.encode()) or not self.token

    def _is_address(self, name: str) -> bool:
        # A site can have its own name lead here, but no address: so these are safe.
        address = ip_address(name)
        return address.is_loopback or not self.is_local


class Gate:
    """An ASGI application that passes allowed requests to ``app``, and logs them all.

    ``log`` is called with a line in the Common Log Format and the milliseconds taken; the line has
    no query, which may hold a question.
    """

    def __init__(self, app: ASGIApp, access: AccessRule, log: Callable[[str], None]) -> None:
        self._app, self._access, self._log = app, access, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, sent = perf_counter(), {"status": 0, "bytes": 0}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent["status"] = message["status"]
                add_headers(MutableHeaders(scope=message))
            else:
                sent["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            self._access.check(scope["method"], scope["path"], Headers(scope=scope))
        except Refusal as refusal:
            await refuse(refusal)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)
        finally:
            self._log(log_line(scope, sent["status"], sent["bytes"], perf_counter() - start))


def add_headers(headers: MutableHeaders) -> None:
    """Add the headers that every response has; a page brings a policy of its own."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", JSON_POLICY)


def log_line(scope: Scope, status: int, size: int, seconds: float) -> str:
    """Return a line about one request."""
    client = scope["client"][0] if scope["client"] else "-"
    request = f"{scope['method']} {scope['raw_path'].decode('ascii', 'replace')}"
    time = strftime("%d/%b/%Y:%H:%M:%S %z")
    return f'{client} - - [{time}] "{request}" {status} {size} {seconds * 1000:.1f}ms'
