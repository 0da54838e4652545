"""Answers to requests: from the library as it is now, in the conversation that they belong to."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeVar

from bot.articles.article import Article, Listing
from bot.errors import DamagedCache
from bot.integrations.http.conversations import ConversationStore
from bot.integrations.http.library_follower import LibraryFollower
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


class Responder:
    """Answers requests with JSON; a conversation is held by the worker that owns its id.

    ``limit`` is the number of answers to a request without one.
    """

    def __init__(self, follower: LibraryFollower, peers: Peers, limit: int) -> None:
        self.follower: LibraryFollower = follower
        self.peers: Peers = peers
        self.limit: int = limit
        self.conversations: ConversationStore = ConversationStore()

    @property
    def retriever(self) -> Retriever:
        """The retriever of the articles as they are now."""
        return self.follower.retriever

    async def ask(self, body: bytes) -> Outcome:
        """Return the reply to the JSON body of a question. Raises Refusal."""
        request = parse_ask(read_json_object(body), self.limit)
        owner = self.peers.owner(request.conversation)
        if request.conversation and owner != self.peers.index:
            return await self.peers.ask(owner, body)
        return HTTPStatus.OK, encode_json(self.reply(request).as_dict())

    def ask_for_peer(self, body: bytes) -> Outcome:
        """Return the reply to a question that another worker passed on."""
        try:
            request = parse_ask(read_json_object(body), self.limit)
            return HTTPStatus.OK, encode_json(self.reply(request).as_dict())
        except Refusal as refusal:
            return refusal.status, refusal_body(refusal.status, refusal.reason)

    def reply(self, request: AskRequest) -> Reply:
        """Return the reply to the last question of a request. Raises Refusal."""
        return self.refuse_faults(lambda: self._reply(request))

    def search(self, request: AskRequest) -> bytes:
        """Return the answers to a question, whatever their confidence. Raises Refusal."""
        [question] = request.questions
        answers = self.refuse_faults(
            lambda: self.retriever.search(question, request.limit, request.where)
        )
        records = [{"rank": rank, **one.as_dict()} for rank, one in enumerate(answers, 1)]
        return encode_json({"question": question, "answers": records})

    def list_articles(self, request: PageRequest) -> bytes:
        """Return a page of the list of articles. Raises Refusal."""
        return encode_json(self.refuse_faults(lambda: self._list_articles(request)))

    def read_article(self, name: str) -> bytes:
        """Return the article with this id. Raises Refusal."""
        article = self.find_article(name)
        return encode_json(
            {**listing_as_dict(article), "link": article.link or None, "text": article.text}
        )

    def find_article(self, name: str) -> Article:
        """Return the article with this id. Raises Refusal."""
        article = self.refuse_faults(lambda: self.retriever.library.get(name))
        if article is None:
            raise Refusal(HTTPStatus.NOT_FOUND, "No article has this id; GET /articles lists them.")
        return article

    def find_rows(self, where: JsonWhere | None) -> Sequence[int]:
        """Return the numbers of the articles that ``where`` chooses. Raises FilterError."""
        retriever = self.retriever
        if where is None:
            return [number for number, _ in retriever.library.numbered_listings()]
        return retriever.subsets.find_rows(where)

    def _reply(self, request: AskRequest) -> Reply:
        retriever, limit, where = self.retriever, request.limit, request.where
        *before, last = request.questions
        if request.conversation:
            return self.conversations.open(request.conversation, retriever).ask(last, limit, where)
        if request.alone:
            return retriever.ask(last, limit, where)
        talk = Conversation(retriever)
        for question in before:
            talk.ask(question, limit, where)
        return talk.ask(last, limit, where)

    def _list_articles(self, request: PageRequest) -> dict[str, object]:
        library, rows = self.retriever.library, self.find_rows(request.where)
        end = request.offset + request.limit
        page = rows[request.offset : end]
        return {
            "total": len(rows),
            "offset": request.offset,
            "articles": [
                {
                    **listing_as_dict(listing),
                    "sentences": len(library.sentence_numbers(row)),
                }
                for row, listing in zip(page, library.load_listings(page), strict=True)
            ],
            "next_offset": end if end < len(rows) else None,
        }

    def refuse_faults(self, read: Callable[[], Result]) -> Result:
        """Return the result of ``read``; have a damaged library read again. Raises Refusal."""
        try:
            return read()
        except FilterError as error:
            # It is well formed, but names a field that these articles do not have.
            raise Refusal(HTTPStatus.CONFLICT, f'"where": {error}') from error
        except DamagedCache as error:
            self.follower.is_damaged = True
            reason = "The saved library is damaged and is being read again; ask again in a moment."
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason) from error
