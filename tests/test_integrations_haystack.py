"""Haystack's pipelines with the component in them."""

from pathlib import Path

import pytest

import bot

pytest.importorskip("haystack", reason="needs article-bot[haystack]")
component = pytest.importorskip("bot.integrations.haystack", exc_type=ImportError)
haystack = pytest.importorskip("haystack")


def test_haystack_pipeline_is_read_back(folder: Path) -> None:
    """A pipeline with a component of paths is written as YAML, read back, and answers as before."""
    pipeline = haystack.Pipeline()
    pipeline.add_component("bot", component.HaystackRetriever(paths=[str(folder)]))
    question = {"bot": {"query": "Who designed the Thornwick Bridge?"}}

    again = haystack.Pipeline.loads(pipeline.dumps(), allowed_modules=["bot"])

    [answer, *_] = again.run(question)["bot"]["answers"]
    assert answer.data.startswith("Ada Thorne,\nan engineer from Leith, designed")
    assert again.run(question) == pipeline.run(question)


def test_haystack_retriever_in_memory_is_not_serialised() -> None:
    """The error says what to do."""
    host = component.HaystackRetriever(retriever=bot.Retriever.from_texts(["It rained."]))

    with pytest.raises(ValueError, match="give the paths of files"):
        host.to_dict()


def test_haystack_retriever_needs_paths_or_retriever() -> None:
    """Neither and both are refused."""
    with pytest.raises(ValueError, match="either paths of articles or a retriever"):
        component.HaystackRetriever()
