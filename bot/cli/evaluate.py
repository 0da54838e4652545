"""``bot eval``: measure quality and speed on question sets."""

from pathlib import Path
from typing import TextIO

from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.evaluation import report
from bot.evaluation.run import evaluate
from bot.render.text import sanitize_lines


def run(files: tuple[Path, ...], as_json: bool, each: bool, misses: TextIO | None) -> int:
    """Evaluate each question set and print its metrics; return the exit code."""
    output = Output()
    evaluations = [evaluate(file, each=each) for file in files]
    if misses:
        misses.write(sanitize_lines("\n".join(map(report.format_misses, evaluations))))
    if as_json:
        values = [report.evaluation_as_dict(evaluation) for evaluation in evaluations]
        output.write_json(values if len(values) > 1 else values[0])
    else:
        output.write_raw(sanitize_lines("\n".join(map(report.format_evaluation, evaluations))))
    return ExitCode.ANSWERED
