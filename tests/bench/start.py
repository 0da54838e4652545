"""Measure start times: medians of fresh processes, in milliseconds.

    python tests/bench/start.py

It prints the import of ``bot`` beyond bare Python, and that of numpy for comparison; ``bot --help``
and one question to the bundled articles, from start to exit; where there are pseudo-terminals, the
time to the prompt of a conversation, and to a bare prompt of prompt-toolkit; and a look for changes
in 20,000 files. The commands take turns, so that other load falls on all of them.
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
from importlib import import_module
from pathlib import Path
from time import perf_counter

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


def main() -> None:
    """Print the figures."""
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
