"""The text of a mail → what its writer wrote, and what is quoted, a patch, a signature."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.articles.article import Role
from bot.articles.paragraphs import find_paragraphs

QUOTE_RE = re.compile(r"[ \t]{0,3}(?:>|\|(?=\s))")
# The line above a quoted mail: "On 3 May 2023, Ann wrote:", in the languages that programs have.
WROTE_RE = re.compile(
    r"(?i)^(?:on\b.{5,200}\bwrote|am\b.{5,200}\bschrieb\b.{0,80}|le\b.{5,200}\ba écrit|"
    r"el\b.{5,200}\bescribió|il\b.{5,200}\bha scritto|em\b.{5,200}\bescreveu|"
    r"op\b.{5,200}\bschreef\b.{0,80}|den\b.{5,200}\bskrev\b.{0,80}|"
    r".{3,200}\b(?:wrote|schrieb|a écrit|escribió|skrev|пишет|писал\(а\)|написал))\s?:\s*$"
)
WROTE_START_RE = re.compile(r"(?i)^(?:on|am|le|el|il|em|op|den)\b.*(?:\d|@|,)")
# What stands above a whole mail that is quoted without marks, as Outlook does.
ORIGINAL_RE = re.compile(
    r"(?i)^\s*(?:-{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|"
    r"message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|"
    r"исходное сообщение)\s*-{2,}|_{20,})\s*$"
)
HEADERS_RE = re.compile(r"(?i)^\*?(?:from|von|de|da|van|от)\s?:\*?\s.+")
HEADER_RE = re.compile(
    r"(?i)^\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|"
    r"asunto|inviato|a|oggetto|verzonden|aan|onderwerp|отправлено|кому|тема)\s?:\*?\s.+"
)
SIGNATURE_RE = re.compile(r"^--\s*$|^_{3,}\s?$")
SENT_FROM_RE = re.compile(
    r"(?i)^(?:sent from (?:my|the|yahoo|mail)|von meinem .{2,30} gesendet|envoyé de mon|"
    r"enviado desde mi|get outlook for|gesendet mit)\b.{0,80}$"
)
# What a mailing list adds below.
LIST_RE = re.compile(r"^(?:_{20,}|-{20,}|={20,}|~{20,})\s*$")
# A signature longer than this is none: a line of dashes stands in the text.
LONGEST_SIGNATURE = 25
# Of a body that is nothing else: many lists add their foot as a part of its own.
LONGEST_FOOT = 6
# A patch begins with the files that it changes, and goes on in lines that have a mark of their own.
PATCH_START_RE = re.compile(
    r"diff --git \S|Index: \S+\s*\n=|--- \S.*\n\+\+\+ \S|---\n \S.* \|\s+\d|"
    r" \S+ +\|\s+\d+ ?[+-]*\n \S+ +\|\s+\d+ [+-]+$"
)
PATCH_LINE_RE = re.compile(
    r"[ +\\-]|\s*$|@@|=|(?:diff|index|old mode|new mode|new file|deleted file|similarity|rename|"
    r"copy|Index:|Binary files|GIT binary) ?"
)


class Part(NamedTuple):
    """A paragraph that was written, lines of code, or lines that stand around as they were."""

    text: str
    role: Role


def unflow(text: str, delete_space: bool = False) -> str:
    r"""Return a text in the format "flowed" (RFC 3676) with its paragraphs on one line each.

    >>> unflow("It runs \non.\n> quoted \n> too")
    'It runs on.\n> quoted too'
    """
    lines: list[str] = []
    last_depth, open_line = -1, False
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        bare = line[depth:].removeprefix(" ")
        flowed = line.endswith(" ") and bare.rstrip() != "--"
        if open_line and depth == last_depth and bare != "-- ":
            lines[-1] += bare
        else:
            lines.append(">" * depth + (" " if depth else "") + bare)
        if flowed and delete_space:
            lines[-1] = lines[-1][:-1]
        open_line, last_depth = flowed, depth
    return "\n".join(lines)


def split_mail(text: str) -> Iterator[Part]:
    """Yield the paragraphs of a mail in order, and what it quotes, patches and signs."""
    lines = text.split("\n")
    roles = find_roles(lines)
    start = 0
    for row in range(1, len(lines) + 1):
        if row == len(lines) or roles[row] != roles[start]:
            piece = "\n".join(lines[start:row])
            if roles[start] is Role.STORY:
                for begin, end, _ in find_paragraphs(piece):
                    yield Part(piece[begin:end], Role.STORY)
            elif piece.strip():
                yield Part(piece, roles[start])
            start = row


def find_roles(lines: Sequence[str]) -> list[Role]:
    """Return the role of each line of a mail."""
    roles = [Role.FRAME if marked else Role.STORY for marked in mark_lines(lines)]
    row = 0
    while row < len(lines):
        if roles[row] is Role.STORY and PATCH_START_RE.match("\n".join(lines[row : row + 2])):
            while row < len(lines) and _is_in_patch(lines, row):
                if roles[row] is Role.STORY:
                    roles[row] = Role.CODE
                row += 1
        row += 1
    return roles


def _is_in_patch(lines: Sequence[str], row: int) -> bool:
    """Whether a patch goes on in a line: it has a mark, or was cut from the marked one above it."""
    following = lines[row + 1] if row + 1 < len(lines) else ""
    return bool(
        PATCH_LINE_RE.match(lines[row]) or (following.strip() and PATCH_LINE_RE.match(following))
    )


def mark_lines(lines: Sequence[str]) -> list[bool]:
    """Tell of each line of a mail whether it is quoted, or of a signature."""
    marked = [bool(QUOTE_RE.match(line)) for line in lines]
    for row, line in enumerate(lines):
        if not marked[row] and _is_attribution(lines, marked, row):
            marked[row] = True
            if not line.rstrip().endswith(":"):
                marked[row + 1] = True
    _mark_from(marked, _original(lines, marked))
    _mark_signature(lines, marked)
    return marked


def _is_attribution(lines: Sequence[str], marked: Sequence[bool], row: int) -> bool:
    """Whether a line, or it and the next, says whose words are quoted below it."""
    line = lines[row].strip()
    if not line or len(line) > 300:
        return False
    following = lines[row + 1].strip() if row + 1 < len(lines) else ""
    if WROTE_RE.match(line):
        below = row + 1
    elif WROTE_START_RE.match(line) and WROTE_RE.match(f"{line} {following}"):
        below = row + 2
    else:
        return False
    while below < len(lines) and not lines[below].strip():
        below += 1
    return below < len(lines) and marked[below]


def _original(lines: Sequence[str], marked: Sequence[bool]) -> int:
    """Return the line from which on a whole mail is quoted, else how many lines there are."""
    written = False
    for row, line in enumerate(lines):
        if written and ORIGINAL_RE.match(line) and not LIST_RE.match(line):
            return row
        if written and HEADERS_RE.match(line) and _has_headers(lines, row + 1):
            return row
        written = written or bool(line.strip() and not marked[row])
    return len(lines)


def _has_headers(lines: Sequence[str], row: int) -> bool:
    return sum(bool(HEADER_RE.match(line)) for line in lines[row : row + 5]) >= 2


def _mark_from(marked: list[bool], row: int) -> None:
    marked[row:] = [True] * (len(marked) - row)


def _mark_signature(lines: Sequence[str], marked: list[bool]) -> None:
    """Mark a signature: from the last "-- " on, a phone's line, the foot of a mailing list."""
    rows = [row for row, line in enumerate(lines) if SIGNATURE_RE.match(line) and not marked[row]]
    for row in rows:
        own = [each for each in range(row, len(lines)) if not marked[each]]
        if len(own) <= (LONGEST_SIGNATURE if row else LONGEST_FOOT):
            for each in own:
                marked[each] = True
            break
    for row, line in enumerate(lines):
        if SENT_FROM_RE.match(line.strip()):
            marked[row] = True
