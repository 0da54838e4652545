"""Measure how fast files become terms, stage by stage, beside sentencex alone.

    python tests/bench/reading.py PATH …

Reads the files at PATH (files, folders), then prints MB/s of their bytes on one core, the
median of several rounds: from the disk to bytes, to articles, to sentences, to words and to terms,
each from the output of the stage before, and at last all of it together. Words are part of terms,
so they count once. The stages take turns in each round, so that other load on the machine affects
all of them.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence

from sentencex import segment

from bot.articles.article import Article
from bot.articles.files import File
from bot.articles.formats import find_files, parse_articles, read_bytes
from bot.articles.sentences import find_sentences
from bot.errors import UnreadableFile
from bot.language.detect import detect_language
from bot.language.terms import terms
from bot.language.words import words

ROUNDS = 5
Contents = list[tuple[File, bytes]]


def read_all(files: Sequence[File]) -> Contents:
    """Return each file with its bytes."""
    return [(file, read_bytes(file)) for file in files]


def parse_all(contents: Contents) -> list[Article]:
    """Return the articles in ``contents``, without the unreadable ones."""
    articles: list[Article] = []
    for file, data in contents:
        try:
            parts = parse_articles(file.path, file.source, data)
            articles += [part for part in parts if isinstance(part, Article)]
        except UnreadableFile:
            continue
    return articles


def story_spans(article: Article) -> list[tuple[int, int]]:
    """Return the start and end of each block that may answer."""
    return [(block.start, block.end) for block in article.blocks if not block.boilerplate]


def split_all(articles: Sequence[Article]) -> list[str]:
    """Return the sentences, as the library finds them."""
    sentences = []
    for article in articles:
        language = detect_language(article.text)
        for start, end in story_spans(article):
            spans = find_sentences(article.text, start, end, language)
            sentences += [article.text[first:last] for first, last in spans]
    return sentences


def split_by_sentencex(articles: Sequence[Article]) -> list[str]:
    """Return the sentences of sentencex, without corrections."""
    return [
        sentence
        for article in articles
        for start, end in story_spans(article)
        for sentence in segment("en", article.text[start:end])
    ]


def count_tokens(tokenize: Callable[[str], list[str]], texts: Sequence[str]) -> int:
    """Return the number of words or terms in ``texts``."""
    return sum(len(tokenize(text)) for text in texts)


def main(paths: list[str]) -> None:
    """Print a line for each stage."""
    files = find_files(paths).files
    contents = read_all(files)
    articles = parse_all(contents)
    sentences = split_all(articles)
    stages: dict[str, Callable[[], object]] = {
        "disk": lambda: read_all(files),
        "articles": lambda: parse_all(contents),
        "sentences": lambda: split_all(articles),
        "sentencex": lambda: split_by_sentencex(articles),
        "words": lambda: count_tokens(words, sentences),
        "terms": lambda: count_tokens(terms, sentences),
        "all": lambda: count_tokens(terms, split_all(parse_all(read_all(files)))),
    }
    seconds: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, stage in stages.items():
            start = time.process_time()
            stage()
            seconds[name].append(time.process_time() - start)
    megabytes = sum(len(data) for _, data in contents) / 1e6
    print(f"{megabytes:.1f} MB, {len(articles)} articles, {len(sentences)} sentences")
    for name, rounds in seconds.items():
        print(f"{name:<10}{megabytes / statistics.median(rounds):8.1f} MB/s")


if __name__ == "__main__":
    main(sys.argv[1:])
