"""Put sentences that only ask the question behind those that answer it."""

from collections.abc import Sequence

from bot.retrieval.candidates import FoundSentence
from bot.retrieval.confidence import can_answer
from bot.retrieval.passages import Passage
from bot.retrieval.query import Query
from bot.retrieval.ranking import ScoredCandidate, rank_candidates

QUESTION_SIGNS = ("?", "？", "؟")
CLOSING = " \"'”’»)*_"


def rank_echoes_last(
    query: Query, sentences: Sequence[FoundSentence], min_confidence: float | None
) -> list[ScoredCandidate]:
    """Return the sentences with their evidence, best first, those that only ask the question last.

    Somebody asked it in a mail or a list of questions, in nearly the same words. Where no other
    sentence is sure enough to be given, they stay in order: the answer may stand below.
    """
    ranked = rank_candidates(query, sentences)
    others = [each for each in sentences if not is_echo(query, each.passage)]
    if not others or len(others) == len(ranked):
        return ranked
    # Evidence is relative to the best candidate, which an echo would be.
    first = rank_candidates(query, others)
    if not can_answer(first[0], min_confidence):
        return ranked
    return [*first, *(each for each in ranked if is_echo(query, each.passage))]


def is_echo(query: Query, passage: Passage) -> bool:
    """Whether a sentence is a question, and has no term that the question asked has not."""
    return passage.text.rstrip(CLOSING).endswith(QUESTION_SIGNS) and (
        passage.analysis.content_terms(passage.sentence.forms) <= query.content.keys()
    )
