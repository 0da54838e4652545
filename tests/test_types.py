"""The types of the public names, as programs of other authors are checked against them."""

import json
import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import bot

PROGRAM = Path(__file__).parent / "programs" / "embed.py"
PUBLIC = tuple(f"{module}.{name}" for name, module in bot.HOMES.items())
# rank_bm25 carries no types.
UNTYPED = ("PostingsRanking", "Okapi", "BM25L", "BM25Plus")
# Without them, the types that modules of hosts and clusters take from them are unknown.
NEEDED = "haystack langchain_core llama_index mcp onnxruntime opensearchpy starlette".split()
MISSING = [name for name in NEEDED if not find_spec(name)]
PACKAGE = Path(bot.__file__).parent
SITE_PACKAGES = Path(pytest.__file__).parents[1]
STAR = "from bot import *\nreply: Reply = Retriever.from_texts(['It rained.']).ask('rain')\n"
MISTAKES = {
    "import bot\nbot.nope\n": "nope",
    "import bot\nbot.Retriever.from_texts(1)\n": "int",
    "import bot\nbot.Retriever.from_texts(['x']).ask('x').answers[0].texts\n": "texts",
    "import bot\nx: int = bot.Retriever.from_texts(['x']).ask('x')\n": "Reply",
    "from bot import *\nRetrievers\n": "Retrievers",
}


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an environment in which bot is installed, and a program that uses it."""
    folder = tmp_path_factory.mktemp("outside")
    venv.create(folder / "env", with_pip=False)
    [site_packages] = (folder / "env").rglob("site-packages")
    shutil.copytree(
        PACKAGE, site_packages / "bot", ignore=shutil.ignore_patterns("__pycache__", "corpus")
    )
    (site_packages / "others.pth").write_text(str(SITE_PACKAGES), encoding="utf-8")
    (folder / "programs").mkdir()
    program = PROGRAM.read_text(encoding="utf-8")
    (folder / "programs" / "embed.py").write_text(program, encoding="utf-8")
    config = '{"typeCheckingMode": "strict"}'
    (folder / "programs" / "pyrightconfig.json").write_text(config, encoding="utf-8")
    return folder


def env_python(folder: Path) -> str:
    """Return the interpreter of the environment in ``folder``."""
    scripts = "Scripts" if sys.platform == "win32" else "bin"
    return str(folder / "env" / scripts / "python")


def run_mypy(folder: Path, *programs: str) -> "subprocess.CompletedProcess[str]":
    """Check ``programs`` in ``folder`` as their author does, with ``mypy --strict``."""
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--python-executable", env_python(folder),
         "--cache-dir", str(folder / ".mypy_cache"), *programs],
        cwd=folder / "programs", capture_output=True, text=True, check=False,
    )  # fmt: skip


def run_pyright(folder: Path, *args: str) -> dict[str, Any]:
    """Return the report of pyright on ``folder``; skip the test where there is none."""
    if not find_spec("pyright") or not shutil.which("node"):
        pytest.skip("pyright is not there: pip install '.[dev]', and node")
    path = os.pathsep.join([str(Path(env_python(folder)).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", *args],
        cwd=folder / "programs",
        env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.slow
def test_mypy_accepts_a_program_of_another_author(outside: Path) -> None:
    """Strictly: analyzers, engines, filters, coroutines, star imports."""
    (outside / "programs" / "star.py").write_text(STAR, encoding="utf-8")

    done = run_mypy(outside, "embed.py", "star.py")

    assert done.stdout.splitlines()[-1] == "Success: no issues found in 2 source files", done.stdout


@pytest.mark.slow
def test_mypy_finds_mistakes_of_another_author(outside: Path) -> None:
    """A name that is not there, an argument or a result of another type."""
    for number, program in enumerate(MISTAKES):
        (outside / "programs" / f"mistake_{number}.py").write_text(program, encoding="utf-8")

    lines = run_mypy(
        outside, *(f"mistake_{n}.py" for n in range(len(MISTAKES)))
    ).stdout.splitlines()

    for number, word in enumerate(MISTAKES.values()):
        [line] = [line for line in lines if line.startswith(f"mistake_{number}.py")]
        assert word in line


@pytest.mark.slow
def test_pyright_accepts_a_program_of_another_author(outside: Path) -> None:
    """In its strict mode."""
    report = run_pyright(outside, "embed.py")

    assert [d["message"] for d in report["generalDiagnostics"] if d["severity"] == "error"] == []


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"needs article-bot[hosts,cluster,rerank]: {MISSING}")
def test_every_type_is_known(outside: Path) -> None:
    """Those of all modules, as pyright counts, but for classes that inherit rank-bm25's."""
    report = run_pyright(outside, "--verifytypes", "bot", "--ignoreexternal")
    symbols = report["typeCompleteness"]["symbols"]

    unknown = {s["name"] for s in symbols if not s["isTypeKnown"] or s["isTypeAmbiguous"]}

    assert {*PUBLIC} <= {s["name"] for s in symbols}
    assert unknown == {f"bot.index.okapi.{name}" for name in UNTYPED}


def test_program_of_another_author_runs() -> None:
    """It is not only checked."""
    done = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=True)

    assert "1 1 The bridge opened. True\n" in done.stdout
    assert done.stderr == ""
