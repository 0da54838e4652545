"""Completion of commands, arguments and words at the prompt."""

from pathlib import Path

import pytest

import bot
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.repl.commands import COMMANDS
from bot.repl.completer import ARGUMENTS, LineCompletions
from bot.repl.completion_words import CompletionWords
from bot.repl.session import ChatSession

ASKED = "When did the Thornwick Bridge open?"


@pytest.fixture
def talk(retriever: bot.Retriever) -> ChatSession:
    """A conversation whose articles have been read."""
    talk = ChatSession(lambda: retriever, Settings(), LibrarySource((Path("notes"),), Origin.GIVEN))
    assert talk.full_retriever is retriever
    return talk


@pytest.mark.parametrize(
    ("typed", "ways"),
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
def test_completions(talk: ChatSession, typed: str, ways: list[str]) -> None:
    """Commands, what they take, and from the third letter the library's own names and words."""
    found = [completion.text for completion in LineCompletions(talk).following(typed)]

    assert sorted(found) == sorted(ways)


def test_numbers_are_completed(talk: ChatSession) -> None:
    """Those of the answers on the screen, with their text beside."""
    talk.ask(ASKED)
    shown = [way.display_meta_text for way in LineCompletions(talk).following("/show ")]

    assert talk.reply
    assert len(shown) == len(talk.reply.answers) > 0
    assert shown[0].startswith("The Thornwick Bridge opened")


def test_every_argument_is_completed() -> None:
    """Whatever the help says that a command takes."""
    assert {command.arguments for command in COMMANDS} - {""} <= ARGUMENTS.keys()


def test_names_that_only_begin_a_sentence() -> None:
    """As "The Bridge" does; what is written most often is how a word is proposed."""
    library = bot.Library.from_texts(["The Bridge opened. Bridges are bridges. Old bridges fall."])

    assert CompletionWords(library).beginning("the", 9) == []
    assert CompletionWords(library).beginning("bri", 9) == ["bridges", "Bridge"]
