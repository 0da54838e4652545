"""Measure start times: medians of fresh processes, in milliseconds.

    python tests/bench/start.py [FOLDER]

It prints the import of ``bot`` beyond bare Python, and that of numpy for comparison; ``bot --help``
and one question to the bundled articles, from start to exit; where there are pseudo-terminals, the
time to the prompt of a conversation, and to a bare prompt of prompt-toolkit; and a look for changes
in 20,000 files. The commands take turns, so that other load falls on all of them.

With FOLDER, text files as ``corpus.py`` builds them, it prints only one question to these, beside
Python and numpy alone. They are joined to files of about a hundred sentences, and indexed first.
"""

import json
import os
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from time import perf_counter, sleep

from growth import CLEAN_AFTER, make_questions, text_files

from bot.articles.formats import find_files

ROUNDS = 15
COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "import bot": ("-c", "import bot"),
    "import numpy": ("-c", "import numpy"),
    "bot --help": ("-m", "bot", "--help"),
    "bot ask": ("-m", "bot", "ask", "Where did Xi and Biden meet?"),
}
LOADS_NUMPY = ("-c", "import sys, bot; print('numpy' in sys.modules)")
BARE_PROMPT = "import prompt_toolkit; prompt_toolkit.PromptSession('> ').prompt()"
# The installed command, as a user starts it.
BOT = shutil.which("bot", path=str(Path(sys.executable).parent)) or "bot"
PROMPTS: dict[str, tuple[str, ...]] = {"bare": ("-c", BARE_PROMPT), "bot": (BOT,)}
# prompt-toolkit clears the lines below, resets the style, and writes the prompt.
PROMPT = b"\x1b[J\x1b[0m>"
FILES = 20_000
# Characters from which on a file is full; with its last text it has some hundred sentences.
JOINED = 7_000


def environment(home: str) -> Mapping[str, str]:
    """Return an environment with empty folders for config, history and cache."""
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE")}
    inherited = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    return inherited | folders | {"HOME": home, "TERM": "xterm-256color"}


def run(arguments: Sequence[str], home: str) -> str:
    """Run Python with ``arguments`` and return its output."""
    return subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        cwd=home,
        encoding="utf-8",
        env=environment(home),
    ).stdout


def time_to_exit(arguments: Sequence[str], home: str) -> float:
    """Return the milliseconds that Python with ``arguments`` takes to exit."""
    start = perf_counter()
    run(arguments, home)
    return 1000 * (perf_counter() - start)


def time_to_prompt(arguments: Sequence[str], home: str) -> float:
    """Return the milliseconds that Python with ``arguments`` takes to show a prompt."""
    # Not on Windows.
    fcntl, pty, termios = map(import_module, ("fcntl", "pty", "termios"))
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    start = perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=home,
        env=environment(home),
        start_new_session=True,
    ) as process:
        os.close(terminal)
        output = b""
        while PROMPT not in output:
            output += os.read(controller, 65536)
        milliseconds = 1000 * (perf_counter() - start)
        process.send_signal(signal.SIGKILL)
    os.close(controller)
    return milliseconds


def measure(
    time: Callable[[Sequence[str], str], float], commands: Mapping[str, Sequence[str]], home: str
) -> dict[str, float]:
    """Return the median ``time`` of each command, in milliseconds."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for arguments in commands.values():
        time(arguments, home)  # compiles the modules, and fills the disk's cache
    for _ in range(ROUNDS):
        for name, arguments in commands.items():
            times[name].append(time(arguments, home))
    return {name: statistics.median(values) for name, values in times.items()}


def time_look(folder: Path) -> float:
    """Return the median milliseconds of a look at 20,000 files, as before each line typed."""
    for number in range(FILES):
        (folder / f"{number}.txt").touch()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        tuple(find_files([folder]).files)
        times.append(1000 * (perf_counter() - start))
    return statistics.median(times)


def join_texts(folder: Path, target: Path) -> None:
    """Write the texts of each folder in ``folder`` to ``target``, a hundred sentences a file."""
    texts: list[str] = []
    files = text_files(folder)
    for file, following in zip_longest(files, files[1:]):
        texts.append(file.read_text(encoding="utf-8"))
        is_last = following is None or following.parent != file.parent
        if is_last or sum(map(len, texts)) >= JOINED:
            joined = target / file.relative_to(folder)
            joined.parent.mkdir(parents=True, exist_ok=True)
            joined.write_text("\n\n".join(texts), encoding="utf-8")
            texts.clear()


def print_large_start(folder: Path, home: str) -> None:
    """Print the time from start to exit of a question to the texts in ``folder``."""
    with tempfile.TemporaryDirectory() as joined:
        join_texts(folder, Path(joined))
        sleep(CLEAN_AFTER)
        run(("-m", "bot", "index", joined), home)
        facts = json.loads(run(("-m", "bot", "info", joined, "--json"), home))
        (question,) = make_questions(Path(joined), 1)
        ask = ("-m", "bot", "ask", question, joined)
        numpy = COMMANDS["import numpy"]
        times = measure(time_to_exit, {"bot ask": ask, "import numpy": numpy}, home)
    print(f"python and numpy         {times['import numpy']:6.0f} ms")
    sizes = f"{facts['sentences']:,} sentences, {facts['articles']:,} files"
    print(f"bot ask                  {times['bot ask']:6.0f} ms, {sizes}")


def main() -> None:
    """Print the figures."""
    if folders := sys.argv[1:]:
        with tempfile.TemporaryDirectory() as home:
            print_large_start(Path(folders[0]), str(Path(home).resolve()))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder).resolve())
        commands = measure(time_to_exit, COMMANDS, home)
        prompts = measure(time_to_prompt, PROMPTS, home) if os.name == "posix" else {}
        loads_numpy = run(LOADS_NUMPY, home).strip() == "True"
    with tempfile.TemporaryDirectory() as folder:
        look = time_look(Path(folder))
    python = commands["python"]
    without = "with" if loads_numpy else "without"
    print(f"python                   {python:6.0f} ms")
    print(f"import bot, beyond that  {commands['import bot'] - python:6.0f} ms, {without} numpy")
    print(f"import numpy             {commands['import numpy'] - python:6.0f} ms")
    print(f"bot --help               {commands['bot --help']:6.0f} ms")
    print(f"bot ask, bundled corpus  {commands['bot ask']:6.0f} ms")
    if prompts:
        ratio = prompts["bot"] / prompts["bare"]
        print(f"prompt of prompt-toolkit {prompts['bare']:6.0f} ms")
        print(f"prompt of bot            {prompts['bot']:6.0f} ms, {ratio:.2f} times that")
    print(f"look at {FILES:,} files     {look:6.0f} ms")


if __name__ == "__main__":
    main()
