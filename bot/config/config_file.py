"""The config file: read its settings, and describe or explain them."""

import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from bot.config.private_file import NotRegularFile, is_null_device
from bot.config.settings import (
    NO_RERANKER,
    SETTINGS,
    SettingError,
    Settings,
    format_value,
    parse_setting,
    replace_setting,
)
from bot.errors import BotError
from bot.lazy import lazy_function

# Needed for --explain.
wrap: Callable[..., list[str]] = lazy_function("textwrap", "wrap")

LIBRARY_EXAMPLE = '"~/articles"'


class ConfigFileError(BotError):
    """A config file, or a setting in it, that is ignored because it is wrong.

    ``line`` is 1-based, 0 if no single line is at fault.
    """

    def __init__(self, file: Path, line: int, fault: str) -> None:
        self.file: Path = file
        self.line: int = line
        self.fault: str = fault
        location = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{location}: {fault}")


class Config(NamedTuple):
    """Settings, and for each that the config file sets the number of its line."""

    settings: Settings
    lines: Mapping[str, int]


def read_config(file: Path, warn: Callable[[str], None]) -> Config:
    """Return the settings of ``file``, the defaults if there is no such file.

    Each fault is passed to ``warn``, and the rest of the file is used.
    """
    try:
        text, table = load_toml(file)
    except ConfigFileError as error:
        warn(f"{error}; the whole file is ignored")
        return Config(Settings(), {})
    settings, lines = Settings(), {}
    for name, value in table.items():
        line = find_line(name, text)
        try:
            settings = replace_setting(settings, name, convert_toml_value(name, value, file.parent))
        except SettingError as error:
            warn(str(ConfigFileError(file, line, str(error))))
        else:
            lines[name] = line
    return Config(settings, lines)


def load_toml(file: Path) -> tuple[str, Mapping[str, object]]:
    """Return the text of ``file`` and its table; both are empty if there is no such file."""
    try:
        if not (file.is_file() or file.is_dir() or is_null_device(file)) and file.exists():
            raise NotRegularFile(file)  # a FIFO, which would wait for its writer
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except OSError as error:
        raise ConfigFileError(file, 0, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ConfigFileError(file, 0, "is not encoded in UTF-8") from error
    tomllib = import_module("tomllib")  # 6 ms, for those who have a config file
    try:
        return text, tomllib.loads(text)
    except RecursionError as error:
        raise ConfigFileError(file, 0, "is not valid TOML: brackets nested too deep") from error
    except ValueError as error:  # TOML's, or Python's for a number of 4,301 digits
        fault, line = locate_toml_error(str(error), text)
        raise ConfigFileError(file, line, f"is not valid TOML: {fault}") from error


def locate_toml_error(message: str, text: str) -> tuple[str, int]:
    """Split a message of tomllib into the fault and its line in ``text``, 0 if it names none."""
    fault, _, end = message.partition(" (at end of document")
    if end:
        return fault, len(text.splitlines())
    fault, _, position = message.partition(" (at line ")
    return fault, int(position.split(",")[0] or 0)


def convert_toml_value(name: str, value: object, folder: Path) -> Any:
    """Return the setting's value for one of TOML; relative paths start at ``folder``."""
    if name == "library":
        texts: list[Any] = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            raise SettingError(name, str(value), f"a path or a list of paths ({LIBRARY_EXAMPLE})")
        return tuple(folder / path for text in texts for path in parse_setting(name, text))
    if name == "engine" and isinstance(value, list):
        return tuple(url for each in value for url in parse_setting(name, str(each)))
    try:
        text = format_value(value) if isinstance(value, bool) else str(value)
    except ValueError:  # a number of 4,301 digits, written in hexadecimal
        text = "a number of that length"
    setting = parse_setting(name, text)
    return str(folder / setting) if name == "reranker" and setting != NO_RERANKER else setting


def find_line(name: str, text: str) -> int:
    """Return the number of the first line that sets ``name``, from 1.

    It is 0 if the name is written in a way that only TOML's parser reads, with escapes.
    """
    setting_re = re.compile(rf"""\s*\[*\s*(["']?){re.escape(name)}\1\s*[=.\]]""")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if setting_re.match(line)), 0)


def describe_config(config: Config, file: Path | None) -> Iterator[str]:
    """Yield the path of the config file, and for each setting a line with its origin and value."""
    if file is None:
        yield "(no config file)"
    else:
        yield f"{file}{'' if file.exists() else ' (does not exist)'}"
    for setting in SETTINGS:
        value = format_value(getattr(config.settings, setting.name))
        origin = "default"
        if setting.name in config.lines:
            line = config.lines[setting.name]
            origin = f"line {line}" if line else "config file"
        yield f"  {setting.name:<12}{origin:<13}{value}"
    yield "To see what each setting means, as a file to start from: bot config --explain"


def explain_config(file: Path | None) -> Iterator[str]:
    """Yield the lines of a config file that explains each setting, and sets none."""
    yield "# Settings of bot. To change one, remove the # before its name and save this file as"
    yield f"# {file or 'bot/config.toml in your config folder'}"
    yield "# Options of the command line take precedence."
    for setting in SETTINGS:
        default = getattr(Settings(), setting.name)
        yield ""
        yield from wrap(setting.help, 78, initial_indent="# ", subsequent_indent="# ")
        yield f"# Takes {setting.takes}; the default is {format_value(default) or 'none'}."
        yield f"#{setting.name} = {format_toml(default)}"


def format_toml(default: object) -> str:
    """Return the default of a setting in TOML."""
    if isinstance(default, tuple):
        return "[]"
    text = format_value(default)
    return f'"{text}"' if default is None or isinstance(default, str) else text
