"""Completions of a line: commands, their arguments, and the names and words of the library."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from threading import Thread

from prompt_toolkit.completion import CompleteEvent, Completion, PathCompleter
from prompt_toolkit.document import Document

from bot.articles.library import Library
from bot.articles.searched_library import SearchedLibrary
from bot.config.settings import SETTINGS_BY_NAME
from bot.errors import BotError
from bot.render.text import sanitize
from bot.repl.commands import COMMANDS, COMMANDS_BY_NAME, is_command
from bot.repl.completion_words import CompletionWords
from bot.repl.session import ChatSession

# Letters from which on a word is completed, and the most completions offered.
MIN_LETTERS, MAX_COMPLETIONS = 3, 8
# Articles on a cluster whose names are completed: one page, which is kept.
MAX_REMOTE = 1_000
# Seconds that a completion waits for the words of a library.
WAIT = 0.1
# The last three, two and one words of a line: a name may consist of several.
TAIL_RES = tuple(re.compile(rf"(?:\w+[ -]){{{count}}}\w+$") for count in (2, 1, 0))


class LineCompletions:
    """The completions of lines in one session."""

    def __init__(self, session: ChatSession) -> None:
        self._session = session
        self._library: SearchedLibrary | None = None  # the one that the words are of
        self._words = CompletionWords(Library())
        self._thread = Thread()

    def complete(self, text: str) -> Iterator[Completion]:
        """Yield the completions of ``text``; none where the library cannot be read at present."""
        with suppress(BotError):
            yield from self._complete(text)

    def _complete(self, text: str) -> Iterator[Completion]:
        name, space, argument = text.partition(" ")
        if not is_command(name):
            yield from self._complete_words(text)
        elif not space:
            yield from complete_command(text)
        elif command := COMMANDS_BY_NAME.get(name):
            complete = COMPLETERS.get(command.argument)
            yield from complete(self._session, argument) if complete else ()

    def _complete_words(self, text: str) -> Iterator[Completion]:
        """Yield the library's names and words that start with the last words of ``text``."""
        for tail_re in TAIL_RES:
            match = tail_re.search(text)
            if match and len(match[0].split()[-1]) >= MIN_LETTERS:
                tail = match[0]
                forms = self._library_words().starting_with(tail, MAX_COMPLETIONS)
                yield from (Completion(sanitize(form), -len(tail)) for form in forms)
                if forms:
                    return

    def _library_words(self) -> CompletionWords:
        """Return the words of the current library; older or no words while they are collected.

        The prompt does not accept a line before its completions are there, so they must be quick.
        """
        library = self._session.full_retriever.library
        if self._library is not library and not self._thread.is_alive():
            self._thread = Thread(target=self._collect, args=(library,), daemon=True)
            self._thread.start()
            self._thread.join(WAIT)
        return self._words

    def _collect(self, library: SearchedLibrary) -> None:
        with suppress(BotError):  # the next key tries again
            self._words = CompletionWords(library)
            self._library = library


def complete_command(text: str) -> Iterator[Completion]:
    """Yield the commands that start with ``text``."""
    for command in COMMANDS:
        if command.names[0].startswith(text):
            yield Completion(command.names[0], -len(text), display_meta=command.help)


def complete_number(session: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the numbers of the answers on the screen."""
    answers = session.reply.answers if session.reply else ()
    for number, answer in enumerate(answers, 1):
        if str(number).startswith(text):
            yield Completion(str(number), -len(text), display_meta=sanitize(answer.text))


def complete_command_name(_: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the commands without their slash, as /help takes them."""
    for command in COMMANDS:
        if command.names[0][1:].startswith(text):
            yield Completion(command.names[0][1:], -len(text), display_meta=command.help)


def complete_setting(_: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the names of settings, and after a name examples of its values."""
    name, space, value = text.partition(" ")
    if space and name in SETTINGS_BY_NAME:
        for example in SETTINGS_BY_NAME[name].examples:
            if example.startswith(value):
                yield Completion(example, -len(value))
    elif not space:
        for setting in SETTINGS_BY_NAME.values():
            if setting.name.startswith(name):
                yield Completion(setting.name, -len(name), display_meta=setting.help)


def complete_article(session: ChatSession, text: str) -> Iterator[Completion]:
    """Yield titles and paths that contain ``text``, and "off"."""
    if text and "off".startswith(text):
        yield Completion("off", -len(text), display_meta="search all articles")
    wanted = text.casefold().strip('"')
    listings = session.full_retriever.library.listings
    matches = (
        name
        for article in islice(listings, MAX_REMOTE if session.source.cluster else None)
        for name in (f'"{article.title}"' if article.title else "", article.source)
        if name and wanted in name.casefold()
    )
    for name, _ in zip(matches, range(MAX_COMPLETIONS), strict=False):
        yield Completion(sanitize(name), -len(text))


def complete_path(_: ChatSession, text: str) -> Iterable[Completion]:
    """Yield the paths that start with ``text``."""
    return PathCompleter(expanduser=True).get_completions(Document(text), CompleteEvent())


# The completer of each kind of argument, as the table of commands calls it.
COMPLETERS: dict[str, Callable[[ChatSession, str], Iterable[Completion]]] = {
    "FILE": complete_path,
    "[COMMAND]": complete_command_name,
    "[FILTER]": complete_article,
    "[N]": complete_number,
    "[NAME [VALUE]]": complete_setting,
}
