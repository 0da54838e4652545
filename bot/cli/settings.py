"""The settings of one run of the command."""

from collections.abc import Mapping

from bot.cli.output import Output
from bot.config.config_file import Config, read_config
from bot.config.paths import config_file
from bot.config.settings import Settings, replace_setting

NO_HOME = "no home folder is known (set HOME); config, history and cache are off"


def load_config() -> Config:
    """Return the contents of the config file; print its faults as warnings."""
    output, file = Output(), config_file()
    if file is None:
        output.warn(NO_HOME)
        return Config(Settings(), {})
    return read_config(file, output.warn)


def load_settings(options: Mapping[str, object]) -> Settings:
    """Return the settings: ``options`` that are not None, else the config file's, else defaults.

    Faults of the config file are printed as warnings, and so is the want of a home folder.
    """
    settings = load_config().settings
    for name, value in options.items():
        if value is not None:
            settings = replace_setting(settings, name, value)
    return settings
