"""Every host is given the same answers, spans, scores and silences."""

import asyncio
import importlib
import json
import tomllib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import bot

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests/data/questions.toml").read_text("utf-8"))
# Forty questions, of which the corpus does not answer the last eight.
TEXTS = [case["text"] for case in [*CASES["question"][::5], *CASES["unanswerable"][::5]]]
LIMIT = 3
# The package that the module of an integration needs. Without it, the search for doctests leaves a
# module in sys.modules that has no names.
PACKAGES = {
    "langchain": "langchain_core", "llama_index": "llama_index.core", "haystack": "haystack",
    "mcp": "mcp",
}  # fmt: skip


class Span(NamedTuple):
    """An answer, as every host has it."""

    source: str
    start: int
    end: int
    text: str
    score: float


AskHost = Callable[[str], Awaitable[list[Span]]]


def import_host(module: str) -> Any:
    """Return a module of an integration; skip the test where its packages are not installed."""
    pytest.importorskip(PACKAGES[module], reason="needs article-bot[hosts]")
    return pytest.importorskip(f"bot.integrations.{module}", exc_type=ImportError)


@pytest.fixture(scope="module")
def corpus() -> bot.Retriever:
    return bot.Retriever.from_path(ROOT / "corpus", cache=None)


def direct_spans(retriever: bot.Retriever, text: str) -> list[Span]:
    """Return the answers of the library itself."""
    return [
        Span(answer.article.source, answer.start, answer.end, answer.text, answer.score)
        for answer in retriever.ask(text, LIMIT).answers
    ]


def ask_langchain(retriever: bot.Retriever) -> AskHost:
    """Return a function that asks LangChain's retriever."""
    host = import_host("langchain").LangChainRetriever(retriever=retriever, k=LIMIT)

    async def ask(text: str) -> list[Span]:
        documents = await host.ainvoke(text)
        assert documents == host.invoke(text)
        return [span_of(each.metadata, each.page_content) for each in documents]

    return ask


def ask_llama_index(retriever: bot.Retriever) -> AskHost:
    """Return a function that asks LlamaIndex's retriever."""
    module = import_host("llama_index")
    host = module.LlamaIndexRetriever(retriever, similarity_top_k=LIMIT)

    async def ask(text: str) -> list[Span]:
        nodes = await host.aretrieve(text)
        assert nodes == host.retrieve(text)
        for each in nodes:
            node = each.node
            assert (node.start_char_idx, node.end_char_idx, each.score) == (
                node.metadata["start"],
                node.metadata["end"],
                node.metadata["score"],
            )
        return [span_of(each.node.metadata, each.text) for each in nodes]

    return ask


def ask_haystack(retriever: bot.Retriever) -> AskHost:
    """Return a function that asks Haystack's component, and compares both of its outputs."""
    host = import_host("haystack").HaystackRetriever(retriever=retriever, top_k=LIMIT)

    async def ask(text: str) -> list[Span]:
        output = await host.run_async(text)
        assert output == host.run(text)
        spans = [span_of(each.meta, each.content) for each in output["documents"]]
        assert [each.data for each in output["answers"]] == [span.text for span in spans]
        for each in output["answers"]:
            inside, whole = each.context_offset, each.document_offset
            assert each.context[inside.start : inside.end] == each.data
            assert (whole.start, whole.end) == (each.meta["start"], each.meta["end"])
        return spans

    return ask


def ask_mcp(retriever: bot.Retriever) -> AskHost:
    """Return a function that calls the tool of the MCP server, without a pipe."""
    server = import_host("mcp").build_server(retriever)
    client_class = importlib.import_module("mcp").Client

    async def ask(text: str) -> list[Span]:
        async with client_class(server) as client:
            result = await client.call_tool("ask", {"question": text, "limit": LIMIT})
        content = result.structured_content
        assert bool(content["silence"]) is not bool(content["answers"])
        return [span_of(each, each["text"]) for each in content["answers"]]

    return ask


def ask_tool(retriever: bot.Retriever) -> AskHost:
    """Return a function that runs a function call as a model writes it."""
    tool = retriever.as_tool()

    async def ask(text: str) -> list[Span]:
        result = json.loads(tool.run(json.dumps({"question": text, "limit": LIMIT})))
        return [span_of(each, each["text"]) for each in result["answers"]]

    return ask


def span_of(facts: Mapping[str, Any], text: str) -> Span:
    """Return the span of an answer from what a host says of it."""
    return Span(facts["source"], facts["start"], facts["end"], text, facts["score"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "host",
    [ask_langchain, ask_llama_index, ask_haystack, ask_mcp, ask_tool],
    ids=lambda f: f.__name__,
)
def test_host_gives_the_same_answers(
    corpus: bot.Retriever, host: Callable[[bot.Retriever], AskHost]
) -> None:
    """Forty questions: the same sentences, places, scores and silences as from the library."""
    ask = host(corpus)

    async def ask_all() -> list[list[Span]]:
        return [await ask(text) for text in TEXTS]

    expected = [direct_spans(corpus, text) for text in TEXTS]
    assert asyncio.run(ask_all()) == expected
    assert [] in expected
