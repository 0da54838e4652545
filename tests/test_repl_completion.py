"""Completion of commands, arguments and words at the prompt."""

from pathlib import Path

import pytest

import bot
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.repl.commands import COMMANDS
from bot.repl.completer import COMPLETERS, LineCompletions
from bot.repl.completion_words import CompletionWords
from bot.repl.session import ChatSession


@pytest.fixture
def session(retriever: bot.Retriever) -> ChatSession:
    return ChatSession(lambda: retriever, LibrarySource((Path("notes"),), Origin.GIVEN), Settings())


@pytest.mark.parametrize(
    ("typed", "completions"),
    [
        ("/qu", ["/quit"]),
        ("/help ex", ["explain"]),
        ("/set col", ["color"]),
        ("/set color a", ["auto", "always"]),
        ("/filter lamp", ['"The lamp of Skerry Rock"']),
        ("/filter o", ["off", '"Ninety years of the Thornwick Bridge"', '"The fish market moves"',
                       '"The lamp of Skerry Rock"', "lighthouse.md"]),
        ("who is Magn", ["Magnus", "Magnus Flett"]),
        ("who is magnus fle", ["Magnus Flett"]),
        ("the her", ["herring"]),
        ("the he", []),
        ("/unknown x", []),
        ("//tho", ["Thornwick", "Thornwick Bridge", "Thorne", "thousand"]),
    ],
)  # fmt: skip
def test_completions(session: ChatSession, typed: str, completions: list[str]) -> None:
    """Commands, their arguments, and the library's names and words from the third letter on."""
    found = [completion.text for completion in LineCompletions(session).complete(typed)]

    assert sorted(found) == sorted(completions)


def test_answer_numbers_are_completed(session: ChatSession) -> None:
    """The menu shows the text of each answer on the screen."""
    reply = session.ask("When did the Thornwick Bridge open?")

    texts = [c.display_meta_text for c in LineCompletions(session).complete("/show ")]

    assert len(texts) == len(reply.answers) > 0
    assert texts[0].startswith("The Thornwick Bridge opened")


def test_every_argument_has_a_completer() -> None:
    """Each kind of argument in the table of commands can be completed."""
    assert {command.argument for command in COMMANDS} - {""} == COMPLETERS.keys()


def test_first_words_of_sentences_are_no_names() -> None:
    """No name starts with "The"; a word is offered in its most frequent spelling."""
    library = bot.Library.from_texts(["The Bridge opened. Bridges are bridges. Old bridges fall."])

    assert CompletionWords(library).starting_with("the", 9) == []
    assert CompletionWords(library).starting_with("bri", 9) == ["bridges", "Bridge"]
