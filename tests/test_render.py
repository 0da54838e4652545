"""The room ``chat`` without keyboard and process: layouts, JSON, places, commands."""

import datetime
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

import bot
from bot.articles.article import Article
from bot.cli import ask as asking
from bot.config import paths as places
from bot.language.questions import parse_question
from bot.render import reply_json as record
from bot.render import text as screen
from bot.render.library import count_library, describe_library
from bot.retrieval.answer import Answer, Evidence, Reply, Silence

EVIDENCE = Evidence(words=5.25, exactness=0.5, paragraph=1.125, length=-0.75)
ARTICLE = Article(
    "The lamp", "skerry.txt", "It burned whale oil until 1881.", datetime.date(2019, 10, 2)
)
ANSWER = Answer(
    number=0,
    text=ARTICLE.text,
    article=ARTICLE,
    start=0,
    end=len(ARTICLE.text),
    line=1,
    score=EVIDENCE.score,
    confidence=0.75,
    matched=("burned", "oil"),
    before="",
    after="",
    evidence=EVIDENCE,
)
REPLY = Reply(parse_question("What oil was burned?"), (ANSWER,))
SILENT = Reply(parse_question("Where is the quokka?"), (), Silence.UNKNOWN, ("quokka",))

# What a hostile article is made of.
hostile = st.text(
    st.characters() | st.sampled_from("\x1b\x07\x9b\r\n\t\x7f\u202e\u2066\u200b\u2028\ufeff 猫é")
)
fragments = st.lists(st.tuples(st.sampled_from(["", "match"]), hostile.map(screen.sanitize)))


def column(text: str) -> int:
    """How many columns ``text`` takes, each character counted by itself."""
    return sum(max(0, wcswidth(character)) for character in text)


@given(hostile)
def test_nothing_shown_commands_a_terminal(text: str) -> None:
    """No control character, no line end, no change of direction, nothing that cannot be encoded."""
    shown = screen.sanitize(text)

    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [c for c in shown if "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"]
    assert shown.encode("utf-8").decode("utf-8") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b]0;title\x07b", "a␛]0;title␇b"),
        ("a\x7fb\x9bc", "a␡b⟨U+009B⟩c"),
        ("a\u202eb\u2069", "a⟨U+202E⟩b⟨U+2069⟩"),
        ("a\u200bb\ufeff\u2028c", "a⟨U+200B⟩b⟨U+FEFF⟩⟨U+2028⟩c"),
        ("hard-wrapped \n   line\r\nand\tone", "hard-wrapped line and one"),
        ("over\rwritten", "over␍written"),
        ("name\udcff.txt", "name\ufffd.txt"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
    ],
)
def test_symbols(text: str, shown: str) -> None:
    """A control character is its picture or its number; the joiners of scripts stay."""
    assert screen.sanitize(text) == shown


@given(fragments, st.integers(1, 50))
def test_lines_fit_the_window(laid: screen.Fragments, width: int) -> None:
    """A line is wider than the window only where a single character is."""
    for line in screen.to_plain(screen.wrap(laid, width, "    ")).split("\n"):
        visible = [c for c in line.removeprefix("    ") if wcswidth(c) > 0]
        assert column(line) <= width or len(visible) == 1


@given(fragments, st.integers(1, 50))
def test_wrapping_loses_but_spaces(laid: screen.Fragments, width: int) -> None:
    """Every character is kept, in order and in its style."""

    def inked(laid: screen.Fragments) -> list[tuple[str, str]]:
        return [(style, c) for style, text in laid for c in text if not c.isspace()]

    assert inked(screen.wrap(laid, width)) == inked(laid)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("The lamp burned whale oil.", 12, ["The lamp", "burned whale", "oil."]),
        ("Donaudampfschiff fuhr", 8, ["Donaudam", "pfschiff", "fuhr"]),
        ("猫は人と暮らす。", 6, ["猫は人", "と暮ら", "す。"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("猫は人。", 6, ["猫は", "人。"]),
        ("猫猫", 1, ["猫", "猫"]),
        ("", 10, [""]),
    ],
)
def test_where_lines_end(text: str, width: int, lines: list[str]) -> None:
    """Between words, inside a word that is too long, and behind any Chinese character."""
    laid = screen.to_plain(screen.wrap([("", text)], width))

    assert laid.split("\n")[:-1] == lines


def test_an_answer() -> None:
    """The sentence with the question's words marked, and beneath where it stands."""
    assert screen.format_plain_reply(REPLY) == [
        ("", "It "),
        ("match", "burned"),
        ("", " whale "),
        ("match", "oil"),
        ("", " until 1881."),
        ("", "\n"),
        ("source", "  — The lamp · 2 Oct 2019 · skerry.txt, line 1"),
        ("", "\n"),
    ]


def test_a_narrow_window() -> None:
    """In twenty columns the answer and its source are wrapped, the source indented."""
    assert screen.to_plain(screen.format_plain_reply(REPLY, 20)).splitlines() == [
        "It burned whale oil",
        "until 1881.",
        "  — The lamp · 2 Oct",
        "    2019 ·",
        "    skerry.txt, line",
        "    1",
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"date": None}, "The lamp · skerry.txt, line 1"),
        ({"title": "skerry.txt", "date": None}, "skerry.txt, line 1"),
        ({"source": ""}, "The lamp · 2 Oct 2019 · line 1"),
        ({"title": "\x1b[2Jlamp", "date": None}, "␛[2Jlamp · skerry.txt, line 1"),
        ({"source": "a\nb\udcff.txt", "date": None}, "The lamp · a b\ufffd.txt, line 1"),
    ],
)
def test_where_an_answer_stands(changes: dict[str, str | None], place: str) -> None:
    """What is not known is left out; names of files and titles are shown as safely as text."""
    article = replace(ARTICLE, **changes)  # type: ignore[arg-type]

    assert screen.format_source(replace(ANSWER, article=article)) == place


def test_an_answer_without_a_line() -> None:
    """A line that is not known is left out."""
    place = screen.format_source(replace(ANSWER, line=None))

    assert place == "The lamp · 2 Oct 2019 · skerry.txt"


def test_common_words_are_not_marked() -> None:
    """Unless the question has no others."""
    text = "The end of the road"

    assert screen.mark_matches(text, ("The", "the", "road")) == [
        ("", "The end of the "),
        ("match", "road"),
        ("", ""),
    ]
    assert screen.mark_matches(text, ("of",))[1] == ("match", "of")


def test_the_explanation_adds_up() -> None:
    """The parts beneath an answer are all there are, and their sum is the score."""
    rows = re.findall(
        r"^    (\w+) +(-?\d+\.\d\d)$", screen.to_plain(screen.format_explained_reply(REPLY)), re.M
    )

    parts = dict(rows[:-2])
    assert [*parts] == [*EVIDENCE.parts()]
    assert rows[-2:] == [("score", "6.12"), ("confidence", "0.75")]
    assert sum(map(float, parts.values())) == pytest.approx(6.12, abs=0.02)


def test_silence() -> None:
    """The reason, in the words of the silence itself; explained too."""
    assert screen.to_plain(screen.format_plain_reply(SILENT)) == f"{Silence.UNKNOWN.value}\n"
    assert screen.format_explained_reply(SILENT) == screen.format_plain_reply(SILENT)


def test_a_remark() -> None:
    """What the bot says of itself is all there is to show."""
    assert screen.format_plain_reply(Reply(parse_question("hi"), (), remark="Good day.")) == [
        ("", "Good day."),
        ("", "\n"),
    ]


def test_notes() -> None:
    """What was searched for in place of what was typed; nothing where they are the same."""
    corrected = replace(REPLY, corrected={"oyl\x1b": "oil"})
    carried = replace(REPLY, carried=("bridge", "opened"))

    assert screen.correction_notices(corrected) == ["Searched for oil in place of oyl␛."]
    assert screen.correction_notices(carried) == [
        "Understood with what was asked before: bridge, opened"
    ]
    assert screen.correction_notices(REPLY) == []


def test_missing_words() -> None:
    """With silence, the words that nothing has; beside an answer they would be noise."""
    two = replace(SILENT, unknown=("quokka", "\x1b[m"))

    assert screen.unknown_notice(SILENT) == ["No article has the word: quokka"]
    assert screen.unknown_notice(two) == ["No article has the words: quokka, ␛[m"]
    assert screen.unknown_notice(replace(REPLY, unknown=("how",))) == []


def test_styles_on_a_terminal() -> None:
    """A style is begun and ended around its text alone."""
    assert screen.to_ansi([("", "a "), ("match", "lamp"), ("match", "")]) == "a \x1b[1mlamp\x1b[0m"


@given(st.recursive(hostile, lambda inner: st.lists(inner) | st.dictionaries(hostile, inner)))
def test_json_is_safe_to_look_at(value: object) -> None:
    """Whatever the text, JSON brings it back, and holds nothing that a terminal obeys."""
    for ascii_only in (False, True):
        dumped = record.dump_json(value, ascii_only=ascii_only)

        assert json.loads(dumped) == value
        assert screen.sanitize(dumped) == dumped


def test_the_json_of_a_reply() -> None:
    """What other programs rely on: these names, in this order, with these values."""
    answer = {
        "rank": 1,
        "text": "It burned whale oil until 1881.",
        "score": 6.125,
        "confidence": 0.75,
        "title": "The lamp",
        "date": "2019-10-02",
        "source": "skerry.txt",
        "line": 1,
        "start": 0,
        "end": 31,
        "before": "",
        "after": "",
        "matched": ["burned", "oil"],
        "evidence": EVIDENCE.parts(),
    }
    expected: dict[str, object] = {
        "question": "What oil was burned?",
        "answers": [answer],
        "silence": None,
        "unknown": [],
        "corrected": {},
    }

    assert json.dumps(record.reply_as_dict(REPLY)) == json.dumps(expected)


def test_the_json_of_silence() -> None:
    """The reason by name, and the message."""
    found = record.reply_as_dict(SILENT)

    assert found["answers"] == []
    assert found["silence"] == {"reason": "unknown", "message": Silence.UNKNOWN.value}
    assert found["unknown"] == ["quokka"]


def test_answers_come_as_questions_arrive() -> None:
    """A question is answered before the next one is read."""
    written: list[str] = []
    output = asking.Output(
        lambda laid: written.append(screen.to_plain(laid)), written.append, 80, False
    )

    def lines() -> Iterator[str]:
        yield "\ufefffirst\n"
        assert "It burned" in "".join(written)
        yield " \n"
        yield "second\r\n"

    found = asking.answer_each(lambda _: REPLY, asking.read_questions(lines()), "text", output)

    assert found
    assert "".join(written).count("> ") == 2
    assert "> second\n" in written


def test_the_greeting(library: bot.Library) -> None:
    """It tells how much is asked, and who named it."""
    folder = Path("notes\x1b")
    greetings = [
        describe_library(places.LibrarySource((folder,), origin), library)
        for origin in places.Origin
    ]

    counted = f"3 articles, {len(library)} sentences"
    assert greetings == [
        f"Asking {counted} of notes␛.",
        f"Asking {counted} of notes␛, as {places.config_file()} says.",
        f"Asking the bundled {counted}.",
    ]
    assert count_library(bot.Library.from_texts(["One."])) == "1 article, 1 sentence"
