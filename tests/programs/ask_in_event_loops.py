"""Ask in an event loop, fork, and ask in the child and the parent again; end without a word."""

import asyncio
import os
import sys
import warnings

import bot

# Newer releases of Python warn of any fork of a process that has threads.
warnings.simplefilter("ignore", DeprecationWarning)

QUESTION = "Who designed the bridge?"


def main() -> int:
    """Return 0 if all replies are equal."""
    retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
    expected = retriever.ask(QUESTION)
    assert asyncio.run(retriever.aask(QUESTION)) == expected
    child = os.fork()
    is_equal = asyncio.run(retriever.aask(QUESTION)) == expected
    if not child:
        os._exit(not is_equal)
    _, status = os.waitpid(child, 0)
    return int(not is_equal) or os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
