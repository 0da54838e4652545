"""Commands of a conversation and the session they act on, without keyboard and terminal."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import wcswidth

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, publish
from bot.config.cluster_address import ClusterAddress
from bot.config.paths import LibrarySource, Origin
from bot.config.settings import Settings
from bot.errors import NothingToRead
from bot.render.reply import format_reply
from bot.render.text import SYMBOLS, sanitize, to_plain
from bot.repl.cluster_watcher import ClusterWatcher
from bot.repl.commands import COMMANDS, is_command, run_command, run_line, usage
from bot.repl.completer import LineCompletions
from bot.repl.editor import NoEditorFound, find_editor
from bot.repl.results import (
    ClearScreen,
    CopyText,
    Print,
    Quit,
    Result,
    RunEditor,
    ShowPage,
    ShowReply,
)
from bot.repl.session import ChatSession
from bot.repl.transcript import escape_markdown
from bot.retrieval.filters import Filter

QUESTION = "What did Ada Thorne design?"
HOSTILE = "\x1b]0;title\x07 \x9b31m \u202e \x00 \r 猫 \U0001f44d\U0001f3fd e\u0301 \ud800"


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """The articles in a folder that may be written to."""
    return shutil.copytree(folder, tmp_path / "articles")


@pytest.fixture
def session(articles: Path) -> ChatSession:
    return open_session(lambda: bot.Retriever.from_path(articles), articles)


def open_session(load: Callable[[], bot.Retriever], *paths: Path) -> ChatSession:
    """Return a session that answers wherever a word is shared."""
    return ChatSession(
        lambda: load().with_threshold(0.0), LibrarySource(paths, Origin.GIVEN), Settings()
    )


def text_of(result: Result, width: int = 80) -> str:
    """Return the text that a result shows."""
    if isinstance(result, ShowPage):
        return to_plain(result.lay_out(width).fragments)
    if isinstance(result, CopyText):
        return result.text[:width] + "\n"
    assert isinstance(result, Print), result
    return to_plain(result.lay_out(width))


def test_help_lists_every_command(session: ChatSession) -> None:
    """With its first name, its argument and its help; /help NAME has each as well."""
    text = text_of(run_line("HELP", session), 200)

    for command in COMMANDS:
        name = command.names[0]
        assert re.search(rf"^  {re.escape(name)} .* {re.escape(command.help)}$", text, re.M)
        assert name in text_of(run_line(f"/help {name.lstrip('/')}", session))


def test_command_names_are_unique() -> None:
    """Each name means one command."""
    names = [name for command in COMMANDS for name in command.names]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/hlep", "Unknown command /hlep; did you mean /help?"),
        ("/sou", "Unknown command /sou; did you mean /sources?"),
        ("/zzz\x1b", "Unknown command /zzz␛; /help lists the commands."),
        ("/", "Unknown command /; did you mean /help?"),
    ],
)
def test_unknown_command(session: ChatSession, line: str, message: str) -> None:
    """The message suggests the closest command, and nothing is searched."""
    assert is_command(line)
    assert text_of(run_line(line, session)) == f"{message}\n"
    assert not session.exchanges


@pytest.mark.parametrize(
    ("line", "question"), [("//help me", "/help me"), ("help me", "help me"), ("quit?", "quit?")]
)
def test_lines_that_are_questions(session: ChatSession, line: str, question: str) -> None:
    """A second slash, or more words after a bare name, make a question."""
    assert not is_command(line)
    assert isinstance(run_line(line, session), ShowReply)
    assert session.exchanges[-1].typed == question


@pytest.mark.parametrize(
    "line", ["/{}", "/show {}", "/filter {}", "/set {}", "/set limit {}", "/save {}", "/help {}"]
)
def test_messages_cut_long_arguments(session: ChatSession, line: str) -> None:
    """A pasted file is not repeated in a message."""
    assert len(text_of(run_line(line.format("x" * 10**6), session))) < 1100


def test_settings_are_paged(session: ChatSession) -> None:
    """They are taller than a narrow window."""
    assert isinstance(run_command("/set", session), ShowPage)
    assert isinstance(run_command("/set limit", session), Print)


def test_quit_and_clear(session: ChatSession) -> None:
    """After /clear, answer numbers refer to nothing."""
    session.ask(QUESTION)

    assert isinstance(run_line("quit", session), Quit)
    assert isinstance(run_line("/clear", session), ClearScreen)
    assert text_of(run_line("/show", session)) == "No answer 1; the screen shows no answers\n"


@pytest.mark.parametrize("number", ["0", "4", "-1", "one", "²", "1 2", "9" * 500])
@pytest.mark.parametrize("name", ["/context", "/show", "/open", "/explain", "/copy"])
def test_invalid_answer_numbers(session: ChatSession, name: str, number: str) -> None:
    """The message counts the answers on the screen."""
    count = len(session.ask("the bridge and its ferry").answers)

    text = text_of(run_command(f"{name} {number}", session), 10**6)

    assert text == f"No answer {number}; the screen shows {count} answers\n"


def test_numbers_refer_to_the_screen(session: ChatSession) -> None:
    """After /more they mean the new answers."""
    first = session.ask("the bridge and its ferry").answers
    explained = text_of(run_command("/explain 2", session), 200)
    assert sanitize(first[1].text) in " ".join(explained.split())

    result = run_command("/more", session)

    assert isinstance(result, ShowReply)
    assert session.reply is result.reply
    assert not [answer for answer in result.reply.answers if answer in first]


def test_more_without_more_answers(session: ChatSession) -> None:
    """Without a question there is nothing to continue; at the end the last numbers stay valid."""
    assert text_of(run_command("/more", session)).startswith("Nothing to continue")
    session.ask(QUESTION)
    while isinstance(result := run_command("/more", session), ShowReply):
        pass

    assert text_of(result) == "No more answers.\n"
    assert session.reply
    assert session.reply.answers


def test_more_after_silence(articles: Path) -> None:
    """The closest answers are shown, under a notice."""
    load = partial(bot.Retriever.from_path, articles)
    source = LibrarySource((articles,), Origin.GIVEN)
    session = ChatSession(load, source, Settings(confidence=1.0))
    assert session.ask(QUESTION).silence

    result = run_command("/more", session)

    assert isinstance(result, ShowReply)
    assert result.notices == ("No answer is certain enough; these came closest:",)
    assert result.reply.answers[0].text.startswith("Ada Thorne")
    assert "Ada Thorne" in text_of(run_command("/show", session))


def test_page_line_is_at_the_answer(session: ChatSession) -> None:
    """The line to put in view has the start of the sentence, at any width."""
    for question, start in (("Who lives on the island?", "A solar"), (QUESTION, "Ada")):
        session.ask(question)
        result = run_command("/show", session)
        assert isinstance(result, ShowPage)
        for width in (20, 40, 80, 200):
            page = result.lay_out(width)
            line = to_plain(page.fragments).splitlines()[page.line]
            assert line.startswith("▌ ")
            assert start in line


def test_show_has_every_line(session: ChatSession, articles: Path) -> None:
    """The lines of the file are shown in order."""
    session.ask(QUESTION)

    lines = text_of(run_command("/show", session), 200).splitlines()

    assert [line[2:] for line in lines[2:]] == (articles / "bridge.txt").read_text().splitlines()


def test_show_keeps_indentation() -> None:
    """Indents and tabs stay; Windows line ends and blank lines around the text do not."""
    text = "\n\r\nThe bridge is long.\r\n\r\n\tone\ttwo\r\n   three\n\n"
    session = open_session(lambda: bot.Retriever.from_texts([text]))
    session.ask("How long is the bridge?")

    lines = text_of(run_command("/show", session)).splitlines()

    assert lines[2:] == ["▌ The bridge is long.", "", "      one two", "     three"]


def test_invalid_filter_changes_nothing(session: ChatSession) -> None:
    """The message names the invalid date, and all articles are searched as before."""
    text = text_of(run_command("/filter since 20x", session))

    assert "20x" in text
    assert not session.filter.text


def test_filter_keeps_the_context(session: ChatSession) -> None:
    """A follow-up still refers to the question before the filter was set."""
    session.ask(QUESTION)

    assert text_of(run_command("/filter bridge", session)) == "Searching 1 of 3 articles.\n"
    assert session.ask("and when did it open?").carried
    assert len(session.retriever.library.articles) == 1


def test_filter_without_matches_changes_nothing(session: ChatSession) -> None:
    """The filter before stays; "off" removes it."""
    run_command("/filter bridge", session)

    text = text_of(run_command("/filter nothing", session))

    assert text == "No article matches 'nothing'; filter unchanged.\n"
    assert text_of(run_command("/filter", session)) == "Filter: bridge (1 of 3 articles)\n"
    run_command("/filter OFF", session)
    assert session.filter == Filter()
    assert session.retriever is session.full_retriever


def test_filter_by_date_where_there_are_none() -> None:
    """The message says why nothing matches."""
    session = open_session(lambda: bot.Retriever.from_texts(["It rained.", "It was dry."]))

    text = text_of(run_command("/filter since 2015", session))

    assert text == "No article has a date, so none matches 'since 2015'; filter unchanged.\n"


def test_silence_names_the_filter(session: ChatSession) -> None:
    """The articles outside the filter may have an answer."""
    run_command("/filter lamp", session)

    result = run_line("herring", session)

    assert isinstance(result, ShowReply)
    assert result.notices == ("Only articles that match 'lamp' were searched.",)


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({}, "The articles are up to date"),
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
def test_reload(
    session: ChatSession, articles: Path, changes: dict[str, str | None], description: str
) -> None:
    """It reports the changes, and searches the new articles."""
    for name, text in changes.items():
        if text is None:
            (articles / name).unlink()
        else:
            (articles / name).write_text(text, encoding="utf-8")

    assert text_of(run_command("/reload", session)) == f"{description}.\n"
    assert {article.source for article in session.retriever.library.articles} == {
        file.name for file in articles.iterdir()
    }


def test_removed_articles_are_not_quoted(session: ChatSession, articles: Path) -> None:
    """Neither by number, nor as an answer shown earlier, nor to a follow-up."""
    session.ask(QUESTION)
    (articles / "bridge.txt").unlink()
    session.reload()

    for line in ("/show", "/context", "/explain", "/copy", "/open"):
        assert text_of(run_command(line, session)).endswith("was changed or removed; ask again\n")
    for line in ("the first one", "and when?", "more", QUESTION):
        result = run_line(line, session)
        assert isinstance(result, ShowReply)
        assert "bridge.txt" not in {answer.article.source for answer in result.reply.answers}


def test_changes_are_noticed_before_each_line(articles: Path) -> None:
    """The result of any line that needs the articles carries the notice."""
    has_changed = iter([True, False])
    session = ChatSession(
        partial(bot.Retriever.from_path, articles),
        LibrarySource((articles,), Origin.GIVEN),
        Settings(),
        lambda: next(has_changed),
    )
    (articles / "market.txt").unlink()

    assert run_line("/help", session).notices == ()
    assert run_line("/stats", session).notices == ("1 article removed.",)
    assert run_line("/stats", session).notices == ()


@pytest.mark.parametrize("line", [QUESTION, "/sources", "/filter bridge"])
def test_damaged_cache_is_rebuilt(articles: Path, tmp_path: Path, line: str) -> None:
    """A line that meets damage is run again on the library as rebuilt."""
    cached = partial(bot.Retriever.from_path, articles, cache=tmp_path / "cache")
    cached()
    (database,) = (tmp_path / "cache").rglob("articles.db")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE articles SET text = x'00', date = 'x'")
    session = open_session(cached, articles)
    expected = open_session(lambda: bot.Retriever.from_path(articles, cache=None), articles)

    with pytest.warns(UserWarning, match="it was found damaged before; the cache will be rebuilt"):
        result = run_line(line, session)

    assert screen_of(result) == screen_of(run_line(line, expected))


def screen_of(result: Result) -> str:
    """Return the text of a result, which may be a reply."""
    if isinstance(result, ShowReply):
        return to_plain(format_reply(result.reply, 80))
    return text_of(result)


def test_every_article_removed(articles: Path) -> None:
    """Even without its folder the session goes on, in silence."""
    session = open_session(lambda: bot.Retriever.from_path(articles), articles)
    session.ask(QUESTION)
    shutil.rmtree(articles)

    assert session.reload() == "3 articles removed"
    assert session.ask(QUESTION).silence is bot.Silence.EMPTY
    assert text_of(run_command("/filter off", session)) == "Searching 0 of 0 articles.\n"


def test_nothing_to_read() -> None:
    """A session needs an article to start."""

    def load() -> bot.Retriever:
        raise NothingToRead(("nowhere",))

    with pytest.raises(NothingToRead, match="nothing to read in nowhere"):
        open_session(load)


def test_confidence_setting(session: ChatSession) -> None:
    """It holds from the next question on, and the context stays."""
    assert session.ask(QUESTION).answers
    run_command("/set confidence 1", session)
    assert session.ask(QUESTION).silence
    run_command("/set confidence=measured", session)

    assert session.ask("and what did she design?").carried
    assert session.ask(QUESTION).answers


def test_settings(session: ChatSession) -> None:
    """``/set`` lists all, a name shows one; a wrong name or value changes nothing."""
    assert "  limit = 3 " in text_of(run_command("/set", session))
    assert text_of(run_command("/set limit 1", session)) == "limit = 1\n"
    assert len(session.ask("the bridge and its ferry").answers) == 1
    before = session.settings
    for line in ("/set limit many", "/set limt 3", "/set", "/set vi", "/set library corpus"):
        assert text_of(run_command(line, session))
    assert session.settings == before


def test_statistics(session: ChatSession) -> None:
    """``/stats`` counts the library and the questions, and times the replies."""
    for question in (QUESTION, "herring", "lamp"):
        session.ask(question)
    middle = median(exchange.milliseconds for exchange in session.exchanges)

    lines = text_of(run_command("/stats", session)).splitlines()

    assert [line.split()[-2:] for line in lines] == [
        ["articles", "3"],
        ["sentences", "9"],
        ["asked", "3"],
        [f"{middle:.1f}", "ms"],
    ]


def test_markdown_transcript(session: ChatSession, tmp_path: Path) -> None:
    """Questions are headings, answers quotations, and Markdown syntax is escaped."""
    file = tmp_path / "talk.md"
    for question in (QUESTION, "*quokka* <b>?"):
        session.ask(question)

    assert text_of(run_command(f"/save {file}", session), 500) == f"Saved 2 questions to {file}.\n"
    assert file.read_text(encoding="utf-8").splitlines()[:5] == [
        f"## {QUESTION}",
        "",
        "> Ada Thorne, an engineer from Leith, designed its three arches.",
        ">",
        "> sure — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4",
    ]
    assert "## \\*quokka\\* \\<b\\>?" in file.read_text(encoding="utf-8")


def test_json_transcript(session: ChatSession, tmp_path: Path) -> None:
    """The records of ``bot ask --json``, with the line typed, the remark and the time."""
    file = tmp_path / "talk.JSON"
    session.ask(QUESTION)
    session.ask("hello")
    run_command(f"/save {file}", session)

    first, second = json.loads(file.read_text(encoding="utf-8"))

    assert first["typed"] == QUESTION
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
def test_markdown_escapes(text: str) -> None:
    """Without its backslashes an escaped text is the text, and no line of it is syntax."""
    escaped = escape_markdown(text)

    assert re.sub(r"\\([\\`*_\[\]<>&#|~.)+=-])", r"\1", escaped) == sanitize(text).strip()
    assert not re.match(r"[#>+=-]\s|\d{1,2}[.)]\s", escaped)


def test_save_keeps_an_existing_file(session: ChatSession, tmp_path: Path) -> None:
    """Only ``/save!`` replaces it."""
    file = tmp_path / "talk.md"
    file.write_text("mine", encoding="utf-8")
    session.ask(QUESTION)

    text = text_of(run_command(f"/save {file}", session), 500)

    assert text == f"{file} already exists; /save! {file} replaces it.\n"
    assert file.read_text(encoding="utf-8") == "mine"
    run_command(f"/save! {file}", session)
    assert file.read_text(encoding="utf-8").startswith("## What")


@pytest.mark.parametrize(
    "name",
    ["", "talk", "talk.pdf", "nowhere/talk.md", "a\0b.md", "~nobody-of-that-name/t.md", "in.md",
     "x" * 300 + ".md"],
)  # fmt: skip
def test_invalid_transcript_names(
    session: ChatSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A message says why, and no file is left behind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.md").mkdir()
    before = sorted(tmp_path.rglob("*"))

    for command in ("/save", "/save!"):
        assert re.search(r"\w: |md\b", text_of(run_command(f"{command} {name}", session), 10**6))
    assert sorted(tmp_path.rglob("*")) == before


def test_failed_save_names_the_file(session: ChatSession, tmp_path: Path) -> None:
    """The message is the file and the fault."""
    file = tmp_path / "nowhere" / "talk.md"

    text = text_of(run_command(f"/save {file}", session), 500)

    assert text == f"{file}: no such file or directory\n"


def test_no_transcript_inside_the_library(session: ChatSession, articles: Path) -> None:
    """It would be read as an article; a link to the library is no way around."""
    link = articles.parent / "link"
    link.symlink_to(articles)

    for name in (articles / "talk.md", articles / "bridge.md", link / "talk.json"):
        assert "inside the library" in text_of(run_command(f"/save {name}", session), 500)
    assert len(list(articles.iterdir())) == 3


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_save_under_a_name_with_blanks(session: ChatSession, tmp_path: Path, quote: str) -> None:
    """Quotation marks around the name are not part of it."""
    session.ask(QUESTION)

    for command in ("/save", "/save!"):
        run_command(f"{command} {quote}{tmp_path}/my talk.md{quote}", session)

    assert [path.name for path in tmp_path.iterdir() if path.suffix] == ["my talk.md"]


def test_save_through_a_link(session: ChatSession, tmp_path: Path) -> None:
    """The link stays, and its target has the conversation; a device is refused."""
    session.ask(QUESTION)
    (tmp_path / "target.md").write_text("old", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("target.md")
    (tmp_path / "null.md").symlink_to(os.devnull)

    saved = text_of(run_command(f"/save! {tmp_path}/link.md", session), 500)
    refused = text_of(run_command(f"/save! {tmp_path}/null.md", session), 500)

    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "target.md").read_text(encoding="utf-8").startswith("## ")
    assert saved.startswith("Saved 1 question to ")
    assert refused.endswith("null.md: is not a regular file\n")


def test_history_lists_lines_as_typed(session: ChatSession) -> None:
    """A command that asks is listed as a command."""
    session.ask(QUESTION)
    run_command("/more", session)

    assert text_of(run_command("/history", session)) == f"   1  {QUESTION}\n   2  /more\n"


def test_copy(session: ChatSession) -> None:
    """The sentence is copied as it is shown."""
    answer = session.ask(QUESTION).answers[0]

    result = run_command("/copy 1", session)

    assert result == CopyText(sanitize(answer.text))


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
def test_editor_arguments(
    session: ChatSession,
    articles: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
) -> None:
    """Each editor gets the file and line in its own syntax; an unknown one gets the file."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    session.ask(QUESTION)

    file = str(articles / "bridge.txt")

    assert run_command("/open", session) == RunEditor(
        tuple(part.replace("{}", file) for part in arguments)
    )


def test_editor_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """$VISUAL comes before $EDITOR; without both and without an editor, a message helps."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_editor({"VISUAL": "one", "EDITOR": "two"}) == ("one",)
    assert find_editor({"VISUAL": " ", "EDITOR": "two"}) == ("two",)
    with pytest.raises(NoEditorFound, match="export EDITOR="):
        find_editor({})


def test_open_without_a_file() -> None:
    """An article made from a text has no file."""
    session = open_session(lambda: bot.Retriever.from_texts(["The bridge opened in 1932."]))
    session.ask("When did the bridge open?")

    assert text_of(run_command("/open", session)) == "'text 1' has no file to open.\n"


LINES = ["/help", "/context", "/show", "/explain", "/sources", "/stats", "/set", "/history",
         "/open", "/filter", "/copy", f"/filter {HOSTILE}", f"/x{HOSTILE}", f"/save {HOSTILE}",
         f"/sources {HOSTILE}", f"/set limit {HOSTILE}", f"/show {HOSTILE}"]  # fmt: skip


@pytest.mark.parametrize("width", [20, 33, 80])
@pytest.mark.parametrize("line", LINES)
def test_output_is_safe_and_fits(line: str, width: int) -> None:
    """Whatever articles and lines contain, no control character and no long line is shown."""
    text = f"The bridge {HOSTILE} opened in 1932. {'橋' * 50} It was long.\n\n{HOSTILE}\n\nEnd."
    session = open_session(lambda: bot.Retriever.from_texts([text], [HOSTILE]))
    session.ask(f"When did the bridge {HOSTILE} open?")

    screen = text_of(run_line(line, session), width)

    assert not set(map(ord, screen.replace("\n", ""))) & SYMBOLS.keys()
    assert all(wcswidth(row) <= width for row in screen.splitlines())


def test_manual_lists_every_command() -> None:
    """With its argument and help, as in /help."""
    manual = (Path(__file__).parent.parent / "bot/MANUAL.md").read_text(encoding="utf-8")

    for command in COMMANDS:
        assert f"| `{usage(command)}` | {command.help} |" in manual


CLUSTER_LINES = (
    "when did the brige open?",
    "and who designed it?",
    "/why",
    "/context",
    "/show 1",
    "/more",
    "/sources",
    "/sources *.txt",
    "/sources quokka",
    "what can I ask?",
    "/filter since 2019",
    "/filter",
    "how many steps are there?",
    "/context 2",
    "/filter quokka",
    "/filter off",
    "/open",
    "Why did the market leave the quay?",
    "/reload",
    "/copy",
    "/history",
)


def show(result: Result) -> str:
    """Return the notices of a result, and the text that it shows."""
    return "\n".join([*result.notices, screen_of(result)])


@pytest.mark.slow
def test_conversation_on_a_cluster(
    published: ClusterAddress, articles: Path, library: bot.Library
) -> None:
    """Every command shows what it does of an archive, and a change is a notice."""
    watcher = ClusterWatcher(published)
    source = LibrarySource((), Origin.GIVEN, published.name)
    cluster = ChatSession(watcher.load, source, Settings(), watcher.has_changed)
    memory = ChatSession(lambda: bot.Retriever(library), source, Settings())
    completions = LineCompletions(cluster)

    for line in CLUSTER_LINES:
        if line != "/open":  # articles on a cluster have no file
            assert show(run_line(line, cluster)) == show(run_line(line, memory)), line
    assert "has no file to open" in show(run_line("/open", cluster))
    assert [each.text for each in completions.complete("/filter light")] == ["lighthouse.md"]

    (articles / "market.txt").unlink()
    (articles / "tower.txt").write_text("The Quibble Tower opened in 1999.")
    changed = bot.Library.from_path(articles)
    publish(ClusterConnection(published), changed, PublishingOptions())
    assert [*completions.complete("/filter tower")] == []
    text = show(run_line("When did the Quibble Tower open?", cluster))
    assert text.startswith("1 article added, 1 article removed.\n")
    assert "opened in 1999" in text
    for _ in range(2):
        changed = bot.Library([*changed.articles][:-1])
        publish(ClusterConnection(published), changed, PublishingOptions())
    assert show(run_line("/stats", cluster)).startswith("1 article in all.\n")
