"""The MCP server, asked by the SDK's own client over a real pipe."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, publish
from bot.config.cluster_address import ClusterAddress

pytest.importorskip("mcp", reason="needs article-bot[mcp]")
pytest.importorskip("bot.integrations.mcp", exc_type=ImportError)
mcp = pytest.importorskip("mcp")
BOT = str(Path(sys.executable).with_name("bot"))
# The protocol versions of 2026-07-28 and 2025-11-25.
MODES = ("auto", "legacy")

pytestmark = pytest.mark.slow


def ask_server(
    folder: Path, use: Callable[[Any], Awaitable[dict[str, Any]]], mode: str = "auto"
) -> dict[str, Any]:
    """Start ``bot mcp`` on a folder, and return what ``use`` makes of a client of it."""
    return ask_command(["mcp", str(folder)], use, mode)


def ask_command(
    arguments: list[str], use: Callable[[Any], Awaitable[dict[str, Any]]], mode: str = "auto"
) -> dict[str, Any]:
    """Start ``bot`` with ``arguments``, and return what ``use`` makes of a client of it."""

    async def run() -> dict[str, Any]:
        params = mcp.StdioServerParameters(command=BOT, args=arguments)
        async with mcp.Client(mcp.stdio_client(params), mode=mode) as client:
            return await use(client)

    return asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
def test_mcp_tools(folder: Path, mode: str) -> None:
    """Each tool has a description and an output schema, only reads, and answers."""

    async def use(client: Any) -> dict[str, Any]:
        tools = (await client.list_tools()).tools
        ask = await client.call_tool("ask", {"question": "Who designed the Thornwick Bridge?"})
        silent = await client.call_tool("ask", {"question": "Who won the chess match?"})
        listed = await client.call_tool("list_articles", {"limit": 2})
        read = await client.call_tool("read_article", {"id": "bridge.txt"})
        found = await client.call_tool("search", {"query": "herring"})
        results = {"ask": ask, "silent": silent, "list": listed, "read": read, "search": found}
        assert not any(result.is_error for result in results.values())
        return {
            "tools": tools,
            **{name: result.structured_content for name, result in results.items()},
        }

    results = ask_server(folder, use, mode)

    names = {tool.name for tool in results["tools"]}
    assert names == {"ask", "search", "list_articles", "read_article"}
    for tool in results["tools"]:
        assert tool.description
        assert tool.output_schema
        assert tool.annotations.read_only_hint
    [answer, *_] = results["ask"]["answers"]
    text = results["read"]["text"]
    assert answer["text"].startswith("Ada Thorne,")
    assert text[answer["start"] : answer["end"]] == answer["text"]
    assert results["silent"]["answers"] == []
    assert results["silent"]["silence"]
    assert [article["id"] for article in results["list"]["articles"]] == [
        "bridge.txt",
        "lighthouse.md",
    ]
    assert (results["list"]["total"], results["list"]["next_offset"]) == (3, 2)
    assert results["search"]["answers"][0]["source"] == "market.txt"


def test_mcp_errors_say_what_to_do(folder: Path) -> None:
    """A model can mend its call by the error that it reads."""

    async def use(client: Any) -> dict[str, Any]:
        calls = {
            "read_article": {"id": "nope"},
            "ask": {"question": "bridge", "where": {"colour": "red"}},
        }
        return {name: await client.call_tool(name, call) for name, call in calls.items()}

    results = ask_server(folder, use)

    assert all(result.is_error for result in results.values())
    texts = {name: result.content[0].text for name, result in results.items()}
    assert "list_articles lists the ids" in texts["read_article"]
    assert "colour" in texts["ask"]


def test_mcp_follows_changed_articles(tmp_path: Path) -> None:
    """An article that changes while the server runs is answered from at the next question."""
    article = tmp_path / "bridge.txt"
    article.write_text("Ada Thorne designed the bridge.")

    async def use(client: Any) -> dict[str, Any]:
        question = {"question": "Who designed the bridge?"}
        before = await client.call_tool("ask", question)
        article.write_text("Magnus Flett, a smith, designed the bridge.")
        after = await client.call_tool("ask", question)
        return {"before": before.structured_content, "after": after.structured_content}

    results = ask_server(tmp_path, use)

    assert results["before"]["answers"][0]["text"].startswith("Ada Thorne")
    assert results["after"]["answers"][0]["text"].startswith("Magnus Flett")


def test_mcp_on_a_cluster(published: ClusterAddress, folder: Path) -> None:
    """The tools answer as from files, also after another library was published."""

    async def use(client: Any) -> dict[str, Any]:
        calls = (
            ("ask", {"question": "Who designed the Thornwick Bridge?"}),
            ("ask", {"question": "Who won the chess match?"}),
            ("ask", {"question": "bridge", "where": "*.md"}),
            ("search", {"query": "herring", "where": {"source": "market.txt"}}),
            ("list_articles", {"limit": 2}),
            ("list_articles", {"offset": 2}),
            ("list_articles", {"where": "*.txt", "limit": 1}),
            ("read_article", {"id": "bridge.txt"}),
            ("read_article", {"id": "nope"}),
        )
        results = [await client.call_tool(*call) for call in calls]
        return {"results": [(r.structured_content, r.is_error) for r in results]}

    async def use_twice(client: Any) -> dict[str, Any]:
        before = await use(client)
        publish(
            ClusterConnection(published),
            bot.Library.from_records([("new", "The bridge sank.")]),
            PublishingOptions(),
        )
        listed = await client.call_tool("list_articles", {})
        read = await client.call_tool("read_article", {"id": "new"})
        return {**before, "listed": listed.structured_content, "read": read.structured_content}

    found = ask_command(
        ["mcp", "--engine", ",".join(published.urls), "--index", published.index], use_twice
    )

    assert found["results"] == ask_server(folder, use)["results"]
    assert found["listed"]["total"] == 1
    assert found["read"]["text"] == "The bridge sank."
