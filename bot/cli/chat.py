"""``bot chat``: a conversation at a terminal."""

from pathlib import Path

from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.config.paths import choose_source
from bot.config.settings import Settings
from bot.repl.app import run_chat


def run(paths: tuple[Path, ...], settings: Settings) -> int:
    """Hold a conversation about the articles at ``paths``; return the exit code."""
    output = Output.from_settings(settings)
    source = choose_source(paths, settings.library)
    run_chat(source, settings, output.write_raw, output.warn)
    return ExitCode.ANSWERED
