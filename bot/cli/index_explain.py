"""``bot index --explain FILE``: show how a file is read."""

from pathlib import Path

from bot.articles.formats import find_files, read_articles
from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.config.settings import Settings
from bot.errors import NothingToRead, UnreadableFile
from bot.render.structure import describe_structure


def run(path: Path, settings: Settings) -> int:
    """Print the structure of the article at ``path`` as it is read; return the exit code."""
    output = Output.from_settings(settings)
    file = next(iter(find_files([path]).files), None)
    if file is None:
        raise NothingToRead((str(path),), ())
    try:
        parts = [*read_articles(file)]
    except UnreadableFile as error:
        raise NothingToRead((str(path),), (error,)) from error
    for number, part in enumerate(parts):
        if number:
            output.write_lines([""])
        if isinstance(part, UnreadableFile):
            output.warn(str(part))
        else:
            output.write_lines(describe_structure(part))
    return ExitCode.ANSWERED
