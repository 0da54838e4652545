"""Measure how many short texts are taken for their language.

    python tests/bench/detection.py ar.xquad.json de.xquad.json …

A file's name begins with the code of its language. Prints, for the first sentence of each
paragraph, the first two and the first three, how many are told, and the languages of the others.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.articles.sentences import find_sentences
from bot.evaluation.question_set import read_questions
from bot.language.detect import detect_language

SIZES = (1, 2, 3)


def openings(file: Path, size: int) -> Iterator[tuple[str, str]]:
    """Yield the language and the first ``size`` sentences of each paragraph that has as many."""
    code = file.name.partition(".")[0]
    for article in read_questions(file).articles:
        for block in article.blocks:
            spans = find_sentences(article.text, block.start, block.end, code)
            if len(spans) >= size:
                yield code, article.text[block.start : spans[size - 1][1]]


def main(files: Sequence[str]) -> None:
    """Print a row for each number of sentences."""
    for size in SIZES:
        texts = [pair for file in files for pair in openings(Path(file), size)]
        missed = Counter(code for code, text in texts if detect_language(text) != code)
        share = 1 - missed.total() / max(1, len(texts))
        print(f"{size} sentences: {share:.2%} of {len(texts):,}; not told: {dict(missed)}")


if __name__ == "__main__":
    main(sys.argv[1:])
