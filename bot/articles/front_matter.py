"""Front matter: the title, date and author above a Markdown text, in YAML or TOML."""

import re
import tomllib
from collections.abc import Iterator, Sequence

import yaml

try:
    from yaml import CBaseLoader as Loader  # ten times as fast: 54 µs for four entries
except ImportError:  # PyYAML was built without libyaml
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

CLOSING_FENCES: dict[str, tuple[str, ...]] = {"---": ("---", "..."), "+++": ("+++",)}
# Keys of one word only: a sentence with a colon between two horizontal rules is text.
KEY_RE = re.compile(r"[A-Za-z_][\w-]*")
ENTRY_RE = re.compile(r"([A-Za-z_][\w-]*)\s*:\s+(.*)")
TOML_ENTRY_RE = re.compile(r"([A-Za-z_][\w-]*)\s*=\s*(.*)")
# Entries that are read elsewhere, or that tell a program what to do with the page.
LAYOUT_KEYS = frozenset(
    "title date author authors by byline layout type template tags tag categories category "
    "keywords aliases alias slug permalink url id uid weight draft published publish lang language "
    "cssclass cssclasses image cover thumbnail banner sidebar_position sidebar_label toc comments "
    "math created modified updated lastmod last_modified_at output pagetitle redirect_from".split()
)
SUMMARY_KEYS = frozenset("summary description abstract excerpt subtitle lead tldr".split())
BLOCK_SCALAR_RE = re.compile(r"[>|][+-]?\d?")
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


def front_matter_lines(lines: Sequence[str]) -> list[str]:
    r"""Return the entries in ``lines`` that may answer, each on its line, as Markdown; "" else.

    >>> front_matter_lines(["---", "layout: post", "summary: >", "  It rained.", "---"])
    ['', '', '', 'It rained.', '']
    """
    texts = [""] * len(lines)
    key = ""
    entry_re = TOML_ENTRY_RE if lines[0].startswith("+++") else ENTRY_RE
    for row, line in enumerate(lines):
        entry = entry_re.fullmatch(line)
        value = entry[2].strip().strip("\"'") if entry else ""
        key = entry[1].lower() if entry else key if line[:1].isspace() else ""
        if key in SUMMARY_KEYS:
            texts[row] = value if entry else line.strip()
            texts[row] = "" if BLOCK_SCALAR_RE.fullmatch(texts[row]) else texts[row]
        elif entry and key not in LAYOUT_KEYS and value[:1] not in "[{>|&*!":
            texts[row] = f"- {key}: {value}"
    return texts
