"""The settings: one table for the config file, ``/set`` and the options of the command line."""

import math
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from bot.config.cluster_limits import TIMEOUT
from bot.config.console import MIN_WIDTH, READING_WIDTH
from bot.errors import BotError

MEASURED = "measured"
NO_RERANKER = "none"
AUTO = "auto"
SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
CHOICES = ("auto", "always", "never")
PLAIN_ADDRESSES = "addresses without user and password (BOT_ENGINE_USER, BOT_ENGINE_PASSWORD)"
# Characters of a wrong value that a message quotes: it may be a whole file, pasted.
MAX_QUOTED = 60


class SettingError(BotError):
    """A value that a setting does not accept."""

    def __init__(self, name: str, text: str, accepted: str) -> None:
        self.name: str = name
        self.text: str = text
        self.accepted: str = accepted
        value = text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…"
        super().__init__(f"{name} takes {accepted}, not {value or 'nothing'}")


class UnknownSettingError(SettingError):
    """A name that is not in the table of settings."""

    def __init__(self, name: str, text: str) -> None:
        names = ", ".join(SETTINGS_BY_NAME)
        super().__init__(name, text, names)
        difflib = import_module("difflib")  # 1 ms of 50, for errors only
        near = difflib.get_close_matches(name, SETTINGS_BY_NAME, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the settings are {names}"
        self.args: tuple[str, ...] = (
            f"unknown setting {name[:MAX_QUOTED] or '(no name)'}; {hint}",
        )


class Settings(NamedTuple):
    """The value of each setting; the rows of ``SETTINGS`` explain them."""

    library: tuple[Path, ...] = ()
    limit: int = 3
    confidence: float | None = None
    color: str = "auto"
    vi: bool = False
    width: int = 0
    plain: str = "auto"
    history: bool = True
    engine: tuple[str, ...] = ()
    index: str = ""  # type: ignore[assignment] # in place of a method of tuples that nobody needs
    ca: str = ""
    timeout: float = TIMEOUT
    reranker: str = NO_RERANKER
    language: str = AUTO


class Setting(NamedTuple):
    """A row of the table: name, meaning, and accepted values in words.

    ``parse`` turns a text into a value or raises ValueError; ``examples`` are texts it accepts.
    """

    name: str
    help: str
    takes: str
    parse: Callable[[str], object]
    examples: tuple[str, ...] = ()


def parse_integer(text: str, minimum: int) -> int:
    """Return ``text`` as a whole number of at least ``minimum``."""
    if (number := int(text)) < minimum:
        raise ValueError(text)
    return number


def parse_confidence(text: str) -> float | None:
    """Return a number from 0 to 1, None for the measured threshold."""
    if text == MEASURED:
        return None
    if not 0 <= (number := float(text)) <= 1:
        raise ValueError(text)
    return number


def parse_choice(text: str) -> str:
    """Return ``text``, if it is one of the choices."""
    if text not in CHOICES:
        raise ValueError(text)
    return text


def parse_switch(text: str) -> bool:
    """Return True for "true", "on" and "yes", False for their opposites."""
    if text not in SWITCHES:
        raise ValueError(text)
    return SWITCHES[text]


def parse_path(text: str) -> tuple[Path, ...]:
    """Return a path, its ``~`` replaced by the home folder, as a tuple of one."""
    if not text or "\0" in text:
        raise ValueError(text)
    try:
        return (Path(text).expanduser(),)
    except RuntimeError as error:  # ~name of an unknown user
        raise ValueError(text) from error


def parse_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses in ``text``, with commas or blanks between them.

    Raises SettingError, which does not quote it, where there is a password among them.
    """
    if "@" in text:
        raise SettingError("engine", "one with a password", PLAIN_ADDRESSES)
    addresses = tuple(text.replace(",", " ").split())
    if not addresses or not all(each.startswith(("http://", "https://")) for each in addresses):
        raise ValueError(text)
    return addresses


def parse_name(text: str) -> str:
    """Return ``text`` without the blanks around it."""
    return text.strip()


def parse_seconds(text: str) -> float:
    """Return a time in seconds, above 0."""
    seconds = float(text)
    if not 0 < seconds < math.inf:
        raise ValueError(text)
    return seconds


def parse_folder(text: str) -> str:
    """Return the path of a folder, its ``~`` replaced by the home folder; "none" as it is."""
    return text if text == NO_RERANKER else str(parse_path(text)[0])


def parse_width(text: str) -> int:
    """Return a width in columns, 0 for that of the window."""
    return int(text) and parse_integer(text, MIN_WIDTH)


SETTINGS = (
    Setting(
        "library",
        "Files and folders to search if the command line names none; by default the bundled"
        " articles. A path may start with ~; a relative one starts at the"
        " config file's folder.",
        "a path or a list of paths",
        parse_path,
    ),
    Setting("limit", "The largest number of answers to show.", "a whole number from 1",
            lambda text: parse_integer(text, 1), ("1", "3", "5", "10")),
    Setting(
        "confidence",
        "Stay silent if the confidence of the best answer, its probability of being right, is"
        " lower; measured: the threshold measured on question sets.",
        f"a number from 0 to 1, or {MEASURED}",
        parse_confidence,
        (MEASURED, "0", "0.5", "0.9"),
    ),
    Setting("color", "Whether to use colours and bold text; auto: only on a terminal.",
            "auto, always or never", parse_choice, CHOICES),
    Setting("vi", "Whether the prompt has the keys of vi instead of those of Emacs.",
            "true or false", parse_switch, ("true", "false")),
    Setting("width", "The number of columns to wrap answers to; 0: the width of the window, but"
            f" at most {READING_WIDTH}.",
            f"0, or a whole number from {MIN_WIDTH}", parse_width, ("0", "72", "100")),
    Setting("plain", "Whether words replace symbols, and from the next conversation on plain lines"
            " the menus and the toolbar, as a screen reader needs; auto: only on a terminal that"
            " can do no more.",
            "auto, always or never", parse_choice, CHOICES),
    Setting("history", "Whether typed lines are kept for the next conversation. A line that begins"
            " with a blank never is. A change to true takes effect with the next conversation.",
            "true or false", parse_switch, ("true", "false")),
    Setting("engine", "The address of a cluster to search, or those of several nodes. User and"
            " password, or a key, are read from BOT_ENGINE_USER and BOT_ENGINE_PASSWORD, or from"
            " BOT_ENGINE_KEY, and never written here.",
            "addresses as https://host:9200", parse_addresses, ("http://localhost:9200",)),
    Setting("index", "The name of the library on the cluster.", "a name", parse_name, ("news",)),
    Setting("ca", "A file of certificates by which a cluster is trusted; by default the system's.",
            "the path of a file", parse_name, ("/etc/ssl/our-ca.pem",)),
    Setting("timeout", "How many seconds a request to the cluster may take, before another node is"
            " asked.",
            "a number of seconds above 0", parse_seconds, ("5", "10", "30")),
    Setting("reranker", "A folder with a model (model.onnx, tokenizer.json) that reads the ten"
            " best sentences with the question, to rank them by meaning, too; none: words alone."
            " It needs: pip install 'article-bot[rerank]'",
            "the path of a folder, or none", parse_folder, (NO_RERANKER,)),
    Setting("language", "The language in which questions are read, by its code or name; auto: that"
            " of the articles' languages which the words of each question tell. The language of an"
            " article is in its front matter or record, or told by its words.",
            f"{AUTO}, or a language as de or German", parse_name, (AUTO, "en", "de", "es", "fr")),
)  # fmt: skip
SETTINGS_BY_NAME = {setting.name: setting for setting in SETTINGS}


def parse_setting(name: str, text: str) -> Any:
    """Return the value of ``text`` for the setting ``name``, of the type of its field.

    Raises UnknownSettingError, and SettingError if the setting does not accept ``text``.
    """
    if name not in SETTINGS_BY_NAME:
        raise UnknownSettingError(name, text)
    try:
        return SETTINGS_BY_NAME[name].parse(text)
    except ValueError as error:
        raise SettingError(name, text, SETTINGS_BY_NAME[name].takes) from error


def replace_setting(settings: Settings, name: str, value: Any) -> Settings:
    """Return ``settings`` with the parsed ``value`` for one of them."""
    return settings._replace(**{name: value})


def format_value(value: object) -> str:
    """Return the value of a setting as a user would type it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    return MEASURED if value is None else str(value)
