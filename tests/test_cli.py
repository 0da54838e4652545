"""The commands, run in this process: answers, exit codes, files written, and usage errors."""

import io
import json
import re
import shlex
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from bot.cli.ask import ReplyWriter, answer_each, format_text_reply, read_questions
from bot.cli.main import cli
from bot.cli.output import Output
from bot.cli.run import run_cli
from bot.render.reply import format_plain_reply
from bot.render.text import to_plain
from bot.retrieval.answer import Reply, Silence
from bot.retrieval.query_parser import parse_question
from bot.retrieval.retriever import Retriever
from bot.storage import verify

QUESTION = "What did Ada Thorne design?"
ANSWER = "Ada Thorne, an engineer from Leith, designed its three arches."
SOURCE = "  — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4"
UNKNOWN = "Nothing in the articles mentions that."
WEAK = "Nothing in the articles answers that well enough."


class Run(NamedTuple):
    """A finished command: its output and its exit code."""

    stdout: str
    stderr: str
    code: int


Command = Callable[..., Run]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with empty folders for config, state and cache."""
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def bot(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command as a function of its arguments and standard input; streams are no terminals."""
    assert home

    def run(*words: str | Path, stdin: str | bytes = "") -> Run:
        data = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8")
        stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace")
        monkeypatch.setattr(sys, "argv", ["bot", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", stream)
        code = run_cli()
        return Run(*capsys.readouterr(), code)

    return run


@pytest.fixture
def config(home: Path) -> Path:
    """The path of the config file, which does not exist yet."""
    config = home / "CONFIG" / "bot" / "config.toml"
    config.parent.mkdir(parents=True)
    return config


# One answer


def test_ask(bot: Command, folder: Path) -> None:
    """Standard output has the answer and its source, and nothing else."""
    assert bot("ask", QUESTION, folder / "bridge.txt", "-k", "1") == (
        f"{ANSWER}\n{SOURCE}\n",
        "",
        0,
    )


def test_silence_exits_with_1(bot: Command, folder: Path) -> None:
    """The reason goes to stdout, the unknown words to stderr."""
    assert bot("ask", "quokka?", folder) == (
        f"{UNKNOWN}\n",
        "No article has the word: quokka\n",
        1,
    )


def test_correction_goes_to_stderr(bot: Command, folder: Path) -> None:
    """The word searched for is named beside the answer."""
    run = bot("ask", "whale oil in the lighhouse", folder, "-k1")

    assert run.stdout.startswith("The lighthouse on Skerry Rock burned whale oil until 1881.\n")
    assert run.stderr == "Searched for lighthouse instead of lighhouse.\n"


@pytest.mark.parametrize("form", [[], ["--explain"]])
def test_damaged_cache_is_rebuilt(bot: Command, home: Path, folder: Path, form: list[str]) -> None:
    """Damage that is found as an article is fetched is a warning, and the answer comes."""
    bot("index", folder)
    (database,) = home.rglob("articles.db")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE articles SET text = x'00'")

    run = bot("ask", "What did Ada Thorne design?", folder, "-k1", *form)

    assert run.stdout.startswith("Ada Thorne, an engineer from Leith, designed its three arches.")
    assert run.stderr.count("will be rebuilt") == len(run.stderr.splitlines()) == 1
    assert run.code == 0
    assert bot("index", folder, "--check").code == 0


def test_unsure_answer_in_a_pipe(bot: Command, folder: Path) -> None:
    """Standard output has the answer alone; the notice that it is unsure is on stderr."""
    question = "When did herring walkers burn?"

    run = bot("ask", question, folder, "-k1", "--min-confidence", "0")

    assert run.stdout.count("\n") == 2
    assert "erhaps" not in run.stdout
    assert run.stderr == "Perhaps this:\n"


def test_text_on_a_terminal_has_confidence(retriever: Retriever) -> None:
    """With a width there is the bar of the reply, in a pipe the sentence and its source."""
    reply = retriever.ask(QUESTION, 1)

    assert "▰" in to_plain(format_text_reply(reply, 80))
    assert format_text_reply(reply, None) == format_plain_reply(reply)


def test_min_confidence(bot: Command, folder: Path) -> None:
    """At 1 nothing is answered; at 0 the best candidate is, however weak."""
    question = "What did the pope say of the island?"

    at_one = bot("ask", QUESTION, folder, "--min-confidence", "1")
    measured = bot("ask", question, folder)
    at_zero = bot("ask", question, folder, "--min-confidence", "0")

    assert (at_one.stdout, at_one.code) == (f"{WEAK}\n", 1)
    assert (measured.stdout, measured.code) == (f"{WEAK}\n", 1)
    assert "island" in at_zero.stdout
    assert at_zero.code == 0


def test_explain(bot: Command, folder: Path) -> None:
    """The figures below an answer add up to its score."""
    (answer,) = json.loads(bot("ask", QUESTION, folder, "-k1", "--json").stdout)["answers"]

    text = bot("ask", QUESTION, folder, "-k1", "--explain").stdout

    rows = dict(re.findall(r"(?m)^(\w+) +(-?\d+\.\d\d)", text))
    assert text.startswith(f"{ANSWER}\n")
    assert float(rows.pop("confidence")) == round(answer["confidence"], 2)
    assert float(rows.pop("score")) == round(answer["score"], 2)
    assert sum(map(float, rows.values())) == pytest.approx(answer["score"], abs=0.006)
    assert rows.keys() <= answer["evidence"].keys()


def test_json(bot: Command, folder: Path) -> None:
    """One line with one object; its text is the file's from start to end; never coloured."""
    run = bot("ask", QUESTION, folder, "--json", "--color", "always")

    reply = json.loads(run.stdout)
    assert [*reply] == ["question", "answers", "silence", "unknown", "corrected", "notices"]
    assert (reply["question"], reply["silence"]) == (QUESTION, None)
    assert [answer["rank"] for answer in reply["answers"]] == [1, 2, 3][: len(reply["answers"])]
    for answer in reply["answers"]:
        text = (folder / answer["source"]).read_text(encoding="utf-8")
        assert text[answer["start"] : answer["end"]] == answer["text"]
    assert "\n" not in run.stdout[:-1]


def test_json_of_silence(bot: Command, folder: Path) -> None:
    """Silence is JSON too, and still exits with 1."""
    run = bot("ask", "quokka?", folder, "--json")

    reply = json.loads(run.stdout)
    assert reply["silence"] == {"reason": "unknown", "message": UNKNOWN}
    assert (reply["answers"], reply["unknown"], run.code) == ([], ["quokka"], 1)


@pytest.mark.parametrize(
    ("options", "is_coloured"),
    [(["--color", "always"], True), (["--color", "auto"], False), ([], False)],
)
def test_colour_in_a_pipe(
    bot: Command, folder: Path, options: list[str], is_coloured: bool
) -> None:
    """There is colour only if the user insists."""
    assert ("\x1b[1m" in bot("ask", QUESTION, folder, *options).stdout) == is_coloured


# Questions on standard input


@pytest.mark.parametrize("words", [("ask", "-"), ("chat",), ()])
def test_questions_on_stdin(bot: Command, folder: Path, words: tuple[str, ...]) -> None:
    """Each line is a question, printed above its answer; blank lines are skipped."""
    stdin = f"\ufeff{QUESTION}\r\n\n  \nquokka?\n"

    run = bot(*words, folder / "bridge.txt", "-k1", stdin=stdin)

    assert run.stdout == f"> {QUESTION}\n{ANSWER}\n{SOURCE}\n\n> quokka?\n{UNKNOWN}\n\n"
    assert run.code == 0


def test_json_lines_and_array(bot: Command, folder: Path) -> None:
    """``--jsonl`` prints a line for each question, ``--json`` one array of the same."""
    stdin = f"{QUESTION}\nquokka?\n"

    lines = bot("ask", "-", folder, "--jsonl", stdin=stdin).stdout.splitlines()
    array = json.loads(bot("ask", "-", folder, "--json", stdin=stdin).stdout)

    assert [json.loads(line) for line in lines] == array
    assert [reply["question"] for reply in array] == [QUESTION, "quokka?"]


@pytest.mark.parametrize("stdin", [b"", b"\n\n", b"quokka?\n", b"quokk\xff\xfe\x00\n"])
def test_no_answer_on_stdin_exits_with_1(bot: Command, folder: Path, stdin: bytes) -> None:
    """Whatever the bytes are."""
    assert bot("ask", "-", folder, stdin=stdin).code == 1


def test_answers_arrive_before_the_next_question() -> None:
    """A question is answered and flushed before the next line is read."""
    reply = Reply(parse_question("x"), (), Silence.WEAK)
    stdout = io.StringIO()
    writer = ReplyWriter("text", format_plain_reply, Output(stdout=stdout))

    def lines() -> Iterator[str]:
        yield "\ufefffirst\n"
        assert WEAK in stdout.getvalue()
        yield " \n"
        yield "second\r\n"

    is_answered = answer_each(lambda _: reply, read_questions(lines()), writer)

    assert not is_answered
    assert stdout.getvalue() == f"> first\n{WEAK}\n\n> second\n{WEAK}\n\n"


# Which articles, and the config file


def test_bundled_articles(bot: Command) -> None:
    """Without a path, the bundled articles are searched, and stderr says so."""
    run = bot("ask", "Where did Xi and Biden meet?")

    assert "Lima" in run.stdout
    assert run.stderr.startswith("Searching the bundled ")
    assert run.code == 0


def test_articles_of_the_config_file(bot: Command, folder: Path, config: Path) -> None:
    """Without a path, the library that is set is searched, and stderr says so."""
    config.write_text(f"library = '{folder}'", encoding="utf-8")

    run = bot("ask", QUESTION)

    assert ANSWER in run.stdout
    assert run.stderr.startswith("Searching 3 articles, ")
    assert run.stderr.endswith(f" of {folder}, as set in {config}.\n")


def test_broken_config_file(bot: Command, config: Path, folder: Path) -> None:
    """A warning names file and line, and the question is answered."""
    config.write_text("library = notes\n", encoding="utf-8")

    run = bot("ask", QUESTION, folder)

    assert run.stderr.startswith(f"bot: warning: {config}, line 1: is not valid TOML: ")
    assert run.code == 0


def test_option_comes_before_setting(bot: Command, folder: Path, config: Path) -> None:
    """Settings of the config file are used unless an option replaces them."""
    config.write_text("limit = 1\nconfidence = 0\ncolor = 'always'\n", encoding="utf-8")
    question = "What did Magnus Flett of Leith do in March 1932?"

    by_config = bot("ask", question, folder)
    by_option = bot("ask", question, folder, "-k2", "--color=never")
    certain = bot("ask", question, folder, "--min-confidence", "1")

    assert (by_config.stdout.count(" — "), by_option.stdout.count(" — ")) == (1, 2)
    assert ("\x1b" in by_config.stdout, "\x1b" in by_option.stdout) == (True, False)
    assert certain.code == 1
    assert "warning" not in by_config.stderr


def test_missing_library_of_the_config_file(bot: Command, config: Path) -> None:
    """A warning says that the config file names the path which the error is about."""
    config.write_text("library = 'gone'\n", encoding="utf-8")

    run = bot("ask", QUESTION)

    warning, error = run.stderr.splitlines()
    assert warning == f"bot: warning: the library is set in {config}"
    assert error.startswith(f"bot: error: nothing to read in {config.parent / 'gone'}: ")
    assert run.code == 2


def test_config(bot: Command, config: Path) -> None:
    """It prints each setting with its origin; ``--explain`` prints a valid config file."""
    absent = bot("config")
    explained = bot("config", "--explain")
    config.write_text(f"{explained.stdout}\nlimit = 5\nwidth = 3\n", encoding="utf-8")
    present = bot("config")

    assert "Takes a name; the default is none." in explained.stdout
    assert absent.stdout.startswith(f"{config} (does not exist)\n")
    assert re.search(r"(?m)^  limit +line \d+ +5$", present.stdout)
    assert re.search(r"line \d+: width takes 0, or a whole number from 20, not 3$", present.stderr)
    assert (absent.stderr, explained.stderr, present.code) == ("", "", 0)


def test_unreadable_file_is_a_warning(bot: Command, folder: Path, tmp_path: Path) -> None:
    """It names the file, sanitized, and the other files are searched."""
    broken = tmp_path / "broken\x1b[2J.txt"
    broken.write_bytes(b"\x7fELF\x00\x01\x02\x03\x00\x00")

    run = bot("ask", QUESTION, folder / "bridge.txt", broken, "-k1")

    assert ANSWER in run.stdout
    assert run.stderr.startswith("bot: warning: ")
    assert "broken␛[2J.txt: " in run.stderr


# The cache


def test_index(bot: Command, folder: Path, home: Path) -> None:
    """It counts files by what became of them, and says where the cache lies."""
    first, again, rebuilt = (bot("index", folder, *more) for more in ([], [], ["--rebuild"]))

    assert first.stdout.startswith("read       3 new, 0 changed, in ")
    assert again.stdout.startswith("read       0 new, 0 changed, in ")
    assert rebuilt.stdout.startswith("read       3 new, 0 changed, in ")
    assert "\nunchanged  3\nremoved    0\nskipped    0 " in again.stdout
    assert "\nignored    0 " in again.stdout
    assert "\nlibrary    3 articles, 9 sentences\ncache      0.1 MB in " in again.stdout
    assert str(home / "CACHE") in again.stdout
    assert (first.code, again.code, rebuilt.code) == (0, 0, 0)


def test_index_check_and_forget(bot: Command, tmp_path: Path) -> None:
    """The cache is compared with the files, and deleted; the articles stay."""
    article = tmp_path / "articles" / "a.txt"
    article.parent.mkdir()
    article.write_text("The ferry left at noon.", encoding="utf-8")

    def index(*more: str) -> tuple[int, str]:
        run = bot("index", article.parent, *more)
        return run.code, run.stdout + run.stderr

    assert index("--check") == (1, f"{verify.NOT_CACHED}\n")
    index()
    assert index("--check") == (0, f"{verify.NO_FAULT}\n")
    article.write_text("The ferry left at nine.", encoding="utf-8")
    code, text = index("--check")
    assert code == 1
    assert text.startswith(f"{article}: ")
    assert index("--forget") == (0, f"Deleted the cache of {article.parent}.\n")
    assert index("--forget") == (0, f"No cache of {article.parent}.\n")
    assert article.exists()


def test_info(bot: Command, folder: Path, home: Path) -> None:
    """Version, counts and paths, as text and as JSON."""
    bot("index", folder)
    text = bot("info", folder).stdout
    facts = json.loads(bot("info", folder, "--json").stdout)

    assert facts["articles"] == 3
    assert facts["library"] == [str(folder)]
    assert facts["history"] == str(home / "STATE" / "bot" / "history")
    assert facts["config"] == str(home / "CONFIG" / "bot" / "config.toml")
    assert facts["indexes"].startswith(str(home / "CACHE"))
    saved, size = facts.pop("saved"), facts.pop("bytes")
    assert saved.startswith(facts["indexes"])
    assert size >= sum(file.stat().st_size for file in Path(saved).iterdir())
    assert f"saved      {size / 1e6:.1f} MB in {saved}\n" in text
    for name, value in facts.items():
        assert f"{name:<11}{value[0] if isinstance(value, list) else value}\n" in text


def test_info_names_the_model(bot: Command, folder: Path, home: Path) -> None:
    """And the languages that it reads."""
    model, config = home / "model", home / "CONFIG" / "bot" / "config.toml"
    model.mkdir()
    (model / "README.md").write_text("---\nlanguage: [en, nb]\n---\n")
    config.parent.mkdir(parents=True)
    config.write_text(f'reranker = "{model}"')

    facts = json.loads(bot("info", folder, "--json").stdout)

    assert facts["reranker"] == str(model)
    assert facts["reads"] == ["English", "Norwegian"]


def test_info_writes_nothing(bot: Command, folder: Path, home: Path) -> None:
    """An uncached library is counted without being cached."""
    text = bot("info", folder).stdout
    facts = json.loads(bot("info", folder, "--json").stdout)

    assert [*home.rglob("*")] == []
    assert (facts["articles"], facts["saved"], facts["bytes"]) == (3, None, None)
    assert "\nsaved      no; to cache it, run: bot index\n" in text


def test_info_leaves_a_stale_cache(bot: Command, home: Path) -> None:
    """A changed file is counted, and the cache stays as it was."""
    article = home / "articles" / "a.txt"
    article.parent.mkdir()
    article.write_text("One.", encoding="utf-8")
    bot("index", article.parent)
    article.write_text("One. Two.", encoding="utf-8")
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}

    facts = json.loads(bot("info", article.parent, "--json").stdout)

    assert facts["sentences"] == 2
    assert {file: file.read_bytes() for file in home.rglob("*") if file.is_file()} == before


def test_asking_writes_only_the_cache(bot: Command, folder: Path, home: Path) -> None:
    """Neither config nor history is created."""
    bot("ask", QUESTION, folder)

    assert [path.name for path in home.iterdir()] == ["CACHE"]
    assert [path.name for path in (home / "CACHE").iterdir()] == ["bot"]


def test_index_names_articles_that_cannot_answer(bot: Command, tmp_path: Path) -> None:
    """They were read, and have no sentence; and what was not read is named, too."""
    (tmp_path / "lamp.md").write_text("# Lamp\n\nThe lamp burned.\n", encoding="utf-8")
    (tmp_path / "heading.md").write_text("# Only a heading\n", encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "gone.txt").symlink_to("nowhere")
    (tmp_path / "picture.jpg").touch()

    run = bot("index", tmp_path)

    assert "\nskipped    2 unreadable\nignored    1 " in run.stdout
    assert "\nsilent     1 without a sentence that can answer: heading.md\n" in run.stdout
    assert {line.split(": ", 2)[2] for line in run.stderr.splitlines()} == {
        f"{tmp_path}/empty.txt: empty", f"{tmp_path}/gone.txt: a broken link",
    }  # fmt: skip


# Arguments


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["aks", "x"], "no such command, file or folder: aks; did you mean ask?"),
        (["zzzz"], "no such command, file or folder: zzzz\n"),
        (["whatt", "x"], "no such command, file or folder: whatt; did you mean chat?"),
        (["My notes/2024 all"], "no such command, file or folder: My notes/2024 all"),
        (["where", "is", "talk.md"], "no such command, file or folder: where"),
        (["ask", "Where", "is", "Lima"], 'quote it: "Where is Lima"'),
        (["ask", " "], "the question is empty"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "x", "-k", "0"], "0 is not in the range x>=1"),
        (["ask", "x", "--min-confidence", "2"], "2.0 is not in the range 0<=x<=1"),
        (["ask", "x", "--min-confidence", "nan"], "'nan' is not a number from 0 to 1"),
        (["ask", "x", "--colour", "never"], "--colour"),
        (["chat", "nowhere"], "nothing to read in nowhere"),
        (["index", "nowhere"], "nothing to read in nowhere"),
        (["--", "ask"], "nothing to read in ask"),
    ],
)
def test_usage_errors(bot: Command, words: list[str], message: str) -> None:
    """The fault goes to stderr, with exit code 2."""
    run = bot(*words)

    assert message in run.stderr
    assert (run.stdout, run.code) == ("", 2)


@pytest.mark.parametrize(
    "words",
    [
        ["where", "did", "Xi", "and", "Biden", "meet?"],
        ["where did Xi and Biden meet?"],
        ["--jsonl", "-k", "2", "where", "did", "Xi", "and", "Biden", "meet?", "--color=never"],
        ["where did Xi and Biden meet?" + " " * 5_000],
    ],
)
def test_words_that_are_no_command_are_a_question(bot: Command, words: list[str]) -> None:
    """They need neither "ask" nor quotation marks; options are those of ``ask``."""
    run = bot(*words)

    assert "Lima" in run.stdout
    assert run.stdout.startswith("{") == ("--jsonl" in words)
    assert run.code == 0


def test_question_that_is_not_utf_8(bot: Command, folder: Path) -> None:
    """A byte becomes U+FFFD, whether it is typed in a shell or read from standard input."""
    typed = json.loads(bot("ask", "caf\udcff", folder, "--json").stdout)
    (line,) = json.loads(bot("ask", "-", folder, "--json", stdin=b"caf\xff\n").stdout)

    assert typed["question"] == line["question"] == "caf\N{REPLACEMENT CHARACTER}"


def test_empty_folder(bot: Command, tmp_path: Path) -> None:
    """A folder without articles is an error."""
    (tmp_path / "empty").mkdir()

    run = bot("ask", "x", tmp_path / "empty")

    assert run.stderr.startswith(f"bot: error: nothing to read in {tmp_path / 'empty'}: ")
    assert run.code == 2


@pytest.mark.parametrize("options", [["-k", "1", "--color=never"], ["--limit=1"]])
def test_options_before_the_command(bot: Command, folder: Path, options: list[str]) -> None:
    """They belong to the command that follows."""
    run = bot(*options, "ask", QUESTION, folder / "bridge.txt")

    assert run.stdout == f"{ANSWER}\n{SOURCE}\n"


@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands)])
def test_help_and_version(bot: Command, command: list[str]) -> None:
    """Every command has ``--help``, ``-h`` and ``--version``."""
    long, short = bot(*command, "--help"), bot(*command, "-h")

    assert long == short
    assert long.stdout.startswith(f"Usage: {' '.join(['bot', *command])} [OPTIONS]")
    assert "..." not in "".join(re.findall(r"(?m)^  \w+ .*\.\.\.$", long.stdout))
    assert bot(*command, "--version").stdout.startswith("bot ")


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands)])
def test_help_fits_the_window(
    bot: Command, monkeypatch: pytest.MonkeyPatch, command: list[str], columns: int
) -> None:
    """Every line but the examples, which may be copied; at most a hundred columns."""
    monkeypatch.setenv("COLUMNS", str(columns))

    before, _, after = bot(*command, "--help").stdout.partition("  Examples:\n")
    examples, _, codes = after.partition("\n\n")
    assert "[OPTIONS]" in before

    assert max(map(len, [*before.splitlines(), *codes.splitlines()])) <= min(columns, 100)
    assert all(line.startswith("    bot") for line in examples.splitlines())
    assert " ".join(codes.split()).startswith("Exit codes: 0 ")


@pytest.mark.parametrize("command", cli.commands.values(), ids=cli.commands)
def test_examples_parse(command: click.Command) -> None:
    """Each example is accepted by the parser, up to a redirection."""
    lines = [line for line in (command.epilog or "").splitlines() if line.startswith("  bot")]

    for line in lines:
        words = shlex.split(line.partition(" < ")[0])[1:]
        words = [word for word in words if word != command.name]
        assert command.make_context("bot", words, resilient_parsing=True).params
    assert lines
