"""Cached libraries between processes: killed, out of disk space, several at once, unprivileged."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.storage.cache import open_library
from bot.storage.folders import LIBRARIES_NAME, library_folder
from bot.storage.lock import hold_lock

pytestmark = pytest.mark.slow

PROGRAMS = Path(__file__).parent / "programs"
COMMAND = str(Path(sys.executable).parent / "bot")
QUESTION = "When did the Thornwick Bridge open?"
ANSWER = "The Thornwick Bridge opened in 1932."
NOT_CACHED = "; nothing is cached, so every start reads all articles"


def run_program(name: str, *arguments: str | Path) -> str:
    """Run a program that must succeed; return its output."""
    process = subprocess.run(
        [sys.executable, PROGRAMS / name, *arguments], capture_output=True, text=True, timeout=300
    )
    assert (process.returncode, process.stderr) == (0, "")
    return process.stdout


def run_bot(
    *arguments: str | Path, environment: dict[str, str], file_size: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command; with ``file_size``, it can write no file of more bytes."""

    def limit_file_size() -> None:
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return subprocess.run(
        [COMMAND, *arguments], capture_output=True, text=True, env=environment, timeout=60,
        preexec_fn=limit_file_size,
    )  # fmt: skip


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with empty folders of its own."""
    kinds = ("CONFIG", "STATE", "CACHE", "DATA")
    return dict(os.environ) | {f"XDG_{name}_HOME": str(tmp_path / name) for name in kinds}


def write_ferries(articles: Path, count: int, sentences: int) -> None:
    for number in range(count):
        (articles / f"{number}.txt").write_text(
            f"The ferry {number} sank in the river. " * sentences
        )


@pytest.mark.skipif(not hasattr(signal, "sigtimedwait"), reason="needs POSIX signals in time")
def test_update_killed_at_any_instant(articles: Path, tmp_path: Path) -> None:
    """The next process has the answers of a fresh build."""
    assert run_program("kill_writers.py", articles, tmp_path / "cache") == "20\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_search_during_updates(articles: Path, tmp_path: Path) -> None:
    """Each reader sees a whole snapshot, and never an older one than before."""
    assert run_program("search_during_updates.py", articles, tmp_path / "cache") == "0 0 0\n"


@pytest.mark.parametrize("file_size", [0, 5_000, 40_000, 200_000])
def test_full_disk(articles: Path, environment: dict[str, str], file_size: int) -> None:
    """Without room for the cache, there is one warning and the answer."""
    (articles / "bridge.txt").write_text(ANSWER)
    write_ferries(articles, 40, 100)

    process = run_bot("ask", QUESTION, articles, environment=environment, file_size=file_size)

    assert (process.returncode, process.stdout.splitlines()[0]) == (0, ANSWER)
    (line,) = process.stderr.splitlines()
    assert line.endswith(NOT_CACHED)
    again = run_bot("index", articles, environment=environment)
    assert (again.returncode, again.stderr) == (0, "")
    assert "41 articles" in again.stdout


def test_full_disk_during_update(articles: Path, environment: dict[str, str]) -> None:
    """The cache from before is kept, and the new article is found."""
    write_ferries(articles, 40, 100)
    run_bot("index", articles, environment=environment)
    (articles / "bridge.txt").write_text(ANSWER)

    process = run_bot("ask", QUESTION, articles, environment=environment, file_size=20_000)

    assert process.stdout.startswith(ANSWER)
    assert len(process.stderr.splitlines()) == 1
    again = run_bot("index", articles, environment=environment)
    assert (again.returncode, again.stderr) == (0, "")
    assert "1 new, 0 changed" in again.stdout
    assert run_bot("index", "--check", articles, environment=environment).returncode == 0


@pytest.mark.parametrize("place", ["CACHE", "CACHE/bot", f"CACHE/bot/{LIBRARIES_NAME}", "library"])
def test_file_in_place_of_a_folder(articles: Path, environment: dict[str, str], place: str) -> None:
    """There is one warning and the answer; the file is left alone."""
    (articles / "bridge.txt").write_text(ANSWER)
    cache = Path(environment["XDG_CACHE_HOME"])
    if place == "library":
        file = library_folder([articles], cache / "bot")
    else:
        file = cache / Path(place).relative_to("CACHE")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")

    process = run_bot("ask", QUESTION, articles, environment=environment)

    assert (process.returncode, process.stdout.splitlines()[0]) == (0, ANSWER)
    assert len(process.stderr.splitlines()) == 1
    assert process.stderr.endswith(f"{NOT_CACHED}\n")
    assert file.read_text() == "mine"
    forget = run_bot("index", "--forget", articles, environment=environment)
    assert forget.returncode == 0
    check = run_bot("index", "--check", articles, environment=environment)
    assert (check.returncode, check.stderr) == (1, "")


def test_read_only_cache_folder() -> None:
    """A current cache is used as it is; a stale one costs a warning, not the answer."""
    shared = Path(mkdtemp())  # other users may not enter tmp_path
    articles, cache = shared / "articles", shared / "cache"
    articles.mkdir(parents=True)
    try:
        (articles / "bridge.txt").write_text(ANSWER)
        open_library([articles], cache)
        for path in (cache, *cache.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        for path in (shared, articles):
            path.chmod(0o755)
        (articles / "bridge.txt").chmod(0o644)

        current = run_program("search_unprivileged.py", articles, cache, QUESTION)
        (articles / "bridge.txt").write_text("The Thornwick Bridge opened in 1933.")
        stale = run_program("search_unprivileged.py", articles, cache, QUESTION)

        assert current == f"0 {ANSWER}\n"
        assert stale == "1 The Thornwick Bridge opened in 1933.\n"
    finally:
        for path in (shared, *shared.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(shared)


def test_two_processes_index_at_once(articles: Path, environment: dict[str, str]) -> None:
    """One reads the files; the other waits if it must, and says so; the cache is intact."""
    write_ferries(articles, 300, 60)

    processes = [
        subprocess.Popen(
            [COMMAND, "index", articles], env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    outputs = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert [f"{300:,} articles" in out for out, _ in outputs] == [True, True]
    assert {err for _, err in outputs} <= {
        "",
        "bot: warning: another bot process is indexing these articles; waiting for it\n",
    }
    assert sorted(out.split("new")[0].split()[-1] for out, _ in outputs) == ["0", "300"]
    assert run_bot("index", "--check", articles, environment=environment).returncode == 0


def test_interrupt_while_waiting(articles: Path, environment: dict[str, str]) -> None:
    """Ctrl-C ends a process that waits for another."""
    (articles / "bridge.txt").write_text(ANSWER)
    folder = library_folder([articles], Path(environment["XDG_CACHE_HOME"]) / "bot")
    with hold_lock(folder, wait=True):
        waiting = subprocess.Popen(
            [COMMAND, "index", articles], env=environment, text=True, stderr=subprocess.PIPE
        )
        assert waiting.stderr
        assert "waiting for it" in waiting.stderr.readline()
        waiting.send_signal(signal.SIGINT)

        assert waiting.wait(60) == 130
    waiting.stderr.close()
