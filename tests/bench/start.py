"""Measure how long the program takes to start: medians of fresh processes, in milliseconds.

    python tests/bench/start.py

Prints the import of ``bot`` over bare Python, and whether it loads numpy, whose own import comes
next; then ``bot --help`` and one question to the bundled articles, from start to exit; where there
are pseudo-terminals, the time to the prompt of a conversation about them beside that of a bare
prompt of prompt-toolkit; and how long a conversation looks for changes in 20,000 files. The
commands take turns, so that whatever else the machine does falls on all of them.
"""

import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from bot.articles.library import find_files

ROUNDS = 15
COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "import bot": ("-c", "import bot"),
    "import numpy": ("-c", "import numpy"),
    "bot --help": ("-m", "bot", "--help"),
    "bot ask": ("-m", "bot", "ask", "Where did Xi and Biden meet?"),
}
NUMPY = ("-c", "import sys, bot; print('numpy' in sys.modules)")
BARE = "import prompt_toolkit; prompt_toolkit.PromptSession('> ').prompt()"
# What a user starts, where it is installed beside this Python.
BOT = shutil.which("bot", path=str(Path(sys.executable).parent)) or "bot"
PROMPTS: dict[str, tuple[str, ...]] = {"bare": ("-c", BARE), "bot": (BOT,)}
# prompt-toolkit clears what is below, resets the style, and writes the prompt.
PROMPT = b"\x1b[J\x1b[0m>"
FILES = 20_000


def environment(home: str) -> Mapping[str, str]:
    """Return an environment in which config and history are empty."""
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE")}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | folders | {"HOME": home, "TERM": "xterm-256color"}


def ended(words: Sequence[str], home: str) -> float:
    """Return how many milliseconds Python takes with ``words``, to its end."""
    started = perf_counter()
    run(words, home)
    return 1000 * (perf_counter() - started)


def run(words: Sequence[str], home: str) -> str:
    """Run Python with ``words`` in ``home``; return what it prints."""
    return subprocess.run(
        [sys.executable, *words],
        check=True,
        capture_output=True,
        cwd=home,
        encoding="utf-8",
        env=environment(home),
    ).stdout


def prompted(words: Sequence[str], home: str) -> float:
    """Return how many milliseconds Python takes with ``words``, to a prompt on a terminal."""
    import fcntl
    import pty
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    started = perf_counter()
    with subprocess.Popen(
        [sys.executable, *words],
        stdin=its,
        stdout=its,
        stderr=its,
        cwd=home,
        env=environment(home),
        start_new_session=True,
    ) as process:
        os.close(its)
        seen = b""
        while PROMPT not in seen:
            seen += os.read(ours, 65536)
        taken = 1000 * (perf_counter() - started)
        process.send_signal(signal.SIGKILL)
    os.close(ours)
    return taken


def medians(
    time: Callable[[Sequence[str], str], float], commands: Mapping[str, Sequence[str]], home: str
) -> dict[str, float]:
    """Return the median ``time`` of each of ``commands``, in milliseconds."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for words in commands.values():
        time(words, home)  # compiles what was never run, and warms the disk's cache
    for _ in range(ROUNDS):
        for name, words in commands.items():
            taken[name].append(time(words, home))
    return {name: statistics.median(each) for name, each in taken.items()}


def look(folder: Path) -> float:
    """Return how long it takes to look for changes in a folder of files, in milliseconds."""
    for number in range(FILES):
        (folder / f"{number}.txt").touch()
    taken = []
    for _ in range(ROUNDS):
        started = perf_counter()
        tuple(find_files([folder]).files)
        taken.append(1000 * (perf_counter() - started))
    return statistics.median(taken)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder).resolve())
        commands = medians(ended, COMMANDS, home)
        prompts = medians(prompted, PROMPTS, home) if os.name == "posix" else {}
        numpy = run(NUMPY, home).strip() == "True"
    with tempfile.TemporaryDirectory() as folder:
        looking = look(Path(folder))
    over = commands["import bot"] - commands["python"]
    print(f"python                  {commands['python']:6.0f} ms")
    print(f"import of bot over it   {over:6.0f} ms, {'with' if numpy else 'without'} numpy")
    numpy_over = commands["import numpy"] - commands["python"]
    print(f"import of numpy over it {numpy_over:6.0f} ms")
    print(f"bot --help              {commands['bot --help']:6.0f} ms")
    print(f"bot ask, bundled corpus {commands['bot ask']:6.0f} ms")
    if prompts:
        print(f"prompt of prompt-toolkit{prompts['bare']:6.0f} ms")
        times = prompts["bot"] / prompts["bare"]
        print(f"prompt of bot           {prompts['bot']:6.0f} ms, {times:.2f} times that")
    print(f"look at {FILES:,} files    {looking:6.0f} ms")


if __name__ == "__main__":
    main()
