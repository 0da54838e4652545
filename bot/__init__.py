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
    from bot.articles.library import Library as Library
    from bot.errors import BotError as BotError
    from bot.errors import BotWarning as BotWarning
    from bot.index.engine import Engine as Engine
    from bot.index.engine import Hit as Hit
    from bot.language.analysis import DEFAULT_ANALYZER as DEFAULT_ANALYZER
    from bot.language.analyzer import Analyzer as Analyzer
    from bot.language.analyzer import Token as Token
    from bot.language.analyzer import WordKind as WordKind
    from bot.retrieval.answer import Answer as Answer
    from bot.retrieval.answer import Reply as Reply
    from bot.retrieval.answer import Silence as Silence
    from bot.retrieval.conversation import Conversation as Conversation
    from bot.retrieval.evidence import Evidence as Evidence
    from bot.retrieval.retriever import Retriever as Retriever

# Public name → the module that defines it.
MODULES = {
    "DEFAULT_ANALYZER": "bot.language.analysis",
    "Analyzer": "bot.language.analyzer",
    "Answer": "bot.retrieval.answer",
    "Article": "bot.articles.article",
    "BotError": "bot.errors",
    "BotWarning": "bot.errors",
    "Conversation": "bot.retrieval.conversation",
    "Engine": "bot.index.engine",
    "Evidence": "bot.retrieval.evidence",
    "Hit": "bot.index.engine",
    "Library": "bot.articles.library",
    "Reply": "bot.retrieval.answer",
    "Retriever": "bot.retrieval.retriever",
    "Silence": "bot.retrieval.answer",
    "Token": "bot.language.analyzer",
    "WordKind": "bot.language.analyzer",
}

__all__ = [*MODULES]


def __getattr__(name: str) -> object:
    """Resolve a public name when it is first used, so that ``import bot`` loads nothing."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    __import__(MODULES[name])  # not importlib's, for the same reason
    return getattr(sys.modules[MODULES[name]], name)


def __dir__() -> list[str]:
    return sorted(MODULES)
