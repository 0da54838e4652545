"""Measure how fast files become terms, stage by stage, beside sentencex alone.

    python tests/bench/reading.py PATH …

Reads the files at PATH (files, folders), then prints MB/s of their bytes on one core, the
median of several rounds: from the disk to bytes, to articles in blocks, to sentences, to words and
to terms, each from what the stage before it made; then all of it together. Words are part of
terms, so they count once. The stages take turns, so that whatever else the machine does falls on
all of them.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from sentencex import segment

from bot.articles.article import Article
from bot.articles.files import File
from bot.articles.formats import parse_article, read_bytes
from bot.articles.library import find_files as found_at
from bot.articles.sentences import find_sentences
from bot.errors import UnreadableFile
from bot.language.detect import detect_language
from bot.language.terms import terms
from bot.language.words import words

ROUNDS = 5
Raw = list[tuple[File, bytes]]


def raw(files: Sequence[File]) -> Raw:
    """Return the bytes of each file."""
    return [(file, read_bytes(file)) for file in files]


def articles(data: Raw) -> list[Article]:
    """Return the articles in ``data``, less what cannot be read."""
    found = []
    for file, read in data:
        try:
            found.append(parse_article(file.path, file.source, read))
        except UnreadableFile:
            continue
    return found


def blocks(article: Article) -> list[tuple[str, int, int]]:
    """Return the text and the place of each block that can answer."""
    return [
        (article.text, block.start, block.end) for block in article.blocks if not block.boilerplate
    ]


def sentences(read: Sequence[Article]) -> list[str]:
    """Return the sentences, as the library finds them."""
    found = []
    for article in read:
        language = detect_language(article.text)
        for text, start, end in blocks(article):
            found += [
                text[first:last] for first, last in find_sentences(text, start, end, language)
            ]
    return found


def plain(read: Sequence[Article]) -> list[str]:
    """Return the sentences for sentencex, uncorrected."""
    return [
        sentence
        for article in read
        for text, start, end in blocks(article)
        for sentence in segment("en", text[start:end])
    ]


def counted(analyse: Callable[[str], list[str]], texts: Sequence[str]) -> int:
    """Return how many words or terms there are in ``texts``."""
    return sum(len(analyse(text)) for text in texts)


def main(paths: list[str]) -> None:
    """Print a line for each stage."""
    files = found_at(paths).files
    data = raw(files)
    read = articles(data)
    texts = sentences(read)
    stages: dict[str, Callable[[], object]] = {
        "disk": lambda: raw(files),
        "articles": lambda: articles(data),
        "sentences": lambda: sentences(read),
        "sentencex": lambda: plain(read),
        "words": lambda: counted(words, texts),
        "terms": lambda: counted(terms, texts),
        "all": lambda: counted(terms, sentences(articles(raw(files)))),
    }
    taken: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, stage in stages.items():
            began = time.process_time()
            stage()
            taken[name].append(time.process_time() - began)
    size = sum(len(content) for _, content in data) / 1e6
    print(f"{size:.1f} MB, {len(read)} articles, {len(texts)} sentences")
    for name, each in taken.items():
        print(f"{name:<10}{size / statistics.median(each):8.1f} MB/s")


if __name__ == "__main__":
    main(sys.argv[1:])
