"""What can follow what was typed: commands, what they take, the library's own words."""

import re
from collections.abc import Callable, Iterable, Iterator
from threading import Thread

from prompt_toolkit.completion import CompleteEvent, Completion, PathCompleter
from prompt_toolkit.document import Document

from bot.articles.library import Library
from bot.config.settings import BY_NAME as SETTINGS
from bot.render.text import sanitize
from bot.repl.commands import BY_NAME, COMMANDS
from bot.repl.completion_words import CompletionWords
from bot.repl.session import ChatSession

# Letters from which on a word is completed, and how many ways to go on are shown.
LETTERS, SHOWN = 3, 8
# Seconds for which a completion waits for the words of a library.
PATIENCE = 0.1
# The last one, two or three words: a name may have so many before it ends.
TAILS = tuple(re.compile(rf"(?:\w+[ -]){{{count}}}\w+$") for count in (2, 1, 0))


class LineCompletions:
    """Completions of a line; words only once the articles are there, so that typing never waits."""

    def __init__(self, talk: ChatSession) -> None:
        self._talk = talk
        self._read: tuple[Library | None, CompletionWords] = (None, CompletionWords(Library()))
        self._reading = Thread()

    def following(self, text: str) -> Iterator[Completion]:
        """Yield what can follow ``text``."""
        if text.startswith("/") and not text.startswith("//"):
            name, space, rest = text.partition(" ")
            if not space:
                yield from commands(text)
            elif name in BY_NAME:
                complete = ARGUMENTS.get(BY_NAME[name].arguments)
                yield from complete(self._talk, rest) if complete else ()
        elif self._talk.ready:
            yield from self.words(text)

    def words(self, text: str) -> Iterator[Completion]:
        """Yield the library's names and words that go on as ``text`` ends."""
        for tail in TAILS:
            match = tail.search(text)
            found = match and len(match[0].split()[-1]) >= LETTERS and match[0]
            if found:
                ways = self.vocabulary.beginning(found, SHOWN)
                yield from (Completion(sanitize(way), -len(found)) for way in ways)
                if ways:
                    return

    @property
    def vocabulary(self) -> CompletionWords:
        """The words of the library as it is now; as it was, or none, while they are found.

        The prompt waits for completions before it lets a line go.
        """
        library = self._talk.full_retriever.library
        if self._read[0] is not library and not self._reading.is_alive():
            self._reading = Thread(target=self._find, args=(library,), daemon=True)
            self._reading.start()
            self._reading.join(PATIENCE)
        return self._read[1]

    def _find(self, library: Library) -> None:
        self._read = library, CompletionWords(library)


def commands(text: str) -> Iterator[Completion]:
    """Yield the commands that begin with ``text``."""
    for command in COMMANDS:
        if command.names[0].startswith(text):
            yield Completion(command.names[0], -len(text), display_meta=command.help)


def numbers(talk: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the numbers of the answers on the screen."""
    answers = talk.reply.answers if talk.reply else ()
    for number, answer in enumerate(answers, 1):
        if str(number).startswith(text):
            yield Completion(str(number), -len(text), display_meta=sanitize(answer.text))


def names(_: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the names of commands, without their stroke."""
    for command in COMMANDS:
        if command.names[0][1:].startswith(text):
            yield Completion(command.names[0][1:], -len(text), display_meta=command.help)


def settings(_: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the names of settings, and behind a name what it takes."""
    name, space, value = text.partition(" ")
    if space and name in SETTINGS:
        examples = (e for e in SETTINGS[name].examples if e.startswith(value))
        yield from (Completion(example, -len(value)) for example in examples)
    elif not space:
        found = (setting for setting in SETTINGS.values() if setting.name.startswith(name))
        yield from (Completion(s.name, -len(name), display_meta=s.help) for s in found)


def articles(talk: ChatSession, text: str) -> Iterator[Completion]:
    """Yield the titles and paths that hold ``text``, and how to ask them all."""
    if text and "off".startswith(text):
        yield Completion("off", -len(text), display_meta="ask all articles")
    wanted = text.casefold().strip('"')
    found: Iterable[str] = (
        form
        for article in (talk.full_retriever.library.listings if talk.ready else ())
        for form in (f'"{article.title}"', article.source)
        if wanted in form.casefold()
    )
    for form, _ in zip(found, range(SHOWN), strict=False):
        yield Completion(sanitize(form), -len(text))


def paths(_: ChatSession, text: str) -> Iterable[Completion]:
    """Yield the files that begin with ``text``."""
    return PathCompleter(expanduser=True).get_completions(Document(text), CompleteEvent())


# What a command takes, as its help calls it → what completes it.
ARGUMENTS: dict[str, Callable[[ChatSession, str], Iterable[Completion]]] = {
    "FILE": paths,
    "[COMMAND]": names,
    "[NAME [VALUE]]": settings,
    "[N]": numbers,
    "[WHAT]": articles,
    "[WORDS]": articles,
}
