"""The marks of Markdown's dialects: lines and spans that a page does not show."""

import re
from typing import NamedTuple


class LineMark(NamedTuple):
    """A line that is a mark: its pattern's group "title", if there is one, is displayed."""

    dialect: str
    pattern: str
    has_indented_body: bool = False


class InlineMark(NamedTuple):
    """A mark within text, and its replacement as ``re.sub`` takes it.

    Only a text with ``sign`` is searched for the pattern.
    """

    dialect: str
    sign: str
    pattern: str
    replacement: str


LINE_MARKS = (
    LineMark("MkDocs", r'(?:!!!|\?\?\?\+?)\s+[\w -]+?(?:\s+"(?P<title>[^"]*)")?', True),
    LineMark("MkDocs", r'===[!+]?\s+"(?P<title>[^"]*)"', True),
    LineMark("MkDocs", r"\[TOC\]|-{1,3}8<-{1,3}.*"),
    LineMark("Obsidian", r"\[!\w+(?:\|[^\]]*)?\][-+]?(?:\s+(?P<title>.*))?"),
    LineMark("Logseq", r"(?:[-*]\s+)?(?:id|collapsed|created-at|updated-at):: .*"),
    LineMark("Pandoc", r":{3,}\s*(?:\{[^{}]*\}|[\w-]*)\s*(?::{3,})?"),
    LineMark("Docusaurus", r":{3,}\s*[\w-]+\[(?P<title>[^\]]*)\].*"),
    LineMark("Docusaurus", r":{3,}\s*[\w-]+(?:\s+(?P<title>[^{}]*?))?(?:\s*\{.*\})?"),
    LineMark("Docusaurus", r"import\s+[\w{][^'\"]*\sfrom\s+['\"][^'\"]+['\"];?|export\s+const\s.*"),
    LineMark("Hugo", r'\{\{[<%]\s*figure\b.*?\bcaption="(?P<title>[^"]*)".*[>%]\}\}'),
    LineMark("Hugo", r"(?:\{\{[<%].*?[>%]\}\}\s*)+"),
    LineMark("Jekyll", r"(?:\{%.*?%\}\s*)+|\{:[^{}]*\}|\{::[^{}]*\}"),
)  # fmt: skip
INLINE_MARKS = (
    InlineMark("Obsidian", "%%", r"%%[^%]*%%", ""),
    InlineMark("Obsidian", "![[", r"!\[\[[^\[\]|]+\.\w{2,5}(?:\|[^\[\]]*)?\]\]", ""),
    InlineMark("Obsidian", "[[", r"!?\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]", r"\1"),
    InlineMark("Obsidian", "==", r"==(?=\S)([^=\n]+?)(?<=\S)==", r"\1"),
    InlineMark("Obsidian", "^", r"\^(?<!\S\^)[A-Za-z0-9-]+[ \t]*(?=\n|$)", ""),
    InlineMark("Hugo", "{{", r"\{\{[<%][^{}]*[>%]\}\}", ""),
    InlineMark("Jekyll", "{", r"\{%[^{}]*%\}|\{:[^{}\n]*\}", ""),
    InlineMark("Pandoc", "{", r"(?<=[\])\w*`])[ ]?\{[#.][^{}\n]*\}", ""),
    InlineMark("Pandoc", "{", r"\[([^\[\]]+)\](?=\{[.#][^{}\n]*\})", r"\1"),
    InlineMark("MkDocs", "*[", r"(?m)^\*\[([^\[\]\n]+)\]:", r"\1:"),
    InlineMark("MkDocs", ":", r":(?<!\w:)(?:material|octicons|fontawesome)-[\w-]+:(?:\{[^{}]*\})?",
               ""),
)  # fmt: skip


COMPILED_LINE_MARKS = tuple((re.compile(rf"\s*(?:{mark.pattern})\s*"), mark) for mark in LINE_MARKS)
COMPILED_INLINE_MARKS = tuple(
    (mark.sign, re.compile(mark.pattern), mark.replacement) for mark in INLINE_MARKS
)
# The first character of every line mark, and characters of which every inline mark has one.
LINE_OPENINGS = frozenset("!?=[:{")
LINE_WORDS = ("import ", "export ")
INLINE_CHARACTERS = frozenset("%[={^:")


class MatchedMark(NamedTuple):
    """The title that a mark displays, and whether the indented lines below are its text."""

    title: str
    has_indented_body: bool


def match_line_mark(line: str) -> MatchedMark | None:
    """Return the mark that ``line`` is, or None.

    >>> match_line_mark('!!! warning "Hot"')
    MatchedMark(title='Hot', has_indented_body=True)
    >>> match_line_mark("Text {: .x}") is None
    True
    """
    if line.lstrip()[:1] not in LINE_OPENINGS and not (
        ":: " in line or "8<-" in line or line.startswith(LINE_WORDS)
    ):
        return None
    for pattern, mark in COMPILED_LINE_MARKS:
        if match := pattern.fullmatch(line):
            title = match.groupdict().get("title") or ""
            return MatchedMark(title.strip(), mark.has_indented_body)
    return None


def strip_dialect_marks(text: str) -> str:
    """Return ``text`` without the marks of dialects within it.

    >>> strip_dialect_marks("The ==roof== of [[Dora Milch|Dora]] {{< icon >}} ^id1")
    'The roof of Dora  '
    """
    if INLINE_CHARACTERS.isdisjoint(text):
        return text
    for sign, pattern, replacement in COMPILED_INLINE_MARKS:
        if sign in text:
            text = pattern.sub(replacement, text)
    return text
