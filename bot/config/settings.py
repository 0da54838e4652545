"""What can be set: one table for the config file, for ``/set`` and for the manual."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.errors import BotError

# Below this many columns, an answer is no longer laid out well.
NARROWEST = 20
MEASURED = "measured"
SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
# A value that is wrong is shown up to here: it may be a whole file, pasted.
LONGEST = 60


class SettingError(BotError):
    """A value that a setting does not take."""

    def __init__(self, name: str, text: str, allowed: str) -> None:
        self.name, self.text, self.allowed = name, text, allowed
        value = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        super().__init__(f"{name} takes {allowed}, not {value or 'nothing'}")


class UnknownSettingError(SettingError):
    """A setting that there is not."""

    def __init__(self, name: str, text: str) -> None:
        from difflib import get_close_matches

        known = ", ".join(setting.name for setting in SETTINGS)
        super().__init__(name, text, known)
        near = get_close_matches(name, [setting.name for setting in SETTINGS], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {known}"
        self.args = (f"no setting is named {name[:LONGEST] or 'nothing'}; {hint}",)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as they are; each field is a row of ``SETTINGS``, which explains it."""

    library: tuple[Path, ...] = ()
    limit: int = 3
    confidence: float | None = None
    color: str = "auto"
    theme: str = "auto"
    vi: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name, what it means, and what it takes, in words.

    ``parse`` turns a text into a value, or raises ValueError; ``examples`` are texts it takes.
    """

    name: str
    help: str
    takes: str
    parse: Callable[[str], object]
    examples: tuple[str, ...] = ()


def at_least(least: int, text: str) -> int:
    """Return the whole number that ``text`` is, if it is ``least`` or more."""
    if (number := int(text)) < least:
        raise ValueError(text)
    return number


def share(text: str) -> float | None:
    """Return a number from 0 to 1, or None for the measured one."""
    if text == MEASURED:
        return None
    if not 0 <= (number := float(text)) <= 1:
        raise ValueError(text)
    return number


def one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    """Return what takes any of ``choices``."""
    return lambda text: choices[choices.index(text)]


def switch(text: str) -> bool:
    """Return whether a switch is on."""
    if text not in SWITCHES:
        raise ValueError(text)
    return SWITCHES[text]


def path(text: str) -> tuple[Path, ...]:
    """Return the path that ``text`` is; ``~`` is the home."""
    if not text or "\0" in text:
        raise ValueError(text)
    try:
        return (Path(text).expanduser(),)
    except RuntimeError as error:  # the home of nobody
        raise ValueError(text) from error


def columns(text: str) -> int:
    """Return a width in columns; 0 is the window's."""
    return int(text) and at_least(NARROWEST, text)


COLOURS = ("auto", "always", "never")
THEMES = ("auto", "light", "dark")
SETTINGS = (
    Setting(
        "library",
        "The files and folders that are asked where none is named; none: the bundled articles."
        " A path may begin with ~, and starts from the config file's folder if it is relative.",
        "a path or a list of paths",
        path,
    ),
    Setting("limit", "How many answers are shown at most.", "a whole number from 1",
            lambda text: at_least(1, text), ("1", "3", "5", "10")),
    Setting(
        "confidence",
        "The chance of being right below which the bot is silent; measured: the one chosen on"
        " questions whose answers are known.",
        f"a number from 0 to 1, or {MEASURED}",
        share,
        (MEASURED, "0", "0.5", "0.9"),
    ),
    Setting("color", "When answers are coloured; auto: on a terminal that has colours.",
            "auto, always or never", one_of(COLOURS), COLOURS),
    Setting("theme", "The ground of the terminal, which colours must be readable on; auto: either.",
            "auto, light or dark", one_of(THEMES), THEMES),
    Setting("vi", "Whether the keys at the prompt are those of vi, not of Emacs.",
            "true or false", switch, ("true", "false")),
    Setting("width", "How many columns answers fill; 0: the window's.",
            f"0, or a whole number from {NARROWEST}", columns, ("0", "72", "100")),
)  # fmt: skip
BY_NAME = {setting.name: setting for setting in SETTINGS}


def parse_setting(name: str, text: str) -> Any:
    """Return the value that ``text`` is for the setting ``name``, of its field's type.

    Raises UnknownSetting, and BadSetting where the setting does not take it.
    """
    if name not in BY_NAME:
        raise UnknownSettingError(name, text)
    try:
        return BY_NAME[name].parse(text)
    except ValueError as error:
        raise SettingError(name, text, BY_NAME[name].takes) from error


def replace_setting(settings: Settings, name: str, value: Any) -> Settings:
    """Return the same settings but for one, whose ``value`` has been parsed."""
    return replace(settings, **{name: value})


def format_value(value: object) -> str:
    """Return a setting's value as it is typed."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    return MEASURED if value is None else str(value).removesuffix(".0")
