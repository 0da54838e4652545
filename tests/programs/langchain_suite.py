"""LangChain's own tests of a retriever, run by pytest in a process of its own.

They need plugins of pytest that would change the rest of the tests.
"""

from typing import Any

from langchain_tests.integration_tests import RetrieversIntegrationTests

import bot
from bot.integrations.langchain import LangChainRetriever

TEXTS = [
    "Ada Thorne designed the bridge, which opened in March 1932.",
    "A ferry crossed the bay before the bridge was opened.",
    "The toll of the bridge was abolished in 1959.",
]


class TestLangChainRetriever(RetrieversIntegrationTests):
    """The suite over three articles."""

    @property
    def retriever_constructor(self) -> type[LangChainRetriever]:
        """The class to test."""
        return LangChainRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        """The arguments, but ``k``."""
        return {"retriever": bot.Retriever.from_texts(TEXTS).with_threshold(0.0)}

    @property
    def retriever_query_example(self) -> str:
        """A question that all three articles share a word with."""
        return "when was the bridge opened?"
