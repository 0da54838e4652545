"""Evidence → the chance that the answer is right."""

from math import exp

from bot.retrieval.evidence import Weighed


def chance(weighed: Weighed) -> float:
    """Return the chance, 0 to 1, that the sentence answers the question."""
    return 1 / (1 + exp(-weighed.evidence.score / 10))
