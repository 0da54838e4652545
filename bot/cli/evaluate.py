"""``bot eval``: measure quality and speed on question sets."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.articles.library import Library
from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.config.settings import Settings
from bot.evaluation import report
from bot.evaluation.run import evaluate
from bot.lazy import lazy_function
from bot.render.text import sanitize_lines
from bot.retrieval.retriever import Retriever
from bot.retrieval.user_settings import apply_settings

publish_and_open: Callable[[Settings, Library], Retriever] = lazy_function(
    "bot.cli.cluster", "publish_and_open"
)


def run(files: tuple[Path, ...], settings: Settings, options: Mapping[str, Any]) -> int:
    """Evaluate each question set and print its metrics; return the exit code."""
    output = Output()
    # The measured threshold of silence, whatever the config file says.
    chosen = settings._replace(confidence=None)

    def retrieve(library: Library) -> Retriever:
        opened = publish_and_open(chosen, library) if chosen.engine else Retriever(library)
        return apply_settings(opened, chosen)

    evaluations = [evaluate(file, each=options["each"], retrieve=retrieve) for file in files]
    if misses := options["misses"]:
        misses.write(sanitize_lines("\n".join(map(report.format_misses, evaluations))))
    if options["as_json"]:
        values = [report.evaluation_as_dict(evaluation) for evaluation in evaluations]
        output.write_json(values if len(values) > 1 else values[0])
    else:
        output.write_raw(sanitize_lines("\n".join(map(report.format_evaluation, evaluations))))
    return ExitCode.ANSWERED
