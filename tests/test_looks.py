"""How a conversation looks, and what it proposes: answers, colours, links, completions."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.articles.article import Article
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.render import reply as answers
from bot.render.looks import Look, look
from bot.render.text import to_ansi, to_plain
from bot.repl.session import ChatSession
from bot.retrieval.answer import Answer, Evidence, Reply

XTERM = {"TERM": "xterm-256color"}
WEZTERM = XTERM | {"TERM_PROGRAM": "WezTerm"}
ASKED = "When did the Thornwick Bridge open?"


@pytest.fixture
def talk(retriever: bot.Retriever) -> ChatSession:
    """A conversation whose articles have been read."""
    talk = ChatSession(lambda: retriever, Settings(), LibrarySource((Path("notes"),), Origin.GIVEN))
    assert talk.full_retriever is retriever
    return talk


def test_several_answers_are_numbered(talk: ChatSession) -> None:
    """As commands count them; a single one needs no number."""
    several = to_plain(answers.format_reply(talk.ask("Thornwick Bridge Skerry Rock"), 80))
    one = to_plain(
        answers.format_reply(replace(talk.ask(ASKED), answers=talk.ask(ASKED).answers[:1]), 80)
    )

    assert re.findall(r"(?m)^  (\d) [▰▱]{5} \w+ — ", several) == ["1", "2"]
    assert "\n  ▰" in one


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "▰▰▰▰▰ sure"), (0.8, "▰▰▰▰▱ sure"), (0.5, "▰▰▱▱▱ likely"), (0.0, "▱▱▱▱▱ perhaps")],
)
def test_how_sure(confidence: float, words: str) -> None:
    """A bar of fifths, and a word."""
    assert answers.confidence_bar(confidence) == words


hostile = st.text(st.characters() | st.sampled_from("\x1b\x07\x9b\r\n\u202e 猫1é"), min_size=1)


@given(hostile, hostile, st.integers(20, 60))
def test_no_article_commands_the_terminal(text: str, name: str, width: int) -> None:
    """Whatever its text, title and path, all that is sent are our own looks and links."""
    path = "/" + name.replace("\0", "").encode("utf-8", "replace").decode()
    article = Article(name, name, text, metadata={"path": path})
    answer = Answer(text, article, 0, len(text), 1, 1.0, 0.5, ("1",), "", "", Evidence(), 0)
    laid = answers.format_reply(
        Reply(bot.Conversation(EMPTY).ask("when?").question, (answer,)), width
    )

    sent = to_ansi(laid, links=True)

    for ours in ("\x1b]8;;", "\x1b\\", "\x1b[1m", "\x1b[2m", "\x1b[4m", "\x1b[0m"):
        sent = sent.replace(ours, "")
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(sent)


EMPTY = bot.Retriever(bot.Library())


@pytest.mark.parametrize(
    ("settings", "environment", "expected"),
    [
        (Settings(), XTERM, Look(True)),
        (Settings(), XTERM | {"NO_COLOR": "1"}, Look(False)),
        (Settings(), {"TERM": "dumb"}, Look(False)),
        (Settings(color="never"), XTERM, Look(False)),
        (Settings(color="always"), XTERM | {"NO_COLOR": "1"}, Look(True)),
        (Settings(theme="light"), XTERM | {"COLORFGBG": "15;0"}, Look(True, "light")),
        (Settings(), XTERM | {"COLORFGBG": "15;0"}, Look(True, "dark")),
        (Settings(), XTERM | {"COLORFGBG": "0;default;15"}, Look(True, "light")),
        (Settings(), WEZTERM, Look(True, links=True)),
        (Settings(), XTERM | {"VTE_VERSION": "7600"}, Look(True, links=True)),
        (Settings(), WEZTERM | {"TMUX": "/tmp/tmux"}, Look(True)),
        (Settings(), WEZTERM | {"TERM": "dumb"}, Look(False)),
    ],
)
def test_what_a_terminal_shows(
    settings: Settings, environment: dict[str, str], expected: Look
) -> None:
    """Colours unless somebody is against them; links only where they are known to work."""
    assert look(settings, environment) == expected


def test_links() -> None:
    """Around the text alone, for a terminal that has them; without one, nothing of it is sent."""
    laid = [("source file:///a%20b.txt", "a b.txt")]

    assert Look(True, links=True).text(laid) == (
        "\x1b]8;;file:///a%20b.txt\x1b\\\x1b[2ma b.txt\x1b[0m\x1b]8;;\x1b\\"
    )
    assert Look(True).text(laid) == "\x1b[2ma b.txt\x1b[0m"
    assert Look(False).text(laid) == "a b.txt"
    assert Look(True, "dark").text([("bar", "x")]) == "\x1b[36mx\x1b[0m"
