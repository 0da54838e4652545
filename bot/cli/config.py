"""``bot config``: the settings and where they come from."""

from bot.cli.exit_code import ExitCode
from bot.cli.output import Output
from bot.cli.settings import load_config
from bot.config.config_file import describe_config, explain_config
from bot.config.paths import config_file


def run(explain: bool) -> int:
    """Print the settings, or a config file that explains them; return the exit code."""
    output, file = Output(), config_file()
    output.write_lines(explain_config(file) if explain else describe_config(load_config(), file))
    return ExitCode.ANSWERED
