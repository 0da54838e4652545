"""The installed command, as a process of its own: what it prints, and how it ends."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Timer

import pexpect
import pyte
import pytest

from bot.cli.index import STOPPED
from bot.storage import verify as checking

BIN = Path(sys.executable).parent
COMMAND = shutil.which("bot", path=str(BIN)) or "bot"
ASKED = "What did Ada Thorne design?"
ANSWER = "Ada Thorne, an engineer from Leith, designed its three arches."
SOURCE = "  — Ninety years of the Thornwick Bridge · 8 Mar 2022 · bridge.txt, line 4"
NOTHING = "Nothing in the articles mentions that."
# What a caller's environment may hold that changes what is printed, or when.
MOODS = ("NO_COLOR", "TERM", "COLUMNS", "LINES", "PYTHONUNBUFFERED", "PYTHONIOENCODING")
# The terminals of these tests are never asked where their cursor stands; they cannot answer.
CALM = {"PROMPT_TOOLKIT_NO_CPR": "1"}
READY = r"(?s)\?2004h.*?\?25h"  # keys are read one by one, and the prompt's cursor is shown


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose config, state, cache and data folders are empty and its own."""
    kept = {name: value for name, value in os.environ.items() if name not in MOODS}
    kinds = ("CONFIG", "STATE", "CACHE", "DATA")
    folders = {f"XDG_{name}_HOME": str(tmp_path / name) for name in kinds}
    return kept | folders | {"HOME": str(tmp_path), "PYTHONUTF8": "1", "TERM": "xterm"} | CALM


def bot(
    *words: str | Path, home: Mapping[str, str], typed: str | bytes = ""
) -> subprocess.CompletedProcess[str]:
    """Run the command in pipes; return what it printed, and its exit code."""
    stdin = typed if isinstance(typed, bytes) else typed.encode("utf-8")
    done = subprocess.run([COMMAND, *words], input=stdin, capture_output=True, env=home, timeout=20)
    encoding = home.get("PYTHONIOENCODING", "utf-8")
    out, err = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def terminal(*words: str | Path, home: dict[str, str], columns: int = 80) -> pexpect.spawn:
    """Start the command on a terminal of its own."""
    return pexpect.spawn(
        COMMAND,
        [str(word) for word in words],
        env=home,
        encoding="utf-8",
        dimensions=(24, columns),
        timeout=10,
    )


def screen(text: str, columns: int = 80) -> list[str]:
    """Return the lines that stand on a terminal that was sent ``text``."""
    seen = pyte.Screen(columns, 24)
    pyte.Stream(seen).feed(text)
    return [line.rstrip() for line in seen.display if line.strip()]


def ended(process: pexpect.spawn) -> str:
    """Return what the process printed up to its end."""
    process.expect(pexpect.EOF)
    process.close()
    return str(process.before)


# An answer in a pipe


def test_ask(home: dict[str, str], folder: Path) -> None:
    """The answer and where it stands, and nothing else; exit 0."""
    done = bot("ask", ASKED, folder / "bridge.txt", "-k", "1", home=home)

    assert (done.stdout, done.stderr, done.returncode) == (f"{ANSWER}\n{SOURCE}\n", "", 0)


def test_nothing_answers(home: dict[str, str], folder: Path) -> None:
    """The reason on stdout, the words that nothing has on stderr; exit 1."""
    done = bot("ask", "quokka?", folder, home=home)

    assert done.stdout == f"{NOTHING}\n"
    assert done.stderr == "No article has the word: quokka\n"
    assert done.returncode == 1


def test_a_corrected_word(home: dict[str, str], folder: Path) -> None:
    """The answer on stdout; on stderr, what was searched for."""
    done = bot("ask", "whale oil in the lighhouse", folder, "-k1", home=home)

    assert done.stdout.startswith("The lighthouse on Skerry Rock burned whale oil until 1881.\n")
    assert done.stderr == "Searched for lighthouse in place of lighhouse.\n"


def test_a_threshold(home: dict[str, str], folder: Path) -> None:
    """Nobody is ever certain; what is too weak an answer otherwise, is one at 0."""
    certain = bot("ask", ASKED, folder, "--min-confidence", "1", home=home)
    question = "What did the pope say of the island?"
    careful = bot("ask", question, folder, home=home)
    careless = bot("ask", question, folder, "--min-confidence", "0", home=home)

    weak = "Nothing in the articles answers that well enough.\n"
    assert (certain.stdout, certain.returncode) == (weak, 1)
    assert (careful.stdout, careful.returncode) == (weak, 1)
    assert "island" in careless.stdout
    assert careless.returncode == 0


def test_explain(home: dict[str, str], folder: Path) -> None:
    """Each part of the evidence stands beneath the answer."""
    done = bot("ask", ASKED, folder, "-k1", "--explain", home=home)

    answer = bot("ask", ASKED, folder, "-k1", "--json", home=home)
    (explained,) = json.loads(answer.stdout)["answers"]
    for name, value in explained["evidence"].items():
        assert f"    {name:<12}{value:8.2f}\n" in done.stdout
    assert sum(explained["evidence"].values()) == pytest.approx(explained["score"])


def test_json(home: dict[str, str], folder: Path) -> None:
    """One object; the text is the file's from start to end."""
    done = bot("ask", ASKED, folder, "--json", "--color", "always", home=home)

    reply = json.loads(done.stdout)
    assert [*reply] == ["question", "answers", "silence", "unknown", "corrected"]
    assert reply["question"] == ASKED
    assert reply["silence"] is None
    assert [answer["rank"] for answer in reply["answers"]] == [1, 2, 3][: len(reply["answers"])]
    for answer in reply["answers"]:
        text = (folder / answer["source"]).read_text(encoding="utf-8")
        assert text[answer["start"] : answer["end"]] == answer["text"]
    assert "\n" not in done.stdout[:-1]


def test_json_of_silence(home: dict[str, str], folder: Path) -> None:
    """Silence is JSON too, and still exit 1."""
    done = bot("ask", "quokka?", folder, "--json", home=home)

    reply = json.loads(done.stdout)
    assert reply["silence"] == {"reason": "unknown", "message": NOTHING}
    assert (reply["answers"], reply["unknown"], done.returncode) == ([], ["quokka"], 1)


# Questions on stdin


@pytest.mark.parametrize("words", [("ask", "-"), ("chat",), ()])
def test_questions_on_stdin(home: dict[str, str], folder: Path, words: tuple[str, ...]) -> None:
    """One a line, each shown above its answer; blank lines count for nothing."""
    typed = f"\ufeff{ASKED}\r\n\n  \nquokka?\n"

    done = bot(*words, folder / "bridge.txt", "-k1", typed=typed, home=home)

    assert done.stdout == f"> {ASKED}\n{ANSWER}\n{SOURCE}\n\n> quokka?\n{NOTHING}\n\n"
    assert done.returncode == 0


def test_questions_as_json(home: dict[str, str], folder: Path) -> None:
    """``--jsonl`` is a line a question, ``--json`` one array of the same."""
    typed = f"{ASKED}\nquokka?\n"

    lines = bot("ask", "-", folder, "--jsonl", typed=typed, home=home).stdout.splitlines()
    array = bot("ask", "-", folder, "--json", typed=typed, home=home).stdout

    assert [json.loads(line) for line in lines] == json.loads(array)
    assert [reply["question"] for reply in json.loads(array)] == [ASKED, "quokka?"]


@pytest.mark.parametrize("typed", [b"", b"\n\n", b"quokka?\n", b"quokk\xff\xfe\x00\n"])
def test_nothing_on_stdin_answered(home: dict[str, str], folder: Path, typed: bytes) -> None:
    """Without a single answer the exit is 1, whatever the bytes."""
    assert bot("ask", "-", folder, typed=typed, home=home).returncode == 1


def test_answers_come_at_once(home: dict[str, str], folder: Path) -> None:
    """Another program can wait for an answer before it asks on."""
    with subprocess.Popen(
        [COMMAND, "ask", "-", folder, "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=home, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        late = Timer(10, process.kill)  # instead of waiting for ever
        late.start()
        for asked in (ASKED, "quokka?"):
            process.stdin.write(asked + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == asked
        late.cancel()


# Which articles


def test_bundled_articles(home: dict[str, str]) -> None:
    """Without a path, the articles that come with the program; stderr says so."""
    done = bot("ask", "Where did Xi and Biden meet?", home=home)

    assert done.returncode == 0
    assert "Lima" in done.stdout
    assert done.stderr.startswith("Asking the bundled ")


def test_articles_of_the_config_file(home: dict[str, str], folder: Path) -> None:
    """The library that it names is asked; stderr says so."""
    config = Path(home["XDG_CONFIG_HOME"]) / "bot" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"library = '{folder}'", encoding="utf-8")

    done = bot("ask", ASKED, home=home)

    assert ANSWER in done.stdout
    assert done.stderr.startswith("Asking 3 articles, ")
    assert done.stderr.endswith(f" of {folder}, as {config} says.\n")


@pytest.fixture
def config(home: dict[str, str]) -> Path:
    """Where the config file of ``home`` lies; the file is not there yet."""
    config = Path(home["XDG_CONFIG_HOME"]) / "bot" / "config.toml"
    config.parent.mkdir(parents=True)
    return config


def test_a_broken_config_file(home: dict[str, str], config: Path) -> None:
    """A warning names file and line, and the work goes on."""
    config.write_text("library = notes\n", encoding="utf-8")

    done = bot("ask", "Where did Xi and Biden meet?", home=home)

    assert done.stderr.startswith(f"bot: warning: {config}, line 1: is no TOML: ")
    assert done.returncode == 0


def test_a_setting_and_an_option(home: dict[str, str], folder: Path, config: Path) -> None:
    """What the config file sets counts; what an option says comes first."""
    config.write_text("limit = 1\nconfidence = 0\ncolor = 'always'\n", encoding="utf-8")
    question = "What did Magnus Flett of Leith do in March 1932?"

    set_there = bot("ask", question, folder, home=home)
    said = bot("ask", question, folder, "-k2", "--color=never", home=home)
    certain = bot("ask", question, folder, "--min-confidence", "1", home=home)

    assert (set_there.stdout.count(" — "), said.stdout.count(" — ")) == (1, 2)
    assert ("\x1b" in set_there.stdout, "\x1b" in said.stdout) == (True, False)
    assert certain.returncode == 1
    assert not set_there.stderr


def test_a_library_that_is_gone(home: dict[str, str], config: Path) -> None:
    """The error names it; before it stands who named it."""
    config.write_text("library = 'gone'\n", encoding="utf-8")

    done = bot("ask", ASKED, home=home)

    named, error = done.stderr.splitlines()
    assert named == f"bot: warning: {config} names the library"
    assert error.startswith(f"bot: error: nothing to read in {config.parent / 'gone'}: ")
    assert done.returncode == 2


def test_a_width_that_is_set(home: dict[str, str], folder: Path, config: Path) -> None:
    """A terminal's lines end there; a pipe has none that end."""
    config.write_text("width = 30\n", encoding="utf-8")

    shown = ended(terminal("ask", ASKED, folder, "-k1", "--color=never", home=home))
    piped = bot("ask", ASKED, folder, "-k1", home=home)

    assert 20 < max(len(line) for line in shown.splitlines()) <= 30
    assert ANSWER in piped.stdout


def test_config(home: dict[str, str], config: Path) -> None:
    """It says what is set and where; what --explain prints can be saved as it is."""
    absent = bot("config", home=home)
    explained = bot("config", "--explain", home=home)
    config.write_text(f"{explained.stdout}\nlimit = 5\nwidth = 3\n", encoding="utf-8")
    present = bot("config", home=home)

    assert absent.stdout.startswith(f"{config} (not there yet)\n")
    assert re.search(r"(?m)^  limit +line \d+ +5$", present.stdout)
    assert re.search(r"line \d+: width takes 0, or a whole number from 20, not 3$", present.stderr)
    assert (absent.stderr, explained.stderr, present.returncode) == ("", "", 0)


# Completion


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_completion_in_bash(home: dict[str, str], tmp_path: Path) -> None:
    """Once installed, the Tab key completes commands and options, and paths where none fits."""
    home |= {"PATH": f"{BIN}:{home['PATH']}"}
    installed = bot("--install-completion", "bash", home=home)
    script = tmp_path / "DATA" / "bash-completion" / "completions" / "bot"
    (tmp_path / "novels").mkdir()

    bash = pexpect.spawn("bash", ["--norc", "--noprofile"], env=home | {"PS1": "$ "},
                         cwd=str(tmp_path), encoding="utf-8", timeout=10)  # fmt: skip
    bash.sendline(f"source '{script}'; echo rea''dy")
    bash.expect("ready\r\n")
    for typed, complete in [("inf", "info "), ("ask --exp", "--explain "), ("nov", "novels/")]:
        bash.send(f"\x15bot {typed}\t")
        bash.expect_exact(complete)
    bash.close(force=True)

    assert installed.stderr.startswith(f"Wrote {script}. ")
    assert (installed.stdout, installed.returncode) == ("", 0)


def test_completion_of_the_shell_in_use(home: dict[str, str], tmp_path: Path) -> None:
    """It is installed where none is named; where it cannot be, exit 2 and the reason."""
    zsh = bot("--install-completion", home=home | {"SHELL": "/bin/zsh"})
    strange = bot("--install-completion", "tcsh", home=home)
    unknown = bot("--install-completion", home=home | {"SHELL": ""})
    taken = bot("--install-completion=fish", home=home | {"XDG_CONFIG_HOME": "/dev/null"})

    assert "site-functions/_bot. A new shell knows it, if ~/.zshrc says: fpath+=(" in zsh.stderr
    assert (tmp_path / "DATA" / "zsh" / "site-functions" / "_bot").is_file()
    assert strange.stderr == "bot: error: tcsh: name one of bash, zsh, fish\n"
    assert unknown.stderr == "bot: error: which shell?: name one of bash, zsh, fish\n"
    assert taken.stderr.startswith("bot: error: /dev/null/fish/completions/bot.fish: ")
    assert [done.returncode for done in (zsh, strange, unknown, taken)] == [0, 2, 2, 2]


def test_a_file_that_cannot_be_read(home: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """A warning names it, and the rest answers."""
    broken = tmp_path / "broken\x1b[2J.txt"
    broken.write_bytes(b"\x7fELF\x00\x01\x02\x03\x00\x00")

    done = bot("ask", ASKED, folder / "bridge.txt", broken, "-k1", home=home)

    assert ANSWER in done.stdout
    assert done.stderr.startswith("bot: warning: ")
    assert "broken␛[2J.txt: " in done.stderr


def test_index(home: dict[str, str], folder: Path) -> None:
    """It tells what was read, what was known already and what was not, and where it is saved."""
    first, again, anew = (
        bot("index", folder, *more, home=home) for more in ([], [], ["--rebuild"])
    )

    assert first.stdout.startswith("read         3 new, 0 changed, in ")
    assert again.stdout.startswith("read         0 new, 0 changed, in ")
    assert anew.stdout.startswith("read         3 new, 0 changed, in ")
    assert "\nunchanged    3\nremoved      0\nskipped      0 " in again.stdout
    assert "\npassed over  0 " in again.stdout
    assert "\nlibrary      3 articles, 9 sentences\nsaved        0.1 MB in " in again.stdout
    assert home["XDG_CACHE_HOME"] in again.stdout
    assert (first.returncode, again.returncode, anew.returncode) == (0, 0, 0)


def test_index_checks_and_forgets(home: dict[str, str], tmp_path: Path) -> None:
    """What is saved can be compared with its files, and deleted; the articles stay."""
    article = tmp_path / "articles" / "a.txt"
    article.parent.mkdir()
    article.write_text("The ferry left at noon.", encoding="utf-8")

    def index(*more: str) -> tuple[int, str]:
        done = bot("index", article.parent, *more, home=home)
        return done.returncode, done.stdout + done.stderr

    assert index("--check") == (1, f"{checking.NOTHING}\n")
    index()
    assert index("--check") == (0, f"{checking.SOUND}\n")
    article.write_text("The ferry left at nine.", encoding="utf-8")
    assert index("--check") == (1, f"{article}: new or changed since; read it with: bot index\n")
    assert index("--forget") == (0, f"Forgot what was saved of {article.parent}.\n")
    assert index("--forget") == (0, f"Nothing was saved of {article.parent}.\n")
    assert article.exists()


def test_index_stopped(home: dict[str, str], tmp_path: Path) -> None:
    """A bar shows how far it is; Ctrl-C keeps what was read; the next run goes on from there."""
    articles = tmp_path / "articles"
    articles.mkdir()
    text = "".join(f"The ferry left at noon {row}, by the clock.\n\n" for row in range(6_000))
    for number in range(60):  # seconds of work
        (articles / f"{number:02}.txt").write_text(text, encoding="utf-8")

    process = terminal("index", articles, home=home)
    process.expect(r"[1-9]\d* of 60 files · .*/s · .* left")
    process.sendintr()
    stopped = ended(process)
    for article in sorted(articles.iterdir())[1:]:
        article.unlink()
    again = bot("index", articles, home=home)

    assert process.exitstatus == 130
    assert STOPPED in stopped
    assert "Traceback" not in stopped
    assert "\nunchanged    1\n" in again.stdout
    assert again.stderr == ""


def test_info(home: dict[str, str], folder: Path) -> None:
    """Version, counts, and where things lie: for people and as JSON."""
    shown = bot("info", folder, home=home)
    facts = json.loads(bot("info", folder, "--json", home=home).stdout)

    assert facts["articles"] == 3
    assert facts["library"] == [str(folder)]
    assert facts["history"] == str(Path(home["XDG_STATE_HOME"]) / "bot" / "history")
    assert facts["config"] == str(Path(home["XDG_CONFIG_HOME"]) / "bot" / "config.toml")
    assert facts["indexes"].startswith(home["XDG_CACHE_HOME"])
    folder_of, size = facts.pop("saved"), facts.pop("bytes")
    assert folder_of.startswith(facts["indexes"])
    assert size >= sum(file.stat().st_size for file in Path(folder_of).iterdir())
    assert f"saved      {size / 1e6:.1f} MB in {folder_of}\n" in shown.stdout
    for name, value in facts.items():
        assert f"{name:<11}{value[0] if isinstance(value, list) else value}\n" in shown.stdout


def test_asking_writes_nothing_else(home: dict[str, str], folder: Path, tmp_path: Path) -> None:
    """No config, no history, no folder for either; what is read is saved, and nothing beside it."""
    before = {*tmp_path.rglob("*")}

    bot("ask", ASKED, folder, home=home)

    cache = Path(home["XDG_CACHE_HOME"])
    made = {*tmp_path.rglob("*")} - before
    assert {path for path in made if not path.is_relative_to(cache)} == set()
    assert [path.name for path in cache.iterdir()] == ["bot"]


# Arguments


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["aks", "x"], "no such file or folder, or command: aks; did you mean ask?"),
        (["zzzz"], "no such file or folder, or command: zzzz\n"),
        (["Where is Lima?"], 'to ask: bot ask "Where is Lima?"'),
        (["Where is it? " * 100], "no such file or folder, or command: Where"),
        (["ask", "Where", "is", "Lima"], 'quote it: "Where is Lima"'),
        (["ask", " "], "the question is empty"),
        (["ask"], "Missing argument 'QUESTION'"),
        (["ask", "x", "-k", "0"], "0 is not in the range x>=1"),
        (["ask", "x", "--min-confidence", "2"], "2.0 is not in the range 0<=x<=1"),
        (["ask", "x", "--colour", "never"], "--colour"),
        (["chat", "nowhere"], "nothing to read in nowhere"),
        (["index", "nowhere"], "nothing to read in nowhere"),
        (["--", "ask"], "nothing to read in ask"),
    ],
)
def test_usage(home: dict[str, str], words: list[str], fault: str) -> None:
    """What is wrong, on stderr, and exit 2."""
    done = bot(*words, home=home)

    assert fault in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)


def test_an_empty_folder(home: dict[str, str], tmp_path: Path) -> None:
    """Nothing could be read: exit 2."""
    (tmp_path / "empty").mkdir()

    done = bot("ask", "x", tmp_path / "empty", home=home)

    assert done.stderr.startswith(f"bot: error: nothing to read in {tmp_path / 'empty'}: ")
    assert done.returncode == 2


def test_options_before_the_command(home: dict[str, str], folder: Path) -> None:
    """They belong to the command that follows."""
    done = bot("-k", "1", "--color=never", "ask", ASKED, folder / "bridge.txt", home=home)

    assert done.stdout == f"{ANSWER}\n{SOURCE}\n"


@pytest.mark.parametrize(
    "command", [[], ["ask"], ["chat"], ["config"], ["eval"], ["index"], ["info"]]
)
def test_help(home: dict[str, str], command: list[str]) -> None:
    """Every command has help, long and short, and knows its version."""
    long, short = bot(*command, "--help", home=home), bot(*command, "-h", home=home)

    assert long.stdout == short.stdout
    assert long.stdout.startswith(f"Usage: {' '.join(['bot', *command])} [OPTIONS]")
    assert bot(*command, "--version", home=home).stdout.startswith("bot ")


def test_help_is_light(home: dict[str, str]) -> None:
    """Nothing heavy is loaded to read the arguments; the prompt not even to answer."""
    heavy = "{'numpy', 'Stemmer', 'prompt_toolkit', 'bot.render.text'} & sys.modules.keys()"
    code = f"import sys, bot.cli.main; print({heavy}); sys.argv[1:] = ['ask', 'Biden']; "
    code += "bot.cli.main.run(); print('prompt_toolkit' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=home)

    assert done.stdout.startswith("set()\n")
    assert done.stdout.endswith("\nFalse\n")


# Streams


def test_a_closed_pipe(home: dict[str, str], folder: Path) -> None:
    """Whoever has read enough may go; nothing is said about it."""
    with subprocess.Popen(
        [COMMAND, "ask", "-", folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=home,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(f"{ASKED}\n".encode() * 3)
        process.stdin.close()

        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a Linux device")
def test_a_full_disk(home: dict[str, str], folder: Path) -> None:
    """An answer that cannot be written is an error, not silence."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, "ask", ASKED, folder], stdout=full, stderr=subprocess.PIPE, env=home
        )

    assert done.stderr == b"bot: error: the answer cannot be written: No space left on device\n"
    assert done.returncode == 2


def test_closed_streams(home: dict[str, str], folder: Path) -> None:
    """With stdin, stdout and stderr closed, the exit code still tells."""
    line = f'"{COMMAND}" ask quokka "{folder}" <&- >&- 2>&-'

    assert subprocess.run(["sh", "-c", line], env=home).returncode == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stream_that_lacks_letters(home: dict[str, str], folder: Path, encoding: str) -> None:
    """They become question marks, and in JSON escapes."""
    home |= {"PYTHONIOENCODING": encoding}

    text = bot("ask", "crab", folder, "-k1", home=home)
    reply = bot("ask", "crab", folder, "-k1", "--json", home=home)

    assert "herring, crab and ???? in" in text.stdout
    assert "猫の缶詰" in json.loads(reply.stdout)["answers"][0]["text"]


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "auto"], {}, False),
        ([], {}, False),
    ],
)
def test_colour_in_a_pipe(
    home: dict[str, str],
    folder: Path,
    words: list[str],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    """Only where it is asked for."""
    done = bot("ask", ASKED, folder, *words, home=home | environment)

    assert ("\x1b[1m" in done.stdout) == coloured


# On a terminal


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ([], {}, True),
        ([], {"NO_COLOR": ""}, True),
        ([], {"NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
        (["--color", "never"], {}, False),
        (["--color", "always"], {"TERM": "dumb"}, True),
    ],
)
def test_colour_on_a_terminal(
    home: dict[str, str],
    folder: Path,
    words: list[str],
    environment: dict[str, str],
    coloured: bool,
) -> None:
    """Unless NO_COLOR, a dumb terminal or the user is against it."""
    shown = ended(terminal("ask", ASKED, folder, *words, home=home | environment))

    assert ("\x1b[1mdesigned\x1b[0m" in shown) == coloured


@pytest.mark.parametrize("columns", [20, 40])
def test_a_narrow_terminal(home: dict[str, str], folder: Path, columns: int) -> None:
    """The answer is wrapped between words to its width."""
    shown = ended(terminal("ask", ASKED, folder, "-k1", home=home, columns=columns))

    lines = screen(shown, columns)
    assert " ".join(line.strip() for line in lines) == f"{ANSWER} {SOURCE.strip()}"
    assert len(lines) > len(ANSWER) // columns


def test_a_hostile_article(home: dict[str, str], tmp_path: Path) -> None:
    """An article cannot clear the screen, set the title or turn the line around."""
    article = tmp_path / "evil.txt"
    hostile = "The zebra\x1b[2J\x1b]0;mine\x07 runs\u202e on\x9b1A grass."
    article.write_text(hostile + "\n\nNobody rides it.\n" * 20, encoding="utf-8")

    shown = ended(terminal("ask", "zebra", article, "--color", "never", home=home))

    assert "The zebra␛[2J␛]0;mine␇ runs⟨U+202E⟩ on⟨U+009B⟩1A grass." in shown
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


@pytest.fixture
def chat(home: dict[str, str], folder: Path) -> Iterator[pexpect.spawn]:
    """A conversation that waits for its first line."""
    process = terminal(folder, "-k1", home=home)
    process.expect("Asking ")
    process.expect(READY)
    yield process
    process.close(force=True)


def test_a_conversation(chat: pexpect.spawn) -> None:
    """Greeting, prompt, answer; Ctrl-D leaves with exit 0."""
    chat.send(f"{ASKED}\r")
    chat.expect("bridge.txt")
    chat.expect(READY)
    chat.send("\x04")
    ended(chat)

    assert chat.exitstatus == 0


def test_ctrl_c_in_a_conversation(chat: pexpect.spawn) -> None:
    """It does not end it; /quit does."""
    chat.send("\x03")
    chat.expect("Ctrl-D or /quit leaves.")
    chat.expect(READY)
    chat.send("/quit\r")
    ended(chat)

    assert chat.exitstatus == 0


def test_a_key_that_is_no_utf8(chat: pexpect.spawn, home: dict[str, str]) -> None:
    """The conversation goes on, and the history is written."""
    os.write(chat.fileno(), b"quokka \xff\xe9\r")
    chat.expect(NOTHING)
    chat.expect(READY)
    chat.send("/quit\r")
    ended(chat)

    assert chat.exitstatus == 0
    history = Path(home["XDG_STATE_HOME"]) / "bot" / "history"
    assert "+quokka" in history.read_text(encoding="utf-8")


def test_a_home_that_cannot_be_written(home: dict[str, str], folder: Path) -> None:
    """A warning, and the conversation takes place."""
    Path(home["XDG_STATE_HOME"]).write_text("a file where a folder is wanted", encoding="utf-8")

    process = terminal(folder, home=home)
    process.expect("bot: warning: .*history: .*; what you type is not kept")
    process.expect(READY)
    process.send(f"{ASKED}\r")
    process.expect("bridge.txt")
    process.expect(READY)
    process.send("\x04")
    ended(process)

    assert process.exitstatus == 0


def test_interrupted(home: dict[str, str], folder: Path) -> None:
    """Ctrl-C while questions are read ends with 130 and without a word."""
    process = terminal("ask", "-", folder, home=home)
    process.send(f"{ASKED}\n")
    process.expect("bridge.txt, line 4")
    process.sendintr()

    rest = ended(process)

    assert process.exitstatus == 130
    assert "Traceback" not in rest
