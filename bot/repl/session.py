"""What a conversation at a terminal knows; the commands act on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING

from bot.articles.article import Article
from bot.articles.library import Library
from bot.config.paths import LibrarySource
from bot.errors import NothingToRead
from bot.retrieval.answer import Reply
from bot.retrieval.conversation import Conversation
from bot.retrieval.filters import ALL_ARTICLES, Filter
from bot.retrieval.retriever import Retriever
from bot.retrieval.subset import subset_retriever

if TYPE_CHECKING:
    from bot.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was typed, the reply, and how many milliseconds it took."""

    typed: str
    reply: Reply
    milliseconds: float


class ChatSession:
    """What a conversation at a terminal knows: the articles, the settings, what was said.

    ``load`` reads the articles; ``stands`` tells of one whether its file is as it was then.
    ``reply`` is the last one, None before it or once the screen was cleared: numbers mean its
    answers. ``settings`` may be replaced at any time, and ``news`` are what else is to be told.
    """

    def __init__(
        self,
        load: Callable[[], Retriever],
        settings: "Settings",
        shelf: LibrarySource,
        stands: Callable[[Article], bool] = lambda _: True,
    ) -> None:
        self.settings = settings
        self.source = shelf
        self.filter = ALL_ARTICLES
        self.reply: Reply | None = None
        self.exchanges: list[Exchange] = []
        self.notices: list[str] = []
        self._load = load
        self._stands = stands
        self._lock = Lock()
        self._all: Retriever | None = None  # until it is loaded
        self._asked: Retriever | None = None  # of what the filter takes; until it is made
        self._conversation: Conversation | None = None

    @property
    def ready(self) -> bool:
        """Whether the articles have been read, so that a question need not wait for them."""
        return self._all is not None

    @property
    def milliseconds(self) -> float:
        """How long the last reply took; 0 before there is one."""
        return self.exchanges[-1].milliseconds if self.exchanges else 0.0

    @property
    def full_retriever(self) -> Retriever:
        """The retriever of all the articles; any thread may ask for it, and waits until it is."""
        with self._lock:
            if self._all is None:
                self._all = self._load()
            return self._all

    @property
    def retriever(self) -> Retriever:
        """The retriever of the articles that the filter takes."""
        if self._asked is None:
            self._asked = self._filtered()
        return self._asked

    def ask(self, text: str) -> Reply:
        """Return the reply to ``text``, which may lean on what was said before."""
        conversation = self.conversation
        started, before = perf_counter(), conversation.last
        reply = conversation.ask(text, self.settings.limit)
        if not all(self._stands(one.article) for one in (*reply.answers, *reply.nearest)):
            # What is not there is not quoted: it is asked again of what is.
            self.notices.append(self.reload())
            self.conversation.last = before
            reply = self.conversation.ask(text, self.settings.limit)
        self.reply = reply
        taken = (perf_counter() - started) * 1000
        self.exchanges.append(Exchange(text, self.reply, taken))
        return self.reply

    @property
    def conversation(self) -> Conversation:
        """The conversation, with the articles and the threshold that are set now."""
        current, retriever = self._conversation, self._answering()
        if current is None or current.retriever is not retriever:
            self._conversation = Conversation(retriever)
            if current and current.last:
                # Sentences have other numbers in another library.
                same = current.retriever.library is retriever.library
                shown = current.last.shown if same else ()
                self._conversation.last = replace(current.last, shown=shown)
            current = self._conversation
        return current

    def _answering(self) -> Retriever:
        """Return the retriever of what the filter takes, with the threshold that is set."""
        retriever, wanted = self.retriever, self.settings.confidence
        if wanted is None or wanted == retriever.min_confidence:
            return retriever
        current = self._conversation and self._conversation.retriever
        if current and current.engine is retriever.engine and current.min_confidence == wanted:
            return current
        return retriever.with_threshold(wanted)

    def set_filter(self, wanted: Filter) -> int:
        """Ask only what ``wanted`` takes; return how many articles. None: all stays as it was."""
        taken = sum(map(wanted.matches, self.full_retriever.library.listings))
        if taken:
            self.filter, self._asked = wanted, None
        return taken

    def reload(self) -> str:
        """Read the articles again; return what changed, in words."""
        try:
            fresh = self._load()
        except NothingToRead:  # they all vanished, and are not to be quoted
            fresh = Retriever(Library())
        return self.adopt(fresh)

    def adopt(self, fresh: Retriever) -> str:
        """Ask ``fresh`` from now on; return what differs from what was asked, in words."""
        said = describe_changes(
            self.full_retriever.library.content_versions, fresh.library.content_versions
        )
        if said:
            with self._lock:
                self._all, self._asked = fresh, None
        return said

    def has_article(self, article: Article) -> bool:
        """Return whether ``article`` is still there as it was read."""
        if not self._stands(article):
            return False
        library = self.full_retriever.library
        rows = (r for r, one in enumerate(library.listings) if one.source == article.source)
        return any(library.articles[row] == article for row in rows)

    def _filtered(self) -> Retriever:
        whole = self.full_retriever
        if self.filter is ALL_ARTICLES:
            return whole
        listings = enumerate(whole.library.listings)
        rows = [row for row, listing in listings if self.filter.matches(listing)]
        return subset_retriever(whole, rows)


def describe_changes(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """Return how many articles are new, changed and gone, in words, "" where none is."""
    counts = {
        "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
    }
    told = [
        f"{count:,} article{'s' * (count != 1)} {how}" for how, count in counts.items() if count
    ]
    return ", ".join(told)
