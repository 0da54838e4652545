"""The plan of the house: imports run downwards, rooms are doors, and the core is silent."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).parent.parent
FLOORS = {
    "errors": 1,
    "language": 1,
    "articles": 2,
    "index": 3,
    "retrieval": 4,
    "measure": 5,
    "chat": 6,
}
MODULES = sorted((ROOT / "bot").rglob("*.py"))
ROOMS = [path for path in MODULES if path.parent.name in FLOORS]
CORE = [path for path in ROOMS if path.parent.name in ("language", "index", "retrieval")]


def imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Yield each import of a module, and the name of the module that it imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node, node.module or ""
        elif isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", ROOMS, ids=name)
def test_imports_run_downwards(path: Path) -> None:
    """A room imports lower rooms and itself, never a neighbour, never upwards."""
    room = path.parent.name

    for _, module in imports(path):
        if module.startswith("bot."):
            other = module.split(".")[1]
            assert other == room or FLOORS[other] < FLOORS[room], f"{name(path)} imports {module}"


def test_no_import_cycles() -> None:
    """Each module can be loaded after those that it imports."""
    waiting = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): {
            module for _, module in imports(path) if module.startswith("bot.")
        }
        for path in ROOMS
    }

    while waiting:
        ready = {module for module, needs in waiting.items() if not needs & waiting.keys()}
        assert ready, f"in a cycle, or behind one: {sorted(waiting)}"
        waiting = {module: needs for module, needs in waiting.items() if module not in ready}


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_hides_no_import(path: Path) -> None:
    """Below the chat, every import stands at the top of its module."""
    top = ast.parse(path.read_text(encoding="utf-8")).body
    lines = {node.lineno for node in top}

    assert all(node.lineno in lines for node, _ in imports(path))


@pytest.mark.parametrize("path", CORE, ids=name)
def test_core_is_silent(path: Path) -> None:
    """Below the chat, nothing prints, prompts, opens a file or reads the clock."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree)
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip

    assert called.isdisjoint({"print", "input", "open"})
    assert {module for _, module in imports(path)}.isdisjoint(
        {"time", "pickle", "random", "socket"}
    )


@pytest.mark.parametrize("path", [path for path in ROOMS if path.name == "__init__.py"], ids=name)
def test_a_room_opens_with_its_question(path: Path) -> None:
    """Its ``__init__.py`` is one sentence and nothing else."""
    body = ast.parse(path.read_text(encoding="utf-8")).body

    assert len(body) == 1
    assert ast.get_docstring(ast.Module(body, []))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_stay_small(path: Path) -> None:
    """One reason to be opened: at most 300 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize(
    "word", "utils helpers common core base manager handler service processor".split()
)
def test_no_room_for_anything(word: str) -> None:
    """A name says what is inside."""
    assert not [path for path in MODULES if word in path.stem.split("_")]


def test_top_level_is_what_was_ordered() -> None:
    """The top level: code, corpus, tests, build, README and dotfiles."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}

    visible = {entry for entry in top if not entry.startswith(".")}

    assert visible == {"bot", "corpus", "tests", "pyproject.toml", "README.md"}


def test_importing_loads_nothing() -> None:
    """The names come when they are used, so that a prompt stands at once."""
    code = "import sys, bot; print({'numpy', 'rank_bm25', 'Stemmer'} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"
    assert done.stderr == ""


def test_every_public_name_is_there() -> None:
    """What the package offers can be had, and nothing else."""
    for public in bot.__all__:
        assert getattr(bot, public).__name__ == public
    assert dir(bot) == sorted(bot.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Answers'"):
        bot.Answers  # noqa: B018
