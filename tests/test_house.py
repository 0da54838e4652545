"""Rules of the house that can be counted: each test lists the places that break one."""

import ast
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

import bot
from bot.index.okapi import BM25L, BM25Plus, Okapi, PostingsRanking

ROOT = Path(__file__).parent.parent
FLOORS = {
    "errors": 0,
    "lazy": 0,
    "language": 1,
    "index": 1,
    "config": 1,
    "articles": 2,
    "storage": 3,
    "cluster": 3,
    "reranking": 3,
    "retrieval": 4,
    "render": 5,
    "evaluation": 5,
    "repl": 6,
    "integrations": 6,
    "cli": 7,
}
# Rooms that know nothing of the rest of the package, errors included; but lazy.py, which has none.
ALONE = {"language", "index"}
MODULES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "bot").rglob("*.py"))
}
# A call or module on the left may stand only in the rooms or modules on the right.
OWNERS = {
    "print": ("bot/cli/output.py",),
    "input": ("bot/repl/",),
    "os.environ": ("bot/config/", "bot/repl/", "bot/cli/"),
    "platformdirs": ("bot/config/", "bot/storage/"),
    "rmtree": ("bot/storage/",),
    "unlink": ("bot/storage/",),
    "mkdir": ("bot/storage/", "bot/repl/"),
    "pickle": (),
    "random": (),
    "socket": ("bot/integrations/http/", "bot/cli/serve.py"),
}
# Names that one system has and another has not, or that tell which it is.
SYSTEM_RE = re.compile(
    r"import (?:fcntl|pwd|grp|termios|tty|pty|resource|msvcrt|winreg|ctypes|posix|nt|platform)"
    r"|os\.(?:name|sep|altsep|uname|fork|forkpty|setsid|kill|killpg|umask|mkfifo|O_(?!RDONLY|WRONLY|RDWR|CREAT|EXCL|APPEND|TRUNC)\w+"
    r"|get(?:e|re)?[ug]id|[fl]?ch(?:own|mod)|sched_\w+)"
    r"|sys\.(?:platform|getwindowsversion)|_?signal\.(?:SIG\w+|pthread_\w+|signal)"
    r"|\w*\.(?:chmod|is_junction)"
)
PARTICIPLE_RE = re.compile(
    r"_?(?:[a-z]+(?:ed|en|ing)|shown|held|kept|made|found|read|said|told|left|put|known|seen|cut|led)"
)
# Nouns and verbs that end like a participle.
NOT_PARTICIPLES = {
    "encoding", "ranking",
    "median", "string", "exceeding", "embed", "feed", "need", "seed", "speed", "token", "open",
    "_open", "children", "heading", "meaning", "headings", "spelling", "_heading",
}  # fmt: skip
EMPTY_NAMES = {
    "utils", "util", "helpers", "helper", "common", "core", "base", "manager", "handler",
    "service", "processor", "misc",
}  # fmt: skip
MOST_WHAT = 3  # per 1,000 words of docstrings and comments; h11, structlog and ripgrep have 0 to 2
MOST_LINES = 300


def room(module: str) -> str:
    """Return the room of a module, "errors" for ``bot/errors.py``, "" for the package's door."""
    parts = module.removesuffix(".py").split("/")[1:]
    return parts[0] if len(parts) > 1 or parts[0] in FLOORS else ""


def imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import below ``tree`` and the module that it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node, node.module or ""
        elif isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method below ``tree``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def docstrings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the name and docstring of a module, its classes and functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "name", "module"), ast.get_docstring(node) or ""


def used_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and name of each call, attribute and import that ``OWNERS`` may speak of."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
            if isinstance(node.value, ast.Name):
                yield node.lineno, f"{node.value.id}.{node.attr}"
    yield from ((node.lineno, module) for node, module in imports(tree))


def test_imports_run_downwards() -> None:
    """A room imports rooms on lower floors and itself."""
    wrong = [
        f"{module} imports {other}"
        for module, tree in MODULES.items()
        if (own := room(module))
        for _, other in imports(tree)
        if other.startswith("bot.")
        and (target := other.split(".")[1]) != own
        and ((own in ALONE and target != "lazy") or FLOORS[target] >= FLOORS[own])
    ]

    assert wrong == []


def test_no_import_cycles() -> None:
    """Each module can be loaded after those that it imports at run time."""
    waiting = {
        module.removesuffix(".py").removesuffix("/__init__").replace("/", "."): {
            other
            for node in tree.body
            for _, other in imports(node)
            if other.startswith("bot.") and not isinstance(node, ast.If)
        }
        for module, tree in MODULES.items()
    }

    while waiting:
        ready = {module for module, needs in waiting.items() if not needs & waiting.keys()}
        assert ready, f"in a cycle, or behind one: {sorted(waiting)}"
        waiting = {module: needs for module, needs in waiting.items() if module not in ready}


def test_imports_stand_at_the_top() -> None:
    """No function imports: a command's module or a room's slow part is loaded by name."""
    hidden = [
        f"{module}:{node.lineno} {function.name} imports {other}"
        for module, tree in MODULES.items()
        for function in functions(tree)
        for node, other in imports(function)
    ]

    assert hidden == []


def test_effects_stay_in_the_rooms_that_own_them() -> None:
    """Only some rooms print, prompt, delete, or read the environment."""
    wrong = [
        f"{module}:{line} uses {name}"
        for module, tree in MODULES.items()
        for line, name in used_names(tree)
        if name in OWNERS and not module.startswith(OWNERS[name] or ("none",))
    ]

    assert wrong == []


def test_systems_differ_in_one_module_each() -> None:
    """The modules that ARCHITECTURE.md names, and no others, know of other systems."""
    page = (ROOT / "bot/ARCHITECTURE.md").read_text(encoding="utf-8")
    section = page.partition("\n## Other systems")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    named = {f"bot/{name}" for row in rows for name in re.findall(r"`([\w/]+\.py)`", row)}

    differing = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if SYSTEM_RE.fullmatch(system_name(node))
    }

    assert differing - named == set()
    assert {module for module in named if module not in MODULES} == set()


def system_name(node: ast.AST) -> str:
    """Return the name of a thing of the system that ``node`` uses or asks for, or ""."""
    if isinstance(node, ast.Attribute):
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        return f"{owner}.{node.attr}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        is_lookup = node.func.id in {"hasattr", "getattr"} and len(node.args) > 1
        name = node.args[1] if is_lookup else None
        owner = node.args[0].id if is_lookup and isinstance(node.args[0], ast.Name) else ""
        return f"{owner}.{name.value!s}" if isinstance(name, ast.Constant) else ""
    if isinstance(node, ast.Import):
        return next((f"import {alias.name}" for alias in node.names), "")
    return f"import {node.module}" if isinstance(node, ast.ImportFrom) else ""


def test_a_room_opens_with_its_question() -> None:
    """The ``__init__.py`` of a room is one docstring of one sentence."""
    wrong = [
        module
        for module, tree in MODULES.items()
        if module.endswith("/__init__.py") and module != "bot/__init__.py"
        if len(tree.body) != 1 or "\n" in (ast.get_docstring(tree) or "\n")
    ]

    assert wrong == []


def test_modules_stay_small() -> None:
    """A module has one reason to be opened."""
    long = [
        module
        for module in MODULES
        if len((ROOT / module).read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]

    assert long == []


def test_names_say_what_is_inside() -> None:
    """No module is a place for anything, none is named by a participle."""
    stems = {module: Path(module).stem for module in MODULES}

    assert [m for m, stem in stems.items() if not EMPTY_NAMES.isdisjoint(stem.split("_"))] == []
    assert [
        m for m, s in stems.items() if PARTICIPLE_RE.fullmatch(s) and s not in NOT_PARTICIPLES
    ] == []


def test_public_classes_have_names_of_their_own() -> None:
    """A class name means one thing in the package."""
    names = Counter(
        node.name
        for tree in MODULES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )

    assert [name for name, count in names.items() if count > 1] == []


def test_functions_are_named_by_verbs_or_nouns() -> None:
    """No function is named by a participle alone."""
    wrong = [
        f"{module}:{function.lineno} {function.name}"
        for module, tree in MODULES.items()
        for function in functions(tree)
        if PARTICIPLE_RE.fullmatch(function.name) and function.name not in NOT_PARTICIPLES
    ]

    assert wrong == []


def test_docstrings_state_facts() -> None:
    """No docstring begins as a riddle."""
    wrong = [
        f"{module} {name}"
        for module, tree in MODULES.items()
        for name, text in docstrings(tree)
        if re.match(r"What\b", text)
    ]

    assert wrong == []


def test_prose_is_plain() -> None:
    """Docstrings and comments name things in place of "what …"."""
    text = [doc for tree in MODULES.values() for _, doc in docstrings(tree)]
    for module in MODULES:
        with (ROOT / module).open("rb") as file:
            text += [
                token.string
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.COMMENT
            ]
    words = re.findall(r"[a-z]+", " ".join(text).lower())

    assert 1000 * words.count("what") / len(words) <= MOST_WHAT


def test_the_api_shows_examples() -> None:
    """Each public class, and each public method of those that one calls, has a doctest."""
    public = [getattr(bot, name) for name in bot.__all__] + [Okapi, BM25L, BM25Plus]
    methods = [
        member
        for owner in (bot.Retriever, bot.Conversation, PostingsRanking)
        for name, member in vars(owner).items()
        if not name.startswith("_") and isinstance(member, FunctionType | classmethod)
    ]

    missing = [
        thing.__qualname__ for thing in [*public, *methods] if ">>>" not in (thing.__doc__ or "")
    ]

    assert missing == []


def test_top_level_is_what_was_ordered() -> None:
    """The top level: code, corpus, tests, build, README and dotfiles."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}

    visible = {entry for entry in top if not entry.startswith(".")}

    assert visible == {"bot", "corpus", "tests", "pyproject.toml", "README.md"}


def test_importing_loads_nothing() -> None:
    """Public names are resolved when first used, so that ``import bot`` is quick and silent."""
    code = "import sys, bot; print({'numpy', 'rank_bm25', 'Stemmer'} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
    assert done.stderr == ""


def test_every_public_name_is_there() -> None:
    """The package offers its public names, and nothing else."""
    for public in bot.__all__:
        assert getattr(getattr(bot, public), "__name__", public) == public
    assert dir(bot) == sorted(bot.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Answers'"):
        getattr(bot, "Answers")  # noqa: B009 - type checkers know that it is not there
