"""LangChain's own tests of a retriever, and its way to make a tool of one."""

import subprocess
import sys
from pathlib import Path

import pytest

import bot

pytest.importorskip("langchain_core", reason="needs article-bot[langchain]")
langchain = pytest.importorskip("bot.integrations.langchain", exc_type=ImportError)
SUITE = Path(__file__).parent / "programs/langchain_suite.py"
RECORDS = [
    {"id": 7, "text": "It rained. Ada Thorne designed the bridge.", "section": "news"},
    {"id": 8, "text": "Ada Thorne designed the pier.", "section": "sport"},
]


@pytest.mark.slow
def test_langchain_suite() -> None:
    """The tests that LangChain ships for retrievers pass."""
    pytest.importorskip("langchain_tests", reason="pip install 'article-bot[hosts-dev]'")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    options = ["asyncio_mode=auto", "asyncio_default_fixture_loop_scope=function", "addopts="]
    run = subprocess.run(
        [*command, *(part for option in options for part in ("-o", option)), str(SUITE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "5 passed" in run.stdout


def test_langchain_document_has_the_record() -> None:
    """A document has the metadata of its record beside that of the answer; ``where`` chooses."""
    retriever = bot.Retriever.from_records(RECORDS).with_threshold(0)
    host = langchain.LangChainRetriever(retriever=retriever)

    [document] = host.invoke("Who designed it?", where={"section": "news"})

    assert document.id == "7:11"
    metadata = document.metadata
    assert (metadata["id"], metadata["section"], metadata["start"]) == (7, "news", 11)


def test_langchain_tool() -> None:
    """The stable way to make a tool of a retriever works, and gives sentences to the model."""
    tools = pytest.importorskip("langchain_core.tools")
    retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
    host = langchain.LangChainRetriever(retriever=retriever)

    tool = tools.create_retriever_tool(host, "articles", "The user's articles.")

    assert tool.invoke({"query": "Who designed the bridge?"}) == "Ada Thorne designed the bridge."
    assert tool.invoke({"query": "Where is the lighthouse?"}) == ""
