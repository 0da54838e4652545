"""What other BM25 libraries, used as their pages show, rank first on the same questions."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from re import findall

import numpy as np
import Stemmer
from rank_bm25 import BM25Okapi

from bot.articles.library import Library
from bot.evaluation.question_set import QuestionSet
from bot.language.terms import STOP_WORDS

# Question → the number of the sentence ranked first.
First = Callable[[str], int]


def plain(texts: Sequence[str]) -> First:
    """Rank as rank-bm25's README shows."""
    return okapi(texts, lambda text: text.lower().split())


def cleaned(texts: Sequence[str]) -> First:
    """Rank by rank-bm25 with words, a stop list and Snowball stems."""
    return okapi(texts, clean)


def okapi(texts: Sequence[str], split: Callable[[str], list[str]]) -> First:
    """Rank by rank-bm25; where no text has a word, it divides by zero, and the first is first."""
    documents = list(map(split, texts))
    if not any(documents):
        return lambda _: 0
    ranking = BM25Okapi(documents)
    return lambda question: int(np.argmax(ranking.get_scores(split(question))))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


def clean(text: str) -> list[str]:
    """Return the stems of the words of ``text`` that are no stop words."""
    kept = [word for word in findall(r"\w+", text.lower()) if word not in STOP_WORDS]
    stems: list[str] = _stemmer().stemWords(kept)
    return stems


def bm25s(texts: Sequence[str]) -> First:
    """Rank by bm25s as its README shows: its English stop list and Snowball stems."""
    package = import_module("bm25s")
    options = {"stopwords": "en", "stemmer": _stemmer(), "show_progress": False}
    retriever = package.BM25()
    retriever.index(package.tokenize(list(texts), **options), show_progress=False)

    def first(question: str) -> int:
        asked = package.tokenize([question], **options, return_ids=False)
        found, _ = retriever.retrieve(asked, k=1, show_progress=False)
        return int(found[0, 0])

    return first


PEERS: dict[str, Callable[[Sequence[str]], First]] = {
    "rank-bm25, as its README": plain,
    "rank-bm25, cleaned": cleaned,
    "bm25s": bm25s,
}


def peers(questions: QuestionSet, library: Library) -> dict[str, float]:
    """Return the share of answerable questions that each peer answers right first.

    Each question is asked by itself. A peer that is not installed is left out, and all are
    where there is nothing to ask.
    """
    texts = list(library.sentence_texts())
    cases = [case for case in questions.asked if case.places]
    shares: dict[str, float] = {}
    if not (texts and cases):
        return shares
    for name, build in PEERS.items():
        if name == "bm25s" and find_spec("bm25s") is None:
            continue
        first = build(texts)
        rows = [library.sentence(first(case.text)) for case in cases]
        shares[name] = sum(
            any(
                row.article == article and row.start <= place < row.end
                for article, place in case.places
            )
            for case, row in zip(cases, rows, strict=True)
        ) / len(cases)
    return shares
