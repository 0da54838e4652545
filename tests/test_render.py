"""Rendering without a terminal: safe text, wrapping, layouts of replies and articles, and JSON."""

import datetime
import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

import bot
from bot.articles.article import Article
from bot.config.paths import LibrarySource, Origin, config_file
from bot.language.requests import Request
from bot.render.library import count_library, describe_library, describe_source
from bot.render.reply import (
    confidence_bar,
    format_plain_reply,
    format_reply,
    format_source,
    mark_matches,
)
from bot.render.safe_json import dump_json, replace_surrogates
from bot.render.text import (
    NARROW_RE,
    Fragments,
    format_date,
    pluralize,
    sanitize,
    to_ansi,
    to_plain,
    wrap,
)
from bot.retrieval.answer import Answer, Excerpt, Reply, Silence
from bot.retrieval.evidence import Evidence
from bot.retrieval.query_parser import parse_question

EVIDENCE = Evidence(words=5.25, exactness=0.5, paragraph=1.125, length=-0.75)
ARTICLE = Article(
    "The lamp", "skerry.txt", "It burned whale oil until 1881.", datetime.date(2019, 10, 2)
)
ANSWER = Answer(
    article=ARTICLE,
    start=0,
    end=len(ARTICLE.text),
    confidence=0.75,
    matched=("burned", "oil"),
    before="",
    after="",
    evidence=EVIDENCE,
    number=0,
)
REPLY = Reply(parse_question("What oil was burned?"), (ANSWER,))
SILENT = Reply(parse_question("Where is the quokka?"), (), Silence.UNKNOWN, ("quokka",))

hostile = st.text(
    st.characters() | st.sampled_from("\x1b\x07\x9b\r\n\t\x7f\u202e\u2066\u200b\u2028\ufeff 猫1é")
)
styled = st.lists(st.tuples(st.sampled_from(["", "match"]), hostile.map(sanitize)))


# Text


def count_columns(text: str) -> int:
    """Return the columns of ``text``, each character counted by itself."""
    return sum(max(0, wcswidth(character)) for character in text)


@given(hostile)
def test_sanitized_text_cannot_control_a_terminal(text: str) -> None:
    """It has no control character, line end or change of direction, and can be encoded."""
    safe = sanitize(text)

    assert not [c for c in safe if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [c for c in safe if "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"]
    assert safe.encode("utf-8").decode("utf-8") == safe


@pytest.mark.parametrize(
    ("text", "safe"),
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
def test_symbols(text: str, safe: str) -> None:
    """A control character becomes its picture or number; joiners of scripts stay."""
    assert sanitize(text) == safe


def test_narrow_characters_take_a_column() -> None:
    """The width of a text of narrow characters is its length, as wcwidth counts it."""
    narrow = [character for character in map(chr, range(0x3000)) if NARROW_RE.fullmatch(character)]

    assert {wcwidth(character) for character in narrow} == {1}
    assert wcswidth("".join(narrow)) == len(narrow)


@given(styled, st.integers(1, 50))
def test_wrapped_lines_fit_the_width(fragments: Fragments, width: int) -> None:
    """A line is too wide only if it is a single wide character."""
    for line in to_plain(wrap(fragments, width, "    ")).split("\n"):
        visible = [c for c in line.removeprefix("    ") if wcswidth(c) > 0]
        assert count_columns(line) <= width or len(visible) == 1


@given(styled, st.integers(1, 50))
def test_wrapping_removes_only_spaces(fragments: Fragments, width: int) -> None:
    """Every other character is kept, in order and in its style."""

    def visible(fragments: Fragments) -> list[tuple[str, str]]:
        return [(style, c) for style, text in fragments for c in text if not c.isspace()]

    assert visible(wrap(fragments, width)) == visible(fragments)


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
def test_line_breaks(text: str, width: int, lines: list[str]) -> None:
    """Between words, inside a word that is too long, and after any Chinese character."""
    assert to_plain(wrap([("", text)], width)).split("\n")[:-1] == lines


def test_pipe_has_one_line() -> None:
    """Without a width, a text is not wrapped."""
    assert to_plain(wrap([("", "word " * 100)], None)).count("\n") == 1


def test_ansi_styles() -> None:
    """A style starts and ends around its text, and an unknown style has no codes."""
    fragments = [("", "a "), ("match likely", "lamp"), ("match", ""), ("other", "!")]

    assert to_ansi(fragments) == "a \x1b[1;4mlamp\x1b[0m!"
    assert to_plain(fragments) == "a lamp!"


def test_plurals_and_dates() -> None:
    """Counts have separators of thousands; a missing date is empty."""
    assert [pluralize(n, "article") for n in (0, 1, 2000)] == [
        "0 articles",
        "1 article",
        "2,000 articles",
    ]
    assert [format_date(d) for d in (datetime.date(2022, 3, 8), None)] == ["8 Mar 2022", ""]


# Replies


def test_plain_answer() -> None:
    """The sentence with its matches marked, and the source below."""
    assert format_plain_reply(REPLY) == [
        ("", "It "),
        ("match", "burned"),
        ("", " whale "),
        ("match", "oil"),
        ("", " until 1881."),
        ("", "\n"),
        ("source", "  — The lamp · 2 Oct 2019 · skerry.txt, line 1"),
        ("", "\n"),
    ]


def test_narrow_window() -> None:
    """In twenty columns the answer and its source are wrapped, the source indented."""
    assert to_plain(format_plain_reply(REPLY, 20)).splitlines() == [
        "It burned whale oil",
        "until 1881.",
        "  — The lamp · 2 Oct",
        "    2019 ·",
        "    skerry.txt, line",
        "    1",
    ]


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"date": None}, "The lamp · skerry.txt, line 1"),
        ({"title": "skerry.txt", "date": None}, "skerry.txt, line 1"),
        ({"source": ""}, "The lamp · 2 Oct 2019 · line 1"),
        ({"title": "\x1b[2Jlamp", "date": None}, "␛[2Jlamp · skerry.txt, line 1"),
        ({"source": "a\nb\udcff.txt", "date": None}, "The lamp · a b\ufffd.txt, line 1"),
    ],
)
def test_source_line(changes: dict[str, str | None], source: str) -> None:
    """Unknown parts are left out; names of files and titles are sanitized."""
    article = replace(ARTICLE, **changes)  # type: ignore[arg-type]

    assert format_source(replace(ANSWER, article=article)) == source


def test_stop_words_are_not_marked() -> None:
    """Unless nothing else matches."""
    text = "The end of the road"

    assert mark_matches(text, ("The", "the", "road")) == [
        ("", "The end of the "),
        ("match", "road"),
        ("", ""),
    ]
    assert mark_matches(text, ("of",))[1] == ("match", "of")


@pytest.mark.parametrize("reply", [SILENT, Reply(REPLY.question, (), remark="Good day.")])
def test_reply_without_answers(reply: Reply) -> None:
    """It is the message of the silence, or the remark."""
    message = reply.remark or Silence.UNKNOWN.value

    assert to_plain(format_plain_reply(reply)) == f"{message}\n"


def test_several_answers_are_numbered(retriever: bot.Retriever) -> None:
    """As commands count them; a single one has no number."""
    reply = retriever.ask("Thornwick Bridge Skerry Rock")
    several = to_plain(format_reply(reply, 80))
    single = to_plain(format_reply(replace(reply, answers=reply.answers[:1]), 80))

    assert re.findall(r"(?m)^  (\d) .*— ", several) == ["1", "2"]
    assert "\n  ▰" in single


def rate(reply: Reply, *confidences: float) -> Reply:
    """Return ``reply`` with an answer of each confidence."""
    answers = tuple(replace(ANSWER, confidence=confidence) for confidence in confidences)
    return replace(reply, answers=answers)


def test_confidence_is_that_of_the_reply() -> None:
    """Only the first answer has a bar; further answers, asked for by "more", have none."""
    screen = to_plain(format_reply(rate(REPLY, 0.9, 0.95, 0.1), 80))
    more = to_plain(format_reply(replace(rate(REPLY, 0.9), is_continued=True), 80))

    assert re.findall(r"(?m)^  \d .*?— ", screen) == ["  1 ▰▰▰▰▱ sure — ", "  2 — ", "  3 — "]
    assert "\n  — The lamp" in more


def test_unsure_reply_says_so() -> None:
    """A line above several answers, a word below a single one."""
    several = to_plain(format_reply(rate(REPLY, 0.3, 0.2), 80))
    single = to_plain(format_reply(rate(REPLY, 0.3), 80))

    assert several.startswith("Perhaps one of these:\nIt burned")
    assert "▰" not in several
    assert "  ▰▰▱▱▱ perhaps — The lamp" in single


def test_opening_in_place_of_a_summary_is_not_rated() -> None:
    """It is the beginning of the article, which nobody can doubt."""
    question = replace(REPLY.question, request=Request.SUMMARISE)
    reply = replace(rate(REPLY, 0.1, 0.1), question=question)

    screen = to_plain(format_reply(reply, 80))

    assert "erhaps" not in screen
    assert "\n  1 — The lamp" in screen


LADDER = Article(
    "The keeper",
    "keeper.txt",
    "Magnus Flett lived on the rock.\nHe climbed the stairs for:\n- the lamp\n- the horn\n\nDone.",
)
CLIMB = replace(
    ANSWER,
    article=LADDER,
    start=32,
    end=58,
    matched=("climbed",),
    before="Magnus Flett lived on the rock.",
    after="- the lamp",
)


def test_context_of_an_answer() -> None:
    """The sentence before a pronoun and the list after a colon, faint and indented."""
    screen = format_reply(replace(REPLY, answers=(CLIMB,)), 80)

    assert to_plain(screen).splitlines()[:4] == [
        "  Magnus Flett lived on the rock.",
        "He climbed the stairs for:",
        "  - the lamp",
        "  - the horn",
    ]
    assert ("note", "  Magnus Flett lived on the rock.") in screen


def test_window_is_marked() -> None:
    """An answer that is a part of a sentence has "…" where the sentence goes on."""
    part = replace(CLIMB, start=35, end=53, omits_start=True, omits_end=True)
    reply = replace(REPLY, answers=(part,))

    assert to_plain(format_reply(reply, 80)).startswith("… climbed the stairs …\n")
    assert to_plain(format_plain_reply(reply)).startswith("… climbed the stairs …\n")


@pytest.mark.parametrize(
    ("files", "notice"),
    [
        ([], ""),
        (["b/n.txt"], "Also in b/n.txt"),
        (["b/n.txt", "b/n (1).txt"], "Also in b/n.txt and b/n (1).txt"),
        (["a", "b", "c"], "Also in a, b and c"),
        (["a", "b", "c", "d", "e"], "Also in a, b, c and 2 more"),
        (["\x1b[m"], "Also in ␛[m"),
    ],
)
def test_copies_are_named(files: list[str], notice: str) -> None:
    """The files that have the same sentence, a few by name."""
    copies = tuple(Excerpt(replace(ARTICLE, source=file), 0, 9, 1) for file in files)
    answer = replace(ANSWER, copies=copies)

    assert sanitize(answer.copy_notice) == notice
    screen = to_plain(format_reply(replace(REPLY, answers=(answer,)), 80))
    assert screen.endswith(f"line 1\n  {notice}\n" if notice else "line 1\n")


def test_no_more_answers() -> None:
    """Where no answer is left, the message does not call the answers weak."""
    reply = replace(SILENT, silence=Silence.WEAK, unknown=(), is_continued=True)

    assert to_plain(format_reply(reply, 80)) == "No more answers.\n"


def test_likely_part_is_underlined() -> None:
    """The date that a question asks for has a style of its own."""
    reply = replace(REPLY, question=parse_question("When was oil burned?"))

    assert ("likely", "1881") in format_reply(reply, 80)


@pytest.mark.parametrize(
    ("confidence", "bar"),
    [(1.0, "▰▰▰▰▰ sure"), (0.8, "▰▰▰▰▱ sure"), (0.5, "▰▰▱▱▱ likely"), (0.0, "▱▱▱▱▱ perhaps")],
)
def test_confidence_bar(confidence: float, bar: str) -> None:
    """A bar of fifths, and a word."""
    assert confidence_bar(confidence) == bar


@given(hostile, hostile, st.integers(20, 60))
def test_hostile_article_cannot_control_a_terminal(text: str, name: str, width: int) -> None:
    """Whatever its text and title, only our own styles are sent."""
    article = Article(name, name, text)
    answer = replace(ANSWER, article=article, end=len(text), matched=("1",))
    reply = Reply(parse_question("when?"), (answer,))

    sent = re.sub(r"\x1b\[[0-9;]+m", "", to_ansi(format_reply(reply, width)))

    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(sent)


def test_notices() -> None:
    """A line for each thing to say; that no article has a word not beside a sure answer."""
    corrected = replace(REPLY, corrected={"oyl": "oil"})
    carried = replace(REPLY, carried=("bridge", "opened"))
    silent = replace(SILENT, unknown=("a", "b"), unsearched=("x",), suggested={"brige": "bridge"})

    assert corrected.notices == ("Searched for oil instead of oyl.",)
    assert carried.notices == ("Understood as a follow-up, with the words: bridge, opened",)
    assert silent.notices == ("x", "No article has the words: a, b", "Did you mean bridge?")
    assert SILENT.notices == ("No article has the word: quokka",)
    assert replace(rate(REPLY, 0.79), unknown=("how",)).notices == ("No article has the word: how",)
    assert replace(rate(REPLY, 0.8), unknown=("how",)).notices == ()


def test_notices_stand_above_answers_and_below_a_silence() -> None:
    """With control characters made visible."""
    answered = to_plain(format_reply(replace(REPLY, corrected={"oyl\x1b": "oil"}), 80))
    silent = to_plain(format_reply(replace(SILENT, unknown=("\x1b[m",)), 80))

    assert answered.startswith("Searched for oil instead of oyl␛.\n")
    assert silent.endswith("\nNo article has the word: ␛[m\n")


# JSON


@given(st.recursive(hostile, lambda inner: st.lists(inner) | st.dictionaries(hostile, inner)))
def test_json_is_safe_and_lossless(value: object) -> None:
    """Any Unicode text survives, and nothing in the JSON controls a terminal."""
    expected = json.loads(replace_surrogates(json.dumps(value, ensure_ascii=False)))
    for ascii_only in (False, True):
        dumped = dump_json(value, ascii_only=ascii_only)

        assert json.loads(dumped) == expected
        assert sanitize(dumped) == dumped


def test_json_of_a_reply() -> None:
    """The names, their order and their values, as other programs rely on them."""
    answer = {
        "rank": 1,
        "text": "It burned whale oil until 1881.",
        "score": 6.125,
        "confidence": 0.75,
        "id": "skerry.txt",
        "title": "The lamp",
        "date": "2019-10-02",
        "source": "skerry.txt",
        "line": 1,
        "place": None,
        "link": None,
        "start": 0,
        "end": 31,
        "before": "",
        "after": "",
        "matched": ["burned", "oil"],
        "evidence": EVIDENCE.parts(),
        "copies": [],
        "metadata": {},
    }
    expected: dict[str, object] = {
        "question": "What oil was burned?",
        "answers": [answer],
        "silence": None,
        "unknown": [],
        "corrected": {},
        "notices": [],
    }

    assert json.dumps(REPLY.as_dict()) == json.dumps(expected)


def test_json_of_copies() -> None:
    """Each has its place."""
    copy = Excerpt(replace(ARTICLE, source="b.txt"), 3, 9, 1)
    record = replace(ANSWER, copies=(copy,)).as_dict()

    assert record["copies"] == [
        {"id": "skerry.txt", "source": "b.txt", "line": 1, "start": 3, "end": 9}
    ]


def test_json_of_silence() -> None:
    """The reason by name, and the message."""
    record = SILENT.as_dict()

    assert record["answers"] == []
    assert record["silence"] == {"reason": "unknown", "message": Silence.UNKNOWN.value}
    assert record["unknown"] == ["quokka"]


# Libraries


def test_library_lines(library: bot.Library) -> None:
    """They name the articles and who chose them, and count them once they are read."""
    sources = [LibrarySource((Path("notes\x1b"),), origin) for origin in Origin]
    counts = f"3 articles, {library.sentence_count} sentences"

    assert [describe_library(source, library) for source in sources] == [
        f"Searching {counts} of notes␛.",
        f"Searching {counts} of notes␛, as set in {config_file()}.",
        f"Searching the bundled {counts}.",
    ]
    assert [describe_source(source) for source in sources] == [
        "Searching notes␛.",
        f"Searching notes␛, as set in {config_file()}.",
        "Searching the bundled articles.",
    ]
    assert count_library(bot.Library.from_texts(["One."])) == "1 article, 1 sentence"
