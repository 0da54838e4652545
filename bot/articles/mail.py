"""E-mail → an article a message: .eml, mbox, and MHTML, the MIME of saved web pages."""

import datetime
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from bot.articles.article import Article, Role
from bot.articles.builder import ArticleBuilder, clean_text, file_title, part_source
from bot.articles.encoding import decode
from bot.articles.formats import read_part
from bot.articles.html import append_html, parse_html
from bot.articles.html_guard import decode_page, web_codec
from bot.articles.mail_text import Part, split_mail, unflow
from bot.articles.timestamps import parse_date
from bot.errors import UnreadableFile

FROM_RE = re.compile(rb"(?:\A|(?<=\n))From [^\r\n]*\r?\n(?=[!-9;-~]+:[ \t])")
QUOTED_FROM_RE = re.compile(rb"(?m)^>(>*From )")
# email's parser calls itself for each level, and looks at every line once a level: 3,000 levels
# take 5 s, and end in a RecursionError. No program nests ten.
MULTIPART_RE = re.compile(rb"(?mi)^content-type:\s*(?:multipart/|message/rfc822)")
MOST_PARTS, DEEPEST = 200, 30
PART_RE = re.compile(rb"(?mi)^content-type:")
MOST_LEAVES = 5_000
# email's parsers of headers take quadratic time, and call themselves for each bracket.
LONGEST_HEADER = 2_000
MOST_ATTACHMENTS = 500
# What readers of other formats make of a part without a name, by its type.
SUFFIXES = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "application/epub+zip": ".epub",
}
UNREAD = frozenset(("image", "audio", "video", "font"))


def read_eml(data: bytes, source: str, depth: int = 0) -> Iterator[Article | UnreadableFile]:
    """Read a message; its attachments are articles of their own."""
    yield from _read_message(data, source, "", depth)


def read_mbox(data: bytes, source: str, depth: int = 0) -> Iterator[Article | UnreadableFile]:
    """Read a mailbox; the messages in it are counted from 1."""
    starts = [match.span() for match in FROM_RE.finditer(data)]
    if not starts:
        raise UnreadableFile(source, "no mailbox: no line in it begins with 'From '")
    ends = [start for start, _ in starts[1:]] + [len(data)]
    for number, ((_, start), end) in enumerate(zip(starts, ends, strict=True), 1):
        message = QUOTED_FROM_RE.sub(rb"\1", data[start:end])
        try:
            yield from _read_message(message, source, str(number), depth)
        except UnreadableFile as fault:
            yield UnreadableFile(part_source(source, str(number)), fault.fault)


def read_mhtml(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a web page that was saved as MIME: the first page in it; the others are its frames."""
    message = _parse(data, source)
    for part in _walk(message, source):
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            page = decode_page(_content(part), source, _charset(part))
            yield parse_html(page, source)
            return
    raise UnreadableFile(source, "no web page in it")


def _read_message(
    data: bytes, source: str, part: str, depth: int
) -> Iterator[Article | UnreadableFile]:
    """Yield the article of a message, then those of its attachments."""
    message = _parse(data, source)
    if not message.keys():
        raise UnreadableFile(source, "no e-mail: it begins with no header")
    here = part_source(source, part)
    bodies: list[Message] = []
    attached: list[Message] = []
    for leaf in _walk(message, here):
        (attached if _is_attachment(leaf) else bodies).append(leaf)
    built = ArticleBuilder()
    if part:
        built.place("message", int(part))
    for leaf in _choose_bodies(bodies):
        _append_body(built, leaf, here)
    subject = header(message, "subject")
    if len(built):
        yield _article(built, message, subject, source, part)
    elif not attached:
        yield UnreadableFile(here, "no text in it")
    yield from _read_attachments(attached, here, depth)


def _article(
    built: ArticleBuilder, message: Message, subject: str, source: str, part: str
) -> Article:
    """Return the article of a message whose text was taken."""
    link = header(message, "content-location") or header(message, "archived-at").strip("<>")
    return built.build(
        subject or ("" if part else file_title(source)),
        source,
        part=part,
        date=_date(header(message, "date")),
        metadata={
            "author": names_of(header(message, "from")),
            "to": header(message, "to")[:500],
        },
        link=link if link.startswith(("http://", "https://")) else "",
    )


def names_of(addresses: str) -> str:
    """Return the names in a header of addresses; of an address without one, it itself.

    >>> names_of("Ann Lee <ann@example.org>, bo@example.org")
    'Ann Lee, bo@example.org'
    """
    try:
        people = getaddresses([addresses])
    except (RecursionError, ValueError, IndexError):
        return ""
    return ", ".join(filter(None, (clean_text(name) or address for name, address in people)))


def _parse(data: bytes, source: str) -> Message:
    """Return the message that ``data`` holds. Raises UnreadableFile."""
    if len(MULTIPART_RE.findall(data)) > MOST_PARTS:
        raise UnreadableFile(source, "nested too deep: a message of hundreds of parts")
    if len(PART_RE.findall(data)) > MOST_LEAVES:
        raise UnreadableFile(source, "a message of thousands of parts; save them one by one")
    try:
        return message_from_bytes(data)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError) as error:
        raise UnreadableFile(source, "no e-mail that can be read; save it anew") from error


def _walk(message: Message, source: str) -> Iterator[Message]:
    """Yield the leaves of a message; a message within is one, with its own parts."""
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST:
            raise UnreadableFile(source, "nested too deep; save its parts one by one")
        inner = part.get_payload()
        if isinstance(inner, list):
            parts = [each for each in inner if isinstance(each, Message)]
            if part.get_content_type() == "multipart/alternative":
                for each in parts:
                    each.add_header("X-Alternative", str(id(part)))
            waiting += [(each, depth + 1) for each in reversed(parts)]
        else:
            yield part


def header(message: Message, name: str) -> str:
    """Return a header decoded, on one line; "" if there is none."""
    try:
        values = message.get_all(name, [])
        return clean_text(" ".join(map(decode_words, values[:20])))
    except (ValueError, LookupError, TypeError, AttributeError):  # email's parser of a damaged one
        return ""


def decode_words(value: object) -> str:
    r"""Return a header's text: of RFC 2047's words, and of bytes that are no ASCII.

    >>> decode_words("=?iso-8859-1?q?Caf=E9?= =?utf-8?b?IMKr?=")
    'Café «'
    """
    whole = str(value)[:LONGEST_HEADER]
    text = whole.encode("utf-8", "surrogateescape")
    if "=?" not in whole:
        return decode_bytes(text, "")
    try:
        words = decode_header(text.decode("utf-8", "replace").replace("\n", " "))
    except (MessageError, ValueError):
        return decode_bytes(text, "")
    return "".join(
        word if isinstance(word, str) else decode_bytes(word, charset or "")
        for word, charset in words
    )


def decode_bytes(data: bytes, charset: str) -> str:
    """Return text in the encoding that ``charset`` means or, where that fails, in that it is in."""
    codec = web_codec(charset)
    if codec and codec != "ascii":
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            if codec != "utf-8":
                return data.decode(codec, "replace")
    try:
        return decode(data, "")
    except UnreadableFile:
        return ""


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    try:
        return clean_text(decode_words(part.get_filename() or ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _is_attachment(part: Message) -> bool:
    """Whether a part is a file of its own: it says so, or is of no text that is shown."""
    shown = part.get_content_type() in ("text/plain", "text/html", "text/enriched")
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return not shown or disposition.startswith("attachment") or bool(_name(part) and not shown)


def _choose_bodies(bodies: list[Message]) -> Iterator[Message]:
    """Yield the bodies that are read: of alternatives the plain text, unless it is empty."""
    groups: dict[str, list[Message]] = {}
    for number, part in enumerate(bodies):
        groups.setdefault(str(part.get("X-Alternative", number)), []).append(part)
    for parts in groups.values():
        filled = [part for part in parts if _content(part).strip()]
        plain = [part for part in filled if part.get_content_type() == "text/plain"]
        if len(parts) > 1:
            yield from (plain or filled)[:1]
        else:
            yield from filled


def _append_body(built: ArticleBuilder, part: Message, source: str) -> None:
    """Append a body: what was written; what it quotes, and its signature, as boilerplate."""
    content, charset = _content(part), _charset(part)
    if part.get_content_type() == "text/html":
        if content.strip():
            page = decode_page(content, source, charset)
            append_html(built, page, source, quotes=True, unit="")
        return
    text = decode_bytes(content, charset).replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflow(text, str(part.get_param("delsp", "")).lower() == "yes")
    _append_parts(built, split_mail(text))


def _append_parts(built: ArticleBuilder, parts: Iterator[Part]) -> None:
    for text, role in parts:
        if role is Role.STORY:
            built.paragraph(text)
        elif role is Role.CODE:
            built.code(text)
        else:
            built.lines(text, boilerplate=True)


def _date(written: str) -> datetime.date | None:
    """Return the date on which a message was sent, in its sender's time."""
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return parse_date(written)


def _read_attachments(
    attached: list[Message], source: str, depth: int
) -> Iterator[Article | UnreadableFile]:
    """Yield the articles of attached files, each by the reader of its suffix."""
    for number, part in enumerate(attached[:MOST_ATTACHMENTS], 1):
        if part.get_content_maintype() in UNREAD:
            continue
        kind = part.get_content_type()
        name = _name(part) or f"attachment-{number}{SUFFIXES.get(kind, '')}"
        if content := _content(part):
            yield from read_part(name, content, f"{source}/{name}", depth + 1)
    if len(attached) > MOST_ATTACHMENTS:
        yield UnreadableFile(
            source, f"more than {MOST_ATTACHMENTS} attachments; the rest is unread"
        )
