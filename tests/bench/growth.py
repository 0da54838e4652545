"""Measure the whole program on folders of growing size: one table, and a plot if wanted.

    python tests/bench/growth.py [--plot FILE] FOLDER …

FOLDER holds text files, as ``corpus.py`` builds them. Each is copied to a temporary folder, where
files can be changed, and gets a cache of its own. Everything is measured in fresh processes; the
copy leaves the files in the system's memory, so that no disk is measured. Linux alone, which
tells of memory as is asked for here.

A question is the first eight words of a paragraph, from files that lie evenly spread.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

FIRSTS = 7
QUESTIONS = 1_000
WORDS = 8
CHANGED = 10
# Seconds after which a file's times tell each change of it; until then its content is compared.
SETTLED = 2.5
NEWS = "The quibblewick of {place} was painted zamboozle by its thirteen wardens."
BOT = (sys.executable, "-m", "bot")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one folder; ``TITLES`` says what each is."""

    sentences: int
    text: float
    index: float
    speed: float
    peak: float
    saved: float
    beside: float
    again: float
    first: float
    opening: float
    median: float
    p95: float
    resident: float
    change: float


TITLES = {
    "sentences": "sentences",
    "text": "text, MB",
    "index": "first bot index, s",
    "speed": "  MB/s",
    "peak": "  peak resident memory of the largest process, MB",
    "saved": "cache, MB",
    "beside": "  less the text, bytes a sentence",
    "again": "bot index, nothing changed, s",
    "first": f"bot ask, process start to first answer, median of {FIRSTS}, ms",
    "opening": "Retriever.from_path, s",
    "median": f"Retriever.ask, {QUESTIONS:,} questions, median, ms",
    "p95": "  p95, ms",
    "resident": "  resident memory afterwards, MB",
    "change": f"{CHANGED} files changed: bot ask about their new text, ms",
}
# What the plot shows: a panel's title, its unit, and the figures in it.
PANELS = (
    ("first bot index", "s", ("index", "again")),
    ("to the first answer of a process", "ms", ("first", "change")),
    ("a question", "ms", ("median", "p95")),
    ("memory and disk", "MB", ("peak", "resident", "saved", "text")),
)


class Run(NamedTuple):
    """A process that ended: what it printed, how long until its first line and in all, peak."""

    output: str
    first: float
    seconds: float
    megabytes: float


class Talk(NamedTuple):
    """Many questions in one process: seconds to open, milliseconds of each, MB afterwards."""

    opening: float
    taken: list[float]
    megabytes: float


def run(*words: str) -> Run:
    """Run the bot; an exit code of 1 is silence, and as good an answer."""
    started = perf_counter()
    process = subprocess.Popen(
        [*BOT, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    assert process.stdout
    line = process.stdout.readline()
    first = perf_counter() - started
    output = line + process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, process.args, output)
    return Run(output, first, seconds, usage.ru_maxrss / 1024)


def talk(folder: str, questions: Sequence[str]) -> Talk:
    """Ask ``questions`` of the folder, in this process."""
    started = perf_counter()
    retriever = import_module("bot").Retriever.from_path(folder)
    opening, taken = perf_counter() - started, []
    for question in questions:
        started = perf_counter()
        retriever.ask(question)
        taken.append(1000 * (perf_counter() - started))
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return Talk(opening, taken, int(resident.split()[1]) / 1024)


def texts(folder: Path) -> list[Path]:
    """Return the text files in ``folder``, in order."""
    return sorted(folder.rglob("*.txt"))


def spread(items: Sequence[Path] | Sequence[str], count: int) -> list[int]:
    """Return the places of at most ``count`` of ``items``, evenly spread."""
    return sorted({place * len(items) // count for place in range(count)})


def questions(folder: Path, count: int) -> list[str]:
    """Return the first words of at most ``count`` paragraphs, evenly spread."""
    files = texts(folder)
    begun: list[str] = []
    for place in spread(files, count):
        paragraphs = files[place].read_text(encoding="utf-8").split("\n\n")[1:]
        words = (paragraph.split()[:WORDS] for paragraph in paragraphs)
        begun += [" ".join(row) for row in words if len(row) == WORDS]
    return [begun[place] for place in spread(begun, count)]


def changed(folder: Path) -> float:
    """Return the milliseconds of a question about what ten files have just been given."""
    files = texts(folder)
    for place in spread(files, CHANGED):
        with files[place].open("a", encoding="utf-8") as file:
            file.write(f"\n{NEWS.format(place=files[place].stem)}\n")
    answer = run("ask", "Who painted the quibblewick zamboozle?", str(folder))
    if "zamboozle" not in answer.output:
        raise RuntimeError("the new text was not found")
    return 1000 * answer.first


def size(folder: Path) -> int:
    """Return how many bytes there are in the files in ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def home(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Give a copy of ``folder`` and an empty home, which the processes that start have."""
    with tempfile.TemporaryDirectory() as place:
        copy, cache = Path(place) / "articles", Path(place) / "home"
        shutil.copytree(folder, copy)
        cache.mkdir()
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        os.environ.update(dict.fromkeys(names, str(cache)))
        yield copy, cache


def figures(folder: Path) -> Figures:
    """Return what is measured of ``folder``."""
    with home(folder) as (copy, cache):
        run("--help")  # compiles what was never run
        octets = size(copy)
        sleep(SETTLED)
        index = run("index", str(copy))
        saved = size(cache)
        again = run("index", str(copy))
        count = json.loads(run("info", "--json", str(copy)).output)["sentences"]
        firsts = [run("ask", each, str(copy)).first for each in questions(copy, FIRSTS)]
        with get_context("spawn").Pool(1) as pool:
            talked = pool.apply(talk, (str(copy), questions(copy, QUESTIONS)))
        return Figures(
            sentences=count,
            text=octets / 1e6,
            index=index.seconds,
            speed=octets / 1e6 / index.seconds,
            peak=index.megabytes,
            saved=saved / 1e6,
            beside=max(0, saved - octets) / count,
            again=again.seconds,
            first=1000 * statistics.median(firsts),
            opening=talked.opening,
            median=statistics.median(talked.taken),
            p95=statistics.quantiles(talked.taken, n=20)[-1],
            resident=talked.megabytes,
            change=changed(copy),
        )


def table(rows: Sequence[Figures]) -> str:
    """Return a line for each figure, a column for each folder."""
    width = max(map(len, TITLES.values()))
    lines = []
    for figure in fields(Figures):
        values = (getattr(row, figure.name) for row in rows)
        cells = (
            f"{value:12,}" if isinstance(value, int) else f"{value:12,.2f}" for value in values
        )
        lines.append(f"{TITLES[figure.name]:<{width}}{''.join(cells)}")
    return "\n".join(lines)


def plot(rows: Sequence[Figures], file: str) -> None:
    """Draw the figures over the number of sentences, both on logarithmic axes."""
    pyplot, ticker = import_module("matplotlib.pyplot"), import_module("matplotlib.ticker")
    pyplot.rcParams["svg.fonttype"] = "none"  # a third of the size
    drawing, panels = pyplot.subplots(1, len(PANELS), figsize=(4 * len(PANELS), 3.5))
    counts = [row.sentences for row in rows]
    for panel, (title, unit, names) in zip(panels, PANELS, strict=True):
        for name in names:
            values = [getattr(row, name) for row in rows]
            panel.loglog(counts, values, marker="o", label=TITLES[name].strip())
        panel.set(title=title, xlabel="sentences", ylabel=unit)
        panel.minorticks_off()
        panel.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter("{x:,.10g}")
        panel.legend(fontsize=6)
        panel.grid(alpha=0.3)
    drawing.tight_layout()
    drawing.savefig(file)


def main() -> None:
    """Measure each folder, smallest first, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the program on growing folders.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of text files")
    parser.add_argument("--plot", metavar="FILE", help="draw it as well (needs matplotlib)")
    arguments = parser.parse_args()
    rows = [figures(folder) for folder in sorted(arguments.folders, key=size)]
    print(table(rows))
    if arguments.plot:
        plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
