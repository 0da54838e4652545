"""Measure the whole program on folders of growing size, as a table and optionally a plot.

    python tests/bench/growth.py [--plot FILE] FOLDER …

FOLDER holds text files, as ``corpus.py`` builds them. Each is copied to a temporary folder, where
files can be changed, and gets an empty cache. Every figure comes from a new process; the copy
leaves the files in the system's page cache, so that no disk is measured. Linux only, because of
the memory figures.

A question is the first eight words of a paragraph, taken at even intervals.
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

FIRST_ANSWERS = 7
QUESTIONS = 1_000
QUESTION_WORDS = 8
CHANGED_FILES = 10
# Seconds after which a copied file is clean: its times show every later change.
CLEAN_AFTER = 2.5
NEW_TEXT = "The quibblewick of {place} was painted zamboozle by its thirteen wardens."
NEW_QUESTION = "Who painted the quibblewick zamboozle?"
BOT = (sys.executable, "-m", "bot")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one folder, explained by ``TITLES``."""

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
    "first": f"bot ask, process start to first answer, median of {FIRST_ANSWERS}, ms",
    "opening": "Retriever.from_path, s",
    "median": f"Retriever.ask, {QUESTIONS:,} questions, median, ms",
    "p95": "  p95, ms",
    "resident": "  resident memory afterwards, MB",
    "change": f"{CHANGED_FILES} files changed: bot ask about their new text, ms",
}
# The panels of the plot: title, unit, figures.
PANELS = (
    ("first bot index", "s", ("index", "again")),
    ("to the first answer of a process", "ms", ("first", "change")),
    ("a question", "ms", ("median", "p95")),
    ("memory and disk", "MB", ("peak", "resident", "saved", "text")),
)


class Run(NamedTuple):
    """A process after its end: output, seconds to its first line and in all, peak memory."""

    output: str
    first: float
    seconds: float
    megabytes: float


class Session(NamedTuple):
    """Questions in one process: seconds to open, milliseconds of each, MB afterwards."""

    opening: float
    milliseconds: list[float]
    megabytes: float


def run(*words: str) -> Run:
    """Run the bot; exit code 1 is silence, which takes as long as an answer."""
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


def measure_session(folder: str, questions: Sequence[str]) -> Session:
    """Ask ``questions`` about the folder in this process."""
    started = perf_counter()
    retriever = import_module("bot").Retriever.from_path(folder)
    opening, milliseconds = perf_counter() - started, []
    for question in questions:
        started = perf_counter()
        retriever.ask(question)
        milliseconds.append(1000 * (perf_counter() - started))
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return Session(opening, milliseconds, int(resident.split()[1]) / 1024)


def text_files(folder: Path) -> list[Path]:
    """Return the text files in ``folder``, in order."""
    return sorted(folder.rglob("*.txt"))


def spread_indices(size: int, count: int) -> list[int]:
    """Return at most ``count`` indices below ``size`` at even intervals."""
    return sorted({index * size // count for index in range(count)})


def make_questions(folder: Path, count: int) -> list[str]:
    """Return the first words of at most ``count`` paragraphs, at even intervals."""
    files = text_files(folder)
    questions: list[str] = []
    for index in spread_indices(len(files), count):
        paragraphs = files[index].read_text(encoding="utf-8").split("\n\n")[1:]
        words = (paragraph.split()[:QUESTION_WORDS] for paragraph in paragraphs)
        questions += [" ".join(row) for row in words if len(row) == QUESTION_WORDS]
    return [questions[index] for index in spread_indices(len(questions), count)]


def measure_change(folder: Path) -> float:
    """Add text to some files; return the milliseconds of a question about it."""
    files = text_files(folder)
    for index in spread_indices(len(files), CHANGED_FILES):
        with files[index].open("a", encoding="utf-8") as file:
            file.write(f"\n{NEW_TEXT.format(place=files[index].stem)}\n")
    answer = run("ask", NEW_QUESTION, str(folder))
    if "zamboozle" not in answer.output:
        raise RuntimeError("the new text was not found")
    return 1000 * answer.first


def folder_size(folder: Path) -> int:
    """Return the bytes of all files in ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def temporary_home(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a copy of ``folder`` and an empty home folder, that of the processes started."""
    with tempfile.TemporaryDirectory() as temporary:
        copy, home = Path(temporary) / "articles", Path(temporary) / "home"
        shutil.copytree(folder, copy)
        home.mkdir()
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        os.environ.update(dict.fromkeys(names, str(home)))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled modules
        yield copy, home


def measure(folder: Path) -> Figures:
    """Return the figures of ``folder``."""
    with temporary_home(folder) as (copy, home):
        run("--help")  # compiles the modules
        text = folder_size(copy)
        sleep(CLEAN_AFTER)
        index = run("index", str(copy))
        saved = folder_size(home)
        again = run("index", str(copy))
        count = json.loads(run("info", "--json", str(copy)).output)["sentences"]
        firsts = [run("ask", each, str(copy)).first for each in make_questions(copy, FIRST_ANSWERS)]
        with get_context("spawn").Pool(1) as pool:
            session = pool.apply(measure_session, (str(copy), make_questions(copy, QUESTIONS)))
        return Figures(
            sentences=count,
            text=text / 1e6,
            index=index.seconds,
            speed=text / 1e6 / index.seconds,
            peak=index.megabytes,
            saved=saved / 1e6,
            beside=max(0, saved - text) / count,
            again=again.seconds,
            first=1000 * statistics.median(firsts),
            opening=session.opening,
            median=statistics.median(session.milliseconds),
            p95=statistics.quantiles(session.milliseconds, n=20)[-1],
            resident=session.megabytes,
            change=measure_change(copy),
        )


def format_table(rows: Sequence[Figures]) -> str:
    """Return a table with a line for each figure and a column for each folder."""
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
    """Plot the figures over the number of sentences, both on logarithmic axes."""
    pyplot, ticker = import_module("matplotlib.pyplot"), import_module("matplotlib.ticker")
    pyplot.rcParams["svg.fonttype"] = "none"  # a third of the size
    chart, panels = pyplot.subplots(1, len(PANELS), figsize=(4 * len(PANELS), 3.5))
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
    chart.tight_layout()
    chart.savefig(file)


def main() -> None:
    """Measure each folder, smallest first, and print the table."""
    parser = argparse.ArgumentParser(description="Measure the program on growing folders.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of text files")
    parser.add_argument("--plot", metavar="FILE", help="plot the figures, too (needs matplotlib)")
    arguments = parser.parse_args()
    rows = [measure(folder) for folder in sorted(arguments.folders, key=folder_size)]
    print(format_table(rows))
    if arguments.plot:
        plot(rows, arguments.plot)


if __name__ == "__main__":
    main()
