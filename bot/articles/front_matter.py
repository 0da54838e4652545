"""What stands above a Markdown text: title, date, author, between "---" or "+++"."""

import re
import tomllib
from collections.abc import Iterator, Sequence

KEY_RE = re.compile(r"([A-Za-z_][\w-]*)\s*:(?:\s+(.*))?$")
LISTED_RE = re.compile(r"\s*-\s+(.*)$")
COMMENT_RE = re.compile(r"\s#.*$")


def parse_front_matter(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the entries, keys in lower case, and how many lines they take.

    Of YAML only plain entries are read, quoted values, and lists of such.
    """
    fence = lines[0].rstrip() if lines else ""
    if fence not in ("---", "+++"):
        return {}, 0
    closing = (fence, "...") if fence == "---" else (fence,)
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() in closing), 0)
    body = lines[1:end]
    entries = dict(_toml(body) if fence == "+++" else _yaml(body))
    return entries, end + 1 if entries else 0


def _yaml(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    key, listed = "", list[str]()
    for line in lines:
        entry, item = KEY_RE.match(line), LISTED_RE.match(line)
        if entry:
            key, listed = entry[1].lower(), []
            if value := _value(entry[2] or ""):
                yield key, value
        elif item and key:
            listed.append(_value(item[1]))
            yield key, ", ".join(listed)


def _value(written: str) -> str:
    written = written.strip()
    if written[:1] in ("'", '"'):
        return written[1:].partition(written[0])[0]
    written = COMMENT_RE.sub("", written)
    if written[:1] == "[" and written[-1:] == "]":
        return ", ".join(item.strip().strip("'\"") for item in written[1:-1].split(","))
    return "" if written in ("|", ">", "|-", ">-", "~", "null") else written


def _toml(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    try:
        table = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):  # what is no TOML is text
        return
    for key, value in table.items():
        if isinstance(value, list):
            yield key.lower(), ", ".join(map(str, value))
        elif not isinstance(value, dict):
            yield key.lower(), str(value)
