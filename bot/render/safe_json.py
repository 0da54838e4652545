"""JSON that is safe to print: no character of it controls a terminal."""

import json
import re

# Characters that JSON may hold unescaped, but that control a terminal.
UNSAFE_RE = re.compile("[\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
# Bytes of an argument or a file name that are not UTF-8; no JSON parser has to accept them.
SURROGATE_RE = re.compile("[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """Return ``text`` with U+FFFD for each byte that was not UTF-8, as standard input has it."""
    return SURROGATE_RE.sub("\ufffd", text)


def dump_json(value: object, *, ascii_only: bool = False) -> str:
    r"""Return ``value`` as one line of JSON that is safe to print on a terminal.

    >>> dump_json({"question": "caf\udce9 ☕"}, ascii_only=True)
    '{"question": "caf\\ufffd \\u2615"}'
    """
    text = replace_surrogates(json.dumps(value, ensure_ascii=False, allow_nan=False))
    if ascii_only:
        text = json.dumps(json.loads(text))
    return UNSAFE_RE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
