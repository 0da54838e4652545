"""Refusals: the status and the reason that a client is given, always as JSON."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response

from bot.render.safe_json import dump_json

NO_HEADERS: Mapping[str, str] = {}


class Refusal(Exception):
    """A request that is not answered, with the reason and its remedy."""

    def __init__(
        self, status: HTTPStatus, reason: str, headers: Mapping[str, str] = NO_HEADERS
    ) -> None:
        self.status: HTTPStatus = status
        self.reason: str = reason
        self.headers: Mapping[str, str] = headers
        super().__init__(reason)


def refusal_body(status: HTTPStatus, reason: str) -> bytes:
    """Return the JSON of a refusal.

    >>> refusal_body(HTTPStatus.NOT_FOUND, "No article has this id.")
    b'{"status": 404, "error": "Not Found", "reason": "No article has this id."}'
    """
    return encode_json({"status": int(status), "error": status.phrase, "reason": reason})


def encode_json(value: object) -> bytes:
    """Return ``value`` as JSON in UTF-8."""
    return dump_json(value).encode()


def json_response(
    body: bytes, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] = NO_HEADERS
) -> Response:
    """Return a response of JSON."""
    return Response(body, status, dict(headers), "application/json")


def refuse(refusal: Refusal) -> Response:
    """Return the response to a request that is refused."""
    return json_response(
        refusal_body(refusal.status, refusal.reason), refusal.status, refusal.headers
    )
