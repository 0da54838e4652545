"""Put sentences that only ask the question behind those that answer it."""

from collections.abc import Sequence

from bot.index.engine import Hit
from bot.retrieval.confidence import can_answer
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query
from bot.retrieval.ranking import ScoredCandidate, rank_candidates

QUESTION_SIGNS = ("?", "？", "؟")
CLOSING = " \"'”’»)*_"


def rank_echoes_last(
    query: Query, hits: Sequence[Hit], passages: Sequence[Passage], min_confidence: float | None
) -> list[ScoredCandidate]:
    """Return the hits with their evidence, best first, but those that only ask the question last.

    Somebody asked it in a mail or a list of questions, in nearly the same words. Where no other
    sentence is sure enough to be given, they stay in order: the answer may stand below.
    """
    ranked = rank_candidates(query, hits, passages)
    others = [
        (hit, passage)
        for hit, passage in zip(hits, passages, strict=True)
        if not is_echo(query, passage)
    ]
    if not others or len(others) == len(ranked):
        return ranked
    # Evidence is relative to the best candidate, which an echo would be.
    first = rank_candidates(query, *map(list, zip(*others, strict=True)))
    if not can_answer(first[0], min_confidence):
        return ranked
    return [*first, *(each for each in ranked if is_echo(query, each.candidate.passage))]


def is_echo(query: Query, passage: Passage) -> bool:
    """Whether a sentence is a question, and has no term that the question asked has not."""
    return passage.text.rstrip(CLOSING).endswith(QUESTION_SIGNS) and (
        passage.sentence.content <= query.content.keys()
    )
