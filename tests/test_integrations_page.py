"""The examples of the page about other programs print what stands below them."""

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "bot/INTEGRATIONS.md").read_text("utf-8")
EXAMPLE_RE = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)

# The package of a host, where it has another name than the module for it.
PACKAGES = {"langchain": "langchain_core"}


def examples() -> Iterator[object]:
    """Yield each example with its output, named after the heading above it."""
    for section in PAGE.split("\n## ")[1:]:
        for code, output in EXAMPLE_RE.findall(section):
            yield pytest.param(code, output, id=section.split("\n")[0])


@pytest.mark.slow
@pytest.mark.parametrize(("code", "output"), [*examples()])
def test_example_prints(code: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the bundled articles."""
    monkeypatch.chdir(ROOT)
    for host in re.findall(r"from bot\.integrations\.(\w+)", code):
        pytest.importorskip(PACKAGES.get(host, host), reason="needs article-bot[hosts]")
    retriever = bot.Retriever.from_path("corpus", cache=None)

    with redirect_stdout(StringIO()) as printed:
        exec(compile(code, "example", "exec"), {"retriever": retriever})

    assert [line.rstrip() for line in printed.getvalue().splitlines()] == [
        line.rstrip() for line in output.splitlines()
    ]
