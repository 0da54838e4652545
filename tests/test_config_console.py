"""The abilities of a console, by its environment, encoding and system."""

import pytest

from bot.config.console import Console, reading_width

XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("color", "environment", "expected"),
    [
        ("auto", XTERM, True),
        ("auto", XTERM | {"NO_COLOR": "1"}, False),
        ("auto", XTERM | {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
        ("never", XTERM, False),
        ("always", {"TERM": "dumb", "NO_COLOR": "1"}, True),
    ],
)
def test_colour(color: str, environment: dict[str, str], expected: bool) -> None:
    """The setting decides; with auto, the terminal and its environment."""
    assert Console(environment).has_colours(color) == expected


@pytest.mark.parametrize(
    ("environment", "system", "has_cursor", "has_clipboard"),
    [
        ({"TERM": "xterm"}, "posix", True, True),
        ({"TERM": "xterm-ghostty"}, "posix", True, True),
        ({"TERM": "linux"}, "posix", True, False),
        ({"TERM": "vt220"}, "posix", True, False),
        ({"TERM": "dumb"}, "posix", False, False),
        ({"TERM": "unknown"}, "posix", False, False),
        ({"TERM": ""}, "posix", False, False),
        ({}, "posix", False, False),
        ({}, "nt", True, True),
        ({"TERM": "dumb"}, "nt", False, False),
    ],
)
def test_cursor_and_clipboard(
    environment: dict[str, str], system: str, has_cursor: bool, has_clipboard: bool
) -> None:
    """A terminal without TERM is a dumb one, but not on Windows, which sets none."""
    console = Console(environment, system=system)

    assert (console.has_cursor, console.has_clipboard) == (has_cursor, has_clipboard)


@pytest.mark.parametrize(
    ("plain", "environment", "encoding", "line_input", "words_only"),
    [
        ("auto", XTERM, "utf-8", False, False),
        ("auto", XTERM, "latin-1", False, True),
        ("auto", XTERM, "no such encoding", False, True),
        ("auto", {"TERM": "dumb"}, "utf-8", True, True),
        ("always", XTERM, "utf-8", True, True),
        ("never", XTERM, "latin-1", False, False),
        ("never", {"TERM": "dumb"}, "utf-8", True, False),
    ],
)
def test_plain(
    plain: str, environment: dict[str, str], encoding: str, line_input: bool, words_only: bool
) -> None:
    """The setting decides, but a prompt needs a cursor whatever it is."""
    console = Console(environment, encoding)

    assert console.has_line_input(plain) == line_input
    assert console.has_words_only(plain) == words_only


@pytest.mark.parametrize(
    ("window", "width", "expected"),
    [(80, 0, 80), (200, 0, 100), (200, 150, 150), (40, 72, 40), (10, 0, 20)],
)
def test_reading_width(window: int, width: int, expected: int) -> None:
    """At most 100 columns unless more are asked for, and at least 20."""
    assert reading_width(window, width) == expected
