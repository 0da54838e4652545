"""Answers to requests: from the library as it is now, in the conversation that they belong to."""

import asyncio
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import NamedTuple, TypeVar

from bot.articles.article import Article, Listing
from bot.cluster.errors import ClusterError, TooManyArticles
from bot.errors import DamagedCache, LibraryReplaced
from bot.integrations.http.conversations import ConversationStore
from bot.integrations.http.follower import Follower
from bot.integrations.http.parameters import (
    AskRequest,
    JsonWhere,
    PageRequest,
    parse_ask,
    read_json_object,
)
from bot.integrations.http.peers import Outcome, Peers
from bot.integrations.http.refusals import Refusal, encode_json, refusal_body
from bot.retrieval.answer import Reply
from bot.retrieval.conversation import Conversation
from bot.retrieval.date_ranges import FilterError
from bot.retrieval.retriever import Retriever


def listing_as_dict(listing: Listing) -> dict[str, object]:
    """Return what is known of an article without its text."""
    return {
        "id": listing.id,
        "title": listing.title,
        "date": listing.date.isoformat() if listing.date else None,
        "source": listing.source,
        "metadata": dict(listing.metadata),
    }


Result = TypeVar("Result")


class FoundArticles(NamedTuple):
    """Some of ``total`` articles, with their numbers."""

    total: int
    numbered: Sequence[tuple[int, Listing]]


class Responder:
    """Answers requests with JSON; a conversation is held by the worker that owns its id.

    ``limit`` is the number of answers to a request without one.
    """

    def __init__(self, follower: Follower, peers: Peers, limit: int) -> None:
        self.follower: Follower = follower
        self.peers: Peers = peers
        self.limit: int = limit
        self.conversations: ConversationStore = ConversationStore()

    @property
    def retriever(self) -> Retriever:
        """The retriever of the articles as they are now."""
        return self.follower.retriever

    async def run(self, use: Callable[[Retriever], Result]) -> Result:
        """Return what ``use`` makes of a retriever of the articles as they are. Raises Refusal.

        Where a question waits for other machines, a thread waits, and the event loop runs on.
        """
        if self.follower.is_remote:
            return await asyncio.to_thread(self._run, use)
        return self._run(use)

    async def ask(self, body: bytes) -> Outcome:
        """Return the reply to the JSON body of a question. Raises Refusal."""
        request = parse_ask(read_json_object(body), self.limit)
        owner = self.peers.owner(request.conversation)
        if request.conversation and owner != self.peers.index:
            return await self.peers.ask(owner, body)
        return HTTPStatus.OK, await self.reply(request)

    async def ask_for_peer(self, body: bytes) -> Outcome:
        """Return the reply to a question that another worker passed on."""
        try:
            request = parse_ask(read_json_object(body), self.limit)
            return HTTPStatus.OK, await self.reply(request)
        except Refusal as refusal:
            return refusal.status, refusal_body(refusal.status, refusal.reason)

    async def reply(self, request: AskRequest) -> bytes:
        """Return the reply to the last question of a request. Raises Refusal."""
        return await self.run(lambda now: encode_json(self.reply_from(now, request).as_dict()))

    async def search(self, request: AskRequest) -> bytes:
        """Return the answers to a question, whatever their confidence. Raises Refusal."""
        [question] = request.questions

        def search(now: Retriever) -> bytes:
            answers = now.search(question, request.limit, request.where)
            records = [{"rank": rank, **one.as_dict()} for rank, one in enumerate(answers, 1)]
            return encode_json({"question": question, "answers": records})

        return await self.run(search)

    async def list_articles(self, request: PageRequest) -> bytes:
        """Return a page of the list of articles. Raises Refusal."""
        return await self.run(lambda now: encode_json(list_articles(now, request)))

    async def read_article(self, name: str) -> bytes:
        """Return the article with this id. Raises Refusal."""
        article = await self.run(lambda now: find_article(now, name))
        return encode_json(
            {**listing_as_dict(article), "link": article.link or None, "text": article.text}
        )

    def reply_from(self, retriever: Retriever, request: AskRequest) -> Reply:
        """Return the reply of ``retriever`` to the last question of a request."""
        limit, where = request.limit, request.where
        *before, last = request.questions
        if request.conversation:
            # It follows the library by itself.
            talk = self.conversations.open(request.conversation, self.retriever)
            return talk.ask(last, limit, where)
        if request.alone:
            return retriever.ask(last, limit, where)
        talk = Conversation(retriever)
        for question in before:
            talk.ask(question, limit, where)
        return talk.ask(last, limit, where)

    def _run(self, use: Callable[[Retriever], Result]) -> Result:
        """Return the result of ``use``; have a damaged library read again. Raises Refusal."""
        try:
            return self.retriever.on_snapshot(use)
        except FilterError as error:
            # It is well formed, but names a field that these articles do not have.
            raise Refusal(HTTPStatus.CONFLICT, f'"where": {error}') from error
        except DamagedCache as error:
            self.follower.is_damaged = True
            reason = "The saved library is damaged and is being read again; ask again in a moment."
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason) from error
        except TooManyArticles as error:
            raise Refusal(HTTPStatus.CONFLICT, f'"where": {error.fault}') from error
        except (ClusterError, LibraryReplaced) as error:
            self.follower.note(str(error))  # with the addresses, which no client need know
            reason = "The articles cannot be reached at present; ask again in a moment."
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason) from error


def find_article(retriever: Retriever, name: str) -> Article:
    """Return the article with this id. Raises Refusal."""
    article = retriever.library.get(name)
    if article is None:
        raise Refusal(HTTPStatus.NOT_FOUND, "No article has this id; GET /articles lists them.")
    return article


def find_articles(
    retriever: Retriever, where: JsonWhere | None, offset: int, limit: int
) -> FoundArticles:
    """Return a page of the articles that ``where`` chooses. Raises FilterError."""
    library = retriever.library
    if where is None:
        return FoundArticles(len(library), library.load_page(offset, limit))
    rows = retriever.subsets.find_rows(where)
    page = rows[offset : offset + limit]
    return FoundArticles(len(rows), [*zip(page, library.load_listings(page), strict=True)])


def list_articles(retriever: Retriever, request: PageRequest) -> dict[str, object]:
    """Return a page of the list of articles, for JSON. Raises FilterError."""
    library = retriever.library
    found = find_articles(retriever, request.where, request.offset, request.limit)
    end = request.offset + request.limit
    return {
        "total": found.total,
        "offset": request.offset,
        "articles": [
            {**listing_as_dict(listing), "sentences": len(library.sentence_numbers(number))}
            for number, listing in found.numbered
        ],
        "next_offset": end if end < found.total else None,
    }
