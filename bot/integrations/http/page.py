"""The page at "/": one document with its styles and script, made by the server for each view."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.integrations.http.page_articles import (
    ARTICLES_PER_PAGE,
    ArticleView,
    ListView,
    RefusalView,
    view_article,
    view_list,
)
from bot.integrations.http.page_replies import ReplyView, view_reply
from bot.integrations.http.parameters import (
    MAX_OFFSET,
    MAX_QUESTION,
    MAX_TURNS,
    MAX_WHERE,
    parse_ask_query,
    parse_integer,
    parse_where,
)
from bot.integrations.http.refusals import Refusal
from bot.integrations.http.responder import Responder, find_article, find_articles
from bot.render.library import count_library
from bot.render.text import sanitize_lines
from bot.retrieval.retriever import Retriever

View = ReplyView | ArticleView | ListView | RefusalView
# Nothing is loaded from anywhere, and only what bears the nonce of this response is run.
POLICY = (
    "default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


class WebPage:
    """Answers a request of a browser with the view that its address describes.

    ``q`` asks, as in ``/ask``; ``open`` shows an article; ``list`` lists them from a number on.
    """

    def __init__(self, responder: Responder) -> None:
        self._responder = responder

    async def show(self, request: Request) -> HTMLResponse:
        """Return the page."""
        query = request.query_params.multi_items()
        try:
            view = await self._responder.run(lambda now: self._choose_view(now, query))
            return self._render(view)
        except Refusal as refusal:
            fields = dict(query)
            refused = RefusalView(
                fields.get("q", ""), fields.get("where", ""), refusal.reason, "/openapi.json"
            )
            return self._render(refused, refusal.status)

    def _choose_view(self, now: Retriever, query: Sequence[tuple[str, str]]) -> View:
        """Return the view that an address describes. Raises Refusal."""
        fields = dict(query)
        questions = [value for name, value in query if name == "q" and value.strip()]
        if "open" in fields:
            return open_article(now, fields, questions)
        if questions:
            options = [pair for pair in query if pair[0] in ("limit", "where")]
            return self._ask(now, options, questions)
        where = parse_where(fields.get("where"))
        offset = parse_integer("list", fields.get("list") or "0", 0, MAX_OFFSET)
        found = find_articles(now, where, offset, ARTICLES_PER_PAGE)
        view = view_list(found, offset, fields.get("where", ""))
        return replace(view, kind="home", title="bot") if not fields else view

    def _ask(
        self, now: Retriever, query: list[tuple[str, str]], questions: Sequence[str]
    ) -> ReplyView:
        last = [("q", question) for question in questions[-MAX_TURNS:]]
        request = parse_ask_query([*last, *query], self._responder.limit)
        reply = self._responder.reply_from(now, request)
        asked = now if request.where is None else now.select(request.where)
        return view_reply(reply, request, asked, self._responder.limit)

    def _render(self, view: View, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
        nonce = token_urlsafe(16)
        html = self._template.render(
            view=view,
            nonce=nonce,
            counts=count_library(self._responder.retriever.library),
            max_question=MAX_QUESTION,
            max_where=MAX_WHERE,
        )
        headers = {
            "Content-Security-Policy": POLICY.format(nonce),
            "Cache-Control": "private, no-cache",
        }
        return HTMLResponse(html, status, headers)

    @cached_property
    def _template(self) -> Template:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=clean,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return environment.get_template("page.html")


def open_article(
    now: Retriever, fields: Mapping[str, str], questions: Sequence[str]
) -> ArticleView:
    """Return the view of the article that an address names. Raises Refusal."""
    article = find_article(now, fields["open"])
    start = parse_integer("start", fields.get("start", "0"), 0, MAX_OFFSET)
    end = parse_integer("end", fields.get("end", "0"), 0, MAX_OFFSET)
    return view_article(article, range(start, end), questions, fields.get("where", ""))


def clean(value: object) -> object:
    """Return a text of an article or address without characters that hide or turn others."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return sanitize_lines(value) if is_text else value  # type: ignore[arg-type]
