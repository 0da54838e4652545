"""The settings of one run of the command."""

from collections.abc import Mapping

from bot.cli.output import Output
from bot.config.config_file import read_config
from bot.config.paths import config_file
from bot.config.settings import Settings, replace_setting


def load_settings(options: Mapping[str, object]) -> Settings:
    """Return the settings: ``options`` that are not None, else the config file's, else defaults.

    Faults of the config file are printed as warnings.
    """
    settings = read_config(config_file(), Output().warn).settings
    for name, value in options.items():
        if value is not None:
            settings = replace_setting(settings, name, value)
    return settings
