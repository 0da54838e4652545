"""Front matter: the title, date and author above a Markdown text, in YAML or TOML."""

import re
import tomllib
from collections.abc import Iterator, Sequence

import yaml

try:
    from yaml import CBaseLoader as Loader  # ten times as fast: 54 µs for four entries
except ImportError:  # PyYAML was built without libyaml
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

CLOSING_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
# Keys of one word only: a sentence with a colon between two horizontal rules is text.
KEY_RE = re.compile(r"[A-Za-z_][\w-]*")
ENTRY_RE = re.compile(r"([A-Za-z_][\w-]*)\s*:\s+(.*)")
NULLS = frozenset({"", "~", "null"})
# More than this between two fences is the article itself; and YAML of deep lists takes 10 µs a
# character.
MAX_LINES, MAX_LENGTH = 1_000, 50_000


def parse_front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the entries, keys in lower case, and the number of lines that they take.

    A list is joined with ", ", a mapping within an entry left out. Lines that are neither YAML
    nor TOML are text, as between two horizontal rules: no entries and 0 lines.
    """
    fence = lines[0].rstrip()
    closing = CLOSING_FENCES.get(fence, ())
    end = next((i for i in range(1, len(lines[:MAX_LINES])) if lines[i].rstrip() in closing), 0)
    if sum(map(len, lines[1:end])) > MAX_LENGTH:
        return {}, 0
    table = _load_toml(lines[1:end]) if fence == "+++" else _load_yaml(lines[1:end])
    entries = dict(_entries(table))
    return entries, end + 1 if entries else 0


def _entries(table: object) -> Iterator[tuple[str, str]]:
    for key, value in table.items() if isinstance(table, dict) else ():
        text = ", ".join(_leaves(value))
        if text and KEY_RE.fullmatch(key):
            yield key.lower(), text


def _leaves(value: object) -> Iterator[str]:
    """Yield the values in a list, or in a list of lists."""
    if isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif not isinstance(value, dict) and (text := " ".join(str(value).split())) not in NULLS:
        yield text


def _load_yaml(lines: Sequence[str]) -> object:
    try:
        return _load_without_aliases("\n".join(lines))
    except (yaml.YAMLError, RecursionError):
        try:
            return _load_without_aliases("\n".join(map(_quote_if_invalid, lines)))
        except (yaml.YAMLError, RecursionError):
            return None


def _load_without_aliases(text: str) -> object:
    """Return the YAML in ``text``, its scalars as strings.

    Raises YAMLError, also for an alias: ten lines of them can stand for a billion values.
    """
    if "*" in text and any(
        isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader)
    ):
        raise yaml.YAMLError("aliases are not supported")
    return yaml.load(text, Loader)


def _quote_if_invalid(line: str) -> str:
    """Quote a value that YAML refuses and people write: ``title: Rain: a history``."""
    entry = ENTRY_RE.fullmatch(line)
    if not entry:
        return line
    try:
        _load_without_aliases(line)
    except (yaml.YAMLError, RecursionError):
        value = entry[2].strip().replace("'", "''")
        return f"{entry[1]}: '{value}'"
    return line


def _load_toml(lines: Sequence[str]) -> object:
    try:
        return tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return None
