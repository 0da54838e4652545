"""Measure where the processor time of a question goes, over folders of growing size.

    python tests/bench/stages.py FOLDER …

FOLDER holds text files, as ``corpus.py`` builds them; its library stays in the user's cache. The
questions are those of ``growth.py``, each asked once where there are enough. The search is compiled
where ``article-bot[fast]`` is installed. Every few milliseconds of processor time the stack is
looked at: the innermost function of ``STAGES`` on it gets the time, so that a stage is known to one
or two hundredths of the whole. Not on Windows, which has no such timer.
"""

import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from time import thread_time
from types import CodeType, FrameType
from typing import Any

from growth import make_questions

from bot.index.memory import MemoryEngine
from bot.retrieval.candidates import build_candidates, select_by_title
from bot.retrieval.passages import Passages
from bot.retrieval.pipeline import Pipeline
from bot.retrieval.ranking import rank_candidates
from bot.retrieval.retriever import Retriever
from bot.retrieval.selection import build_answer, group_copies, select_answers
from bot.retrieval.surroundings import find_surroundings

QUESTIONS = 2_000
WARM_UP = 50
INTERVAL = 0.001  # seconds; most systems look every fourth of these
STAGES: Sequence[tuple[str, Sequence[Callable[..., Any]]]] = (
    ("parsing, correction", (Pipeline.parse_as_typed, Pipeline.correct)),
    ("search", (MemoryEngine.search,)),
    ("titles", (Passages.titles, select_by_title)),
    ("passages", (Passages.passages,)),
    ("surroundings", (find_surroundings,)),
    ("candidates", (build_candidates,)),
    ("features, evidence", (rank_candidates,)),
    ("answers", (group_copies, select_answers, build_answer)),
    ("the rest", (Retriever.ask,)),
)


class StackClock:
    """Counts how often each stage was found on the stack."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._stages: dict[CodeType, str] = {
            function.__code__: stage for stage, functions in STAGES for function in functions
        }

    def look(self, _: int, frame: FrameType | None) -> None:
        """Count the innermost stage on the stack of ``frame``."""
        while frame and frame.f_code not in self._stages:
            frame = frame.f_back
        if frame:
            self.counts[self._stages[frame.f_code]] += 1


def measure_stages(folder: Path) -> list[float]:
    """Return the milliseconds of each stage in a question about ``folder``, and of all."""
    retriever, clock = Retriever.from_path(folder), StackClock()
    MemoryEngine.kernel.load()
    questions = [*islice(cycle(make_questions(folder, QUESTIONS)), QUESTIONS)]
    for question in questions[:WARM_UP]:
        retriever.ask(question)
    signal.signal(signal.SIGPROF, clock.look)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    started = thread_time()
    for question in questions:
        retriever.ask(question)
    mean = 1000 * (thread_time() - started) / len(questions)
    signal.setitimer(signal.ITIMER_PROF, 0)
    shares = [clock.counts[stage] / clock.counts.total() for stage, _ in STAGES]
    return [mean * share for share in [*shares, 1.0]]


def main() -> None:
    """Print a column for each folder on the command line."""
    folders = [*map(Path, sys.argv[1:])]
    columns = [measure_stages(folder) for folder in folders]
    print(f"{'milliseconds':24}" + "".join(f"{folder.name:>10}" for folder in folders))
    for (stage, *_), row in zip([*STAGES, ("all",)], zip(*columns, strict=True), strict=True):
        print(f"{stage:24}" + "".join(f"{value:10.2f}" for value in row))


if __name__ == "__main__":
    main()
