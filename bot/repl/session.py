"""The state of one conversation at a terminal, which the commands read and change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from bot.articles.article import Article
from bot.articles.library import Library
from bot.config.paths import LibrarySource
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render.text import pluralize
from bot.retrieval.answer import Reply
from bot.retrieval.conversation import Conversation
from bot.retrieval.filters import ALL_ARTICLES, Filter
from bot.retrieval.retriever import Retriever
from bot.retrieval.user_settings import apply_settings


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question as typed, its reply, and the time that took."""

    typed: str
    reply: Reply
    milliseconds: float


class ChatSession:
    """One conversation at a terminal: articles, filter, settings, questions and replies.

    ``load`` reads the articles: at once, and again after ``has_changed`` returns True.
    ``full_retriever`` searches all articles, ``retriever`` those that pass the filter.
    ``reply`` is the one that answer numbers refer to; None before the first and after /clear.
    Raises NothingToRead.
    """

    def __init__(
        self,
        load: Callable[[], Retriever],
        source: LibrarySource,
        settings: Settings,
        has_changed: Callable[[], bool] = lambda: False,
    ) -> None:
        self.source: LibrarySource = source
        self.settings: Settings = settings
        self.filter: Filter = ALL_ARTICLES
        self.reply: Reply | None = None
        self.exchanges: list[Exchange] = []
        self._load, self._has_changed = load, has_changed
        self.full_retriever: Retriever = load()
        self.retriever: Retriever = self.full_retriever
        self._conversation = Conversation(self.retriever)
        self._update_conversation()

    @property
    def is_started(self) -> bool:
        """Whether a question has been asked, so that there can be more answers to it."""
        return self._conversation.last is not None

    @property
    def milliseconds(self) -> float:
        """The time that the last reply took; 0 before the first."""
        return self.exchanges[-1].milliseconds if self.exchanges else 0.0

    def ask(self, text: str, typed: str = "") -> Reply:
        """Return the reply to ``text``, which may be a follow-up; ``typed`` is a command's line."""
        start = perf_counter()
        self.reply = self._conversation.ask(text, self.settings.limit)
        self.exchanges.append(Exchange(typed or text, self.reply, (perf_counter() - start) * 1000))
        return self.reply

    def ask_more(self) -> Reply:
        """Return the next answers to the last question.

        If none are left, answer numbers keep referring to the answers on the screen.
        """
        previous = self.reply
        reply = self.ask("more", typed="/more")
        if not reply.answers:
            self.reply = previous
        return reply

    def show_nearest(self) -> Reply | None:
        """Return the last reply with the answers it withheld; None if it withheld none."""
        if not (self.reply and self.reply.silence and self.reply.nearest):
            return None
        answers = self.reply.nearest
        self.reply = replace(
            self.reply, answers=answers, silence=None, nearest=(), is_continued=True
        )
        return self.reply

    def apply_settings(self, settings: Settings) -> None:
        """Use ``settings`` from the next question on. Raises RerankerError and SettingError."""
        retriever = apply_settings(self.retriever, settings)
        self.settings = settings
        self._conversation = self._conversation.with_retriever(retriever)

    def set_filter(self, new: Filter) -> int:
        """Search only articles that match ``new``; return their number.

        If it is 0 the filter stays as it was. Raises FilterError for an unknown field.
        """
        count = len(new.find_matches(self.full_retriever.library.numbered_listings()))
        if count:
            self.filter = new
            self._apply_filter()
        return count

    def refresh(self) -> str:
        """Read the articles again if their files changed; return the changes in words, or ""."""
        return self.reload() if self._has_changed() else ""

    def open_again(self) -> None:
        """Open the library again, whose cache was found damaged. Raises NothingToRead."""
        self.full_retriever = self._load()
        self._apply_filter()

    def reload(self) -> str:
        """Read the articles again; return the changes in words, or ""."""
        try:
            new = self._load()
        except NothingToRead:  # every article was deleted, and none may be quoted any more
            new = Retriever(Library())
        changes = describe_changes(new.library.count_changes(self.full_retriever.library))
        if changes:
            self.full_retriever = new
            self._apply_filter()
        return changes

    def has_article(self, article: Article) -> bool:
        """Return whether the library still has ``article``, unchanged."""
        library = self.full_retriever.library
        numbers = library.find_source(article.source)
        return any(library.articles[number] == article for number in numbers)

    def _apply_filter(self) -> None:
        self.retriever = self.full_retriever
        if self.filter is not ALL_ARTICLES:
            listings = self.full_retriever.library.numbered_listings()
            rows = tuple(number for number, listing in listings if self.filter.matches(listing))
            self.retriever = self.full_retriever.select_rows(rows)
        self._update_conversation()

    def _update_conversation(self) -> None:
        """Continue the conversation with the current articles, filter and threshold."""
        retriever = apply_settings(self.retriever, self.settings)
        self._conversation = self._conversation.with_retriever(retriever)


def describe_changes(counts: Mapping[str, int]) -> str:
    """Return the numbers of articles that were changed, added and removed in words, "" for none.

    >>> describe_changes({"changed": 1, "added": 0, "removed": 1})
    '1 article changed, 1 article removed'
    """
    return ", ".join(
        f"{pluralize(count, 'article')} {change}" for change, count in counts.items() if count
    )
