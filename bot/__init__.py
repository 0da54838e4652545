"""Answer questions from your own articles, word for word, offline.

>>> import bot
>>> retriever = bot.Retriever.from_texts(["The bridge opened in March 1932."])
>>> reply = retriever.ask("When did the bridge open?")
>>> reply.answers[0].text
'The bridge opened in March 1932.'
"""

import sys

# Not that of ``typing``, whose import takes longer than all else before Ctrl-C is handled
# (``cli/start.py``); type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from bot.articles.article import Article as Article
    from bot.articles.article import Block as Block
    from bot.articles.article import FilePlace as FilePlace
    from bot.articles.library import Library as Library
    from bot.errors import BotError as BotError
    from bot.errors import BotWarning as BotWarning
    from bot.errors import CacheNotWritable as CacheNotWritable
    from bot.errors import DamagedCache as DamagedCache
    from bot.errors import LibraryNotSaved as LibraryNotSaved
    from bot.errors import MissingExtra as MissingExtra
    from bot.errors import NothingToRead as NothingToRead
    from bot.errors import UnreadableFile as UnreadableFile
    from bot.errors import UnusableLibrary as UnusableLibrary
    from bot.index.engine import Engine as Engine
    from bot.index.engine import Hit as Hit
    from bot.language.analysis import DEFAULT_ANALYZER as DEFAULT_ANALYZER
    from bot.language.analyzer import Analyzer as Analyzer
    from bot.language.analyzer import Token as Token
    from bot.language.analyzer import WordKind as WordKind
    from bot.retrieval.answer import Answer as Answer
    from bot.retrieval.answer import Excerpt as Excerpt
    from bot.retrieval.answer import Reply as Reply
    from bot.retrieval.answer import Silence as Silence
    from bot.retrieval.conversation import Conversation as Conversation
    from bot.retrieval.date_ranges import FilterError as FilterError
    from bot.retrieval.evidence import Evidence as Evidence
    from bot.retrieval.retriever import Retriever as Retriever

# A list of literals, which type checkers can read.
__all__ = [
    "DEFAULT_ANALYZER",
    "Analyzer",
    "Answer",
    "Article",
    "Block",
    "BotError",
    "BotWarning",
    "CacheNotWritable",
    "Conversation",
    "DamagedCache",
    "Engine",
    "Evidence",
    "Excerpt",
    "FilePlace",
    "FilterError",
    "Hit",
    "Library",
    "LibraryNotSaved",
    "MissingExtra",
    "NothingToRead",
    "Reply",
    "Retriever",
    "Silence",
    "Token",
    "UnreadableFile",
    "UnusableLibrary",
    "WordKind",
]

# Module → the public names that it defines.
MODULES: dict[str, tuple[str, ...]] = {
    "bot.articles.article": ("Article", "Block", "FilePlace"),
    "bot.articles.library": ("Library",),
    "bot.errors": (
        "BotError",
        "BotWarning",
        "CacheNotWritable",
        "DamagedCache",
        "LibraryNotSaved",
        "MissingExtra",
        "NothingToRead",
        "UnreadableFile",
        "UnusableLibrary",
    ),
    "bot.index.engine": ("Engine", "Hit"),
    "bot.language.analysis": ("DEFAULT_ANALYZER",),
    "bot.language.analyzer": ("Analyzer", "Token", "WordKind"),
    "bot.retrieval.answer": ("Answer", "Excerpt", "Reply", "Silence"),
    "bot.retrieval.conversation": ("Conversation",),
    "bot.retrieval.date_ranges": ("FilterError",),
    "bot.retrieval.evidence": ("Evidence",),
    "bot.retrieval.retriever": ("Retriever",),
}
HOMES: dict[str, str] = {name: module for module, names in MODULES.items() for name in names}

if not TYPE_CHECKING:  # or a misspelt name would be an object

    def __getattr__(name: str) -> object:
        """Resolve a public name when it is first used, so that ``import bot`` loads nothing."""
        if name not in HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        __import__(HOMES[name])  # not importlib's, for the same reason
        return getattr(sys.modules[HOMES[name]], name)


def __dir__() -> list[str]:
    return sorted(__all__)
