"""The addresses of the page's views, and of their twins in JSON."""

from collections.abc import Sequence
from urllib.parse import urlencode


def make_url(path: str, *fields: tuple[str, object]) -> str:
    """Return an address with those of ``fields`` that are neither empty nor 0.

    >>> make_url("/", ("open", "a b.txt"), ("start", 7), ("where", ""))
    '/?open=a+b.txt&start=7'
    """
    given = [(name, str(value)) for name, value in fields if value]
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def ask_url(questions: Sequence[str], where: str, limit: int = 0, path: str = "/") -> str:
    """Return the address of the reply to the last of ``questions``.

    >>> ask_url(["When did it open?", "and why?"], "", 3, "/ask")
    '/ask?q=When+did+it+open%3F&q=and+why%3F&limit=3'
    """
    asked = [("q", question) for question in questions]
    return make_url(path, *asked, ("where", where), ("limit", limit))


def join_known(*facts: str) -> str:
    """Return facts in a line, those that are known."""
    return " · ".join(filter(None, facts))
