"""Features of the mentions in a sentence that are of the kind that the question asks for."""

from collections.abc import Sequence

from bot.language.dates import MONTHS
from bot.language.mentions import VAGUE_NUMBERS, YEAR_RE, Mention
from bot.language.questions import AnswerKind
from bot.retrieval.candidates import Candidate, Feature
from bot.retrieval.query import Query

# Kind of answer → the attribute of ``Mentions`` that has the mentions of this kind.
MENTIONS_BY_KIND = {
    AnswerKind.NUMBER: "numbers",
    AnswerKind.AMOUNT: "amounts",
    AnswerKind.MONEY: "money",
    AnswerKind.PERCENT: "percents",
    AnswerKind.MEASURE: "measures",
    AnswerKind.TIME: "times",
    AnswerKind.PLACE: "places",
    AnswerKind.COUNTRY: "countries",
    AnswerKind.PERSON: "names",
    AnswerKind.REASON: "reasons",
}
# A number may be at most so many words before its unit: "twelve of the old ships".
MAX_UNIT_DISTANCE = 4


def find_mentions(query: Query, candidate: Candidate) -> list[Mention]:
    """Return the sentence's mentions of the kind asked for that are not in the question.

    The kind must be one of ``MENTIONS_BY_KIND``.
    """
    mentions: Sequence[Mention] = getattr(
        candidate.passage.mentions, MENTIONS_BY_KIND[query.question.kind]
    )
    return [mention for mention in mentions if mention.word not in query.forms]


def mentions_kind(kind: AnswerKind) -> Feature:
    """Return the feature: 1 if a question of this kind finds a mention of it in the sentence."""
    return lambda query, candidate: float(
        query.question.kind is kind and bool(find_mentions(query, candidate))
    )


def number_mention(query: Query, candidate: Candidate) -> float:
    """Return 1 for a number or amount that is asked for, half for a mere "one" or "once"."""
    if query.question.kind not in (AnswerKind.NUMBER, AnswerKind.AMOUNT):
        return 0.0
    return grade(
        [float(mention.word not in VAGUE_NUMBERS) for mention in find_mentions(query, candidate)]
    )


def time_mention(query: Query, candidate: Candidate) -> float:
    """Return 1 for a time that is asked for with month and year, half with neither."""
    if query.question.kind is not AnswerKind.TIME:
        return 0.0
    mentions = find_mentions(query, candidate)
    has_month = any(mention.word in MONTHS for mention in mentions)
    has_year = any(YEAR_RE.fullmatch(mention.word) for mention in mentions)
    return grade([(has_month + has_year + (has_month or has_year)) / 3] if mentions else [])


def name_mention(query: Query, candidate: Candidate) -> float:
    """Return 1 for a name of two words that "who" asks for, half for a single word."""
    if query.question.kind is not AnswerKind.PERSON:
        return 0.0
    positions = {mention.position for mention in find_mentions(query, candidate)}
    return grade([float(position + 1 in positions) for position in positions])


def grade(qualities: Sequence[float]) -> float:
    """Return 0 without a mention, else half plus half of the best quality, 0 to 1."""
    return (1 + max(qualities)) / 2 if qualities else 0.0


def counted_unit(query: Query, candidate: Candidate) -> float:
    """Return 1 if a number is shortly before the unit that "how many" counts."""
    if not query.unit or query.unit not in candidate.passage.sentence.terms:
        return 0.0
    numbers = {mention.position for mention in candidate.passage.mentions.numbers}
    return float(
        any(
            term == query.unit
            and not numbers.isdisjoint(range(position - MAX_UNIT_DISTANCE, position))
            for position, term in enumerate(candidate.passage.sentence.stems)
        )
    )
