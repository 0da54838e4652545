"""Subtitles (.srt, .vtt) → an article: cues joined to sentences, each with its time."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, Where, clean_text, file_title
from bot.articles.encoding import decode
from bot.errors import UnreadableFile

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
TIMES_RE = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}")
TAG_RE = re.compile(r"<[^<>\n]{0,200}>|\{\\?[a-z]{1,3}\d?[^{}\n]{0,40}\}")
VOICE_RE = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>\n]{1,60})>")
DASH_RE = re.compile(r"^\s*[-–—‐]\s*(?=\S)", re.MULTILINE)
STOP_RE = re.compile(r"[.!?…。！？♪][\"'”’)\]]*$")
SOUND_RE = re.compile(r"^\W*[\[(♪][^\])]*[\])♪]?\W*$")
# After a sentence's end, so many seconds of silence end a paragraph, and so many characters.
SILENCE, LONG_ENOUGH = 2.0, 400


class Cue(NamedTuple):
    """A text that is shown from ``start`` to ``end``, in seconds."""

    start: float
    end: float
    text: str


def read_subtitles(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read subtitles; the times of the cues are the places."""
    built = ArticleBuilder()
    pieces: list[tuple[str, Where]] = []
    last: Cue | None = None
    for cue in cues(decode(data, source)):
        if last and cue.text == last.text:
            continue
        if last and _is_over(last, cue, pieces):
            built.pieces(pieces)
            pieces = []
        if SOUND_RE.match(cue.text) and not pieces:
            built.place("time", clock(cue.start))
            built.paragraph(cue.text, boilerplate=True)
            continue
        space = " " if pieces else ""
        pieces.append((space + cue.text, ("time", clock(cue.start))))
        last = cue
    if pieces:
        built.pieces(pieces)
    if not len(built):
        raise UnreadableFile(source, "no subtitles: no line in it has times")
    yield built.build(file_title(source), source)


def cues(text: str) -> Iterator[Cue]:
    """Yield the cues of a file, in their order; their tags and speakers' dashes are gone."""
    start = end = 0.0
    lines: list[str] | None = None
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        times = TIMES_RE.match(line)
        if times or not line.strip():
            if lines is not None and (shown := _clean("\n".join(lines))):
                yield Cue(start, end, shown)
            lines = None
        if times:
            lines = []
            start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
        elif lines is not None:
            lines.append(line)


def clock(seconds: float) -> str:
    """Return a time as "00:13:05"."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _seconds(groups: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in groups)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _clean(text: str) -> str:
    text = TAG_RE.sub("", VOICE_RE.sub(r"\1: ", text))
    return clean_text(unescape(DASH_RE.sub("", text)))


def _is_over(last: Cue, cue: Cue, pieces: Sequence[tuple[str, Where]]) -> bool:
    """Whether a paragraph ends between two cues."""
    if not STOP_RE.search(last.text):
        return False
    return cue.start - last.end >= SILENCE or sum(len(text) for text, _ in pieces) > LONG_ENOUGH
