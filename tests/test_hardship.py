"""Saved libraries under hardship: killed, without room, several at once; asked all the same."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.storage.cache import FOLDER, library_folder
from bot.storage.lock import hold_lock

COMMAND = str(Path(sys.executable).parent / "bot")
QUESTION = "When did the Thornwick Bridge open?"
# What the processes of these tests begin with.
BEGIN = """
import os, signal, sys
from pathlib import Path
from random import Random
import bot
from bot.storage import changes
from bot.index import merge as merging
from bot.storage import build as chunks
from bot.storage.cache import open_library
from bot.storage.update import OpenOptions

articles, cache = map(Path, sys.argv[1:3])

def asked(tell=print):
    found = open_library([articles], cache, OpenOptions(tell=tell))
    return bot.Retriever(found.library, engine=found.engine)

def apart(work):
    "Do it in a process of its own, whose number is returned."
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)
"""
# Fifty times: files change, one who saves that is killed, and the next has the answers of a fresh
# build. Batches and chunks are small, so that there is much to be interrupted in.
KILLED = """
from time import perf_counter
changes.BATCH, chunks.CHUNK, merging.BLOCK = 6_000, 100, 100
random = Random(7)
words = "bridge river tower old stone opened the of harbour built ferry light keeper".split()

def change(times):
    for _ in range(times):
        file = articles / f"{random.randrange(150)}.txt"
        if random.random() < .2:
            file.unlink(missing_ok=True)
        else:
            text = ". ".join(" ".join(random.choices(words, k=6)) for _ in range(3))
            file.write_text(f"{text} {random.randrange(99)}.")

def answers(retriever):
    return [(a.text, a.article, a.start, a.score, a.evidence)
            for question in ("old stone tower", "the ferry of 42", "harbour")
            for a in retriever.search(question, 10)]

def right():
    told = []
    expected = bot.Retriever(bot.Library.from_path(articles))
    assert answers(asked(told.append)) == answers(expected)
    assert not told, told

change(300)
os.waitpid(apart(asked), 0)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
killed, lasting = 0, 0
while killed < 50:
    change(40)
    signal.sigtimedwait([signal.SIGCHLD], 0)  # that of the last one
    worker = apart(asked)
    # Those that were not killed say how long there is something to kill.
    began = perf_counter()
    ended = signal.sigtimedwait([signal.SIGCHLD], random.random() * lasting if lasting else 60)
    lasting = perf_counter() - began if ended else lasting * 1.02
    os.kill(worker, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(worker, 0)[1])
    assert os.waitpid(apart(right), 0)[1] == 0, killed
print(killed)
"""
# One changes an article, and saves; others ask meanwhile.
ASKING = """
changes.BATCH = 3_000
article = articles / "bridge.txt"

def write(year):
    fresh = articles / "fresh"
    fresh.write_text(f"The Thornwick Bridge opened in {year}.")
    fresh.replace(article)

def save():
    for year in range(1900, 1940):
        write(year)
        asked(ignored)

def ignored(line):
    assert "another bot reads" in line, line

def ask():
    last = 0
    while last < 1939:
        retriever = asked(ignored)
        first = retriever.search("When did the Thornwick Bridge open?", 1)[0]
        assert first.text.startswith("The Thornwick Bridge opened in "), first.text
        year = int(first.text[-5:-1])
        assert year >= last, (year, last)
        assert len(retriever.library.articles) == 21, len(retriever.library.articles)
        last = year

for number in range(20):
    (articles / f"{number}.txt").write_text(f"The ferry {number} sank. " * 30)
write(1900)
children = [apart(work) for work in (save, ask, ask)]
print(*[os.waitpid(child, 0)[1] for child in children])
"""


def python(code: str, *words: str | Path) -> str:
    """Run code in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code, *words], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment whose folders are empty and its own."""
    kinds = ("CONFIG", "STATE", "CACHE", "DATA")
    return dict(os.environ) | {f"XDG_{name}_HOME": str(tmp_path / name) for name in kinds}


@pytest.mark.skipif(not hasattr(signal, "sigtimedwait"), reason="needs POSIX signals in time")
def test_killed_at_any_instant(articles: Path, cache: Path) -> None:
    """Whenever one that saves is killed, the next has the answers of a fresh build."""
    assert python(KILLED, articles, cache) == "50\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_asked_while_another_saves(articles: Path, cache: Path) -> None:
    """Each reader sees what stood there before or after, whole, and nothing that was before."""
    assert python(ASKING, articles, cache) == "0 0 0\n"


def bot(
    *words: str | Path, environment: dict[str, str], limit: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command; ``limit`` is how many bytes a file may have that it writes."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [COMMAND, *words], capture_output=True, text=True, env=environment, timeout=60,
        preexec_fn=limited,
    )  # fmt: skip


@pytest.mark.parametrize("limit", [0, 5_000, 40_000, 200_000])
def test_full_disk(articles: Path, environment: dict[str, str], limit: int) -> None:
    """Where there is no room at first, or for the whole, it is said once, and answered."""
    (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1932.")
    for number in range(40):
        (articles / f"{number}.txt").write_text(f"The ferry {number} sank in the river. " * 100)

    done = bot("ask", QUESTION, articles, environment=environment, limit=limit)

    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0, "The Thornwick Bridge opened in 1932.",
    )  # fmt: skip
    (line,) = done.stderr.splitlines()
    assert line.endswith("; nothing is saved, and each start reads all again")
    again = bot("index", articles, environment=environment)
    assert (again.returncode, again.stderr) == (0, "")
    assert "41 articles" in again.stdout


def test_full_disk_at_a_change(articles: Path, environment: dict[str, str]) -> None:
    """What was saved before the disk was full is not lost, and what is new is answered."""
    for number in range(40):
        (articles / f"{number}.txt").write_text(f"The ferry {number} sank in the river. " * 100)
    bot("index", articles, environment=environment)
    (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1932.")

    done = bot("ask", QUESTION, articles, environment=environment, limit=20_000)

    assert done.stdout.startswith("The Thornwick Bridge opened in 1932.")
    assert len(done.stderr.splitlines()) == 1
    again = bot("index", articles, environment=environment)
    assert (again.returncode, again.stderr) == (0, "")
    assert "1 new, 0 changed" in again.stdout
    assert bot("index", "--check", articles, environment=environment).returncode == 0


@pytest.mark.parametrize("standing", ["CACHE", "CACHE/bot", f"CACHE/bot/{FOLDER}", "library"])
def test_a_file_in_place_of_the_folder(
    articles: Path, environment: dict[str, str], standing: str
) -> None:
    """A cache that cannot be made costs a warning; the answer comes all the same."""
    (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1932.")
    cache = Path(environment["XDG_CACHE_HOME"])
    if standing == "library":
        file = library_folder([articles], cache / "bot")
    else:
        file = cache / Path(standing).relative_to("CACHE")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")

    done = bot("ask", QUESTION, articles, environment=environment)

    assert (done.returncode, done.stdout.splitlines()[0]) == (
        0, "The Thornwick Bridge opened in 1932.",
    )  # fmt: skip
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith("; nothing is saved, and each start reads all again\n")
    assert file.read_text() == "mine"
    forgotten = bot("index", "--forget", articles, environment=environment)
    assert (forgotten.returncode, forgotten.stderr) == (0, f"Nothing was saved of {articles}.\n")
    checked = bot("index", "--check", articles, environment=environment)
    assert (checked.returncode, checked.stderr) == (1, "")


# Somebody who may read what is saved, and write nothing; root may write anywhere.
READING = """
open_library([articles], cache.with_name("other"), OpenOptions())  # loads what that user may not load
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
told = []
retriever = asked(told.append)
print(len(told), retriever.search("When did the Thornwick Bridge open?")[0].text)
"""


def test_a_folder_to_be_read_only() -> None:
    """What is saved and current is asked as it is; what has changed is read again, and said."""
    shared = Path(mkdtemp())  # which others may enter, as they may not tmp_path
    articles, cache = shared / "articles", shared / "cache"
    articles.mkdir(parents=True)
    try:
        (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1932.")
        python("asked()", articles, cache)
        for path in (cache, *cache.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        shared.chmod(0o755)

        assert python(READING, articles, cache) == "0 The Thornwick Bridge opened in 1932.\n"
        (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1933.")
        assert python(READING, articles, cache) == "1 The Thornwick Bridge opened in 1933.\n"
    finally:
        for path in (shared, *shared.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(shared)


def test_two_that_index_at_once(articles: Path, environment: dict[str, str]) -> None:
    """One waits, and says so; both end well, and what is saved is whole."""
    for number in range(300):
        (articles / f"{number}.txt").write_text(f"The ferry {number} sank in the river. " * 60)

    both = [
        subprocess.Popen(
            [COMMAND, "index", articles], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=60) for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert [f"{300:,} articles" in out for out, _ in said] == [True, True]
    assert sorted(err for _, err in said) == [
        "", "bot: warning: another bot reads these articles; waiting for it\n",
    ]  # fmt: skip
    assert sorted(out.split("new")[0].split()[-1] for out, _ in said) == ["0", "300"]
    assert bot("index", "--check", articles, environment=environment).returncode == 0


def test_waiting_can_be_ended(articles: Path, environment: dict[str, str]) -> None:
    """Ctrl-C ends one that waits for another, which goes on."""
    (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1932.")
    folder = library_folder([articles], Path(environment["XDG_CACHE_HOME"]) / "bot")
    with hold_lock(folder, wait=True):
        waiting = subprocess.Popen(
            [COMMAND, "index", articles], env=environment, text=True, stderr=subprocess.PIPE
        )
        assert waiting.stderr
        assert "waiting for it" in waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)

        assert waiting.wait(10) == 130
    waiting.stderr.close()
