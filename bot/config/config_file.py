"""The config file: what is set in it, where, what is wrong with it, and what could be set."""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config.settings import (
    SETTINGS,
    SettingError,
    Settings,
    format_value,
    parse_setting,
    replace_setting,
)
from bot.errors import BotError

LIBRARY_EXAMPLE = '"~/articles"'


class ConfigFileError(BotError):
    """A config file, or a setting in it, that cannot be used; the rest of it counts.

    ``line`` is 1-based, 0 where no single one is at fault.
    """

    def __init__(self, file: Path, line: int, fault: str) -> None:
        self.file, self.line, self.fault = file, line, fault
        place = f"{file}, line {line}" if line else str(file)
        super().__init__(f"{place}: {fault}")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings, with the line of the file that made each other than the default."""

    settings: Settings
    lines: Mapping[str, int]


def read_config(file: Path, warn: Callable[[str], None]) -> Config:
    """Return what ``file`` sets, the defaults where it does not exist; each fault is a warning."""
    try:
        text, table = load_toml(file)
    except ConfigFileError as error:
        warn(f"{error}; none of its settings counts until it is mended")
        return Config(Settings(), {})
    settings, lines = Settings(), {}
    for name, value in table.items():
        line = line_of(name, text)
        try:
            settings = replace_setting(settings, name, convert_toml_value(name, value, file.parent))
        except SettingError as error:
            warn(str(ConfigFileError(file, line, str(error))))
        else:
            lines[name] = line
    return Config(settings, lines)


def load_toml(file: Path) -> tuple[str, Mapping[str, object]]:
    """Return the text of ``file`` and what it sets; both empty where it does not exist."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except OSError as error:
        raise ConfigFileError(file, 0, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ConfigFileError(file, 0, "is not in UTF-8") from error
    import tomllib  # 6 ms, which few need

    try:
        return text, tomllib.loads(text)
    except RecursionError as error:
        raise ConfigFileError(file, 0, "is no TOML: too many brackets in brackets") from error
    except ValueError as error:  # of TOML, or of Python: a number of 4,301 digits
        fault, line = locate_toml_error(str(error), text)
        raise ConfigFileError(file, line, f"is no TOML: {fault}") from error


def locate_toml_error(fault: str, text: str) -> tuple[str, int]:
    """Return what is wrong with ``text``, and in which line; 0 where that is not told."""
    fault, _, end = fault.partition(" (at end of document")
    if end:
        return fault, len(text.splitlines())
    fault, _, place = fault.partition(" (at line ")
    return fault, int(place.split(",")[0] or 0)


def convert_toml_value(name: str, value: object, folder: Path) -> Any:
    """Return a value of TOML as the setting takes it; a path that is relative is in ``folder``."""
    if name == "library":
        texts: list[Any] = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            raise SettingError(name, str(value), f"a path or a list of paths ({LIBRARY_EXAMPLE})")
        return tuple(folder / path for text in texts for path in parse_setting(name, text))
    try:
        text = format_value(value) if isinstance(value, bool) else str(value)
    except ValueError:  # a number of 4,301 digits, written in hexadecimal
        text = "a number as long as that"
    return parse_setting(name, text)


def line_of(name: str, text: str) -> int:
    """Return the first line that sets ``name``, from 1; 0 where it is written in an odd way."""
    setting_re = re.compile(rf"""\s*\[*\s*(["']?){re.escape(name)}\1\s*[=.\]]""")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if setting_re.match(line)), 0)


def describe_config(config: Config, file: Path) -> Iterator[str]:
    """Yield a line for each setting: where its value comes from, and the value."""
    yield f"{file}{'' if file.exists() else ' (not there yet)'}"
    for setting in SETTINGS:
        value = format_value(getattr(config.settings, setting.name))
        origin = "the default"
        if setting.name in config.lines:
            line = config.lines[setting.name]
            origin = f"line {line}" if line else "the file"
        yield f"  {setting.name:<12}{origin:<13}{value}"
    yield "bot config --explain shows what each means, as a file to begin with."


def explain_config(file: Path) -> Iterator[str]:
    """Yield the lines of a config file that explains each setting, and sets none."""
    yield f"# Settings of bot. They count when they stand in {file}"
    yield "# and have no # before them. Options of the command line come first."
    for setting in SETTINGS:
        default = getattr(Settings(), setting.name)
        yield ""
        yield from textwrap.wrap(setting.help, 78, initial_indent="# ", subsequent_indent="# ")
        yield f"# Takes {setting.takes}; the default is {format_value(default)}."
        yield f"#{setting.name} = {in_toml(default)}"


def in_toml(default: object) -> str:
    """Return a default as it is written in TOML."""
    if isinstance(default, tuple):
        return "[]"
    text = format_value(default)
    return f'"{text}"' if default is None or isinstance(default, str) else text
