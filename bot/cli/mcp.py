"""``bot mcp``: serve the articles to a model's host, over standard input and output."""

from pathlib import Path

from bot.cli.exit_code import ExitCode
from bot.cli.library import open_cluster, open_retriever
from bot.cli.output import Output
from bot.config.settings import Settings
from bot.integrations.mcp import build_server


def run(paths: tuple[Path, ...], settings: Settings) -> int:
    """Serve until the client closes standard input; return the exit code."""
    output = Output.from_settings(settings)
    opener = open_cluster if settings.engine else open_retriever
    build_server(opener(paths, settings, output)).run()
    return ExitCode.ANSWERED
