"""The protocol of an analyzer, which turns texts and questions into terms."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple, Protocol

# The language of a text for which none is given, by its code in ISO 639-1.
DEFAULT_LANGUAGE = "en"


class WordKind(Enum):
    """How much a word tells of the topic of a question.

    >>> import bot
    >>> [token.kind.name for token in bot.DEFAULT_ANALYZER.tokens("did they say Lima?")]
    ['STOP', 'PRONOUN', 'LIGHT', 'CONTENT']
    """

    CONTENT = "a word of the topic"
    LIGHT = 'a word without a subject of its own ("say"): content only if there is no other'
    STOP = 'a word that counts in a score, but is no content ("the", "of")'
    PRONOUN = "a stop word that is searched for only if there is no other word"
    DATE = "a date in one form (2021-05-03), beside the words that it is written in"


class Token(NamedTuple):
    """A word of a text, at ``text[start:end]``.

    ``form`` is the word in the form in which words are compared (lower case, no accents), and
    ``term`` the form in which they are searched for (its stem); "" is not searched for. Tokens may
    share a place: the parts of an expression, a compound and its parts.

    >>> Token("bridges", "bridg", 4, 11).kind.name
    'CONTENT'
    """

    form: str
    term: str
    start: int
    end: int
    kind: WordKind = WordKind.CONTENT

    @property
    def is_stop_word(self) -> bool:
        """Whether the word is no content of a question."""
        return self.kind in STOP_KINDS


STOP_KINDS = frozenset((WordKind.STOP, WordKind.PRONOUN))


class Analyzer(Protocol):
    r"""An object that finds the words of texts and questions, and the terms to search them by.

    Texts, when they are indexed, and questions go through the same method. The term and the kind
    of a word must depend on its form and language only, and not on the words beside it. Many
    threads may call the method at once. For a library that is saved, or read in several processes,
    the object must be picklable.

    >>> import re, bot
    >>> class CaseSensitive:
    ...     version = "case-1"
    ...
    ...     def tokens(self, text, language="en"):
    ...         for match in re.finditer(r"[^\W_]+", text):
    ...             yield bot.Token(match[0], match[0], *match.span())
    >>> analyzer: Analyzer = CaseSensitive()
    >>> library = bot.Library.from_texts(["The US is a country. Give us a call."])
    >>> retriever = bot.Retriever(library, analyzer=analyzer)
    >>> [answer.text for answer in retriever.search("US")]
    ['The US is a country.']
    """

    @property
    def version(self) -> str:
        """A name that differs for each way of analysis; it is saved with an index.

        An index that was made by another version is rebuilt.
        """
        ...

    def tokens(self, text: str, language: str = DEFAULT_LANGUAGE) -> Iterable[Token]:
        """Return the words of ``text`` in reading order, each with its place.

        ``language`` is the code of the language in which the text is written, as far as that is
        known: "en", "de".
        """
        ...
