"""Compare the first answers of bot with those of other BM25 libraries on question sets.

    python tests/bench/peers.py SET.json …

Prints for each set which share of its answerable questions bot, rank-bm25 as its README shows,
rank-bm25 with words, a stop list and stems, and bm25s, if it is installed, answer right first.
Each question is asked by itself, a follow-up too.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from re import findall

import numpy as np
import Stemmer
from rank_bm25 import BM25Okapi

from bot.evaluation.question_set import build_library, read_questions
from bot.evaluation.report import format_share
from bot.evaluation.run import is_hit
from bot.language.terms import STOP_WORDS
from bot.retrieval.retriever import Retriever

# Question → the number of the sentence ranked first, -1 without any.
RankFirst = Callable[[str], int]
STEMMER = Stemmer.Stemmer("english")


def rank_by_bot(retriever: Retriever) -> RankFirst:
    """Rank by bot, before it decides whether to stay silent."""

    def first(question: str) -> int:
        reply = retriever.ask(question, limit=1)
        answers = reply.answers or reply.nearest
        return answers[0].number if answers else -1

    return first


def rank_by_okapi(texts: Sequence[str], split: Callable[[str], list[str]]) -> RankFirst:
    """Rank by rank-bm25, which divides by zero if no text has a word: then the first is first."""
    documents = list(map(split, texts))
    if not any(documents):
        return lambda _: 0
    ranking = BM25Okapi(documents)
    return lambda question: int(np.argmax(ranking.get_scores(split(question))))


def split_raw(text: str) -> list[str]:
    """Return the words of ``text`` as rank-bm25's README splits them."""
    return text.lower().split()


def split_clean(text: str) -> list[str]:
    """Return the stems of the words of ``text`` that are no stop words."""
    words = [word for word in findall(r"\w+", text.lower()) if word not in STOP_WORDS]
    stems: list[str] = STEMMER.stemWords(words)
    return stems


def rank_by_bm25s(texts: Sequence[str]) -> RankFirst:
    """Rank by bm25s as its README shows: its English stop list and Snowball stems."""
    package = import_module("bm25s")
    options = {"stopwords": "en", "stemmer": STEMMER, "show_progress": False}
    ranking = package.BM25()
    ranking.index(package.tokenize(list(texts), **options), show_progress=False)

    def first(question: str) -> int:
        tokens = package.tokenize([question], **options, return_ids=False)
        numbers, _ = ranking.retrieve(tokens, k=1, show_progress=False)
        return int(numbers[0, 0])

    return first


def rankers(retriever: Retriever) -> Mapping[str, RankFirst]:
    """Return bot and the libraries beside it that are installed."""
    texts = list(retriever.library.sentence_texts())
    found = {
        "bot": rank_by_bot(retriever),
        "rank-bm25, as its README": rank_by_okapi(texts, split_raw),
        "rank-bm25, cleaned": rank_by_okapi(texts, split_clean),
    }
    if find_spec("bm25s"):
        found["bm25s"] = rank_by_bm25s(texts)
    return found


def main(arguments: Sequence[str]) -> None:
    """Ask and print."""
    for file in map(Path, arguments):
        questions = read_questions(file)
        library = build_library(questions)
        cases = [case for case in questions.counted_cases if case.answers]
        print(f"{file}: {len(cases)} answerable questions, first answer right")
        for name, rank_first in rankers(Retriever(library)).items():
            numbers = [(case, rank_first(case.text)) for case in cases]
            hits = [number >= 0 and is_hit(case, library, number) for case, number in numbers]
            print(f"  {name:24}  {format_share(sum(hits) / len(hits), len(hits))}")


if __name__ == "__main__":
    main(sys.argv[1:])
