"""An RTF document → its article: text in the fonts' encodings, tables' rows, notes of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, first_of
from bot.articles.docx import NO_LEVEL, TITLE_LEVEL, level_of_name, proper_title
from bot.articles.rtf_words import (
    CHARACTERS,
    CHARSETS,
    DROPPED,
    MACHINES,
    READ_ANYWAY,
    READ_TABLES,
    STATE_WORDS,
    SYMBOLS,
    find_codec,
)
from bot.errors import UnreadableFile

TOKEN_RE = re.compile(
    rb"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|([^a-zA-Z]))|([{}])|([^\\{}\r\n]+)"
)
# A million groups, one in another, take 3 s and 100 MB.
DEEPEST = 2_000_000


@dataclass(slots=True)
class _State:
    """The state that a group inherits from that around it."""

    codec: str = ""
    skip: int = 1
    dropped: bool = False
    hidden: bool = False
    table: str = ""
    note: bool = False
    style: int = -1


@dataclass(slots=True)
class _Text:
    """A paragraph that is being read: its text, and the bytes that are not yet decoded."""

    text: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    codec: str = ""


def read_rtf(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read an RTF document; its headings are places."""
    if not data.lstrip()[:5].lower().startswith(b"{\\rtf"):
        raise UnreadableFile(source, "no RTF document; rename it as what it is")
    reader = _Reader(source)
    reader.run(data)
    if not len(reader.built):
        raise UnreadableFile(source, "no text in it; are its pages pictures?")
    yield reader.built.build(
        first_of(reader.title, proper_title(reader.table_text("title"))) or file_title(source),
        source,
        metadata={"author": reader.table_text("author")},
    )


class _Reader:
    """Takes the tokens of a document one by one."""

    def __init__(self, source: str) -> None:
        self.built = ArticleBuilder()
        self.title = ""
        self._source = source
        self._state, self._states = _State(), list[_State]()
        self._owned = bytearray(b"\1")  # whether each group has a state of its own yet
        self._ansi = "cp1252"
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._font = self._style = 0
        self._begun = self._star = False
        self._to_skip = 0
        self._main, self._note = _Text(), _Text()
        self._notes: list[str] = []
        self._cells: list[str] = []
        self._tables: dict[str, _Text] = {}
        self._surrogate = 0

    def table_text(self, name: str) -> str:
        """Return the text of a group of the document's properties."""
        return self._flush(self._tables[name]) if name in self._tables else ""

    def run(self, data: bytes) -> None:
        """Read all tokens of a document."""
        for token in TOKEN_RE.finditer(data):
            code, word, number, symbol, brace, text = token.groups()
            if text is not None:
                self._take_bytes(text)
            elif code is not None:
                self._take_bytes(bytes((int(code, 16),)))
            elif brace:
                self._brace(brace)
            elif word:
                value = int(number) if number else None
                if word == b"bin":
                    continue  # its bytes read as text, in a picture, which is dropped
                self._word(word, value)
            else:
                self._symbol(symbol)
        self._end_paragraph()
        self._end_row()

    def _brace(self, brace: bytes) -> None:
        if brace == b"{":
            if len(self._states) >= DEEPEST:
                raise UnreadableFile(self._source, "nested too deep; save it anew")
            self._states.append(self._state)
            self._owned.append(False)
            self._begun, self._star = True, False
        elif self._states:
            inner, self._state = self._state, self._states.pop()
            self._owned.pop()
            ended = inner.note and not self._state.note
            if ended and (note := clean_text(self._flush(self._note))):
                self._notes.append(note)

    def _change(self) -> _State:
        """Return the state of the innermost group, its own, to be changed."""
        if not self._owned[-1]:
            self._owned[-1] = True
            self._state = replace(self._state)
        return self._state

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._star = self._begun
        elif symbol in SYMBOLS:
            self._take(SYMBOLS[symbol])
            if symbol in b"\r\n":
                self._end_paragraph()

    def _word(self, word: bytes, value: int | None) -> None:
        """Take a control word."""
        begun, star = self._begun or self._star, self._star
        self._begun = self._star = False
        if begun and word in READ_TABLES:
            state = self._change()
            state.table, state.dropped = READ_TABLES[word], False
            self._tables.setdefault(state.table, _Text())
        elif begun and (word in DROPPED or (star and word not in READ_ANYWAY)):
            self._change().dropped = True
        elif word == b"u" and value is not None:
            self._take_unicode(value)
        elif word in CHARACTERS:
            self._take(CHARACTERS[word])
        elif word == b"footnote":
            self._change().note = True
        elif not self._layout(word):
            self._property(word, 1 if value is None else value)

    def _layout(self, word: bytes) -> bool:
        """Take a word that ends a paragraph, cell or row."""
        if self._state.dropped or self._state.table:
            return False
        if word in (b"par", b"sect", b"page") and self._state.note:
            self._take(" ")
        elif word in (b"par", b"sect", b"page"):
            self._end_paragraph()
        elif word in (b"cell", b"nestcell"):
            self._cells.append(clean_text(self._flush(self._main)))
        elif word in (b"row", b"nestrow"):
            self._end_row()
        else:
            return False
        return True

    def _end_row(self) -> None:
        self.built.paragraph(" | ".join(filter(None, self._cells)))
        self._cells = []

    def _property(self, word: bytes, value: int) -> None:
        """Take a word that says how what follows is written."""
        if word == b"ansicpg":
            self._ansi = find_codec(f"cp{value}")
        elif word in MACHINES:
            self._ansi = MACHINES[word]
        elif word in (b"fcharset", b"cpg") and self._state.table == "fonts":
            self._fonts[self._font] = (
                find_codec(f"cp{value}") if word == b"cpg" else CHARSETS.get(value, "")
            )
        elif word in STATE_WORDS:
            self._set(self._change(), word, value)

    def _set(self, state: _State, word: bytes, value: int) -> None:
        """Change what the group's text is written in: font, style, whether it is hidden."""
        if word == b"f":
            self._font = value
            state.codec = self._fonts.get(value, "")
        elif word == b"uc":
            state.skip = max(0, min(value, 10))
        elif word == b"v":
            state.hidden = bool(value)
        elif word == b"plain":
            state.hidden, state.codec = False, ""
        else:
            state.style = self._style = value if word == b"s" else -1

    def _target(self) -> _Text | None:
        """Return where text goes now; None where it goes nowhere."""
        state = self._state
        if state.table:
            return self._tables[state.table]
        if state.dropped or state.hidden:
            return None
        return self._note if state.note else self._main

    def _take_bytes(self, text: bytes) -> None:
        self._begun = self._star = False
        if self._to_skip:
            skipped = min(self._to_skip, len(text))
            self._to_skip -= skipped
            text = text[skipped:]
        target = self._target()
        if target is None or not text:
            return
        if self._state.table == "styles" and b";" in text:
            self._take_style(text.partition(b";")[0])
            return
        codec = self._state.codec or self._ansi
        if codec != target.codec:
            _decode(target)
            target.codec = codec
        target.raw += text

    def _take_style(self, name: bytes) -> None:
        level = level_of_name(name.decode("latin-1").strip())
        if level != NO_LEVEL:
            self._levels[self._state.style] = level

    def _take(self, text: str) -> None:
        target = self._target()
        self._begun = False
        if target is not None:
            _decode(target)
            target.text.append(text)

    def _take_unicode(self, value: int) -> None:
        """Take a character by its number; halves of one beyond 65,535 are joined."""
        value &= 0xFFFF
        self._to_skip = self._state.skip
        if 0xD800 <= value < 0xDC00:
            self._surrogate = value
            return
        if 0xDC00 <= value < 0xE000:
            if not self._surrogate:
                return
            value = 0x10000 + ((self._surrogate - 0xD800) << 10) + value - 0xDC00
        elif 0xF020 <= value <= 0xF0FF:
            value -= 0xF000
        self._surrogate = 0
        self._take(chr(value))

    def _flush(self, target: _Text) -> str:
        _decode(target)
        text = "".join(target.text)
        target.text = []
        return text

    def _end_paragraph(self) -> None:
        text = clean_text(self._flush(self._main))
        level = self._levels.get(self._style, NO_LEVEL)
        if self._cells and text:
            self._cells.append(text)
        elif level == TITLE_LEVEL and text and not self.title:
            self.title = text
            self.built.title(text)
        elif level > 0:
            self.built.heading(text, level)
        else:
            self.built.paragraph(text)
        for note in self._notes:
            self.built.paragraph(note)
        self._notes = []


def _decode(target: _Text) -> None:
    """Decode the bytes of a paragraph that were gathered in one encoding."""
    if target.raw:
        target.text.append(bytes(target.raw).decode(target.codec or "cp1252", "replace"))
        target.raw.clear()
