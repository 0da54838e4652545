"""Measure how fast sentences are found, beside sentencex alone.

    python tests/bench/segmentation.py PATH …

Reads the articles at PATH (files, folders), then prints MB/s of their blocks on one core, the
median of several rounds: ours, corrections included, and sentencex without them.
"""

import statistics
import sys
import time
from collections.abc import Callable

from sentencex import get_sentence_boundaries

from bot.articles.library import Library
from bot.articles.sentences import language_of, spans

ROUNDS = 7
Blocks = list[tuple[str, int, int]]


def ours(blocks: Blocks, language: str) -> int:
    """Return how many sentences there are, as the library counts them."""
    return sum(len(spans(text, start, end, language)) for text, start, end in blocks)


def plain(blocks: Blocks, language: str) -> int:
    """Return how many sentences there are for sentencex."""
    return sum(
        len(get_sentence_boundaries(language, text[start:end])) for text, start, end in blocks
    )


def seconds(
    count: Callable[[Blocks, str], int], articles: list[tuple[Blocks, str]]
) -> tuple[float, int]:
    """Return the median seconds of processor time that a round takes, and what it counts."""
    taken, found = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = sum(count(blocks, language) for blocks, language in articles)
        taken.append(time.process_time() - began)
    return statistics.median(taken), found


def main(paths: list[str]) -> None:
    """Print a line for each way."""
    articles = [
        (
            [(article.text, block.start, block.end) for block in article.blocks],
            language_of(article.text),
        )
        for article in Library.from_path(*paths).articles
    ]
    size = sum(len(text[a:b].encode()) for blocks, _ in articles for text, a, b in blocks) / 1e6
    print(f"{size:.2f} MB in {sum(len(blocks) for blocks, _ in articles)} blocks")
    for name, count in (("ours", ours), ("sentencex", plain)):
        taken, found = seconds(count, articles)
        print(f"{name:<10}{size / taken:8.1f} MB/s {found:8} sentences")


if __name__ == "__main__":
    main(sys.argv[1:])
