"""MCP: a server whose tools ask a retriever and read its articles, for desktop clients."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated, Any, TypeVar

from bot.articles.article import Listing
from bot.errors import BotError, explain_missing_extra
from bot.retrieval.answer import Answer
from bot.retrieval.retriever import Retriever
from bot.storage.origin import FilesOrigin

with explain_missing_extra("mcp", "mcp", "pydantic", "typing_extensions"):
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp.types import ToolAnnotations
    from pydantic import Field

    # Not that of typing, of which pydantic makes no schema before Python 3.12.
    from typing_extensions import TypedDict

Result = TypeVar("Result")

INSTRUCTIONS = (
    "The user's own articles. ask quotes the sentences that answer a question, word for word, or "
    "says that the articles do not answer it: then do not answer from them. Name the source of "
    "each quotation."
)
READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
# A page of an article that fits beside others in a model's context: some 2,000 words.
PAGE_CHARACTERS = 12_000
MAX_LISTED = 200

Question = Annotated[str, Field(min_length=1, description="A whole question in plain words.")]
Limit = Annotated[int, Field(ge=1, le=50, description="Answers at most.")]
Offset = Annotated[int, Field(ge=0, description="Where to begin: next_offset of the page before.")]
ArticleId = Annotated[str, Field(description="The id of an article, as answers and lists have it.")]
WhereArgument = Annotated[
    str | dict[str, Any] | None,
    Field(
        description='Only articles that match: words of the title, a path ("notes/*"), dates '
        '("since 2024-05"), or fields as an object ({"section": "world"}).'
    ),
]


class ListedArticle(TypedDict):
    """An article of the library."""

    id: str
    title: str
    date: str | None
    source: str


class Quotation(TypedDict):
    """A sentence, word for word, and its place."""

    text: str
    before: str
    after: str
    id: str
    title: str
    date: str | None
    source: str
    line: int | None
    place: dict[str, int | str] | None
    start: int
    end: int
    score: float
    confidence: float


class AskResult(TypedDict):
    """The answers to a question, best first, or the reason why there are none."""

    answers: list[Quotation]
    silence: str | None
    notices: list[str]


class SearchResult(TypedDict):
    """The sentences that match best, whether or not they answer."""

    answers: list[Quotation]


class ListingPage(TypedDict):
    """A page of the list of articles; ``next_offset`` is null on the last one."""

    articles: list[ListedArticle]
    total: int
    next_offset: int | None


class ArticlePage(ListedArticle):
    """A page of an article's text; ``next_offset`` is null on the last one."""

    text: str
    characters: int
    next_offset: int | None


class ArticleTools:
    """The tools of the server; each call answers from the articles as they are then."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def run(self, use: Callable[[Retriever], Result]) -> Result:
        """Return what ``use`` makes of a retriever of the articles as they are now."""
        with tool_errors():
            if isinstance(self._retriever.library.origin, FilesOrigin):
                self._retriever = self._retriever.refresh()
            return self._retriever.on_snapshot(use)

    def ask(self, question: Question, limit: Limit = 3, where: WhereArgument = None) -> AskResult:
        """Answer a question from the user's articles: sentences quoted word for word.

        If silence is not null, the articles do not answer it, and notices say why: which words
        were corrected, and which no article has.
        """
        reply = self.run(lambda now: now.ask(question, limit, where))
        return {
            "answers": [*map(quotation, reply.answers)],
            "silence": reply.silence.value if reply.silence else None,
            "notices": [*reply.notices],
        }

    def search(
        self, query: Question, limit: Limit = 10, where: WhereArgument = None
    ) -> SearchResult:
        """Find the sentences that share most with some words, whether or not they answer.

        Use it where ask is silent, or to look around.
        """
        answers = self.run(lambda now: now.search(query, limit, where))
        return {"answers": [*map(quotation, answers)]}

    def list_articles(
        self,
        where: WhereArgument = None,
        offset: Offset = 0,
        limit: Annotated[int, Field(ge=1, le=MAX_LISTED, description="Articles at most.")] = 50,
    ) -> ListingPage:
        """List the user's articles, in reading order: ids, titles, dates and sources."""

        def read_page(now: Retriever) -> tuple[Sequence[Listing], int]:
            library = (now if where is None else now.select(where)).library
            return [each for _, each in library.load_page(offset, limit)], len(library)

        listings, total = self.run(read_page)
        stop = offset + limit
        return {
            "articles": [*map(listed_article, listings)],
            "total": total,
            "next_offset": stop if stop < total else None,
        }

    def read_article(self, id: ArticleId, offset: Offset = 0) -> ArticlePage:
        """Read the text of one article, a page at a time."""
        article = self.run(lambda now: now.library.get(id))
        if article is None:
            raise ToolError(f"No article has the id {id!r}; list_articles lists the ids.")
        stop = offset + PAGE_CHARACTERS
        return {
            **listed_article(article),
            "text": article.text[offset:stop],
            "characters": len(article.text),
            "next_offset": stop if stop < len(article.text) else None,
        }


@contextmanager
def tool_errors() -> Iterator[None]:
    """Tell the model of an error by which it can mend its call."""
    try:
        yield
    except (ValueError, BotError) as error:
        raise ToolError(str(error)) from error


def quotation(answer: Answer) -> Quotation:
    """Return ``answer`` as the tools do."""
    return {
        "text": answer.text,
        "before": answer.before,
        "after": answer.after,
        **listed_article(answer.article),
        "line": answer.line,
        "place": answer.place.as_dict(),
        "start": answer.start,
        "end": answer.end,
        "score": answer.score,
        "confidence": answer.confidence,
    }


def listed_article(article: Listing) -> ListedArticle:
    """Return what the list of articles says of one."""
    return {
        "id": str(article.id),
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "source": article.source,
    }


def build_server(retriever: Retriever) -> MCPServer:
    """Return a server that answers from the articles of ``retriever``, and follows their files.

    It configures the root logger of the process, as MCP's SDK does.
    """
    server = MCPServer(
        "bot",
        title="Articles",
        instructions=INSTRUCTIONS,
        version=version("article-bot"),
        log_level="WARNING",
    )
    tools = ArticleTools(retriever)
    for tool in (tools.ask, tools.search, tools.list_articles, tools.read_article):
        server.tool(annotations=READ_ONLY, structured_output=True)(tool)
    return server
