"""``bot chat``: a conversation at a terminal."""

from collections.abc import Callable
from pathlib import Path

from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.config.paths import LibrarySource, choose_source
from bot.config.settings import Settings
from bot.lazy import lazy_function
from bot.repl.app import run_chat

cluster_source: Callable[[tuple[Path, ...], Settings], LibrarySource] = lazy_function(
    "bot.cli.cluster", "cluster_source"
)


def run(paths: tuple[Path, ...], settings: Settings) -> int:
    """Hold a conversation about the articles at ``paths``; return the exit code."""
    output = Output.from_settings(settings)
    if settings.engine:
        source = cluster_source(paths, settings)
    else:
        source = choose_source(paths, settings.library)
    run_chat(source, settings, output.write_raw, output.warn)
    return ExitCode.ANSWERED
