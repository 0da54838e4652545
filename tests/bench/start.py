"""Measure how long the program takes to start: medians of fresh processes, in milliseconds.

    python tests/bench/start.py

Prints the import of ``bot`` over bare Python, and whether it loads numpy; then ``bot --help``
and one question to the bundled articles, from start to exit. The commands take turns, so
that whatever else the machine does falls on all of them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

ROUNDS = 15
COMMANDS: dict[str, tuple[str, ...]] = {
    "python": ("-c", "pass"),
    "import bot": ("-c", "import bot"),
    "bot --help": ("-m", "bot", "--help"),
    "bot ask": ("-m", "bot", "ask", "Where did Xi and Biden meet?"),
}
NUMPY = ("-c", "import sys, bot; print('numpy' in sys.modules)")


def run(words: Sequence[str], home: str) -> str:
    """Run Python with ``words``, config and history being empty; return what it prints."""
    folders = {f"XDG_{name}_HOME": home for name in ("CONFIG", "STATE", "CACHE")}
    return subprocess.run(
        [sys.executable, *words],
        check=True,
        capture_output=True,
        cwd=home,
        encoding="utf-8",
        env=os.environ | folders | {"HOME": home},
    ).stdout


def main() -> None:
    """Print the figures."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder).resolve())
        for words in COMMANDS.values():
            run(words, home)  # compiles what was never run, and warms the disk's cache
        for _ in range(ROUNDS):
            for name, words in COMMANDS.items():
                started = perf_counter()
                run(words, home)
                taken[name].append(1000 * (perf_counter() - started))
        numpy = run(NUMPY, home).strip() == "True"
    medians = {name: statistics.median(each) for name, each in taken.items()}
    over = medians["import bot"] - medians["python"]
    print(f"python                  {medians['python']:6.0f} ms")
    print(f"import of bot over it   {over:6.0f} ms, {'with' if numpy else 'without'} numpy")
    print(f"bot --help              {medians['bot --help']:6.0f} ms")
    print(f"bot ask, bundled corpus {medians['bot ask']:6.0f} ms")


if __name__ == "__main__":
    main()
