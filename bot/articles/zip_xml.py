"""A zip of XML files, as DOCX, ODT, PPTX and EPUB are → its members, read within limits.

XML is read as a stream of tags: no tree is built, so that no depth and no size fills the memory.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol
from urllib.parse import unquote
from xml.etree.ElementTree import ParseError, XMLParser

from bot.errors import UnreadableFile

# Of all that is read of one file, unpacked.
LARGEST_UNPACKED = 100_000_000
CHUNK = 65_536
# A million elements take 2 s; a novel of 500 pages has a fifth of them.
MOST_ELEMENTS = 1_000_000
# No document that a program wrote is nested so deep.
DEEPEST = 1_000
ENTITIES = tuple("<!ENTITY".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
# How the containers begin in which Office keeps a document with a password, or one of before 2007.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Handler(Protocol):
    """Takes the tags of an XML file one by one, without their namespaces."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element's begin."""

    def end(self, tag: str) -> None:
        """Take an element's end."""

    def data(self, text: str) -> None:
        """Take some text."""


class ZipPackage:
    """The members of a zip in memory; what is unpacked of it is limited in all."""

    def __init__(self, data: bytes, source: str, kind: str) -> None:
        if data.startswith(OLE):
            raise UnreadableFile(
                source, f"password-protected, or no {kind}; save it anew without a password"
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise UnreadableFile(
                source, f"damaged, or no {kind}; open it in its program and save it anew"
            ) from error
        self.source = source
        self.names: dict[str, None] = dict.fromkeys(info.filename for info in self._zip.infolist())
        self._left = LARGEST_UNPACKED

    def __contains__(self, name: str) -> bool:
        """Whether there is a member ``name``."""
        return name in self.names

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the content of a member, piece by piece. Raises UnreadableFile."""
        try:
            with self._zip.open(name) as member:
                while piece := member.read(CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise UnreadableFile(self.source, "larger than 100 MB inside; split it")
                    yield piece
        except KeyError as error:
            raise UnreadableFile(self.source, f"damaged: {name} is missing in it") from error
        except RuntimeError as error:  # zipfile's word for a password, and for unknown packing
            raise UnreadableFile(
                self.source, "password-protected; save it without a password"
            ) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise UnreadableFile(self.source, f"damaged: {name} cannot be unpacked") from error

    def read_member(self, name: str) -> bytes:
        """Return the content of a member. Raises UnreadableFile."""
        return b"".join(self.chunks(name))

    def parse(self, name: str, handler: Handler) -> None:
        """Give the tags of the XML member ``name`` to ``handler``. Raises UnreadableFile."""
        parse_xml(self.chunks(name), handler, self.source, f" in {name}")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the relations of an Office member: by id its kind and the member it leads to."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        found = _Relations(folder)
        if path in self:
            self.parse(path, found)
        return found.targets

    def find_related(self, name: str, kind: str, default: str = "") -> str:
        """Return the first member of that kind that ``name`` leads to, else ``default``."""
        targets = [target for each, target in self.relations(name).values() if each == kind]
        return next((target for target in targets if target in self), default)


class _Relations:
    """Takes a .rels member of an Office file."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a relation; those to other files than this are none."""
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = join_path(self._folder, attributes.get("Target", ""))
            self.targets[attributes.get("Id", "")] = (kind, target)

    def end(self, tag: str) -> None:
        """Take an element's end."""

    def data(self, text: str) -> None:
        """Take some text."""


class TextOf:
    """Takes the text of an XML file's elements, by tag: of a document's properties."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._tags: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - of Handler
        """Take an element's begin."""
        self._tags.append(tag)

    def end(self, tag: str) -> None:  # noqa: ARG002 - of Handler
        """Take an element's end."""
        self._tags.pop()

    def data(self, text: str) -> None:
        """Take some text of the innermost element."""
        if self._tags:
            self.texts[self._tags[-1]] = self.texts.get(self._tags[-1], "") + text

    def get(self, *tags: str) -> str:
        """Return the text of the first of ``tags`` that has some."""
        return next(filter(None, (self.texts.get(tag, "").strip() for tag in tags)), "")


class _Target:
    """Hands tags on without their namespaces, and stops where there are too many."""

    def __init__(self, handler: Handler, source: str) -> None:
        self._handler, self._source = handler, source
        self._left, self._depth = MOST_ELEMENTS, 0
        self.data = handler.data

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        self._depth += 1
        if self._left < 0:
            raise UnreadableFile(self._source, "more than a million elements; split it")
        if self._depth > DEEPEST:
            raise UnreadableFile(self._source, "nested too deep; save it anew")
        self._handler.start(tag.rpartition("}")[2], bare_names(attributes))

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._handler.end(tag.rpartition("}")[2])


def bare_names(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes without namespaces; Office's r:id, beside an id, is "relation"."""
    return {
        "relation" if key.endswith("/relationships}id") else key.rpartition("}")[2]: value
        for key, value in attributes.items()
    }


def parse_xml(pieces: Iterator[bytes], handler: Handler, source: str, where: str = "") -> None:
    """Give the tags of an XML file, which comes in ``pieces``, to ``handler``.

    No entity is expanded and no other file is opened. Raises UnreadableFile.
    """
    parser = XMLParser(target=_Target(handler, source))
    last = b""
    try:
        for piece in pieces:
            if any(entity in last + piece for entity in ENTITIES):
                raise UnreadableFile(source, f"declares entities{where}; such XML is not read")
            parser.feed(piece)
            last = piece[-20:]
        parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(source, f"damaged: no well-formed XML{where} ({error})") from error


def join_path(folder: str, target: str) -> str:
    """Return the member that ``target``, a reference in ``folder``, leads to.

    >>> join_path("OPS/text", "../z%20first.xhtml#p1")
    'OPS/z first.xhtml'
    """
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
