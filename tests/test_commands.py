"""Commands of a conversation, and what they act on, without keyboard and terminal."""

import base64
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from threading import Barrier, Thread

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from wcwidth import wcswidth

import bot
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render import explanation as explaining
from bot.render.text import SYMBOLS, sanitize, to_plain
from bot.repl import editor as opening
from bot.repl import transcript as exporting
from bot.repl.commands import COMMANDS, is_command, run_command, run_line, usage
from bot.repl.results import ClearScreen, Copy, Print, Quit, Result, RunEditor, ShowPage, ShowReply
from bot.repl.session import ChatSession
from bot.retrieval.answer import Evidence
from bot.retrieval.filters import Filter, FilterError, parse_filter
from bot.retrieval.subset import subset_retriever

DATA = Path(__file__).parent / "data"
FILTERS = tomllib.loads((DATA / "filters.toml").read_text(encoding="utf-8"))
ASKED = "What did Ada Thorne design?"
HOSTILE = "\x1b]0;title\x07 \x9b31m \u202e \x00 \r 猫 \U0001f44d\U0001f3fd e\u0301 \ud800"


def surely(load: Callable[[], bot.Retriever]) -> bot.Retriever:
    """Return what ``load`` does, to answer wherever a word is shared."""
    return load().with_threshold(0.0)


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """The articles in a folder that may be written to."""
    return shutil.copytree(folder, tmp_path / "articles")


@pytest.fixture
def talk(articles: Path) -> ChatSession:
    """A conversation about them."""
    return talk_of(lambda: bot.Retriever.from_path(articles), articles)


def talk_of(load: Callable[[], bot.Retriever], *paths: Path) -> ChatSession:
    """Return a conversation about what ``load`` gives."""
    return ChatSession(partial(surely, load), Settings(), LibrarySource(paths, Origin.GIVEN))


def seen(outcome: Result, width: int = 80) -> str:
    """Return what an outcome shows."""
    if isinstance(outcome, ShowPage):
        return to_plain(outcome.lay(width).fragments)
    assert isinstance(outcome, Print | Copy), outcome
    return to_plain(outcome.lay(width))


def test_every_command_is_in_the_help(talk: ChatSession) -> None:
    """``/help`` shows the first name of each command, what may follow and what it does."""
    text = seen(run_command("HELP", talk))

    for command in COMMANDS:
        assert re.search(rf"^  {re.escape(command.names[0])} .* {command.help}$", text, re.M)
        assert command.names[0] in seen(run_command(f"/help {command.names[0].lstrip('/')}", talk))


def test_no_name_is_taken_twice() -> None:
    """Each name means one command."""
    names = [name for command in COMMANDS for name in command.names]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("/hlep", "No command /hlep; did you mean /help?"),
        ("/sou", "No command /sou; did you mean /sources?"),
        ("/zzz\x1b", "No command /zzz␛; /help lists them."),
        ("/", "No command /; did you mean /help?"),
    ],
)
def test_an_unknown_command(talk: ChatSession, line: str, hint: str) -> None:
    """It is named, with the command that was perhaps meant, and nothing is searched."""
    assert is_command(line)
    assert seen(run_line(line, talk)) == f"{hint}\n"
    assert not talk.exchanges


@pytest.mark.parametrize(
    ("line", "asked"), [("//help me", "/help me"), ("help me", "help me"), ("quit?", "quit?")]
)
def test_what_is_no_command(talk: ChatSession, line: str, asked: str) -> None:
    """A second slash, or more behind a bare word, makes a question."""
    assert not is_command(line)
    assert isinstance(run_line(line, talk), ShowReply)
    assert talk.exchanges[-1].typed == asked


@pytest.mark.parametrize(
    "line", ["/{}", "/show {}", "/filter {}", "/set {}", "/set limit {}", "/save {}", "/help {}"]
)
def test_a_pasted_file_is_not_told_again(talk: ChatSession, line: str) -> None:
    """A message about it holds no more than one would read."""
    assert len(seen(run_command(line.format("x" * 10**6), talk))) < 1100


def test_leaving_and_clearing(talk: ChatSession) -> None:
    """``quit`` leaves; after ``/clear`` no answer is on the screen."""
    talk.ask(ASKED)

    assert isinstance(run_command("quit", talk), Quit)
    assert isinstance(run_command("/clear", talk), ClearScreen)
    assert seen(run_command("/show", talk)) == "No answer 1: no answer is on the screen\n"


@pytest.mark.parametrize("number", ["0", "4", "-1", "one", "²", "1 2", "9" * 500])
@pytest.mark.parametrize("name", ["/context", "/show", "/open", "/explain", "/copy"])
def test_numbers_that_mean_no_answer(talk: ChatSession, name: str, number: str) -> None:
    """They are named, with how many answers there are."""
    count = len(talk.ask("the bridge and its ferry").answers)

    assert (
        seen(run_command(f"{name} {number}", talk), 10**6)
        == f"No answer {number}: there are {count} answers\n"
    )


def test_numbers_mean_the_answers_on_the_screen(talk: ChatSession) -> None:
    """After ``/more`` they are the new ones'."""
    first = talk.ask("the bridge and its ferry").answers
    assert sanitize(first[1].text) in " ".join(seen(run_command("/explain 2", talk), 200).split())

    outcome = run_command("/more", talk)

    assert isinstance(outcome, ShowReply)
    assert talk.reply is outcome.reply
    assert not [answer for answer in outcome.reply.answers if answer in first]


def test_more_of_nothing(talk: ChatSession) -> None:
    """Without a question there is no more; and at the end the answers shown keep their numbers."""
    assert seen(run_command("/more", talk)).startswith("More of what?")
    talk.ask(ASKED)
    while isinstance(outcome := run_command("/more", talk), ShowReply):
        pass

    assert seen(outcome) == "There are no more.\n"
    assert talk.reply
    assert talk.reply.answers


def test_more_after_a_silence(articles: Path) -> None:
    """What came closest is shown, and said to be no more than that."""
    load = partial(bot.Retriever.from_path, articles)
    talk = ChatSession(load, Settings(confidence=1.0), LibrarySource((articles,), Origin.GIVEN))
    assert talk.ask(ASKED).silence

    outcome = run_command("/more", talk)

    assert isinstance(outcome, ShowReply)
    assert outcome.note.startswith("Nothing answers that well enough")
    assert outcome.reply.answers[0].text.startswith("Ada Thorne")
    assert "Ada Thorne" in seen(run_command("/show", talk))


def test_the_page_is_in_view_at_the_answer(talk: ChatSession) -> None:
    """The line of the page holds the sentence's start, in a window of any width."""
    for question, start in (("Who lives on the island?", "A solar"), (ASKED, "Ada")):
        talk.ask(question)
        outcome = run_command("/show", talk)
        assert isinstance(outcome, ShowPage)
        for width in (20, 40, 80, 200):
            page = outcome.lay(width)
            row = to_plain(page.fragments).splitlines()[page.line]
            assert row.startswith("▌ ")
            assert start in row


def test_the_article_is_shown_whole(talk: ChatSession, articles: Path) -> None:
    """Each line of the file is there, in order."""
    talk.ask(ASKED)

    rows = seen(run_command("/show", talk), 200).splitlines()

    assert [row[2:] for row in rows[2:]] == (articles / "bridge.txt").read_text().splitlines()


def test_lines_keep_their_shape() -> None:
    """Indents and tabs stay, Windows line ends and what is blank around the text do not."""
    text = "\n\r\nThe bridge is long.\r\n\r\n\tone\ttwo\r\n   three\n\n"
    talk = talk_of(lambda: bot.Retriever.from_texts([text]))
    talk.ask("How long is the bridge?")

    rows = seen(run_command("/show", talk)).splitlines()

    assert rows[2:] == ["▌ The bridge is long.", "", "      one two", "     three"]


@given(st.lists(st.floats(-1e6, 1e6), max_size=9))
def test_rounded_parts_add_up(values: list[float]) -> None:
    """To the rounded sum, each off by a hundredth at most."""
    total = round(sum(values) * 100)

    parts = explaining.round_to_hundredths(values, total)

    assert sum(parts) == total
    assert all(abs(part - value * 100) <= 1.001 for part, value in zip(parts, values, strict=True))


def test_the_largest_remainder_is_rounded_up() -> None:
    """Of what is as large, the first."""
    assert explaining.round_to_hundredths([0.004, 0.006, -0.5], -49) == [0, 1, -50]
    assert explaining.round_to_hundredths([0.005, 0.005], 1) == [1, 0]


@pytest.mark.parametrize("question", [ASKED, "When did the lamp burn whale oil?", "fish market"])
def test_what_is_explained_adds_up(talk: ChatSession, question: str) -> None:
    """Words to their part, parts to the score, as they are shown."""
    reply = talk.ask(question)
    for number, answer in enumerate(reply.answers, 1):
        text = seen(run_command(f"/explain {number}", talk), 200)
        rows = re.findall(r"^( *)(\S+) +(-?\d+\.\d\d)(?:  [█░]+)?$", text, re.M)
        figures = {name: round(float(figure) * 100) for indent, name, figure in rows if not indent}
        words = [round(float(figure) * 100) for indent, _, figure in rows if indent]

        assert figures.pop("confidence") == round(answer.confidence * 100)
        assert figures.pop("score") == round(answer.score * 100)
        assert sum(figures.values()) == round(answer.score * 100)
        assert sum(words) == figures["words"]


def test_a_word_carried_over_counts_half(talk: ChatSession) -> None:
    """What a follow-up took over weighs half of what it weighs in a question of its own."""
    talk.ask("Ada Thorne")
    reply = talk.ask("and what did she design?")
    answer = next(one for one in reply.answers if one.text.startswith("Ada"))

    parts = explaining.word_shares(answer, reply, talk.retriever)

    assert parts["Ada"] == pytest.approx(parts["designed"] / 2)


def test_bars_are_as_long_as_their_share() -> None:
    """The longest fills the room, a loss has another bar, and a narrow window has none."""
    rows = [explaining.Share("words", 200), explaining.Share("length", -100)]

    wide = to_plain(explaining.chart(rows, 200))

    assert wide.count("█") == explaining.LONGEST
    assert wide.count("░") == explaining.LONGEST // 2
    assert (
        to_plain(explaining.chart(rows, 20)).splitlines()
        == [
            "words         2.00",
            "length       -1.00",
            "score         1.00",
        ]
        or max(map(len, to_plain(explaining.chart(rows, 20)).splitlines())) <= 20
    )


ARTICLES = [
    bot.Article("The Bridge of Thornwick", "bridge.txt", "", date(2022, 3, 8)),
    bot.Article("The lamp of Skerry Rock", "2019/lamp.md", "", date(2019, 10, 2)),
    bot.Article("The fish market moves in winter", "market.txt", ""),
]


@pytest.mark.parametrize("case", FILTERS["case"], ids=lambda case: case["label"])
def test_filters(case: dict[str, object]) -> None:
    """Each takes what its case says."""
    wanted = parse_filter(str(case["text"]))

    assert [article.source for article in ARTICLES if wanted.matches(article)] == case["takes"]


@pytest.mark.parametrize("case", FILTERS["broken"], ids=lambda case: case["text"])
def test_filters_that_are_none(talk: ChatSession, case: dict[str, str]) -> None:
    """A date that is none is named, and what was asked is asked still."""
    text = seen(run_command(f"/filter {case['text']}", talk))

    assert text.startswith("No date: ")
    assert not talk.filter.text


@given(st.text(st.sampled_from('ab "*?[]/.-0129 sincebefor'), max_size=30) | st.text())
def test_any_text_is_a_filter_or_a_fault(text: str) -> None:
    """Nothing that is typed fails otherwise."""
    try:
        wanted = parse_filter(text)
    except FilterError:
        assume(False)

    assert all(isinstance(wanted.matches(article), bool) for article in ARTICLES)


def test_a_filter_keeps_what_was_said(talk: ChatSession) -> None:
    """A follow-up after it still knows what it leans on; a filter that takes nothing is none."""
    talk.ask(ASKED)

    assert seen(run_command("/filter bridge", talk)) == "1 article of 3 will be asked.\n"
    assert talk.ask("and when did it open?").carried
    assert len(talk.retriever.library.articles) == 1
    assert "No article is like that: nothing." in seen(run_command("/filter nothing", talk))
    assert talk.filter.text == "bridge"
    run_command("/filter OFF", talk)
    assert talk.filter == Filter()
    assert talk.retriever is talk.full_retriever


@given(st.sets(st.integers(0, 2)), st.sampled_from(["windmill", "the chese", "harbour or mill?"]))
def test_a_filter_answers_as_a_library_of_its_own(rows: set[int], question: str) -> None:
    """Texts, scores, places and what is unknown: only the numbers of articles are others."""
    whole = bot.Retriever.from_path(DATA / "articles")
    kept = sorted(rows & {*range(len(whole.library.articles))})

    some, own = subset_retriever(whole, kept), bot.Retriever(whole.library.subset(kept))

    assert some.ask(question) == own.ask(question)
    assert some.search(question) == own.search(question)
    assert [*some.library.sentence_texts()] == [*own.library.sentence_texts()]
    assert some.library.content_versions.keys() == own.library.content_versions.keys()
    places = range(len(own.library))
    assert [*map(some.library.sentence, places)] == [*map(own.library.sentence, places)]
    assert [*map(some.library.paragraph_range, places)] == [
        *map(own.library.paragraph_range, places)
    ]
    assert [*some.library.paragraph_numbers()] == [*own.library.paragraph_numbers()]


def test_a_silence_under_a_filter_names_it(talk: ChatSession) -> None:
    """The articles that were not asked may well have an answer."""
    run_command("/filter lamp", talk)

    outcome = run_line("herring", talk)

    assert isinstance(outcome, ShowReply)
    assert outcome.note == "Asked are only: lamp"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"market.txt": None}, "1 article removed"),
        ({"bridge.txt": "Other words. They are new."}, "1 article changed"),
        ({"a.txt": "One article.", "b.txt": "Another one."}, "2 articles added"),
        (
            {"bridge.txt": "New.", "market.txt": None, "a.md": "# A\n\nText."},
            "1 article changed, 1 article added, 1 article removed",
        ),
        ({"bridge.txt": None, "market.txt": None, "lighthouse.md": None}, "3 articles removed"),
    ],
)
def test_reloading(
    talk: ChatSession, articles: Path, changed: dict[str, str | None], said: str
) -> None:
    """It says what changed, and asks what is there now."""
    assert talk.full_retriever.library.articles
    for name, text in changed.items():
        if text is None:
            (articles / name).unlink()
        else:
            (articles / name).write_text(text, encoding="utf-8")

    assert seen(run_command("/reload", talk)) == f"{said or 'Nothing changed'}.\n"
    assert {one.source for one in talk.retriever.library.articles} == {
        file.name for file in articles.iterdir()
    }


def test_what_vanished_is_not_quoted(talk: ChatSession, articles: Path) -> None:
    """Neither by its number, nor as the answer that was shown first, nor to a follow-up."""
    talk.ask(ASKED)
    (articles / "bridge.txt").unlink()
    talk.reload()

    for line in ("/show", "/context", "/explain", "/copy", "/open"):
        assert seen(run_command(line, talk)).endswith("has changed or is gone since; ask again\n")
    for line in ("the first one", "and when?", "more", ASKED):
        outcome = run_line(line, talk)
        assert isinstance(outcome, ShowReply)
        assert "bridge.txt" not in {answer.article.source for answer in outcome.reply.answers}


def test_what_changed_just_now_is_not_quoted(articles: Path) -> None:
    """Where that shows only once there is an answer, it is asked again, and said."""
    stands = iter([False])
    talk = ChatSession(
        partial(bot.Retriever.from_path, articles),
        Settings(),
        LibrarySource((articles,), Origin.GIVEN),
        lambda _: next(stands, True),
    )
    assert talk.full_retriever
    (articles / "bridge.txt").write_text("Bea Moss designed the new bridge.", encoding="utf-8")

    reply = talk.ask("Who designed the bridge?")

    assert talk.notices == ["1 article changed"]
    assert reply.answers[0].text == "Bea Moss designed the new bridge."
    assert len(talk.exchanges) == 1


def test_nothing_is_left_to_read(articles: Path) -> None:
    """Where the folder itself is gone, there is silence."""
    talk = talk_of(lambda: bot.Retriever.from_path(articles), articles)
    talk.ask(ASKED)
    shutil.rmtree(articles)

    assert talk.reload() == "3 articles removed"
    assert talk.ask(ASKED).silence is bot.Silence.EMPTY
    assert seen(run_command("/filter off", talk)) == "0 articles of 0 will be asked.\n"


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns as often as can be."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("impatient")
def test_the_articles_are_read_once() -> None:
    """However many threads ask for them at the same time."""
    loaded: list[bot.Retriever] = []
    together = Barrier(4)

    def load() -> bot.Retriever:
        loaded.append(bot.Retriever.from_texts(["A text."]))
        return loaded[-1]

    talk = talk_of(load)
    assert not talk.ready

    def wait() -> None:
        together.wait()
        assert talk.full_retriever

    threads = [Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert talk.ready
    assert len(loaded) == 1


def test_nothing_to_read_is_said() -> None:
    """A question asked of articles that cannot be read shows why, and so does a command."""

    def load() -> bot.Retriever:
        raise NothingToRead(("nowhere",))

    talk = talk_of(load)

    for line in ("what?", "/stats", "/filter a"):
        assert seen(run_line(line, talk)).startswith("nothing to read in nowhere")


def test_confidence_may_be_set_and_unset(talk: ChatSession) -> None:
    """Each question is answered as the setting is by then, and keeps what was said."""
    assert talk.ask(ASKED).answers
    run_command("/set confidence 1", talk)
    assert talk.ask(ASKED).silence
    strict = talk.conversation.retriever
    assert talk.ask(ASKED).silence
    assert talk.conversation.retriever is strict
    run_command("/set confidence=measured", talk)

    assert talk.ask("and what did she design?").carried
    assert talk.ask(ASKED).answers


def test_settings_are_listed_and_changed(talk: ChatSession) -> None:
    """``/set`` shows all; a name alone shows one; a wrong name or value changes nothing."""
    assert "  limit = 3 " in seen(run_command("/set", talk))
    assert seen(run_command("/set limit 1", talk)) == "limit = 1\n"
    assert len(talk.ask("the bridge and its ferry").answers) == 1
    before = talk.settings
    for line in ("/set limit many", "/set limt 3", "/set", "/set vi", "/set library corpus"):
        assert seen(run_command(line, talk))
    assert talk.settings == before


def test_figures(talk: ChatSession) -> None:
    """``/stats`` counts what is asked, and the time of what was asked."""
    for question in (ASKED, "herring", "lamp"):
        talk.ask(question)
    middle = median(exchange.milliseconds for exchange in talk.exchanges)

    assert [line.split()[-2:] for line in seen(run_command("/stats", talk)).splitlines()] == [
        ["articles", "3"],
        ["sentences", "9"],
        ["asked", "3"],
        [f"{middle:.1f}", "ms"],
    ]


def test_a_transcript_to_read(talk: ChatSession, tmp_path: Path) -> None:
    """Questions are headings, answers quotes; what Markdown would take for its own is escaped."""
    file = tmp_path / "talk.md"
    for question in (ASKED, "*quokka* <b>?"):
        talk.ask(question)

    assert seen(run_command(f"/save {file}", talk), 500) == f"Saved 2 questions to {file}.\n"
    assert file.read_text(encoding="utf-8").splitlines()[:5] == [
        f"## {ASKED}",
        "",
        "> Ada Thorne, an engineer from Leith, designed its three arches.",
        ">",
        "> — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4",
    ]
    assert "## \\*quokka\\* \\<b\\>?" in file.read_text(encoding="utf-8")


def test_a_transcript_for_programs(talk: ChatSession, tmp_path: Path) -> None:
    """A list of what ``bot ask --json`` prints, with what was typed, said and took how long."""
    file = tmp_path / "talk.JSON"
    talk.ask(ASKED)
    talk.ask("hello")
    run_command(f"/save {file}", talk)

    first, second = json.loads(file.read_text(encoding="utf-8"))

    assert first["typed"] == ASKED
    assert first["answers"][0]["line"] == 4
    assert first["milliseconds"] >= 0
    assert first["remark"] is None
    assert second["remark"].startswith("Hello")


@example("- a dash")
@example("+ 1")
@example("1. one")
@example("12) twelve")
@example("=")
@given(st.text())
def test_markdown_to_the_letter(text: str) -> None:
    """Less its escapes, an escaped text is the text as shown, and no line of it is markup."""
    literal = exporting.escape_markdown(text)

    assert re.sub(r"\\([\\`*_\[\]<>&#|~.)+=-])", r"\1", literal) == sanitize(text).strip()
    assert not re.match(r"[#>+=-]\s|\d{1,2}[.)]\s", literal)


def test_a_file_that_is_there_stays(talk: ChatSession, tmp_path: Path) -> None:
    """``/save`` says how to replace it, and ``/save!`` does."""
    file = tmp_path / "talk.md"
    file.write_text("mine", encoding="utf-8")
    talk.ask(ASKED)

    assert f"/save! {file}" in seen(run_command(f"/save {file}", talk), 500)
    assert file.read_text(encoding="utf-8") == "mine"
    run_command(f"/save! {file}", talk)
    assert file.read_text(encoding="utf-8").startswith("## What")


@pytest.mark.parametrize(
    "name",
    ["", "talk", "talk.pdf", "nowhere/talk.md", "a\0b.md", "~nobody-of-that-name/t.md", "in.md",
     "x" * 300 + ".md"],
)  # fmt: skip
def test_where_nothing_can_be_saved(
    talk: ChatSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The file is named with the fault, and no half of it is left behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.md").mkdir()
    before = sorted(tmp_path.rglob("*"))

    for command in ("/save", "/save!"):
        assert re.search(r"\w: |md\b", seen(run_command(f"{command} {name}", talk), 10**6))
    assert sorted(tmp_path.rglob("*")) == before


def test_why_nothing_was_saved(talk: ChatSession, tmp_path: Path) -> None:
    """The file stands before the fault."""
    file = tmp_path / "nowhere" / "talk.md"

    text = seen(run_command(f"/save {file}", talk), 500)

    assert text == f"{file}: no such file or directory\n"


def test_nothing_is_saved_among_the_articles(talk: ChatSession, articles: Path) -> None:
    """There it would be read as one; not even where a link leads there."""
    link = articles.parent / "link"
    link.symlink_to(articles)

    for name in (articles / "talk.md", articles / "bridge.md", link / "talk.json"):
        assert "among the articles" in seen(run_command(f"/save {name}", talk), 500)
    assert len(list(articles.iterdir())) == 3


def test_what_is_copied(talk: ChatSession) -> None:
    """The sentence as it is shown, in the sequence that sets a clipboard."""
    answer = talk.ask(ASKED).answers[0]

    outcome = run_command("/copy 1", talk)

    assert isinstance(outcome, Copy)
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", outcome.sequence)
    assert found
    assert base64.b64decode(found[1]).decode() == sanitize(answer.text)


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("vi", ["vi", "+4", "{}"]),
        ("/usr/bin/nvim -R", ["/usr/bin/nvim", "-R", "+4", "{}"]),
        ("nano", ["nano", "+4", "{}"]),
        ("emacs -nw", ["emacs", "-nw", "+4", "{}"]),
        ("micro", ["micro", "+4", "{}"]),
        ("code --wait", ["code", "--wait", "--goto", "{}:4"]),
        ("subl", ["subl", "{}:4"]),
        ("hx", ["hx", "{}:4"]),
        ("'my editor' -x", ["my editor", "-x", "{}"]),
        ("it's", ["it's", "{}"]),
    ],
)
def test_editors(
    talk: ChatSession,
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
) -> None:
    """Each is given the file and the line as it takes them; others get the file."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    talk.ask(ASKED)

    file = str(articles / "bridge.txt")

    assert run_command("/open", talk) == RunEditor(
        tuple(part.replace("{}", file) for part in arguments)
    )


def test_which_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """$VISUAL comes before $EDITOR; without both, one that is there, or what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert opening.find_editor({"VISUAL": "one", "EDITOR": "two"}) == ("one",)
    assert opening.find_editor({"VISUAL": " ", "EDITOR": "two"}) == ("two",)
    with pytest.raises(opening.NoEditorFound, match="export EDITOR="):
        opening.find_editor({})


def test_what_has_no_file_cannot_be_opened() -> None:
    """An article that came as a text is none."""
    talk = talk_of(lambda: bot.Retriever.from_texts(["The bridge opened in 1932."]))
    talk.ask("When did the bridge open?")

    assert seen(run_command("/open", talk)) == "There is no file of Text 1 to open.\n"


LINES = ["/help", "/context", "/show", "/explain", "/sources", "/stats", "/set", "/history",
         "/open", "/filter", "/copy", f"/filter {HOSTILE}", f"/x{HOSTILE}", f"/save {HOSTILE}",
         f"/sources {HOSTILE}", f"/set limit {HOSTILE}", f"/show {HOSTILE}"]  # fmt: skip


@pytest.mark.parametrize("width", [20, 33, 80])
@pytest.mark.parametrize("line", LINES)
def test_nothing_shown_commands_a_terminal(line: str, width: int) -> None:
    """Whatever articles, titles and lines typed hold; and no line is wider than the window."""
    text = f"The bridge {HOSTILE} opened in 1932. {'橋' * 50} It was long.\n\n{HOSTILE}\n\nEnd."
    talk = talk_of(lambda: bot.Retriever.from_texts([text], [HOSTILE]))
    talk.ask(f"When did the bridge {HOSTILE} open?")

    screen = seen(run_command(line, talk), width)

    assert not set(map(ord, screen.replace("\n", ""))) & SYMBOLS.keys()
    assert all(wcswidth(row) <= width for row in screen.splitlines())


def test_an_evidence_of_nothing(talk: ChatSession) -> None:
    """A score of nought is charted without a bar, and divides by nothing."""
    answer = replace(talk.ask(ASKED).answers[0], evidence=Evidence(), score=0.0)
    reply = talk.reply
    assert reply

    rows = explaining.shares(answer, reply, talk.retriever)

    assert "█" not in to_plain(explaining.chart(rows, 80))


def test_every_command_is_in_the_readme() -> None:
    """With what may follow and what it does, as ``/help`` says it."""
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")

    for command in COMMANDS:
        assert f"| `{usage(command)}` | {command.help} |" in readme
