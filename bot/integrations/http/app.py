"""The application: which function answers which path, and how it refuses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.integrations.http.gate import AccessRule, Gate
from bot.integrations.http.openapi import describe_api
from bot.integrations.http.page import WebPage
from bot.integrations.http.parameters import (
    parse_ask_query,
    parse_page_query,
    parse_search,
    read_json_object,
)
from bot.integrations.http.refusals import Refusal, encode_json, json_response, refuse
from bot.integrations.http.responder import Responder

# The largest body of a question, with room for escapes and a long filter.
MAX_BODY = 65_536
REASONS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this path; GET /openapi.json lists the paths.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This path has other methods; see the header Allow.",
}


class Endpoints:
    """The function for each path and method."""

    def __init__(self, responder: Responder, version: str, *, has_token: bool) -> None:
        self._responder, self._version = responder, version
        self._api = encode_json(describe_api(version, has_token=has_token))

    def routes(self) -> list[Route]:
        """Return the paths, each with its method and function."""
        return [
            Route("/ask", self.ask, methods=["GET", "POST"]),
            Route("/", WebPage(self._responder).show),
            Route("/search", self.search, methods=["POST"]),
            Route("/articles", self.list_articles),
            Route("/articles/{name:path}", self.read_article),
            Route("/health", self.check_health),
            Route("/openapi.json", self.describe),
        ]

    async def ask(self, request: Request) -> Response:
        """Answer the question of a body, or the last of those in the address."""
        if request.method != "POST":
            query = parse_ask_query(request.query_params.multi_items(), self._responder.limit)
            return json_response(await self._responder.reply(query))
        status, body = await self._responder.ask(await read_body(request))
        return json_response(body, status)

    async def search(self, request: Request) -> Response:
        """Return answers whatever their confidence."""
        fields = read_json_object(await read_body(request))
        query = parse_search(fields, self._responder.limit)
        return json_response(await self._responder.search(query))

    async def list_articles(self, request: Request) -> Response:
        """Return a page of the list of articles."""
        page = parse_page_query(request.query_params.multi_items())
        return json_response(await self._responder.list_articles(page))

    async def read_article(self, request: Request) -> Response:
        """Return an article with its text."""
        return json_response(await self._responder.read_article(request.path_params["name"]))

    async def check_health(self, _: Request) -> Response:
        """Say that the server lives, and what it answers from."""
        library = self._responder.retriever.library
        counts = {"articles": len(library.articles), "sentences": library.sentence_count}
        return json_response(encode_json({"status": "ok", "version": self._version, **counts}))

    async def describe(self, _: Request) -> Response:
        """Return the description of all this."""
        return json_response(self._api)


async def read_body(request: Request) -> bytes:
    """Return the body of a request, which must be JSON and not too large. Raises Refusal.

    The rest of a body that is too large is read and thrown away after the refusal, as long as a
    request may take: a client that sends it all before it reads would find the connection broken.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, 'Send JSON, with "Content-Type: application/json".'
        )
    length = request.headers.get("content-length", "0")
    body = bytearray()
    if not int(length) > MAX_BODY:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                break
        else:
            return bytes(body)
    reason = f"The body is larger than {MAX_BODY:,} bytes."
    raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)


def refuse_request(_: Request, error: Exception) -> Response:
    """Return the response to a request that was refused."""
    assert isinstance(error, Refusal)
    return refuse(error)


def refuse_path(_: Request, error: Exception) -> Response:
    """Return the response to a path or method that there is not."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return refuse(Refusal(status, REASONS.get(status, error.detail), error.headers or {}))


def report_fault(_: Request, __: Exception) -> Response:
    """Return the response to a request that found a fault of ours, whose traceback is logged."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return refuse(Refusal(status, "A fault of the server; its log has the details."))


def leave_quietly(_: Request, __: Exception) -> Response:
    """Return a response to nobody: the client has gone."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def build_app(
    responder: Responder, access: AccessRule, log: Callable[[str], None], version: str
) -> ASGIApp:
    """Return the application, which keeps its library as the files are while it runs."""
    endpoints = Endpoints(responder, version, has_token=bool(access.token))
    app = Starlette(
        routes=endpoints.routes(),
        exception_handlers={
            Refusal: refuse_request,
            HTTPException: refuse_path,
            ClientDisconnect: leave_quietly,
            Exception: report_fault,
        },
        lifespan=partial(run_beside, responder),
    )
    app.router.redirect_slashes = False
    return Gate(app, access, log)


@asynccontextmanager
async def run_beside(responder: Responder, _: Starlette) -> AsyncIterator[None]:
    """Follow changes of the files, and answer the other workers, while the server runs."""
    following = asyncio.create_task(responder.follower.follow())
    listener = (
        await responder.peers.answer_others(responder.ask_for_peer)
        if responder.peers.count > 1
        else None
    )
    try:
        yield
    finally:
        following.cancel()
        if listener:
            listener.close()
